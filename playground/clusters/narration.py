"""What just happened, in plain words?  One sentence for each notable event; many of one sort become one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from playground.clusters.rulechanges import RuleChanges
from playground.clusters.wording import TOGETHER, listed, sender_ref, sending, short
from playground.kube.apiserver.balancing import addresses_of
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.clock import SECOND
from playground.kube.events import Changed, Event, PowerChanged, ProxyChanged, RulesSynced, TrafficChanged
from playground.kube.explain import reached, statusword

Say = tuple[int, str, str]
NOTICED_AFTER = "40 to 55"
MANY = {
    "created": "{} Pods were created",
    "deleted": "{} Pods were deleted: they are terminating, and their endpoints are soon no longer ready",
    "gone": "{} Pods are gone",
    "ready": "{} Pods became ready",
    "unready": "{} Pods are no longer ready",
    "status": "{} Pods are in trouble",
    "service": "{} Services were created",
    "rules": "kube-proxy has new rules for {} Service ports",
}


class Remark(msgspec.Struct, frozen=True, gc=False):
    """A sentence, what it speaks of (`Pod/default/client`), and its sort: one of MANY, or "" for one that stands alone."""

    time: int
    sort: str
    text: str
    ref: str


class Narrator:
    """Hears events of one running kube cluster and tells what is worth telling, oldest first. `rules` is that section of its picture."""

    def __init__(self, kube: Any, rules: dict[str, Any]):
        self._kube = kube
        self._remarks: list[Remark] = []
        self._rules = RuleChanges(rules)
        self._crowds: dict[str, tuple[int, list[Remark]]] = {}

    def hear(self, event: Event) -> None:
        if isinstance(event, Changed):
            self._remarks.extend(self._changed(event.time, event.old, event.new))
        elif isinstance(event, RulesSynced):
            self._rules.synced(event)
        elif isinstance(event, PowerChanged):
            self._remarks.append(_power(event))
        elif isinstance(event, ProxyChanged):
            self._remarks.append(_proxy(event))
        elif isinstance(event, TrafficChanged):
            self._remarks.extend(self._traffic(event))

    def take(self, changes: Iterable[tuple[str, str, Any]]) -> list[Say]:
        """[time, sentence, ref] for what was heard since the last call, and for the rules among the changes of the picture."""
        for section, node, rules in changes:
            if section == "rules":
                self._rules.hear(node, rules, self._kube.now)
        remarks, self._remarks = self._remarks, []
        remarks += [Remark(time, "rules", text, f"Service/{service}") for time, text, service in self._rules.take(self._kube.now)]
        sorts: dict[str, list[Remark]] = {}
        for remark in remarks:
            sorts.setdefault(remark.sort or remark.text, []).append(remark)
        says = [say for sort in {**self._crowds, **sorts} for say in self._said(sort, sorts.get(sort, []))]
        return sorted(says, key=_time)

    def _said(self, sort: str, together: list[Remark]) -> list[Say]:
        """More than a few of one sort are one sentence; what follows of that sort is told once a second."""
        until, waiting = self._crowds.pop(sort, (0, []))
        waiting += together
        if self._kube.now < until:
            self._crowds[sort] = until, waiting
            return []
        if len(waiting) <= TOGETHER or sort not in MANY:
            return [(each.time, each.text, each.ref) for each in waiting]
        self._crowds[sort] = self._kube.now + SECOND, []
        return [(waiting[-1].time, MANY[sort].format(len(waiting)), "")]

    # --- objects

    def _changed(self, time: int, old: Any, new: Any) -> Iterator[Remark]:
        thing = new if new is not None else old
        if thing.kind == "Pod":
            yield from self._pod(time, old, new)
        elif thing.kind == "Service":
            yield from _service(time, old, new)
        elif thing.kind == "Node":
            yield from _node(time, old, new)
        elif old is not None and new is not None and old.spec.get("replicas") != new.spec.get("replicas") and thing.kind == "Deployment":
            text = f"{_name(new)} is scaled from {old.spec.get('replicas')} to {new.spec.get('replicas')}"
            yield Remark(time, "", text, new.ref)

    def _pod(self, time: int, old: Pod | None, new: Pod | None) -> Iterator[Remark]:
        if new is None:
            yield Remark(time, "gone", f"{_name(old)} is gone", old.ref)  # type: ignore[union-attr]
        elif old is None:
            owner = new.controller
            by = f" by {owner.kind} {owner.name}" if owner else ""
            yield Remark(time, "created", f"{_name(new)} was created{by}", new.ref)
        elif new.deleting is not None and old.deleting is None:
            left = self._of_services(new, "its endpoint in {} is soon no longer ready", "in {} it stays ready, until it is gone")
            yield Remark(time, "deleted", f"{_name(new)} was deleted: it is terminating{', and ' + left if left else ''}", new.ref)
        elif new.state.ready and not old.state.ready:
            joined = self._of_services(new, "soon a ready endpoint of {}")
            yield Remark(time, "ready", f"{_name(new)} is ready at {new.ip}{' and ' + joined if joined else ''}", new.ref)
        elif new.deleting is None:
            yield from self._trouble(time, old, new)

    def _trouble(self, time: int, old: Pod, new: Pod) -> Iterator[Remark]:
        before, after = statusword.word(old), statusword.word(new)
        if new.state.unschedulable and not old.state.unschedulable:
            yield Remark(time, "status", f"{_name(new)} cannot be placed on a Node: {new.state.unschedulable}", new.ref)
        elif before != after and after in ("Error", "CrashLoopBackOff", "RunContainerError", "StartError"):
            yield Remark(time, "status", f"{_name(new)} is now {after}", new.ref)
        elif old.state.ready and not new.state.ready:
            published = "still a ready endpoint of {}, where Pods that are not ready are published"
            left = self._of_services(new, "soon no ready endpoint of {} any more", published)
            yield Remark(time, "unready", f"{_name(new)} is no longer ready{': ' + left if left else ''}", new.ref)

    def _of_services(self, pod: Pod, words: str, published: str = "") -> str:
        """The words with the names of the Services that have this Pod for an endpoint, or "" if none has. `published` is said of those that
        publish Pods that are not ready (""; the same is so of them)."""
        selecting = reached.selecting(self._kube.store, pod.namespace, pod.labels)
        apart = [each for each in selecting if published and each.spec.get("publishNotReadyAddresses")]
        parts = (([each for each in selecting if each not in apart], words), (apart, published))
        return ", and ".join(said.format(listed([_name(each) for each in services])) for services, said in parts if services)

    # --- traffic

    def _traffic(self, event: TrafficChanged) -> Iterator[Remark]:
        stream = self._kube.traffic.stream(event.stream)
        if stream is None:
            yield Remark(event.time, "", f"{event.stream} was stopped", "")
        elif stream.waiting:
            yield Remark(event.time, "", f"{event.stream} waits: {stream.waiting}", sender_ref(stream.source))
        else:
            yield Remark(event.time, "", sending(stream.source, stream.rate, stream.to), sender_ref(stream.source))


def _time(say: Say) -> int:
    return say[0]


def _service(time: int, old: Object | None, new: Object | None) -> Iterator[Remark]:
    if new is None:
        yield Remark(time, "", f"{_name(old)} was deleted", old.ref)  # type: ignore[union-attr]
    elif old is None:
        address = new.spec.get("clusterIP")
        has = f"has the address {address}" if address and address != "None" else "has no address of its own"
        yield Remark(time, "service", f"{_name(new)} was created and {has}", new.ref)
    elif addresses_of(old) != addresses_of(new):
        addresses = listed(list(addresses_of(new)))
        text = f"has its load balancer now, at {addresses}" if addresses else "has no load balancer any more"
        yield Remark(time, "", f"{_name(new)} {text}", new.ref)
    elif old.spec.get("selector") != new.spec.get("selector"):
        pairs = listed([f"{key}={value}" for key, value in (new.spec.get("selector") or {}).items()])
        yield Remark(time, "", f"{_name(new)} now selects {'Pods with ' + pairs if pairs else 'nothing'}", new.ref)


def _node(time: int, old: Object | None, new: Object | None) -> Iterator[Remark]:
    if new is None:
        yield Remark(time, "", f"{old.name} left the cluster", old.ref)  # type: ignore[union-attr]
    elif old is None:
        yield Remark(time, "", f"{new.name} joined the cluster", new.ref)
    elif _ready(new) != _ready(old):
        text = "is ready" if _ready(new) else "is no longer ready: the control plane has not heard from its kubelet"
        yield Remark(time, "", f"{new.name} {text}", new.ref)
    elif bool(new.spec.get("unschedulable")) != bool(old.spec.get("unschedulable")):
        text = "takes no new Pods" if new.spec.get("unschedulable") else "takes new Pods again"
        yield Remark(time, "", f"{new.name} {text}", new.ref)


def _power(event: PowerChanged) -> Remark:
    noticed = f"until it is noticed ({NOTICED_AFTER} s) requests to its Pods time out"
    text = "has power again" if event.on else f"lost power; {noticed}"
    return Remark(event.time, "", f"{event.node} {text}", f"Node/-/{event.node}")


def _proxy(event: ProxyChanged) -> Remark:
    text = "runs again and writes all rules anew" if event.runs else "was stopped: the Node's rules stay as they are, whatever changes"
    return Remark(event.time, "", f"kube-proxy on {event.node} {text}", f"Node/-/{event.node}")


def _ready(node: Object) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in node.status.get("conditions", ()))


def _name(thing: Any) -> str:
    return short(f"{thing.namespace}/{thing.name}")
