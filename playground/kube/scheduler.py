"""Which Node does a Pod go to?  One of those that fit, where it has fewest siblings, then where there are fewest Pods, then by chance.

Source: pkg/scheduler/schedule_one.go (findNodesThatFitPod, numFeasibleNodesToFind, selectHost) and
pkg/scheduler/framework/plugins/{nodeunschedulable,tainttoleration,nodeaffinity,nodeports,noderesources,nodename,interpodaffinity}.
Simplified: requests of CPU and memory, spread constraints, preferred affinity, priority and
preemption are not looked at; a Node holds as many Pods as its allocatable says.
"""

from __future__ import annotations

from bisect import insort
from typing import Any

import msgspec
from msgspec.structs import replace

from playground.kube.apiserver.company import NOT_APART, NOT_TOGETHER, NOT_WELCOME, Company, Limits
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.nodes import UNSCHEDULABLE, taints
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.apiserver.placement import HostPort, Placement, conflicts, placement_of, selects, untolerated
from playground.kube.apiserver.pods import is_finished, is_gated
from playground.kube.apiserver.podtopology import labels_on
from playground.kube.apiserver.validation.quantities import amount
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue

FEWEST_SAMPLED = 100
FULL = "Too many pods"
TAKEN = "node(s) didn't have free ports for the requested pod ports"
ROOM, COMPANY = 1, 2
CORDONED: dict[str, Any] = {"key": UNSCHEDULABLE, "effect": "NoSchedule"}


class Room(msgspec.Struct):
    """What the scheduler remembers of a Node: how many Pods it has and may have; `open` if nothing keeps plain Pods off it;
    `ports` counts the host ports that its Pods hold."""

    name: str
    node: Object
    most: int
    open: bool
    pods: int = 0
    ports: dict[HostPort, int] = {}


