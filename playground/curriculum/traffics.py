"""How do many requests fare at one moment?  They are sent on copies of the cluster, each with another seed; nothing is seen of them elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from playground.curriculum import finding
from playground.curriculum.bands import Band
from playground.curriculum.checks import Traffic
from playground.curriculum.seen import GOOD, Seen, bad
from playground.kube.apiserver.objects import Pod
from playground.kube.chance import mix
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.network.requests import Request
from playground.kube.network.senders import key_of
from playground.kube.network.targets import target

# What is asked of the requests that were answered: if none was, that is what is to be said.
OF_ANSWERS = ("pods", "at_least_pods", "each_pod", "nodes", "own_node", "crossing", "client_ip")
SOME = Band("at least 1%")


class CannotSend(Exception):
    """No request can leave there; `seen` says why."""

    def __init__(self, seen: Seen):
        super().__init__(seen.key)
        self.seen = seen


class Way(msgspec.Struct, frozen=True):
    """Who sends, to where, and whether over one connection."""

    source: str
    to: str
    keep_alive: bool


class Sent(msgspec.Struct, frozen=True):
    """What became of the requests of one sender, on the copy where they were sent."""

    kube: Cluster
    source: str
    to: str
    requests: list[Request]

    @property
    def answered(self) -> list[Request]:
        return [each for each in self.requests if each.outcome == "ok"]

    @property
    def service(self) -> str:
        return next((each.service for each in self.requests if each.service), "")

    def pods(self) -> Counter[str]:
        """How many answers each Pod (`namespace/name`) gave."""
        return Counter(each.endpoint or "" for each in self.answered)


def see_traffic(asked: Traffic, kube: Cluster, seeds: Sequence[int]) -> Seen:
    """The first thing that is not as asked, over all senders and seeds."""
    try:
        for way in ways(asked, kube):
            for seed in seeds:
                seen = _judge(asked, send(asked, kube, way, seed))
                if not seen.passed:
                    return seen
    except CannotSend as cannot:
        return cannot.seen
    return GOOD


def send(asked: Traffic, kube: Cluster, way: Way, seed: int) -> Sent:
    """Send the requests on a copy. Raises CannotSend."""
    fork = seeded(kube, seed)
    try:
        sender = fork.network.senders.require(way.source)
        aim = target(way.to)
    except Refusal as refusal:
        raise CannotSend(bad("traffic.cannot", source=way.source, why=refusal.message)) from None
    if why := fork.network.why_silent(sender):
        raise CannotSend(bad("traffic.cannot", source=way.source, why=why))
    requests, kept = [], None
    for _ in range(asked.n):
        request = fork.network.ask(sender, aim, kept, way.keep_alive)
        kept = fork.network.kept(request) if way.keep_alive else None
        requests.append(request)
    return Sent(fork, finding.listed([way.source]), way.to, requests)


def ways(asked: Traffic, kube: Cluster) -> list[Way]:
    """All ways that are to be tried. Raises CannotSend."""
    named = (asked.source,) if isinstance(asked.source, str) else asked.source
    found = []
    for each in named:
        sources = finding.senders(kube, each)
        if not sources:
            raise CannotSend(bad("traffic.nobody", source=each))
        found += [way for source in sources for way in _from(source, asked, kube)]
    return found


def seeded(kube: Cluster, seed: int) -> Cluster:
    """A copy whose chance goes on from a seed of its own."""
    fork = kube.fork()
    fork.machinery.chance.state = mix(seed)
    return fork


def why(sent: Sent, request: Request) -> str:
    """The reason of the step that decided, as the request's card says it: the last one, if the request came as far as a Pod or the network."""
    hops = sent.kube.network.explain(request)
    deciding = hops if request.where in ("pod", "network") else hops[:-1]
    return next((hop.why for hop in reversed(deciding) if hop.why), "")


def _from(source: str, asked: Traffic, kube: Cluster) -> list[Way]:
    """To what is said, or as each of the sender's streams goes."""
    try:
        if not asked.stream:
            return [Way(source, finding.expanded(kube, source, asked.to), asked.keep_alive)]
        key = key_of(kube.network.senders.require(source))
    except KeyError as unset:
        raise CannotSend(bad("env.not-there", pod=finding.listed([source]), name=unset.args[0])) from None
    except Refusal as refusal:
        raise CannotSend(bad("traffic.cannot", source=source, why=refusal.message)) from None
    found = [Way(source, each.to, each.keep_alive) for each in kube.traffic.streams() if each.source == key]
    if not found:
        raise CannotSend(bad("traffic.no-stream", source=source))
    return found


# --- is it as asked?


