"""The kubelets: Pods on their Nodes, their containers, probes and ends."""

from playground.kube.kubelet.kubelet import Kubelet

__all__ = ["Kubelet"]
