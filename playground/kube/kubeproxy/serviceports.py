"""What does a Service ask of kube-proxy?  One value per port: its addresses, and which endpoints it may use.

Source: pkg/proxy/serviceport.go, pkg/proxy/util/utils.go (ShouldSkipService, GetClusterIPByFamily), pkg/api/v1/service/util.go
(ExternalPolicyLocal, NeedsHealthCheck).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Object
from playground.kube.kubeproxy.addresses import IPV4, canonical, family, network, of_family, within

PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name"
HEADLESS_LABEL = "service.kubernetes.io/headless"
STICKY_SECONDS = 10_800
HEALTH = "health"

Key = tuple[str, str, int]


class ServicePort(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A port of a Service as kube-proxy sees it. `name` is `namespace/service:port name`, without the colon if it has none.

    `accessible`: it can also be reached by a node port, a load balancer's address or an external address.
    `external_local` holds only where the type makes externalTrafficPolicy count. `sticky` is the time of ClientIP affinity in seconds, 0 is none.
    `load_balancer_ips` are those that Nodes answer for themselves (ipMode VIP); `source_ranges` are networks, for these only.
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
    external_ips: tuple[str, ...] = ()
    load_balancer_ips: tuple[str, ...] = ()
    source_ranges: tuple[str, ...] = ()
    sticky: int = 0
    health_check_port: int = 0

    @property
    def family(self) -> str:
        return family(self.ip)

    @property
    def key(self) -> Key:
        """What a packet to the ClusterIP is known by."""
        return self.ip, self.protocol, self.port

    def keys(self) -> tuple[Key, ...]:
        """What packets are known by, whichever way they come; a node port stands for all the Node's addresses of a family."""
        found = [(ip, self.protocol, self.port) for ip in (self.ip, *self.external_ips, *self.load_balancer_ips)]
        found += [node_port_key(self.family, self.protocol, self.node_port)] if self.node_port else []
        found += [(self.family, HEALTH, self.health_check_port)] if self.health_check_port else []
        return tuple(dict.fromkeys(found))

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

    def accepts(self, source: str, node_ip: str) -> bool:
        """Whether loadBalancerSourceRanges let a source in; a range that holds the Node's address lets in the balancer's own addresses too."""
        if not self.source_ranges or any(within(source, each) for each in self.source_ranges):
            return True
        return self.admits_itself(node_ip) and source in self.load_balancer_ips

    def admits_itself(self, node_ip: str) -> bool:
        return bool(node_ip) and any(within(node_ip, each) for each in self.source_ranges)


def node_port_key(family: str, protocol: str, port: int) -> Key:
    return family, protocol, port


def service_ports(service: Object, family: str = IPV4, ip_mode: bool = True) -> tuple[ServicePort, ...]:
    """The ports that kube-proxy serves in a family: none of a headless Service, an ExternalName, or one left to another proxy.
    `ip_mode` False: status.loadBalancer.ingress[].ipMode is not read, as before Kubernetes 1.32."""
    spec = service.spec
    skipped = spec.get("clusterIP") in (None, "", "None") or spec.get("type") == "ExternalName"
    if skipped or left_alone(service):
        return ()
    ip = _cluster_ip(spec, family)
    return tuple(_service_port(service, ip, port, ip_mode) for port in spec.get("ports") or ()) if ip else ()


def left_alone(service: Object) -> str:
    """The label that tells kube-proxy to make no rules for it."""
    return next((label for label in (PROXY_NAME_LABEL, HEADLESS_LABEL) if label in service.labels), "")


def _service_port(service: Object, ip: str, port: dict[str, Any], ip_mode: bool) -> ServicePort:
    spec, name, mine = service.spec, port.get("name") or "", family(ip)
    external_ips = of_family(mine, map(canonical, spec.get("externalIPs") or ()))
    balancer = of_family(mine, map(canonical, _virtual_addresses(service, ip_mode)))
    external_local = _external_local(spec)
    checked = external_local and spec.get("type") == "LoadBalancer"
    return ServicePort(
        name=f"{service.namespace}/{service.name}:{name}" if name else f"{service.namespace}/{service.name}",
        port_name=name,
        ip=ip,
        protocol=port.get("protocol") or "TCP",
        port=port.get("port") or 0,
        internal_local=spec.get("internalTrafficPolicy") == "Local",
        external_local=external_local,
        accessible=bool(port.get("nodePort") or external_ips or balancer),
        node_port=port.get("nodePort") or 0,
        external_ips=external_ips,
        load_balancer_ips=balancer,
        source_ranges=of_family(mine, map(network, spec.get("loadBalancerSourceRanges") or ())),
        sticky=_sticky(spec),
        health_check_port=(spec.get("healthCheckNodePort") or 0) if checked else 0,
    )


def _cluster_ip(spec: dict[str, Any], wanted: str) -> str:
    """The ClusterIP of a family, "" if there is none."""
    families = spec.get("ipFamilies") or ()
    ips: Iterable[str] = spec.get("clusterIPs") or (spec["clusterIP"],)
    found = dict(zip(families, map(canonical, ips), strict=False)).get(wanted, "") if families else canonical(spec["clusterIP"])
    return found if found and family(found) == wanted else ""


def _external_local(spec: dict[str, Any]) -> bool:
    counts = spec.get("type") in ("NodePort", "LoadBalancer") or bool(spec.get("externalIPs"))
    return counts and spec.get("externalTrafficPolicy") == "Local"


def _virtual_addresses(service: Object, ip_mode: bool) -> list[str]:
    """The load balancer's addresses that Nodes answer for themselves (ipMode VIP, the default); a hostname alone is none."""
    ingress = (service.status.get("loadBalancer") or {}).get("ingress") or ()
    return [entry["ip"] for entry in ingress if entry.get("ip") and (not ip_mode or (entry.get("ipMode") or "VIP") == "VIP")]


def _sticky(spec: dict[str, Any]) -> int:
    if spec.get("sessionAffinity") != "ClientIP":
        return 0
    client = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
    return client.get("timeoutSeconds") or STICKY_SECONDS
