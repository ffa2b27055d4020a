"""What do the kube-proxies of all Nodes do with a packet, each by the rules it has now?

Source: pkg/proxy/iptables/proxier.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object
from playground.kube.events import ProxyChanged
from playground.kube.kubeproxy.addresses import IPV4, family
from playground.kube.kubeproxy.affinity import Recent, Where
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.cleanup import is_stale
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.conntrack import UNREPLIED, Flow, FlowKey, Flows
from playground.kube.kubeproxy.healthcheck import HealthAnswer, health_answer
from playground.kube.kubeproxy.iptables import Line, Ruleset, is_commented, ruleset, trace
from playground.kube.kubeproxy.nodes import NodeConfigs
from playground.kube.kubeproxy.phases import Phase
from playground.kube.kubeproxy.portrules import DROP, NO_RULE, REJECT, Decision, PortRules, Way
from playground.kube.kubeproxy.routing import CLUSTER_IP, HEALTH_CHECK, NODE_PORT, Packet, Ruling, ruling
from playground.kube.kubeproxy.serviceports import HEALTH, Key, ServicePort, node_port_key
from playground.kube.kubeproxy.syncing import Syncing
from playground.kube.kubeproxy.table import Held, rules_in

SHOWN = 8


class Rule(msgspec.Struct, frozen=True):
    """What a Node does for one Service port. `endpoints` are the first SHOWN `ip:port` of `count`; `behind`: it has not heard of the latest change.

    `outside` False: with what comes to the ClusterIP. True: with what comes from outside to a load balancer's or an external
    address (all of them in `address`, "" if there is none) or to the node port (0 if there is none); `local`: by externalTrafficPolicy Local.
    `sticky`: for so many seconds a sender comes to the same endpoint again, 0 is not.
    """

    name: str
    port: int
    address: str
    family: str
    protocol: str
    verdict: str
    endpoints: tuple[str, ...]
    count: int
    behind: bool
    outside: bool = False
    local: bool = False
    node_port: int = 0
    sticky: int = 0


class Proxies:
    """All Nodes' kube-proxies."""

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._recent = Recent()
        self._configs = NodeConfigs(machinery)
        self._flows = Flows()
        self._syncing = Syncing(machinery, self._rewritten, self._clean, self._forget)
        self._table = self._syncing.table
        self._held_now = self._table.held
        self._synced = self._syncing.synced
        machinery.store.watch("Node", self._node_changed)

    # --- asking

    def route(self, node: str, ip: str, protocol: str, port: int, source_ip: str) -> Decision:
        """What the kube-proxy of `node` does with a new connection from `source_ip` (a Pod's, a Node's, or one from outside) to `ip:port`.
        Draws from chance if there is a choice; a sender with affinity is remembered."""
        phase = self._synced.get(node)
        if phase is None:
            return NO_RULE
        config = self._configs.of(node, family(ip))
        key = ip, protocol, port
        behind = key in phase.stale
        held = phase.stale[key] if behind else self._held_now.get(key, ())
        if len(held) == 1 and held[0].port.ip == ip:
            rules = held[0]
            way = rules.everywhere or rules.internal(config)
            return self._decide(node, phase, source_ip, rules, way, CLUSTER_IP, config.masquerades(source_ip), behind)
        return self._route_outwards(node, phase, config, Packet(source_ip, ip, protocol, port))

    def route_flow(self, node: str, ip: str, port: int, source_ip: str, socket: int) -> Decision:
        """The same for a datagram of a socket that is kept open, known by its number: `node` remembers where the first one went.
        As long as nothing has come back, DROP and REJECT stop also what no rule had caught: they are for all that is NEW to conntrack."""
        key, now = (source_ip, socket, ip, port), self._machinery.now
        flow = self._flows.find(node, key, now)
        if flow is None:
            decision = self.route(node, ip, "UDP", port, source_ip)
            if decision.verdict not in (DROP, REJECT):
                self._flows.begin(node, key, _flow(decision, now))
            return decision
        stopped = self.stopped(node)
        if flow.endpoint is None and not flow.replied:
            found = self.ruling(node, Packet(source_ip, ip, "UDP", port))
            if found.verdict in (DROP, REJECT):
                return Decision(found.rules, found.way, door=found.door, stopped=stopped, flow=flow)
        return Decision(endpoint=flow.endpoint, port=flow.port, masquerade=flow.masquerade, door=flow.door, stopped=stopped, flow=flow)

    def answered(self, node: str, key: FlowKey) -> None:
        """An answer to a datagram came back through `node`."""
        self._flows.answered(node, key)

    def ruling(self, node: str, packet: Packet) -> Ruling:
        """The same before anything is drawn: every endpoint that it may be led to. Changes nothing."""
        phase = self._synced.get(node)
        if phase is None:
            return Ruling()
        return ruling(self._configs.of(node, family(packet.ip)), lambda key: phase.find(key, self._table), packet)

    def health_check(self, node: str, port: int, family: str = IPV4) -> HealthAnswer | None:
        """What `node` answers on a healthCheckNodePort of its addresses of a family; None if nobody listens there, as kube-proxy
        itself answers."""
        phase = self._synced.get(node) if self.stopped(node) is None else None
        held = phase.find((family, HEALTH, port), self._table) if phase else ()
        return health_answer(self._configs.of(node, family), held[0]) if held else None

    def rules(self, node: str, names: Iterable[str] | None = None) -> list[Rule]:
        """The rules that a Node has now, of all Service ports or of those named, sorted by name; none before its first sync.
        A port that can be reached from outside has two: that of its ClusterIP, and that of its other addresses."""
        phase = self._synced.get(node)
        if phase is None:
            return []
        wanted = None if names is None else dict.fromkeys(names)
        held = {**self._candidates(wanted), **phase.stale}
        kept = [rules for rules in rules_in(held.values()) if wanted is None or rules.port.name in wanted]
        return [rule for rules in kept for rule in self._rules(node, phase, rules)]

    def names(self, namespace: str, service: str) -> tuple[str, ...]:
        """What the ports of a Service are called here."""
        watched = self._syncing.services.get((namespace, service))
        return tuple(dict.fromkeys(port.name for port in watched.ports)) if watched else ()

    # --- the rules' text

    def iptables(self, node: str, family: str = IPV4) -> Ruleset | None:
        """The whole ruleset that a Node holds now; None before its first sync."""
        phase = self._synced.get(node)
        return ruleset(self._configs.of(node, family), self._held(phase, family)) if phase else None

    def trace(self, node: str, packet: Packet, decision: Decision) -> tuple[Line, ...]:
        """The rules that led a packet where it went, in the order in which it passed them."""
        phase, mine = self._synced.get(node), family(packet.ip)
        commented = phase is None or is_commented(self._held(phase, mine))
        return trace(self._configs.of(node, mine), packet, decision, commented)

    def _held(self, phase: Phase, family: str) -> list[PortRules]:
        return [rules for rules in rules_in(phase.holding(self._table).values()) if rules.port.family == family]

    def remembered(self) -> list[Any]:
        """Which endpoint each sender with affinity had, as `remember` takes it."""
        return self._recent.state()

    def remember(self, remembered: list[Any]) -> None:
        self._recent.restore(remembered)

    # --- stopping

    def stopped(self, node: str) -> int | None:
        """Since when the kube-proxy of a Node is stopped; None if it runs."""
        return self._syncing.stopped(node)

    def stop(self, node: str) -> None:
        """Stop the kube-proxy of a Node, which must run: its rules stay as they are."""
        self._syncing.stop(node)
        self._machinery.tell(ProxyChanged(self._machinery.now, node, False))

    def start(self, node: str) -> None:
        """Start the kube-proxy of a Node, which must be stopped: within a second it has written all rules."""
        self._syncing.start(node)
        self._machinery.tell(ProxyChanged(self._machinery.now, node, True))

    # --- deciding

    def _route_outwards(self, node: str, phase: Phase, config: ProxyConfig, packet: Packet) -> Decision:
        """A packet to a node port, a load balancer's or an external address, to one that several Services claim, or to none."""
        found = ruling(config, lambda key: phase.find(key, self._table), packet)
        if found.rules is None or found.way is None:
            return _no_rule(phase, packet, config)
        behind = _key(packet, found, config.family) in phase.stale
        return self._decide(node, phase, packet.source, found.rules, found.way, found.door, found.masquerade, behind)

    def _decide(
        self, node: str, phase: Phase, source: str, rules: PortRules, way: Way, door: str, masquerade: bool, behind: bool
    ) -> Decision:
        """Draw an endpoint if there is a choice, unless the sender sticks to the one it had."""
        choice, port = way.choice, rules.port
        if not choice.count:
            return Decision(rules, way, behind=behind, door=door, stopped=phase.stopped)
        drawn = stuck = None
        if port.sticky:
            stuck = self._recent.find(node, port, source, choice, self._machinery.now)
        if stuck is not None:
            endpoint, number = stuck
        elif choice.count > 1:
            drawn = self._machinery.chance.bits_among(choice.count)
            endpoint, number = choice.pick(drawn * choice.count >> 64)
        else:
            endpoint, number = choice.pick(0)
        if port.sticky:
            self._recent.stamp(node, port, source, endpoint.ip, number, self._machinery.now)
        lost = masquerade or source == endpoint.ip
        return Decision(rules, way, drawn, endpoint, number, lost, behind, door, stuck is not None, phase.stopped)

    # --- hearing

    def _node_changed(self, old: Object | None, new: Object | None) -> None:
        self._configs.forget((new or old).name)  # type: ignore[union-attr]

    def _rewritten(self, phase: Phase) -> None:
        """Of the Service ports that these Nodes write anew only endpoints that still have a chain remember their senders."""
        for name in self._recent.known(phase.changed):
            held = self._candidates({name: None})
            mine = [rules for rules in rules_in(held.values()) if rules.port.name == name and rules.port.sticky]
            self._recent.prune(name, phase.nodes, lambda node, mine=mine: self._reachable(node, mine))  # type: ignore[misc]

    def _clean(self, nodes: Iterable[str]) -> None:
        """Endpoints of UDP ports have changed: these Nodes delete their stale flows, by what they have just taken over."""
        for node in self._flows.known(nodes):
            self._flows.delete(node, lambda key, flow: is_stale(key, flow, self._table.find))

    def _forget(self, node: str) -> None:
        self._recent.forget(node)
        self._flows.forget(node)

    def _reachable(self, node: str, mine: list[PortRules]) -> set[Where]:
        return {
            (each.ip, number) for rules in mine for each, number in rules.categorize(self._configs.of(node, rules.port.family)).reachable()
        }

    # --- saving

    def state(self) -> dict[str, Any]:
        """What cannot be derived."""
        return {**self._syncing.state(), "recent": self._recent.state(), "flows": self._flows.state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a saved state; the store is restored already."""
        self._syncing.restore(state)
        self._recent.restore(state["recent"])
        self._flows.restore(state["flows"])

    # --- helpers

    def _candidates(self, names: dict[str, None] | None) -> dict[Key, Held]:
        if names is None:
            return self._table.held
        services = dict.fromkeys(name.partition(":")[0] for name in names)
        watched = [self._syncing.services.get((each.partition("/")[0], each.partition("/")[2])) for each in services]
        keys = [port.key for each in watched if each for port in each.ports]
        return {key: self._table.find(key) for key in keys}

    def _rules(self, node: str, phase: Phase, rules: PortRules) -> list[Rule]:
        port, config, behind = rules.port, self._configs.of(node, rules.port.family), rules.port.key in phase.stale
        inside = _rule(port, rules.internal(config), address(port.ip, port.port), behind)
        if not port.accessible:
            return [inside]
        outer = ", ".join(address(ip, port.port) for ip in (*port.load_balancer_ips, *port.external_ips))
        outside = _rule(port, rules.outward(config), outer, behind)
        return [inside, msgspec.structs.replace(outside, outside=True, local=port.external_local, node_port=port.node_port)]


def _rule(port: ServicePort, way: Way, where: str, behind: bool) -> Rule:
    first = tuple(address(each.ip, number) for each, number in islice(way.choice, SHOWN))
    return Rule(port.name, port.port, where, port.family, port.protocol, way.verdict, first, way.choice.count, behind, sticky=port.sticky)


def _no_rule(phase: Phase, packet: Packet, config: ProxyConfig) -> Decision:
    """`behind`: there is one by now, of which these Nodes have not heard."""
    keys = [(packet.ip, packet.protocol, packet.port)]
    keys += [node_port_key(config.family, packet.protocol, packet.port)] if config.is_local(packet.ip) else []
    behind = any(key in phase.stale for key in keys)
    return Decision(behind=behind, stopped=phase.stopped) if behind or phase.stopped is not None else NO_RULE


def _flow(decision: Decision, now: int) -> Flow:
    """What a Node remembers of the first datagram of a flow."""
    service = decision.rules.port.service if decision.rules else ""
    return Flow(now, now + UNREPLIED, False, decision.endpoint, decision.port, decision.masquerade, service, decision.door)


def _key(packet: Packet, found: Ruling, family: str) -> Key:
    """Under which key the rules were found."""
    if found.door == NODE_PORT:
        return node_port_key(family, packet.protocol, packet.port)
    return (family, HEALTH, packet.port) if found.door == HEALTH_CHECK else (packet.ip, packet.protocol, packet.port)
