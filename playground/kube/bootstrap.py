"""What does a cluster hold before its learner does anything?  What kubeadm would leave behind, as far as Services need it.

Source: cmd/kubeadm/app/phases/addons/dns/manifests.go, pkg/controlplane/controller/systemnamespaces and
kubernetesservice, pkg/controlplane/reconcilers/endpointsadapter.go.
In a dual-stack cluster both first Services have one address, of the primary family, as kubeadm makes them.
Simplified: kube-proxy and the control plane are parts of the simulation, not Pods, and hold no Leases.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from playground.kube.dns.corefile import shipped_text
from playground.kube.settings import ClusterSettings, family_of

Document = dict[str, Any]
NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def documents(settings: ClusterSettings) -> list[Document]:
    """The first objects of a cluster, in the order to create them."""
    services = ip_network(settings.service_network)
    nodes = ip_network(settings.node_network)
    api_server, dns = str(services[1]), str(services[10])
    return [
        *({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in NAMESPACES),
        _kubernetes_service(api_server),
        _kubernetes_endpoints(str(nodes[1])),
        _kubernetes_slice(str(nodes[1])),
        _dns_service(dns),
        _dns_file(settings.domain),
        _dns_account(),
        _dns_deployment(),
    ]


def _kubernetes_service(address: str) -> Document:
    ports = [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}]
    labels = {"component": "apiserver", "provider": "kubernetes"}
    return _service("default", "kubernetes", address, labels, ports, None)


def _kubernetes_endpoints(address: str) -> Document:
    """The older list of the same; its label keeps it from being mirrored into a second EndpointSlice."""
    return {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"}},
        "subsets": [{"addresses": [{"ip": address}], "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}]}],
    }


def _kubernetes_slice(address: str) -> Document:
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"kubernetes.io/service-name": "kubernetes"}},
        "addressType": family_of(address),
        "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}],
        "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
    }


def _dns_service(address: str) -> Document:
    ports: list[Document] = [
        {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
        {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
        {"name": "metrics", "port": 9153, "protocol": "TCP", "targetPort": 9153},
    ]
    labels = {"k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}
    return _service("kube-system", "kube-dns", address, labels, ports, {"k8s-app": "kube-dns"})


def _service(
    namespace: str, name: str, address: str, labels: dict[str, str], ports: list[Document], selector: dict[str, str] | None
) -> Document:
    spec: Document = {"clusterIP": address, "ports": ports}
    if selector:
        spec["selector"] = selector
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace, "labels": labels}, "spec": spec}


def _dns_file(domain: str) -> Document:
    metadata = {"name": "coredns", "namespace": "kube-system"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"Corefile": shipped_text(domain)}}


def _dns_account() -> Document:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "coredns", "namespace": "kube-system"}}


def _dns_deployment() -> Document:
    labels = {"k8s-app": "kube-dns"}
    container = {
        "name": "coredns",
        "image": "registry.k8s.io/coredns/coredns:v1.13.1",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [
            {"name": "dns", "containerPort": 53, "protocol": "UDP"},
            {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
            {"name": "metrics", "containerPort": 9153, "protocol": "TCP"},
        ],
        "livenessProbe": {
            "httpGet": {"path": "/health", "port": 8080, "scheme": "HTTP"},
            "initialDelaySeconds": 60,
            "timeoutSeconds": 5,
            "successThreshold": 1,
            "failureThreshold": 5,
        },
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181, "scheme": "HTTP"}},
        "volumeMounts": [{"name": "config-volume", "mountPath": "/etc/coredns", "readOnly": True}],
    }
    file = {"name": "coredns", "items": [{"key": "Corefile", "path": "Corefile"}]}
    spec = {
        "dnsPolicy": "Default",
        "priorityClassName": "system-cluster-critical",
        "serviceAccountName": "coredns",
        "containers": [container],
        "volumes": [{"name": "config-volume", "configMap": file}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "coredns", "namespace": "kube-system", "labels": {**labels, "kubernetes.io/name": "CoreDNS"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
            "template": {
                "metadata": {
                    "labels": labels,
                    "annotations": {
                        "switchyard.dev/listen": "53/UDP,53/TCP,9153/TCP,8080/TCP,8181/TCP",
                        "switchyard.dev/shutdown-delay": "5",
                    },
                },
                "spec": spec,
            },
        },
    }
