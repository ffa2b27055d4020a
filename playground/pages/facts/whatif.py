"""How would many requests fare, now and after a change?  The questions that can be asked, and their answers side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.kube.actions import Action, Patch, PowerOff, SetProbe
from playground.kube.apiserver.balancing import addresses_of
from playground.kube.clock import SECOND
from playground.kube.cluster import HEARD_AFTER
from playground.kube.errors import bad_request
from playground.kube.kubelet.views import view
from playground.pages.facts.traffic import OUTCOMES
from playground.pages.facts.values import DROP, READY, Badge

COUNTS = (100, 10_000, 1_000_000)
ENDPOINTS = 5
OTHER = {"Local": "Cluster", "Cluster": "Local"}


@dataclass(frozen=True)
class Change:
    """`key` is how a link asks for it; `label` says it in words. The answer is that of `after` microseconds later, when `settled` is so."""

    key: str
    label: str
    action: Action
    after: int = HEARD_AFTER
    settled: str = "every kube-proxy has heard of it"

    @property
    def seconds(self) -> int:
        return self.after // SECOND


@dataclass(frozen=True)
class Line:
    """One fate, with how many of the requests met it now and after the change (None: no change was asked for)."""

    badge: Badge
    endpoint: str
    node: str
    now: int
    then: int | None

    @property
    def counts(self) -> tuple[int, ...]:
        return (self.now,) if self.then is None else (self.now, self.then)


@dataclass(frozen=True)
class Answer:
    source: str
    to: str
    count: int
    changes: tuple[Change, ...]
    chosen: Change | None
    lines: tuple[Line, ...]


def answer(running: Any, source: str, to: str, count: int, key: str) -> Answer:
    """Of a copy of the cluster, which it may use. Raises Refusal."""
    now = running.what_if(source, to, count)
    offered = tuple(_changes(running, now, _service(running, source, to), running.network.senders.require(source).node))
    chosen = next((each for each in offered if each.key == key), None)
    if key and chosen is None:
        raise bad_request(f'change "{key}": expected one of {", ".join(each.key for each in offered) or "none"}')
    then = running.what_if(source, to, count, [chosen.action], chosen.after) if chosen else None
    return Answer(source, to, count, offered, chosen, tuple(_lines(now, then)))


def _service(running: Any, source: str, to: str) -> Any:
    """The Service that such a request is for, or None."""
    fork = running.fork()
    request = fork.network.request(fork.network.send(fork.network.senders.require(source), to))
    return running.store.get("Service", *request.service.split("/")) if request.service else None


def _changes(running: Any, now: list[Any], service: Any, home: str) -> Iterator[Change]:
    """`home` is the sender's own Node: without power it would send nothing."""
    if service is not None:
        yield from _of_service(running, service)
    reached = [each.fate for each in now if each.fate.outcome == "ok" and each.fate.endpoint]
    for fate in reached[:ENDPOINTS]:
        yield _unready(running.store.get("Pod", *fate.endpoint.split("/")))
    for node in list(dict.fromkeys(fate.node for fate in reached if fate.node not in (None, home)))[:ENDPOINTS]:
        yield Change(f"off:{node}", f"Node {node} has lost its power, 5 s ago", PowerOff(node))


def _unready(pod: Any) -> Change:
    """It counts as not ready when its probe has failed often enough."""
    probes = [container.probes["readiness"] for container in view(pod).containers if "readiness" in container.probes]
    failing = max((probe.period * probe.failure for probe in probes), default=0)
    settled = "its probe has failed often enough and every kube-proxy has heard of it" if failing else Change.settled
    action = SetProbe(pod.name, "readiness", False, pod.namespace)
    return Change(f"unready:{pod.namespace}/{pod.name}", f"Pod {pod.name} is not ready", action, failing + HEARD_AFTER, settled)


def _of_service(running: Any, service: Any) -> Iterator[Change]:
    spec, cloud = service.spec, running.settings.load_balancers
    probed = (
        HEARD_AFTER + cloud.probe_interval * cloud.unhealthy_after * SECOND,
        "its load balancer has left out the Nodes that fail its probes",
    )
    wishes = [(name, OTHER[spec[name]]) for name in ("internalTrafficPolicy", "externalTrafficPolicy") if spec.get(name) in OTHER]
    wishes.append(("sessionAffinity", "None" if spec.get("sessionAffinity") == "ClientIP" else "ClientIP"))
    for name, value in wishes:
        change = Patch("Service", service.name, {"spec": {name: value}}, service.namespace)
        how_long = probed if name == "externalTrafficPolicy" and addresses_of(service) else ()
        yield Change(f"{name}:{value}", f"{name} of {service.name} is {value}", change, *how_long)


def _lines(now: list[Any], then: list[Any] | None) -> Iterator[Line]:
    before, after = ({each.fate: each.count for each in found} for found in (now, then or []))
    for fate in dict.fromkeys([*before, *after]):
        badge = Badge(READY if fate.outcome == "ok" else DROP, OUTCOMES.get(fate.outcome, fate.outcome))
        count = after.get(fate, 0) if then is not None else None
        yield Line(badge, (fate.endpoint or "").removeprefix("default/"), fate.node or "", before.get(fate, 0), count)
