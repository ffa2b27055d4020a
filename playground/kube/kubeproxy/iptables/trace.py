"""Which rules did a packet pass on a Node, in which order?

Source: pkg/proxy/iptables/proxier.go (syncProxyRules); netfilter's order: nat before filter, POSTROUTING last.
"""

from __future__ import annotations

from collections.abc import Iterator

from playground.kube.apiserver.objects import Endpoint
from playground.kube.kubeproxy.addresses import within
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.iptables.fixed import masquerading, node_port_jumps
from playground.kube.kubeproxy.iptables.porttext import PortText
from playground.kube.kubeproxy.iptables.rule import Rule
from playground.kube.kubeproxy.iptables.ruleset import Line
from playground.kube.kubeproxy.portrules import FORWARD, Decision, Way
from playground.kube.kubeproxy.routing import CLUSTER_IP, HEALTH_CHECK, LOAD_BALANCER, NODE_PORT, Packet


def trace(config: ProxyConfig, packet: Packet, decision: Decision, commented: bool = True) -> tuple[Line, ...]:
    """The rules that matched and mattered, with their tables; none if no rule caught the packet. `commented` as in PortText."""
    if decision.rules is None or decision.way is None:
        return ()
    text = PortText(config, decision.rules, commented)
    if decision.way.verdict != FORWARD or decision.endpoint is None:
        return (Line("filter", _refusal(text, packet, decision)),)
    passed = [*_way_in(text, packet, decision.door), *_chosen(text, decision, decision.way, decision.endpoint)]
    if packet.source == decision.endpoint.ip:
        passed.append(text.mark_hairpin(decision.endpoint, decision.port))
    passed.append(text.rewrite(decision.endpoint, decision.port))
    if decision.masquerade:
        marking, *_, leaving = masquerading(config)
        passed += [marking, leaving]
    return tuple(Line("nat", each) for each in passed)


def _refusal(text: PortText, packet: Packet, decision: Decision) -> Rule:
    if decision.door == HEALTH_CHECK:
        return text.accept_health_check()
    if decision.door == CLUSTER_IP:
        return text.to_cluster_ip()
    if decision.door == LOAD_BALANCER and text.guarded:  # it stands before KUBE-EXTERNAL-SERVICES
        return text.refuse_source(packet.ip)
    return text.refuse_node_port() if decision.door == NODE_PORT else text.refuse_address(packet.ip)


def _way_in(text: PortText, packet: Packet, door: str) -> Iterator[Rule]:
    """To the chain that chooses an endpoint."""
    if door == CLUSTER_IP:
        yield text.to_cluster_ip()
        marked = text.mark_internal()
        if marked is not None and (text.config.masquerade_all or not text.config.detector.finds(packet.source, packet.interface)):
            yield marked
        return
    if door == NODE_PORT:
        jumps, chosen = node_port_jumps(text.config), text.config.node_port_ips()
        yield next((each for each in jumps if f"-d {packet.ip}" in each.pieces), jumps[0]) if chosen is not None else jumps[0]
        yield text.to_node_port()
    else:
        yield text.to_address(door, packet.ip)
    if door == LOAD_BALANCER and text.guarded:
        yield text.admit(next(each for each in text.admitted() if _matches(packet.source, each)))
    yield from _by_external_policy(text, packet)


def _by_external_policy(text: PortText, packet: Packet) -> Iterator[Rule]:
    """Through the chain EXT."""
    pods = text.pods_short_way()
    if not text.port.external_local:
        yield text.mark_external()
        yield text.by_policy()
    elif pods is not None and text.config.detector.finds(packet.source, packet.interface):
        yield pods
    elif text.config.is_local(packet.source):
        yield text.mark_node()
        yield text.nodes_short_way()
    else:
        yield text.by_policy()


def _chosen(text: PortText, decision: Decision, way: Way, endpoint: Endpoint) -> list[Rule]:
    """The one rule of the chain SVC or SVL that chose the endpoint."""
    if decision.sticky:
        return [text.stick(way.chain, endpoint, decision.port)]
    ordered = [(each.ip, number) for each, number in way.choice.in_order()]
    return [text.choose(way.chain, endpoint, decision.port, len(ordered) - ordered.index((endpoint.ip, decision.port)))]


def _matches(source: str, admitted: str) -> bool:
    return within(source, admitted) if "/" in admitted else source == admitted
