"""When does each Node's kube-proxy hear of a change?  At the next tick of its phase, unless it is stopped.

Source: pkg/proxy/iptables/proxier.go (stale flows are deleted when all rules are written), pkg/util/async
(BoundedFrequencyRunner); a kube-proxy that ends leaves the kernel's rules as they are
(cmd/kube-proxy/app/server.go cleans up only with --cleanup), and one that starts writes all of them.
A change costs a step for each phase in which Nodes stand, however many Nodes there are.
Simplified: kube-proxy syncs at the ticks of its phase, where the real one syncs at once after a quiet second; rules on
different Nodes lag by 0 to 1 s all the same. A change of a Node's addresses or zone label is seen at once, also where
kube-proxy is stopped. A Node that boots starts its kube-proxy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import boot_id
from playground.kube.apiserver.objects import EndpointSlice, Object
from playground.kube.events import RulesSynced
from playground.kube.kubeproxy.addresses import IPV4, IPV6
from playground.kube.kubeproxy.endpoints import Piece
from playground.kube.kubeproxy.phases import PHASES, Phase
from playground.kube.kubeproxy.portrules import PortRules
from playground.kube.kubeproxy.saving import Writer, read
from playground.kube.kubeproxy.serviceports import Key, ServicePort, service_ports
from playground.kube.kubeproxy.table import Held, Table, identity, rules_in
from playground.kube.kubeproxy.watched import WatchedService, service_of


class Syncing:
    """`table` is what is true now; `synced` the phase of each Node that has rules; `services` what is known of each Service;
    `alone` the phases of those Nodes whose kube-proxy is stopped, or started and not at its first tick yet.
    `rewritten` is told which Service ports some Nodes write anew, `cleaned` which Nodes have taken over endpoints of UDP ports,
    `forgotten` which Node is gone or has booted."""

    def __init__(
        self,
        machinery: Machinery,
        rewritten: Callable[[Phase], None],
        cleaned: Callable[[Iterable[str]], None],
        forgotten: Callable[[str], None],
    ):
        self._machinery = machinery
        self._rewritten = rewritten
        self._cleaned = cleaned
        self._forgotten = forgotten
        self.table = Table()
        self.services: dict[tuple[str, str], WatchedService] = {}
        self.synced: dict[str, Phase] = {}
        self.alone: dict[str, Phase] = {}
        self._phases = [Phase(number) for number in range(PHASES)]
        self._live: list[Phase] = []
        self._phase_of: dict[str, Phase] = {}
        self._joined = 0
        machinery.clock.on("kube-proxy.sync", self._sync)
        machinery.store.watch("Service", self._service_changed)
        machinery.store.watch("EndpointSlice", self._slice_changed)
        machinery.store.watch("Node", self._node_changed)

    # --- hearing of Services

    def _service_changed(self, old: Object | None, new: Object | None) -> None:
        watched = self._watched((new or old).key)  # type: ignore[union-attr]
        before, after = watched.ports, _all_ports(new) if new else ()
        if before != after:
            watched.ports = after
            kept = {identity(port) for port in after}
            for port in before:
                if identity(port) not in kept:
                    self._changed([port.name], self.table.drop(port))
            self._refresh(watched, before)
        self._drop_if_empty(watched)

    def _slice_changed(self, old: EndpointSlice | None, new: EndpointSlice | None) -> None:
        left, joined = service_of(old), service_of(new)
        if (left and _is_udp(old)) or (joined and _is_udp(new)):
            for phase in self._live:
                phase.cleans = True
        if left and left != joined:
            watched = self._watched(left)
            watched.take_out(old)  # type: ignore[arg-type]
            self._refresh(watched, watched.ports)
            self._drop_if_empty(watched)
        if joined:
            watched = self._watched(joined)
            watched.put_in(new)  # type: ignore[arg-type]
            self._refresh(watched, watched.ports)

    def _watched(self, key: tuple[str, str]) -> WatchedService:
        return self.services.setdefault(key, WatchedService(key))

    def _drop_if_empty(self, watched: WatchedService) -> None:
        if watched.empty:
            del self.services[watched.key]

    def _refresh(self, watched: WatchedService, before: Iterable[ServicePort]) -> None:
        """The endpoints or ports of a Service are new: no Node has heard of it yet."""
        if watched.ports:
            pieces, old = watched.pieces(), {identity(port): port for port in before}
            for port in watched.ports:
                self._changed([port.name], self.table.put(PortRules(port, pieces, watched.doubled), old.get(identity(port))))

    def _changed(self, names: list[str], before: dict[Key, Held]) -> None:
        """No Node has heard of it yet; each phase keeps what it has."""
        told = dict.fromkeys(names)
        for phase in self._live:
            stale = phase.stale
            for key, held in before.items():
                stale.setdefault(key, held)
            phase.changed.update(told)
            if not phase.due:
                self._schedule(phase)

    # --- hearing of Nodes

    def _node_changed(self, old: Object | None, new: Object | None) -> None:
        if old is None and new is not None:
            self._phase_of[new.name] = self._phases[self._joined * 7 % PHASES]
            self._joined += 1
            self._wait(new.name)
        elif new is None and old is not None:
            self._forget(old.name)
        elif old is not None and new is not None and boot_id(old) != boot_id(new):
            self._restart(new.name)

    def _restart(self, node: str) -> None:
        """A Node has booted: its rules are gone, and come back at the next tick of its phase."""
        phase = self._phase_of[node]
        self._forget(node)
        self._phase_of[node] = phase
        self._wait(node)

    def _wait(self, node: str) -> None:
        phase = self._phase_of[node]
        phase.waiting[node] = None
        self._schedule(phase)

    def _forget(self, node: str) -> None:
        self._forgotten(node)
        self._phase_of.pop(node).waiting.pop(node, None)
        self._leave(node)

    def _leave(self, node: str) -> None:
        """A Node has no rules any more, or those of another phase."""
        self.alone.pop(node, None)
        phase = self.synced.pop(node, None)
        if phase is not None:
            del phase.nodes[node]
            if not phase.nodes:
                phase.heard()
                self._live.remove(phase)

    # --- kube-proxies that are stopped

    def stopped(self, node: str) -> int | None:
        """Since when a Node's kube-proxy is stopped; None if it runs."""
        alone = self.alone.get(node)
        return None if alone is None or node in self._phase_of[node].waiting else alone.stopped

    def stop(self, node: str) -> None:
        """A Node's kube-proxy ends; the rules that it wrote stay. It must run."""
        phase, now = self._phase_of[node], self._machinery.now
        phase.waiting.pop(node, None)
        if node in self.alone:
            self.alone[node].stopped = now
        else:
            alone = phase.without_proxy(node, now)
            self._leave(node)
            self._keep_alone(node, alone)

    def start(self, node: str) -> None:
        """A Node's kube-proxy starts: at the next tick of its phase it writes all rules. It must be stopped."""
        self._wait(node)

    def _keep_alone(self, node: str, alone: Phase) -> None:
        self.alone[node] = alone
        if node in alone.nodes:
            self.synced[node] = alone
            self._live.append(alone)

    # --- syncing

    def _schedule(self, phase: Phase) -> None:
        if not phase.due:
            phase.due = True
            self._machinery.clock.at(phase.tick(self._machinery.now), "kube-proxy.sync", phase.number)

    def _sync(self, number: int) -> None:
        """The Nodes of a phase take over what has changed; those that wait take over all."""
        phase, now = self._phases[number], self._machinery.now
        phase.due = False
        if phase.changed:
            self._machinery.tell(RulesSynced(now, tuple(phase.nodes), tuple(phase.changed)))
            self._rewritten(phase)
            cleans = phase.cleans
            phase.heard()
            if cleans:
                self._cleaned(phase.nodes)
        if phase.waiting:
            self._take_over(phase)

    def _take_over(self, phase: Phase) -> None:
        """The Nodes that wait write all rules anew."""
        names = dict.fromkeys(rules.port.name for rules in rules_in(self.table.held.values()))
        for alone in [self.alone[node] for node in phase.waiting if node in self.alone]:
            names.update(alone.changed)
            self._rewritten(alone)
        self._machinery.tell(RulesSynced(self._machinery.now, tuple(phase.waiting), tuple(names)))
        for node in phase.waiting:
            self._leave(node)
        if not phase.nodes:
            self._live.append(phase)
        phase.nodes.update(phase.waiting)
        self.synced.update(dict.fromkeys(phase.waiting, phase))
        self._cleaned(phase.waiting)
        phase.waiting = {}

    # --- saving

    def state(self) -> dict[str, Any]:
        """What cannot be derived: the Nodes' phases, and what each phase has not heard of yet."""
        writer = Writer(lambda piece: self._machinery.store.by_uid(piece.slice.uid) is piece.slice)
        phases = [phase.state(writer) for phase in self._phases if phase.due or phase.nodes]
        live = [phase.number for phase in self._live if phase.stopped is None]
        alone = {node: phase.state(writer) for node, phase in self.alone.items()}
        return {"joined": self._joined, "live": live, "phases": phases, "alone": alone, "rules": writer.rules, "slices": writer.slices}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a saved state; the store is restored already."""
        for piece in self._machinery.store.list("EndpointSlice"):
            self._slice_changed(None, piece)
        for service in self._machinery.store.list("Service"):
            self._service_changed(None, service)
        rules = read(state["rules"], state["slices"], self._current_piece)
        for saved in state["phases"]:
            phase = self._phases[saved["number"]]
            phase.restore(saved, rules)
            self.synced.update(dict.fromkeys(phase.nodes, phase))
            self._phase_of.update(dict.fromkeys([*phase.nodes, *phase.waiting], phase))
        self._live = [self._phases[number] for number in state["live"]]
        for node, saved in state["alone"].items():
            phase = Phase(saved["number"])
            phase.restore(saved, rules)
            self._phase_of[node] = self._phases[phase.number]
            self._keep_alone(node, phase)
        self._joined = state["joined"]

    def _current_piece(self, uid: str) -> Piece:
        """The piece of a slice in the store: the one in use, unless kube-proxy does not watch it any more."""
        slice = self._machinery.store.by_uid(uid)
        key = service_of(slice)
        piece = self.services[key].piece(slice.name) if key else None
        return piece or Piece(slice)


def _is_udp(slice: EndpointSlice | None) -> bool:
    """Whether its endpoints are those of a UDP port too (pkg/proxy/endpointschangetracker.go, ConntrackCleanupRequired)."""
    return slice is not None and any(port.protocol == "UDP" for port in slice.ports)


def _all_ports(service: Object) -> tuple[ServicePort, ...]:
    return (*service_ports(service, IPV4), *service_ports(service, IPV6))
