"""Does a check hold in a cluster, and what was seen?  The cluster itself is only read: whatever is tried is tried on a copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from playground.curriculum import finding
from playground.curriculum.checks import (
    Budget,
    Check,
    Endpoints,
    Env,
    Field,
    Incident,
    Predicted,
    Resolves,
    Sent,
    Streams,
    Traffic,
    Unchanged,
)
from playground.curriculum.incidents import see_incident
from playground.curriculum.playing import play_out
from playground.curriculum.seen import GOOD, WORD, Seen, bad
from playground.curriculum.traffics import see_traffic
from playground.kube.apiserver.resources import by_kind
from playground.kube.cluster import Cluster
from playground.kube.dns.addresses import read_address
from playground.kube.errors import Refusal
from playground.kube.network.senders import key_of

SEEDS = (1, 2, 3)
REMEMBERED = 1_000
DELETING = "metadata.deletionTimestamp"
Ending = tuple[str, str, str]  # who sent a request (`namespace/name`), to what, and its outcome


class Context:
    """What a check may need beside the cluster: how to make the cluster as it was when the lesson opened, the folder's files, how many changes
    there were since the step began, which steps' predictions were right, and what requests ended since the step began (`ended`)."""

    def __init__(
        self,
        opened: Callable[[], Cluster],
        files: Mapping[str, str],
        changes: int = 0,
        predictions: Mapping[str, bool] | None = None,
        requests: frozenset[Ending] = frozenset(),
        seeds: Sequence[int] = SEEDS,
    ):
        self._opened = opened
        self.files = files
        self.changes = changes
        self.predictions = predictions or {}
        self.requests = requests
        self.seeds = seeds

    @cached_property
    def first(self) -> Cluster:
        """The cluster at the moment when the lesson opened."""
        return self._opened()


def ended(kube: Cluster, since: int) -> frozenset[Ending]:
    """The requests of a running cluster that ended at virtual microsecond `since` or later; copies do not remember them."""
    return frozenset((each.sender, each.target.text, each.outcome) for each in kube.network.recent(REMEMBERED) if each.time >= since)


def see(check: Check, kube: Cluster, context: Context) -> Seen:
    """Answer a check. What a lesson names and the learner has taken away is a check that fails, with words."""
    if check.after:
        kube = kube.fork()
        failed = next((each for each in play_out(kube, check.after, context.files) if each.code != 0), None)
        if failed is not None:
            return bad("after.refused", line=failed.line, said=failed.said.strip())
    question = check.question
    seen = _ANSWERS[type(question)](question, kube, context)
    return seen if seen.passed or not check.after else replace(seen, copied=True)


def all_hold(checks: Sequence[Check], kube: Cluster, context: Context) -> bool:
    return all(see(each, kube, context).passed for each in checks)


def is_heavy(check: Check) -> bool:
    """Whether much time is simulated to answer it: not to be asked all the time."""
    return bool(check.after) or check.incident is not None


# --- what stands in the cluster


def _endpoints(asked: Endpoints, kube: Cluster, context: Context) -> Seen:
    if kube.store.get("Service", *finding.full(asked.service)) is None:
        return bad("no-service", service=asked.service)
    ready = list(finding.endpoints(kube, asked.service))
    ips = finding.ready_ips(kube, asked.service)
    if asked.ready is not None and len(ips) != asked.ready:
        return bad("endpoints.ready", service=asked.service, found=len(ips), wanted=asked.ready)
    if asked.pods is not None and not (seen := _right_pods(asked, asked.pods, kube, ready)).passed:
        return seen
    for each, ports in ready:
        if asked.port is not None and asked.port not in ports:
            return bad("endpoints.port", service=asked.service, ip=each.ip, found=", ".join(map(str, ports)) or "-", wanted=str(asked.port))
    fresh = [ip for ip in ips if ip not in finding.ready_ips(context.first, asked.service)] if asked.fresh is not None else []
    if asked.fresh is not None and len(fresh) < asked.fresh:
        return bad("endpoints.fresh", service=asked.service, found=len(fresh), wanted=asked.fresh)
    return GOOD


