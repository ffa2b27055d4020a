"""Which Node does a Pod go to?  One of those that fit, where it has fewest siblings, then where there are fewest Pods, then by chance.

Source: pkg/scheduler/schedule_one.go (findNodesThatFitPod, numFeasibleNodesToFind, selectHost) and
pkg/scheduler/framework/plugins/{nodeunschedulable,tainttoleration,nodeaffinity,nodeports,noderesources,nodename,podtopologyspread,
interpodaffinity};
what is said where none fits: pkg/scheduler/framework/types.go (FitError), plugins/dynamicresources (PostFilter, before preemption's).
Simplified: wishes to be spread (ScheduleAnyway), preferred affinity, priority and preemption are not looked at; a taint PreferNoSchedule counts more than how
Pods are spread, as it mostly does where its score has a weight of 3; how full a Node is of CPU and memory
decides whether a Pod fits, not which of the Nodes is better; of a Pod's claims only one that is missing, or on its way out, holds it
back (volumebinding), those of ephemeral volumes not at all.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from playground.kube.apiserver.company import NOT_APART, NOT_TOGETHER, NOT_WELCOME, Company, Limits
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.nodes import UNSCHEDULABLE, taints
from playground.kube.apiserver.objects import Pod
from playground.kube.apiserver.placement import Placement, conflicts, placement_of, selects, untolerated
from playground.kube.apiserver.pods import is_finished, is_gated
from playground.kube.apiserver.podtopology import labels_on
from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.requests import Amounts, amounts
from playground.kube.apiserver.spreads import NO_DOMAIN, NOT_SPREAD
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue
from playground.kube.ring import Ring, Room

FEWEST_SAMPLED = 100
ROOM, COMPANY, CLAIM = 1, 2, 4
NOTHING = Placement()
NO_CLAIMS = "no new claims to deallocate"
HELPLESS = "Preemption is not helpful for scheduling"
AVOIDED = ("PreferNoSchedule",)
CORDONED: dict[str, Any] = {"key": UNSCHEDULABLE, "effect": "NoSchedule"}


class Unfit(msgspec.Struct, frozen=True):
    """Why a Node does not fit, in the scheduler's words; `passing` if it might when a Pod has left it."""

    reasons: tuple[str, ...]
    passing: bool = False


FULL = Unfit(("Too many pods",), True)
TAKEN = Unfit(("node(s) didn't have free ports for the requested pod ports",), True)
CORDONED_OFF = Unfit(("node(s) were unschedulable",))
TAINTED = Unfit(("node(s) had untolerated taint(s)",))
MISMATCHED = Unfit(("node(s) didn't match Pod's node affinity/selector",))
PASSING = {NOT_TOGETHER: False, NOT_APART: True, NOT_WELCOME: True, NOT_SPREAD: True, NO_DOMAIN: False}
MISFITS = {why: Unfit((why,), passing) for why, passing in PASSING.items()}


