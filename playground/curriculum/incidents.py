"""What becomes of a steady stream of requests while something is done?  Tried on copies of the cluster, each with another seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from playground.curriculum import finding
from playground.curriculum.checks import Incident
from playground.curriculum.playing import play
from playground.curriculum.seen import GOOD, Seen, bad
from playground.curriculum.traffics import Sent, seeded, why
from playground.kube.actions import StartTraffic
from playground.kube.apiserver.objects import EndpointSlice
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.events import Changed, RequestEnded
from playground.kube.network.requests import Request
from playground.kube.network.traffic import Stream

BEFORE = 2 * SECOND
SERVICE_NAME = "kubernetes.io/service-name"
SLICE = 100 * MILLISECOND


class Course(msgspec.Struct):
    """What happened so far: the stream's requests; how many endpoints each EndpointSlice of the Service has ready, and the fewest that were."""

    stream: Stream
    service: tuple[str, str]
    requests: list[Request]
    ready: dict[str, int]
    fewest: int


def see_incident(asked: Incident, kube: Cluster, files: Mapping[str, str], seeds: Sequence[int]) -> Seen:
    for seed in seeds:
        seen = _once(asked, seeded(kube, seed), files)
        if not seen.passed:
            return seen
    return GOOD


def _once(asked: Incident, kube: Cluster, files: Mapping[str, str]) -> Seen:
    source = next(iter(finding.senders(kube, asked.source)), asked.source)
    try:
        to = finding.expanded(kube, source, asked.to)
        kube.submit(StartTraffic(source, to, asked.rate))
    except KeyError as unset:
        return bad("env.not-there", pod=finding.listed([source]), name=unset.args[0])
    except Refusal as refusal:
        return bad("traffic.cannot", source=asked.source, why=refusal.message)
    course = _begin(kube, source, to)
    _pass(kube, kube.now + BEFORE, course)
    end = kube.now + asked.seconds * SECOND
    for played in play(kube, asked.do, files):
        _hear(kube, course)
        if played.code != 0:
            return bad("incident.refused", line=played.line, said=played.said.strip())
    _pass(kube, end, course)
    return _judge(asked, Sent(kube, finding.listed([source]), to, course.requests), course)


def _begin(kube: Cluster, source: str, to: str) -> Course:
    """The target's name has its Namespace behind a dot, or the sender's own."""
    name, _, rest = to.rpartition(":")[0].partition(".")
    service = (rest.partition(".")[0] or finding.full(source)[0], name)
    slices = kube.store.find(kube.machinery.slices_by_service, service)
    ready = {each.name: _ready(each) for each in slices}
    return Course(kube.traffic.streams()[-1], service, [], ready, sum(ready.values()))


def _pass(kube: Cluster, until: int, course: Course) -> None:
    while kube.now < until:
        kube.advance(min(kube.now + SLICE, until))
        _hear(kube, course)


def _hear(kube: Cluster, course: Course) -> None:
    """Take in what happened: the stream's own requests, and what became of the endpoints."""
    for event in kube.events():
        if isinstance(event, RequestEnded):
            request = kube.network.request(event.number)
            if request is not None and (request.sender, request.target.text) == (course.stream.source, course.stream.to):
                course.requests.append(request)
        elif isinstance(event, Changed):
            _count(event, course)


def _count(event: Changed, course: Course) -> None:
    changed = event.new or event.old
    if not isinstance(changed, EndpointSlice) or (changed.namespace, changed.labels.get(SERVICE_NAME)) != course.service:
        return
    course.ready[changed.name] = _ready(event.new) if isinstance(event.new, EndpointSlice) else 0
    course.fewest = min(course.fewest, sum(course.ready.values()))


def _ready(piece: EndpointSlice) -> int:
    return sum(each.ready is not False for each in piece.endpoints)


def _judge(asked: Incident, sent: Sent, course: Course) -> Seen:
    lost = [each for each in sent.requests if each.outcome != "ok"]
    values = {"count": len(lost), "n": len(sent.requests), "source": sent.source, "to": sent.to}
    if asked.lost is not None and len(lost) > asked.lost:
        outcome = Counter(each.outcome for each in lost).most_common(1)[0][0]
        example = next(each for each in lost if each.outcome == outcome)
        return bad("incident.lost", **values, outcome=outcome, wanted=asked.lost, why=why(sent, example))
    if asked.lost_at_least is not None and len(lost) < asked.lost_at_least:
        return bad("incident.few-lost", **values, wanted=asked.lost_at_least)
    if asked.ready is not None and course.fewest < asked.ready:
        return bad("incident.ready", found=course.fewest, service=finding.listed(["/".join(course.service)]), wanted=asked.ready)
    return GOOD
