"""What does the kube-proxy of a Node do with a packet?  Worked out from its policies, not from the text of its rules.

Source: pkg/proxy/iptables/proxier.go (syncProxyRules): the chains KUBE-SERVICES, KUBE-EXT, KUBE-FW, KUBE-NODEPORTS, and where they hang.
Simplified: of several Services that claim one address and port the first by name is asked first; in a real Node their order is chance.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.portrules import ANSWERED, DROP, FIREWALL, FORWARD, REJECT, PortRules, Way
from playground.kube.kubeproxy.serviceports import HEALTH, Key, node_port_key

CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER = "cluster IP", "external IP", "loadbalancer IP"
NODE_PORT, HEALTH_CHECK = "node port", "health check"

Lookup = Callable[[Key], tuple[PortRules, ...]]


class Packet(msgspec.Struct, frozen=True, gc=False):
    """The first packet of a connection, as a Node sees it; `interface` is where it came in, if the detector of Pods goes by that."""

    source: str
    ip: str
    protocol: str
    port: int
    interface: str = ""


class Ruling(msgspec.Struct, frozen=True, gc=False):
    """What becomes of a packet, before an endpoint is drawn. No rule: `rules` and `way` are None and the packet goes on as it is.

    `door` is how it came: to the cluster IP, external IP, loadbalancer IP, a node port, or the port of a health check.
    `masquerade`: whatever the endpoint is (see `masquerades`). `unreached`: DROP or REJECT of a rule that is there, but
    that packets of the Node itself do not pass, as no hook leads them to it.
    """

    rules: PortRules | None = None
    way: Way | None = None
    door: str = ""
    masquerade: bool = False
    unreached: str = ""

    @property
    def verdict(self) -> str:
        """forward, DROP, REJECT, ACCEPT, or "" where no rule caught the packet."""
        return self.way.verdict if self.way else ""

    def masquerades(self, source: str, endpoint_ip: str) -> bool:
        """Whether the sender's address is lost on the way to an endpoint; an endpoint that is sent to itself always loses it."""
        return self.masquerade or source == endpoint_ip


NO_RULING = Ruling()


def ruling(config: ProxyConfig, lookup: Lookup, packet: Packet) -> Ruling:
    """What becomes of a packet on a Node whose rules are found by `lookup`."""
    refused = NO_RULING
    for rules, door in _candidates(config, lookup, packet):
        found = internal(config, rules, packet) if door == CLUSTER_IP else external(config, rules, door, packet)
        if found.verdict == FORWARD:
            return found
        if refused is NO_RULING:
            refused = found
    if refused is NO_RULING and packet.protocol == "TCP" and config.is_local(packet.ip):
        for rules in lookup((config.family, HEALTH, packet.port)):
            return Ruling(rules, ANSWERED, HEALTH_CHECK)
    return refused


def internal(config: ProxyConfig, rules: PortRules, packet: Packet) -> Ruling:
    """To the ClusterIP."""
    way = rules.internal(config)
    return Ruling(rules, way, CLUSTER_IP, way.verdict == FORWARD and config.masquerades(packet.source, packet.interface))


def external(config: ProxyConfig, rules: PortRules, door: str, packet: Packet) -> Ruling:
    """To a node port, a load balancer's address or an external one: by externalTrafficPolicy, but Pods and the Node itself take the short way."""
    port, anywhere = rules.port, rules.way(config, False)
    if anywhere.verdict == REJECT:
        return _refused(config, rules, anywhere, door, packet)
    if door == LOAD_BALANCER and not port.accepts(packet.source, config.node_ip):
        return Ruling(rules, FIREWALL, door)
    here = rules.outward(config)
    if door != NODE_PORT or config.takes_node_port(packet.ip):
        if not port.external_local:
            return Ruling(rules, anywhere, door, True)
        if config.detector.finds(packet.source, packet.interface):
            return Ruling(rules, anywhere, door)
        if config.is_local(packet.source):
            return Ruling(rules, anywhere, door, True)
        if here.verdict == FORWARD:
            return Ruling(rules, here, door)
    return _refused(config, rules, here, door, packet) if here.verdict == DROP else NO_RULING


def _candidates(config: ProxyConfig, lookup: Lookup, packet: Packet) -> list[tuple[PortRules, str]]:
    """The Service ports with a rule for a packet; the jump to the node ports is the last rule of KUBE-SERVICES."""
    found = [(rules, _door(rules, packet.ip)) for rules in lookup((packet.ip, packet.protocol, packet.port))]
    if config.is_local(packet.ip):
        found += [(rules, NODE_PORT) for rules in lookup(node_port_key(config.family, packet.protocol, packet.port))]
    return found


def _door(rules: PortRules, ip: str) -> str:
    if ip == rules.port.ip:
        return CLUSTER_IP
    return EXTERNAL_IP if ip in rules.port.external_ips else LOAD_BALANCER


def _refused(config: ProxyConfig, rules: PortRules, way: Way, door: str, packet: Packet) -> Ruling:
    """KUBE-EXTERNAL-SERVICES hangs on INPUT and FORWARD: what a Node sends to an address elsewhere passes only OUTPUT.
    A load balancer's address that is guarded by source ranges is dropped by KUBE-PROXY-FIREWALL, which hangs on all three."""
    guarded = door == LOAD_BALANCER and way.verdict == DROP and rules.port.source_ranges
    if config.is_local(packet.source) and not config.is_local(packet.ip) and not guarded:
        return Ruling(door=door, unreached=way.verdict)
    return Ruling(rules, way, door)