def _judge(asked: Traffic, sent: Sent) -> Seen:
    bands = ({"ok": asked.ok} if asked.ok else {}) | asked.outcomes
    if not sent.answered and any(getattr(asked, each) not in (None, "") for each in OF_ANSWERS):
        bands.setdefault("ok", SOME)
    for judge in (partial(_outcomes, bands), _pods, _nodes, _client_ip):
        seen = judge(asked, sent)
        if not seen.passed:
            return seen
    return GOOD


def _outcomes(bands: dict[str, Band], asked: Traffic, sent: Sent) -> Seen:
    counts = Counter(each.outcome for each in sent.requests)
    for outcome, band in bands.items():
        if not band.holds(counts[outcome], asked.n):
            return _share(sent, outcome, band, counts)
    return GOOD


def _share(sent: Sent, outcome: str, band: Band, counts: Counter[str]) -> Seen:
    """What is said is what went otherwise than it should: too few were answered because so many were dropped."""
    shown = outcome
    if counts[outcome] * 100 < band.low * len(sent.requests):
        shown = next((each for each, _ in counts.most_common() if each != outcome), outcome)
    example = next((each for each in sent.requests if each.outcome == shown), None)
    values = {"count": counts[shown], "n": len(sent.requests), "source": sent.source, "to": sent.to, "outcome": shown}
    wanted = str(band) if shown == outcome else f"{band} ok"
    reason = why(sent, example) if example is not None and shown != "ok" else ""
    return bad("traffic.share", **values, wanted=wanted, why=reason) if reason else bad("traffic.share-plain", **values, wanted=wanted)


def _pods(asked: Traffic, sent: Sent) -> Seen:
    counts, n = sent.pods(), len(sent.answered)
    for key, count in counts.items():
        pod: Pod | None = sent.kube.store.get("Pod", *finding.full(key)) if key else None
        allowed = asked.pods is None or any(finding.matches(pod, each, key) for each in asked.pods)
        if not allowed or any(finding.matches(pod, each, key) for each in asked.never):
            return bad("traffic.other-pod", source=sent.source, pod=finding.listed([key]), count=count, n=n)
    if asked.at_least_pods is not None and len(counts) < asked.at_least_pods:
        return bad("traffic.few-pods", source=sent.source, n=n, found=len(counts), wanted=asked.at_least_pods)
    if asked.at_most_pods is not None and len(counts) > asked.at_most_pods:
        return bad("traffic.many-pods", source=sent.source, n=n, found=len(counts), wanted=asked.at_most_pods)
    if asked.each_pod is not None:
        for key in _expected(sent, counts):
            if not asked.each_pod.holds(counts[key], n):
                pod_name = finding.listed([key])
                return bad(
                    "traffic.each-pod",
                    source=sent.source,
                    pod=pod_name,
                    count=counts[key],
                    n=n,
                    share=_percent(counts[key], n),
                    wanted=str(asked.each_pod),
                )
    return GOOD


def _expected(sent: Sent, counts: Counter[str]) -> Iterator[str]:
    """Every Pod that the Service has ready, and any other that answered."""
    namespace = sent.service.partition("/")[0]
    ready = [f"{namespace}/{each.pod}" for each, _ in finding.endpoints(sent.kube, sent.service) if each.pod] if sent.service else []
    yield from dict.fromkeys([*ready, *counts])


def _nodes(asked: Traffic, sent: Sent) -> Seen:
    answered = sent.answered
    n = len(answered)
    counts = Counter(each.endpoint_node or "" for each in answered)
    for node, count in counts.items():
        if asked.nodes is not None and node not in asked.nodes:
            return bad("traffic.other-node", source=sent.source, node=node or "-", count=count, n=n)
    at_home = sum(each.endpoint_node == each.source.node for each in answered)
    if asked.own_node is not None and not asked.own_node.holds(at_home, n):
        return bad("traffic.own-node", source=sent.source, count=at_home, n=n, share=_percent(at_home, n), wanted=str(asked.own_node))
    crossed = [each for each in answered if each.endpoint_node != each.ruled_by]
    if asked.crossing is not None and not asked.crossing.holds(len(crossed), n):
        node = crossed[0].ruled_by if crossed else "-"
        return bad(
            "traffic.crossing",
            source=sent.source,
            count=len(crossed),
            n=n,
            node=node,
            share=_percent(len(crossed), n),
            wanted=str(asked.crossing),
        )
    return GOOD


def _client_ip(asked: Traffic, sent: Sent) -> Seen:
    if not asked.client_ip:
        return GOOD
    for each in sent.answered:
        found = sent.kube.network.seen_source(each)
        if found != asked.client_ip:
            return bad(
                "traffic.client-ip", pod=finding.listed([each.endpoint or "?"]), found=found, source=sent.source, wanted=asked.client_ip
            )
    return GOOD


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "0%"