def _right_pods(asked: Endpoints, wanted: Sequence[str], kube: Cluster, ready: list[Any]) -> Seen:
    namespace = finding.full(asked.service)[0]
    there = sorted({f"{namespace}/{each.pod}" for each, _ in ready if each.pod})
    meant = sorted({"/".join(pod.key) for each in wanted for pod in finding.pods(kube, each) if pod.state.ready})
    if there == meant:
        return GOOD
    return bad("endpoints.pods", service=asked.service, found=_names(there), wanted=_names(meant))


def _names(keys: list[str]) -> str:
    return finding.listed(keys) or f"{WORD}endpoints.nobody"


def _env(asked: Env, kube: Cluster, context: Context) -> Seen:
    found = finding.pods(kube, asked.pod)
    if not found:
        return bad("env.no-pod", pod=asked.pod)
    wanted = asked.value
    if asked.cluster_ip_of:
        service = kube.store.get("Service", *finding.full(asked.cluster_ip_of))
        if service is None:
            return bad("no-service", service=asked.cluster_ip_of)
        wanted = str(service.spec.get("clusterIP", ""))
    for pod in found:
        value = finding.environment(kube, pod).get(asked.name)
        if asked.absent and value is not None:
            return bad("env.there", pod=pod.name, name=asked.name, found=value)
        if not asked.absent and value is None:
            return bad("env.not-there", pod=pod.name, name=asked.name)
        if wanted is not None and value != wanted:
            return bad("env.other", pod=pod.name, name=asked.name, found=value, wanted=wanted)
    return GOOD


def _field(asked: Field, kube: Cluster, context: Context) -> Seen:
    found = finding.objects(kube, asked.object)
    name = asked.object.rpartition("/")[2]
    if asked.missing:
        return bad("field.there", object=name) if found else GOOD
    if not found:
        return bad("field.no-object", object=f"{by_kind(asked.object.partition('/')[0]).kind} {name}")
    for each in found:
        value = finding.at(kube.shown(each.ref), asked.path)
        if asked.absent:
            if value is not finding.MISSING and asked.path == DELETING:
                return bad("field.deleting", object=each.name)
            if value is not finding.MISSING:
                return bad("field.absent", path=asked.path, object=each.name, found=str(value))
        elif value != asked.value:
            shown = f"{WORD}field.unset" if value is finding.MISSING else str(value)
            return bad("field.value", path=asked.path, object=each.name, found=shown, wanted=str(asked.value))
    return GOOD


def _unchanged(asked: Unchanged, kube: Cluster, context: Context) -> Seen:
    paths = asked.fields or ("metadata.labels", "spec")
    for ref in asked.objects:
        for before in finding.objects(context.first, ref):
            now = kube.shown(before.ref)
            if not now:
                return bad("unchanged.gone", object=before.name)
            then = context.first.shown(before.ref)
            differing = next((path for path in paths if finding.at(now, path) != finding.at(then, path)), None)
            if differing:
                return bad("unchanged.differs", field=differing, object=before.name)
    return GOOD


def _streams(asked: Streams, kube: Cluster, context: Context) -> Seen:
    try:
        source = key_of(kube.network.senders.require(asked.source))
    except Refusal as refusal:
        return bad("traffic.cannot", source=asked.source, why=refusal.message)
    found = [each.to for each in kube.traffic.streams() if each.source == source]
    return (
        GOOD
        if asked.to in found
        else bad("streams.none", source=asked.source, to=asked.to, found=", ".join(found) or f"{WORD}streams.nothing")
    )


# --- what is found, and what was done


def _resolves(asked: Resolves, kube: Cluster, context: Context) -> Seen:
    sources = finding.senders(kube, asked.source)
    if not sources:
        return bad("traffic.nobody", source=asked.source)
    seen = (_resolves_for(asked, kube.fork(), source) for source in sources)
    return next((each for each in seen if not each.passed), GOOD)