class Scheduler:
    """Binds Pods that have no Node. Pods that fit nowhere wait until something changes that may help them: `_waiting` says
    whether a Pod that goes may make ROOM for them, one that comes or goes be the COMPANY that they need or shun, or whether they lack a CLAIM."""

    name = "scheduler"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._rooms: dict[str, Room] = {}
        self._ring = Ring()
        self._siblings: dict[str, dict[str, int]] = {}
        self._waiting: dict[str, int] = {}
        self._company = Company(machinery)
        self._queue = WorkQueue(machinery.clock, "scheduler", 5 * MILLISECOND, self._schedule)
        self._store.follow("Node", self._follow_node)
        self._store.follow("Pod", self._follow_pod, of=("node", "owners", "deleting", "state"))
        self._store.watch("Pod", self._pod_changed)
        self._store.watch("Node", self._node_changed)
        self._store.watch("PersistentVolumeClaim", self._claim_changed, of=("deleting",))

    # --- one Pod

    def _schedule(self, key: Key) -> None:
        pod = self._store.by_uid(key[0])
        if pod is None or not _is_ours(pod):
            return
        placement, limits = _placements.of(pod.spec), self._company.limits(pod)
        lacking = self._lacking(pod, placement)
        if lacking:
            self._refuse(pod, _everywhere(lacking, len(self._ring.rooms)), CLAIM)
            return
        if placement.anywhere and limits is None and (room := self._any(pod)) is not None:
            self._bind(pod, room)
            return
        found, refusals = self._feasible(placement, limits)
        if found:
            self._bind(pod, self._best(pod, _unavoided(placement, found)))
        else:
            for_room, for_company = any(each.passing for each in refusals), any(each.reasons[0] in MISFITS for each in refusals)
            self._refuse(pod, _message(refusals), for_room * ROOM | for_company * COMPANY)

    def _lacking(self, pod: Pod, placement: Placement) -> str:
        """Why a claim that the Pod names holds it back from every Node."""
        for name in placement.claims:
            claim = self._store.get("PersistentVolumeClaim", pod.namespace, name)
            if claim is None or claim.deleting is not None:
                return f'persistentvolumeclaim "{name}" {"not found" if claim is None else "is being deleted"}'
        return ""

    def _any(self, pod: Pod) -> Room | None:
        """Where a Pod goes that may go anywhere; None if it takes a closer look."""
        siblings = [room for name in self._siblings_of(pod) if (room := self._rooms.get(name)) is not None]
        return self._ring.least(_sample(len(self._ring.rooms)), siblings, self._machinery.chance)

    def _feasible(self, placement: Placement, limits: Limits | None) -> tuple[list[Room], list[Unfit]]:
        """Nodes that fit, as many as Kubernetes would look for; if there is none, why each does not."""
        if placement.only:
            only = self._rooms.get(placement.only)
            if only is not None and _unfit(placement, only, limits) is None:
                return [only], []
        wanted = _sample(len(self._ring.rooms))
        if not (placement.picky or placement.ports or placement.others) and limits is None:
            cpu, memory = placement.cpu, placement.memory
            found = [room for room in self._ring.ahead(wanted) if room.open and room.pods < room.most]
            if cpu or memory:
                found = [room for room in found if room.cpu >= cpu and room.memory >= memory]
            if found and len(found) == wanted:
                self._ring.advance(wanted)
                return found, []
        return self._look_closer(placement, limits, wanted)

    def _look_closer(self, placement: Placement, limits: Limits | None, wanted: int) -> tuple[list[Room], list[Unfit]]:
        found: list[Room] = []
        refusals: list[Unfit] = []
        for room in self._ring.ahead(len(self._ring.rooms)):
            why = _unfit(placement, room, limits)
            if why is not None:
                refusals.append(why)
                continue
            found.append(room)
            if len(found) == wanted:
                break
        self._ring.advance(len(found) + len(refusals))
        return found, refusals

    def _best(self, pod: Pod, found: list[Room]) -> Room:
        siblings = self._siblings_of(pod)
        if siblings:
            alone = [room for room in found if room.name not in siblings]
            fewest = 0 if alone else min(siblings[room.name] for room in found)
            found = alone or [room for room in found if siblings[room.name] == fewest]
        least = min([room.pods for room in found])
        best = [room for room in found if room.pods == least]
        return best[self._machinery.chance.below(len(best))] if len(best) > 1 else best[0]

    def _siblings_of(self, pod: Pod) -> dict[str, int]:
        """How many Pods of the same controller each Node has."""
        owner = pod.controller
        return self._siblings.get(owner.uid, {}) if owner else {}

    def _bind(self, pod: Pod, room: Room) -> None:
        self._waiting.pop(pod.uid, None)
        state = replace(pod.state, scheduled=self._machinery.now, unschedulable="")
        bound = self._store.replace(pod, node=room.name, labels=labels_on(pod.labels, room.node), state=state)
        said = f"Successfully assigned {pod.namespace}/{pod.name} to {room.name}"
        self._machinery.record(bound, "Normal", "Scheduled", said, "default-scheduler")

    def _refuse(self, pod: Pod, message: str, awaited: int) -> None:
        self._waiting[pod.uid] = awaited
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

    def _claim_changed(self, old: Any, new: Any) -> None:
        if new is not None:
            self._try_again(CLAIM)

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
        is_open = not new.spec.get("unschedulable") and not taints(new)
        allocatable = amounts(new.status.get("allocatable", {}))
        if old is None:
            held = [pod for pod in self._store.find(self._machinery.pods_by_node, new.name) if not is_finished(pod)]
            room = self._rooms[new.name] = Room(new.name, new, most, is_open, len(held))
            _give(room, allocatable)
            for pod in held:
                _hold(room, _placements.of(pod.spec), 1)
            self._ring.add(room)
        else:
            room = self._rooms[new.name]
            room.node, room.most, room.open = new, most, is_open
            if room.allocatable != allocatable:
                _give(room, allocatable)
            self._ring.note(room)

    def _follow_pod(self, old: Any, new: Any) -> None:
        if old is not None and new is not None and (_same_place(old, new) or _place(old) == _place(new)):
            return
        if old is not None:
            self._count(*_place(old), -1)
        if new is not None:
            self._count(*_place(new), 1)

    def _count(self, node: str, owner: str, placement: Placement, change: int) -> None:
        if not node:
            return
        room = self._rooms.get(node)
        if room is not None:
            room.pods += change
            _hold(room, placement, change)
            self._ring.note(room)
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
        return [self._queue.state(), self._ring.next, self._waiting]

    def restore(self, state: list[Any]) -> None:
        queue, self._ring.next, waiting = state
        self._queue.restore(queue)
        self._waiting = dict(waiting)


def _place(pod: Pod) -> tuple[str, str, Placement]:
    """The Node that a Pod takes room on, the uid of its controller, and what it takes there; empty if it takes none. One that is terminating
    takes room, but its siblings are not spread away from it (podtopologyspread/common.go, countPodsMatchSelector)."""
    if not pod.node or is_finished(pod):
        return "", "", NOTHING
    owner = pod.controller if pod.deleting is None else None
    return pod.node, owner.uid if owner else "", _placements.of(pod.spec)