class Scheduler:
    """Binds Pods that have no Node. Pods that fit nowhere wait until something changes that may help them: `_waiting` says
    whether a Pod that goes may make ROOM for them, or one that comes or goes may be the COMPANY that they need or shun."""

    name = "scheduler"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._rooms: dict[str, Room] = {}
        self._ring: list[Room] = []
        self._siblings: dict[str, dict[str, int]] = {}
        self._next = 0
        self._waiting: dict[str, int] = {}
        self._company = Company(machinery)
        self._queue = WorkQueue(machinery.clock, "scheduler", 5 * MILLISECOND, self._schedule)
        self._store.follow("Node", self._follow_node)
        self._store.follow("Pod", self._follow_pod)
        self._store.watch("Pod", self._pod_changed)
        self._store.watch("Node", self._node_changed)

    # --- one Pod

    def _schedule(self, key: Key) -> None:
        pod = self._store.by_uid(key[0])
        if pod is None or not _is_ours(pod):
            return
        placement = _placements.of(pod.spec)
        found, reasons = self._feasible(placement, self._company.limits(pod))
        if found:
            self._bind(pod, self._best(pod, found))
        else:
            self._refuse(pod, reasons)

    def _feasible(self, placement: Placement, limits: Limits | None) -> tuple[list[Room], dict[str, int]]:
        """Nodes that fit, as many as Kubernetes would look for; if there is none, how many there are for each reason."""
        if placement.only:
            only = self._rooms.get(placement.only)
            if only is not None and _unfit(placement, only, limits) is None:
                return [only], {}
        count = len(self._ring)
        wanted, start = _sample(count), self._next if self._next < count else 0
        if not placement.picky and not placement.ports and limits is None:
            ahead = self._ring[start : start + wanted]
            ahead += self._ring[: wanted - len(ahead)]
            found = [room for room in ahead if room.open and room.pods < room.most]
            if found and len(found) == wanted:
                self._next = (start + wanted) % count
                return found, {}
        return self._look_closer(placement, limits, self._ring[start:] + self._ring[:start], wanted, start)

    def _look_closer(
        self, placement: Placement, limits: Limits | None, ring: list[Room], wanted: int, start: int
    ) -> tuple[list[Room], dict[str, int]]:
        found: list[Room] = []
        reasons: dict[str, int] = {}
        for room in ring:
            why = _unfit(placement, room, limits)
            if why is not None:
                reasons[why] = reasons.get(why, 0) + 1
                continue
            found.append(room)
            if len(found) == wanted:
                break
        self._next = (start + len(found) + sum(reasons.values())) % max(len(ring), 1)
        return found, reasons

    def _best(self, pod: Pod, found: list[Room]) -> Room:
        owner = pod.controller
        siblings = self._siblings.get(owner.uid, {}) if owner else {}
        if siblings:
            alone = [room for room in found if room.name not in siblings]
            fewest = 0 if alone else min(siblings[room.name] for room in found)
            found = alone or [room for room in found if siblings[room.name] == fewest]
        least = min([room.pods for room in found])
        best = [room for room in found if room.pods == least]
        return best[self._machinery.chance.below(len(best))] if len(best) > 1 else best[0]

    def _bind(self, pod: Pod, room: Room) -> None:
        self._waiting.pop(pod.uid, None)
        state = replace(pod.state, scheduled=self._machinery.now, unschedulable="")
        bound = self._store.replace(pod, node=room.name, labels=labels_on(pod.labels, room.node), state=state)
        said = f"Successfully assigned {pod.namespace}/{pod.name} to {room.name}"
        self._machinery.record(bound, "Normal", "Scheduled", said, "default-scheduler")

    def _refuse(self, pod: Pod, reasons: dict[str, int]) -> None:
        for_room, for_company = (any(each in reasons for each in some) for some in ((FULL, TAKEN), (NOT_TOGETHER, NOT_APART, NOT_WELCOME)))
        self._waiting[pod.uid] = for_room * ROOM | for_company * COMPANY
        message = _message(len(self._ring), reasons)
        if pod.state.unschedulable != message:
            pod = self._store.replace(pod, state=replace(pod.state, unschedulable=message))
            self._machinery.record(pod, "Warning", "FailedScheduling", message, "default-scheduler")

    # --- what has changed

    def _pod_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._waiting.pop(old.uid, None)
        elif _is_ours(new) and (old is None or old.spec is not new.spec):
            self._queue.add(new.uid)
        if old is not None and old.node and (new is None or is_finished(new)) and self._waiting:
            self._try_again(ROOM | COMPANY)
        elif new is not None and new.node and old is not None and (old.node != new.node or old.labels is not new.labels):
            self._try_again(COMPANY)

    def _node_changed(self, old: Any, new: Any) -> None:
        if new is None or not self._waiting:
            return
        if old is None or (old.spec, old.labels, old.status.get("allocatable")) != (new.spec, new.labels, new.status.get("allocatable")):
            self._try_again()

    def _try_again(self, what: int = 0) -> None:
        """Those that wait for something of this sort, or (0) all."""
        for uid, awaited in self._waiting.items():
            if awaited & what or not what:
                self._queue.add(uid)

    # --- derived: Nodes and how full they are

    def _follow_node(self, old: Any, new: Any) -> None:
        if new is None:
            self._ring.remove(self._rooms.pop(old.name))
            return
        most = int(amount(new.status.get("allocatable", {}).get("pods", 0)) or 0)
        is_open = not new.spec.get("unschedulable") and untolerated(Placement(), taints(new)) is None
        if old is None:
            held = [pod for pod in self._store.find(self._machinery.pods_by_node, new.name) if not is_finished(pod)]
            room = self._rooms[new.name] = Room(new.name, new, most, is_open, len(held))
            for pod in held:
                _hold(room, _placements.of(pod.spec).ports, 1)
            insort(self._ring, room, key=lambda each: each.name)
        else:
            room = self._rooms[new.name]
            room.node, room.most, room.open = new, most, is_open

    def _follow_pod(self, old: Any, new: Any) -> None:
        if old is not None and new is not None and _same_place(old, new):
            return
        before, after = _place(old), _place(new)
        if before != after:
            self._count(*before, -1)
            self._count(*after, 1)

    def _count(self, node: str, owner: str, ports: tuple[HostPort, ...], change: int) -> None:
        room = self._rooms.get(node)
        if room is not None:
            room.pods += change
            _hold(room, ports, change)
        if not owner:
            return
        nodes = self._siblings.setdefault(owner, {})
        nodes[node] = nodes.get(node, 0) + change
        if not nodes[node]:
            del nodes[node]
            if not nodes:
                del self._siblings[owner]

    # --- saving

    def state(self) -> list[Any]:
        return [self._queue.state(), self._next, self._waiting]

    def restore(self, state: list[Any]) -> None:
        queue, self._next, waiting = state
        self._queue.restore(queue)
        self._waiting = dict(waiting)