def _resolves_for(asked: Resolves, fork: Cluster, source: str) -> Seen:
    try:
        sender = fork.network.senders.require(source)
        name = finding.expanded(fork, source, asked.name)
    except Refusal as refusal:
        return bad("resolves.cannot", source=source, why=refusal.message)
    except KeyError as unset:
        return bad("env.not-there", pod=finding.listed([source]), name=unset.args[0])
    if why := fork.network.why_silent(sender):
        return bad("resolves.cannot", source=source, why=why)
    who = {"name": name, "source": finding.listed([source])}
    rcode, names, addresses = _looked_up(fork, sender, name)
    if not rcode:
        return bad("resolves.silent", **who)
    if asked.queries is not None and len(names) != asked.queries:
        return bad("resolves.queries", **who, found=len(names), asked=", ".join(names), wanted=str(asked.queries))
    if asked.addresses is not None and len(addresses) != asked.addresses:
        return bad("resolves.addresses", **who, found=len(addresses), wanted=asked.addresses)
    return _right_address(asked.to, rcode, addresses, fork, who) if asked.to else GOOD


def _looked_up(fork: Cluster, sender: Any, name: str) -> tuple[str, list[str], list[str]]:
    """The response code, the names that were asked, and the addresses. An address in a name's place is taken as it is, as programs do."""
    if taken := read_address(name):
        return "NOERROR", [], [taken[1]]
    found = fork.resolver.resolve(sender, name)
    return found.rcode, [each.name for each in found.exchanges], list(found.addresses)


def _right_address(wanted: str, rcode: str, addresses: Sequence[str], kube: Cluster, who: dict[str, str]) -> Seen:
    """NXDOMAIN, an address, or a Service's."""
    if "/" in wanted:
        services = finding.objects(kube, wanted)
        if not services:
            return bad("no-service", service=wanted.removeprefix("Service/"))
        wanted = str(services[0].spec.get("clusterIP", ""))
    if wanted == rcode or wanted in addresses:
        return GOOD
    if rcode == "NXDOMAIN":
        return bad("resolves.nxdomain", **who)
    if not addresses:
        return bad("resolves.nodata", **who)
    return bad("resolves.found", **who, found=", ".join(addresses), wanted=wanted)


def _sent(asked: Sent, kube: Cluster, context: Context) -> Seen:
    try:
        sources = [key_of(kube.network.senders.require(each)) for each in finding.senders(kube, asked.source)]
    except Refusal as refusal:
        return bad("traffic.cannot", source=asked.source, why=refusal.message)
    if any((source, asked.to, asked.outcome) in context.requests for source in sources):
        return GOOD
    return bad("sent.none", source=asked.source, to=asked.to, outcome=asked.outcome)


def _traffic(asked: Traffic, kube: Cluster, context: Context) -> Seen:
    return see_traffic(asked, kube, context.seeds)


def _incident(asked: Incident, kube: Cluster, context: Context) -> Seen:
    return see_incident(asked, kube, context.files, context.seeds)


def _budget(asked: Budget, kube: Cluster, context: Context) -> Seen:
    return GOOD if context.changes <= asked.changes else bad("budget", found=context.changes, wanted=asked.changes)


def _predicted(asked: Predicted, kube: Cluster, context: Context) -> Seen:
    right = sum(bool(context.predictions.get(each)) for each in asked.steps)
    return GOOD if right >= asked.right else bad("predicted", found=right, wanted=asked.right)


_ANSWERS: dict[type, Callable[..., Seen]] = {
    Endpoints: _endpoints,
    Resolves: _resolves,
    Env: _env,
    Traffic: _traffic,
    Incident: _incident,
    Unchanged: _unchanged,
    Field: _field,
    Sent: _sent,
    Streams: _streams,
    Budget: _budget,
    Predicted: _predicted,
}