def _same_place(old: Pod, new: Pod) -> bool:
    return old.node == new.node and old.owners is new.owners and old.deleting == new.deleting and old.state.phase == new.state.phase


def _is_ours(pod: Pod) -> bool:
    """It wants a Node, and from us."""
    if pod.node or pod.deleting is not None or is_finished(pod):
        return False
    return pod.spec.get("schedulerName", "default-scheduler") == "default-scheduler" and not is_gated(pod)


def _unfit(placement: Placement, room: Room, limits: Limits | None) -> Unfit | None:
    """Why a Pod cannot go to a Node, in the words of the first filter that says no."""
    if room.node.spec.get("unschedulable") and untolerated(placement, [CORDONED]) is not None:
        return CORDONED_OFF
    if not room.open and untolerated(placement, taints(room.node)) is not None:
        return TAINTED
    if placement.picky and not selects(placement, room.node):
        return MISMATCHED
    if placement.ports and any(conflicts(each, held) for each in placement.ports for held in room.ports):
        return TAKEN
    short = _short_of(placement, room)
    if short is not None or limits is None:
        return short
    why = limits.why_not(room.node)
    return None if why is None else MISFITS[why]


def _unavoided(placement: Placement, found: list[Room]) -> list[Room]:
    """Those without a taint that the Pod is to avoid, or all where all have one."""
    return [room for room in found if room.open or untolerated(placement, taints(room.node), AVOIDED) is None] or found


def _short_of(placement: Placement, room: Room) -> Unfit | None:
    """What the Node has too little of; all of it is named. That passes unless more is asked for than the Node has in all."""
    if not (placement.cpu or placement.memory or placement.others):
        return FULL if room.pods >= room.most else None
    asked = [("cpu", placement.cpu, room.cpu), ("memory", placement.memory, room.memory)]
    asked += [(name, wanted, room.others.get(name, 0)) for name, wanted in placement.others]
    short = [(name, wanted) for name, wanted, left in asked if wanted > max(left, 0)]
    if not short:
        return FULL if room.pods >= room.most else None
    full = FULL.reasons if room.pods >= room.most else ()
    passing = all(wanted <= room.allocatable.get(name, 0) for name, wanted in short)
    return Unfit((*full, *(f"Insufficient {name}" for name, _ in short)), passing)


def _give(room: Room, allocatable: Amounts) -> None:
    """The Node has this to give now, to the Pods that are there already too."""
    before, room.allocatable = room.allocatable, allocatable
    room.cpu += allocatable.get("cpu", 0) - before.get("cpu", 0)
    room.memory += allocatable.get("memory", 0) - before.get("memory", 0)
    named = [name for name in sorted({**before, **allocatable, **room.others}) if name not in ("cpu", "memory")]
    room.others = {name: room.others.get(name, 0) + allocatable.get(name, 0) - before.get(name, 0) for name in named}


def _hold(room: Room, placement: Placement, change: int) -> None:
    """A Pod has come to the Node (1), or gone from it (-1)."""
    room.cpu -= placement.cpu * change
    room.memory -= placement.memory * change
    for name, asked in placement.others:
        room.others[name] = room.others.get(name, 0) - asked * change
    for each in placement.ports:
        count = room.ports.get(each, 0) + change
        room.ports[each] = count
        if not count:
            del room.ports[each]


def _sample(nodes: int) -> int:
    """How many Nodes that fit are enough: all up to 100, then a falling share of them, at least 5 % and at least 100."""
    return nodes if nodes < FEWEST_SAMPLED else max(nodes * max(50 - nodes // 125, 5) // 100, FEWEST_SAMPLED)


def _everywhere(why: str, nodes: int) -> str:
    """What is said of a Pod that no Node was looked at for."""
    return _sentence(nodes, why, f"{nodes} {HELPLESS}")


def _message(refusals: list[Unfit]) -> str:
    nodes = len(refusals)
    reasons: dict[str, int] = {}
    for each in refusals:
        for why in each.reasons:
            reasons[why] = reasons.get(why, 0) + 1
    listed = ", ".join(sorted(f"{count} {why}" for why, count in reasons.items()))
    full = sum(each.passing for each in refusals)
    victims = [f"{full} No preemption victims found for incoming pod"] if full else []
    helpless = [f"{nodes - full} {HELPLESS}"] if nodes > full else []
    return _sentence(nodes, listed, ", ".join(victims + helpless))


def _sentence(nodes: int, reasons: str, preemption: str) -> str:
    if not nodes:
        return "no nodes available to schedule pods"
    return f"0/{nodes} nodes are available: {reasons}. {NO_CLAIMS}, preemption: 0/{nodes} nodes are available: {preemption}."


_placements: Memo[Placement] = Memo(placement_of)
