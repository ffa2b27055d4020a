"""What does a Service ask of kube-proxy?  One value per port: its address, and which endpoints it may use.

Source: pkg/proxy/serviceport.go, pkg/proxy/util/utils.go (ShouldSkipService), pkg/api/v1/service/util.go (ExternalPolicyLocal).
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.objects import Object

PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name"
HEADLESS_LABEL = "service.kubernetes.io/headless"

Key = tuple[str, str, int]


class ServicePort(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A port of a Service as kube-proxy sees it. `name` is `namespace/service:port name`, without the colon if it has none.

    `accessible`: it can also be reached by a node port, a load balancer's address or an external address.
    `external_local` holds only where the type makes externalTrafficPolicy count.
    """

    name: str
    port_name: str
    ip: str
    protocol: str
    port: int
    internal_local: bool = False
    external_local: bool = False
    accessible: bool = False
    node_port: int = 0

    @property
    def key(self) -> Key:
        """What a packet to the ClusterIP is known by."""
        return self.ip, self.protocol, self.port

    @property
    def service(self) -> str:
        return self.name.partition(":")[0]

    @property
    def uses_cluster(self) -> bool:
        """Whether traffic may go to endpoints on any Node (with externalTrafficPolicy Local too: Pods and Nodes take the short way)."""
        return not self.internal_local or self.accessible

    @property
    def uses_local(self) -> bool:
        return self.internal_local or (self.external_local and self.accessible)


def service_ports(service: Object) -> tuple[ServicePort, ...]:
    """The ports that kube-proxy serves: none of a headless Service, an ExternalName, or one left to another proxy."""
    spec = service.spec
    ip = spec.get("clusterIP") or ""
    skipped = ip in ("", "None") or spec.get("type") == "ExternalName"
    if skipped or PROXY_NAME_LABEL in service.labels or HEADLESS_LABEL in service.labels:
        return ()
    return tuple(_service_port(service, ip, port) for port in spec.get("ports") or ())


def _service_port(service: Object, ip: str, port: dict[str, Any]) -> ServicePort:
    spec, name, node_port = service.spec, port.get("name") or "", port.get("nodePort") or 0
    external_ips = bool(spec.get("externalIPs"))
    counts = spec.get("type") in ("NodePort", "LoadBalancer") or external_ips
    return ServicePort(
        name=f"{service.namespace}/{service.name}:{name}" if name else f"{service.namespace}/{service.name}",
        port_name=name,
        ip=ip,
        protocol=port.get("protocol") or "TCP",
        port=port["port"],
        internal_local=spec.get("internalTrafficPolicy") == "Local",
        external_local=counts and spec.get("externalTrafficPolicy") == "Local",
        accessible=bool(node_port) or external_ips or _has_virtual_address(service),
        node_port=node_port,
    )


def _has_virtual_address(service: Object) -> bool:
    """Whether the load balancer gave an address that Nodes answer for themselves (ipMode VIP, the default)."""
    ingress = (service.status.get("loadBalancer") or {}).get("ingress") or ()
    return any(entry.get("ip") and entry.get("ipMode", "VIP") == "VIP" for entry in ingress)