def _place(pod: Pod | None) -> tuple[str, str, tuple[HostPort, ...]]:
    """The Node that a Pod takes room on, the uid of its controller, and its host ports; empty if it takes none. One that is terminating
    takes room, but its siblings are not spread away from it (podtopologyspread/common.go, countPodsMatchSelector)."""
    if pod is None or not pod.node or is_finished(pod):
        return "", "", ()
    owner = pod.controller if pod.deleting is None else None
    return pod.node, owner.uid if owner else "", _placements.of(pod.spec).ports


def _same_place(old: Pod, new: Pod) -> bool:
    return old.node == new.node and old.owners is new.owners and old.deleting == new.deleting and old.state.phase == new.state.phase


def _is_ours(pod: Pod) -> bool:
    """It wants a Node, and from us."""
    if pod.node or pod.deleting is not None or is_finished(pod):
        return False
    return pod.spec.get("schedulerName", "default-scheduler") == "default-scheduler" and not is_gated(pod)


def _unfit(placement: Placement, room: Room, limits: Limits | None) -> str | None:
    """Why a Pod cannot go to a Node, in the words of the first filter that says no."""
    if room.node.spec.get("unschedulable") and untolerated(placement, [CORDONED]) is not None:
        return "node(s) were unschedulable"
    if not room.open and untolerated(placement, taints(room.node)) is not None:
        return "node(s) had untolerated taint(s)"
    if placement.picky and not selects(placement, room.node):
        return "node(s) didn't match Pod's node affinity/selector"
    if placement.ports and any(conflicts(each, held) for each in placement.ports for held in room.ports):
        return TAKEN
    if room.pods >= room.most:
        return FULL
    return None if limits is None else limits.why_not(room.node)


def _hold(room: Room, ports: tuple[HostPort, ...], change: int) -> None:
    for each in ports:
        count = room.ports.get(each, 0) + change
        room.ports[each] = count
        if not count:
            del room.ports[each]


def _sample(nodes: int) -> int:
    """How many Nodes that fit are enough: all up to 100, then a falling share of them, at least 5 % and at least 100."""
    return nodes if nodes < FEWEST_SAMPLED else max(nodes * max(50 - nodes // 125, 5) // 100, FEWEST_SAMPLED)


def _message(nodes: int, reasons: dict[str, int]) -> str:
    if not nodes:
        return "no nodes available to schedule pods"
    listed = ", ".join(sorted(f"{count} {why}" for why, count in reasons.items()))
    full = sum(reasons.get(each, 0) for each in (FULL, TAKEN, NOT_APART, NOT_WELCOME))
    victims = [f"{full} No preemption victims found for incoming pod"] if full else []
    helpless = [f"{nodes - full} Preemption is not helpful for scheduling"] if nodes > full else []
    return f"0/{nodes} nodes are available: {listed}. preemption: 0/{nodes} nodes are available: {', '.join(victims + helpless)}."


_placements: Memo[Placement] = Memo(placement_of)
