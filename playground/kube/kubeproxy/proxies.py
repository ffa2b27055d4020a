"""When does each Node's kube-proxy hear of a change, and what does it do with a packet until then?

Source: pkg/proxy/iptables/proxier.go; minSyncPeriod 1 s (pkg/proxy/apis/config/v1alpha1/defaults.go).
All Nodes share one table of what is true now. Each Node belongs to one of PHASES phases, spread over the sync period; a phase
keeps beside that table only what it has not heard of yet, as it was before. So a change costs PHASES steps, however many Nodes there are.
Simplified: kube-proxy syncs at the ticks of its phase, where the real one syncs at once after a quiet second; rules on
different Nodes lag by 0 to 1 s all the same. A change of a Node's zone label is seen at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from itertools import islice
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import boot_id, zone
from playground.kube.apiserver.objects import EndpointSlice, Object
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.events import RulesSynced
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.endpoints import Piece
from playground.kube.kubeproxy.portrules import NO_RULE, Decision, PortRules
from playground.kube.kubeproxy.saving import Writer, read
from playground.kube.kubeproxy.serviceports import Key, ServicePort, service_ports
from playground.kube.kubeproxy.watched import WatchedService, service_of

PHASES = 20
SYNC_PERIOD = SECOND
APART = 50 * MILLISECOND
SHOWN = 8


class Rule(msgspec.Struct, frozen=True):
    """What a Node does for one Service port. `endpoints` are the first SHOWN `ip:port` of `count`; `behind`: it has not heard of the latest change."""

    name: str
    address: str
    protocol: str
    verdict: str
    endpoints: tuple[str, ...]
    count: int
    behind: bool


class Phase:
    """Nodes whose kube-proxies sync at the same ticks. `stale` holds, by address, the rules that they still have and that are not true any more
    (None: none yet); `changed` the Service ports to take over at the next tick; `waiting` the Nodes that have no rules before that."""

    __slots__ = ("changed", "due", "nodes", "number", "stale", "waiting")

    def __init__(self, number: int):
        self.number = number
        self.due = False
        self.nodes: dict[str, None] = {}
        self.waiting: dict[str, None] = {}
        self.changed: dict[str, None] = {}
        self.stale: dict[Key, PortRules | None] = {}


class Proxies:
    """All Nodes' kube-proxies."""

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._current: dict[Key, PortRules] = {}
        self._services: dict[tuple[str, str], WatchedService] = {}
        self._phases = [Phase(number) for number in range(PHASES)]
        self._live: list[Phase] = []
        self._phase_of: dict[str, Phase] = {}
        self._synced: dict[str, Phase] = {}
        self._joined = 0
        network = ip_network(machinery.settings.pod_network)
        self._is_pod = lru_cache(maxsize=200_000)(lambda ip: ip_address(ip) in network)
        machinery.clock.on("kube-proxy.sync", self._sync)
        machinery.store.watch("Service", self._service_changed)
        machinery.store.watch("EndpointSlice", self._slice_changed)
        machinery.store.watch("Node", self._node_changed)

    # --- asking

    def route(self, node: str, ip: str, protocol: str, port: int, source_ip: str) -> Decision:
        """What the kube-proxy of `node` does with a new connection from `source_ip` to `ip:port`. Draws from chance if there is a choice."""
        phase = self._synced.get(node)
        if phase is None:
            return NO_RULE
        key = (ip, protocol, port)
        behind = key in phase.stale
        rules = phase.stale[key] if behind else self._current.get(key)
        if rules is None:
            return NO_RULE
        way = rules.everywhere or rules.way(node, self._zone(node))
        choice = way.choice
        if choice.count > 1:
            drawn = self._machinery.chance.bits()
            endpoint, number = choice.pick(drawn * choice.count >> 64)
        elif choice.count:
            drawn, (endpoint, number) = None, choice.pick(0)
        else:
            return Decision(rules, way, behind=behind)
        masquerade = source_ip == endpoint.ip or not self._is_pod(source_ip)
        return Decision(rules, way, drawn, endpoint, number, masquerade, behind)

    def rules(self, node: str, names: Iterable[str] | None = None) -> list[Rule]:
        """The rules that a Node has now, of all Service ports or of those named, sorted by name; none before its first sync."""
        phase = self._synced.get(node)
        if phase is None:
            return []
        wanted = None if names is None else dict.fromkeys(names)
        held = {**self._candidates(wanted), **phase.stale}
        kept = [rules for rules in held.values() if rules is not None and (wanted is None or rules.port.name in wanted)]
        return [self._rule(node, phase, rules) for rules in sorted(kept, key=lambda rules: rules.port.name)]

    def names(self, namespace: str, service: str) -> tuple[str, ...]:
        """What the ports of a Service are called here."""
        watched = self._services.get((namespace, service))
        return tuple(port.name for port in watched.ports) if watched else ()

    # --- hearing of changes

    def _service_changed(self, old: Object | None, new: Object | None) -> None:
        watched = self._watched((new or old).key)  # type: ignore[union-attr]
        before, after = watched.ports, service_ports(new) if new else ()
        if before != after:
            watched.ports = after
            kept = {port.key for port in after}
            for port in before:
                if port.key not in kept:
                    self._put(port, None)
            self._refresh(watched)
        self._drop_if_empty(watched)

    def _slice_changed(self, old: EndpointSlice | None, new: EndpointSlice | None) -> None:
        left, joined = service_of(old), service_of(new)
        if left and left != joined:
            watched = self._watched(left)
            watched.take_out(old)  # type: ignore[arg-type]
            self._refresh(watched)
            self._drop_if_empty(watched)
        if joined:
            watched = self._watched(joined)
            watched.put_in(new)  # type: ignore[arg-type]
            self._refresh(watched)

    def _node_changed(self, old: Object | None, new: Object | None) -> None:
        if old is None and new is not None:
            phase = self._phase_of[new.name] = self._phases[self._joined * 7 % PHASES]
            self._joined += 1
            phase.waiting[new.name] = None
            self._schedule(phase)
        elif new is None and old is not None:
            self._forget(old.name)
        elif old is not None and new is not None and boot_id(old) != boot_id(new):
            self._restart(new.name)

    def _restart(self, node: str) -> None:
        """A Node has booted: its rules are gone, and come back at the next tick of its phase."""
        phase = self._phase_of[node]
        self._forget(node)
        self._phase_of[node] = phase
        phase.waiting[node] = None
        self._schedule(phase)

    def _forget(self, node: str) -> None:
        phase = self._phase_of.pop(node)
        phase.waiting.pop(node, None)
        if self._synced.pop(node, None) is not None:
            del phase.nodes[node]
            if not phase.nodes:
                phase.stale, phase.changed = {}, {}
                self._live.remove(phase)

    def _watched(self, key: tuple[str, str]) -> WatchedService:
        return self._services.setdefault(key, WatchedService(key))

    def _drop_if_empty(self, watched: WatchedService) -> None:
        if watched.empty:
            del self._services[watched.key]

    def _refresh(self, watched: WatchedService) -> None:
        """The endpoints or ports of a Service are new: no Node has heard of it yet."""
        if watched.ports:
            pieces = watched.pieces()
            for port in watched.ports:
                self._put(port, PortRules(port, pieces, watched.doubled))

    def _put(self, port: ServicePort, rules: PortRules | None) -> None:
        key = port.key
        before = self._current.get(key)
        if rules is None and (before is None or before.port.name != port.name):
            return
        names = dict.fromkeys((port.name, before.port.name if before else port.name))
        for phase in self._live:
            phase.stale.setdefault(key, before)
            phase.changed.update(names)
            self._schedule(phase)
        if rules is not None:
            self._current[key] = rules
        else:
            del self._current[key]

    # --- syncing

    def _schedule(self, phase: Phase) -> None:
        if not phase.due:
            phase.due = True
            now = self._machinery.now
            tick = now - now % SYNC_PERIOD + phase.number * APART
            self._machinery.clock.at(tick if tick > now else tick + SYNC_PERIOD, "kube-proxy.sync", phase.number)

    def _sync(self, number: int) -> None:
        """The Nodes of a phase take over what has changed; those that wait take over all."""
        phase, now = self._phases[number], self._machinery.now
        phase.due = False
        if phase.changed:
            self._machinery.tell(RulesSynced(now, tuple(phase.nodes), tuple(phase.changed)))
            phase.stale, phase.changed = {}, {}
        if phase.waiting:
            names = tuple(sorted(rules.port.name for rules in self._current.values()))
            self._machinery.tell(RulesSynced(now, tuple(phase.waiting), names))
            if not phase.nodes:
                self._live.append(phase)
            phase.nodes.update(phase.waiting)
            self._synced.update(dict.fromkeys(phase.waiting, phase))
            phase.waiting = {}

    # --- saving

    def state(self) -> dict[str, Any]:
        """What cannot be derived: the Nodes' phases, and what each phase has not heard of yet."""
        writer = Writer(self._is_current)
        phases = [
            {
                "number": phase.number,
                "due": phase.due,
                "nodes": list(phase.nodes),
                "waiting": list(phase.waiting),
                "changed": list(phase.changed),
                "stale": [[list(key), writer.write(rules)] for key, rules in phase.stale.items()],
            }
            for phase in self._phases
            if phase.due or phase.nodes
        ]
        live = [phase.number for phase in self._live]
        return {"joined": self._joined, "live": live, "phases": phases, "rules": writer.rules, "slices": writer.slices}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a saved state; the store is restored already."""
        for piece in self._machinery.store.list("EndpointSlice"):
            self._slice_changed(None, piece)
        for service in self._machinery.store.list("Service"):
            self._service_changed(None, service)
        rules = read(state["rules"], state["slices"], self._current_piece)
        for saved in state["phases"]:
            phase = self._phases[saved["number"]]
            phase.due = saved["due"]
            phase.nodes, phase.waiting, phase.changed = (dict.fromkeys(saved[part]) for part in ("nodes", "waiting", "changed"))
            phase.stale = {tuple(key): None if place is None else rules[place] for key, place in saved["stale"]}
            self._synced.update(dict.fromkeys(phase.nodes, phase))
            self._phase_of.update(dict.fromkeys([*phase.nodes, *phase.waiting], phase))
        self._live = [self._phases[number] for number in state["live"]]
        self._joined = state["joined"]

    def _is_current(self, piece: Piece) -> bool:
        return self._machinery.store.by_uid(piece.slice.uid) is piece.slice

    def _current_piece(self, uid: str) -> Piece:
        """The piece of a slice in the store: the one in use, unless kube-proxy does not watch it any more."""
        slice = self._machinery.store.by_uid(uid)
        key = service_of(slice)
        piece = self._services[key].piece(slice.name) if key else None
        return piece or Piece(slice)

    # --- helpers

    def _zone(self, node: str) -> str:
        found = self._machinery.store.get("Node", "", node)
        return zone(found) if found else ""

    def _candidates(self, names: dict[str, None] | None) -> dict[Key, PortRules]:
        if names is None:
            return self._current
        services = dict.fromkeys(name.partition(":")[0] for name in names)
        watched = [self._services.get((each.partition("/")[0], each.partition("/")[2])) for each in services]
        keys = [port.key for each in watched if each for port in each.ports]
        return {key: self._current[key] for key in keys}

    def _rule(self, node: str, phase: Phase, rules: PortRules) -> Rule:
        way, port = rules.way(node, self._zone(node)), rules.port
        first = tuple(address(each.ip, number) for each, number in islice(way.choice, SHOWN))
        return Rule(port.name, address(port.ip, port.port), port.protocol, way.verdict, first, way.choice.count, port.key in phase.stale)
