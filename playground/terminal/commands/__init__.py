"""What do the commands of containers do by themselves?  The software that a cluster's kubelets run (`kube.kubelet.commands`)."""

from playground.terminal.commands.software import SOFTWARE

__all__ = ["SOFTWARE"]
