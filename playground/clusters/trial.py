"""What would become of requests under these manifests?  A fresh cluster, the manifests, the requests, and how they ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from playground.clusters import scenes
from playground.kube.actions import Apply, Send
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.events import RequestEnded
from playground.kube.explain.settling import settle
from playground.kube.kubeproxy.chains import address
from playground.kube.network.requests import Request
from playground.kube.network.senders import is_machine
from playground.kube.network.targets import TCP
from playground.manifests.errors import BadYAML
from playground.manifests.guard import Limits
from playground.manifests.reader import Document, Manifest, read
from playground.terminal.programs import machines
from playground.terminal.sessions import start_on
from playground.terminal.sessions.beside import Beside, Run
from playground.terminal.workstation import lines

BETWEEN_REQUESTS = 10 * MILLISECOND
SCENE, DUAL_STACK = "empty", "dual-stack"


class Source(msgspec.Struct, frozen=True):
    """A manifest's text and the name of its file."""

    name: str
    text: str


class Timed(msgspec.Struct, frozen=True):
    """A command line of the workstation, so many microseconds after the cluster has settled; `said` is how it was asked for."""

    time: int
    line: str
    said: str


class Plan(msgspec.Struct, frozen=True):
    """`requests` are sent from a Pod (`namespace/name`) to a target, 10 ms apart, beginning when the cluster has settled;
    it runs for `until` microseconds from then on, and at least until all is begun. `dual_stack`: the cluster has IPv6, too."""

    sources: Sequence[Source]
    sender: str
    to: str
    requests: int
    seed: int = 1
    until: int = 0
    lines: Sequence[Timed] = ()
    dual_stack: bool = False


class Result(msgspec.Struct):
    """Counts of requests by outcome, of answers by Pod (`namespace/name`) and by Node; the ready `ip:port` of each Service;
    warnings; and the hash of the cluster's final state. An outcome `unsent` is a request that its Pod could not send."""

    outcomes: dict[str, int]
    pods: dict[str, int]
    nodes: dict[str, int]
    endpoints: dict[str, list[str]]
    warnings: list[str]
    hash: str


class Refused(Exception):
    """It cannot be tried; `reasons` are whole lines, with file, line and column where there are any."""

    def __init__(self, reasons: list[str]):
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def run(plan: Plan, limits: Limits) -> Result:
    """Try it. Raises Refused."""
    manifests = _read_all(plan.sources, limits)
    kube = scenes.start(_scene(plan.dual_stack), plan.seed)
    known = {service.key for service in kube.store.list("Service")}
    warnings = [line for source, manifest in zip(plan.sources, manifests, strict=True) for line in _apply(kube, source, manifest)]
    warnings += [f"not settled after {kube.now // SECOND} s: {left}" for left in settle(kube)]
    tally = _carry_out(kube, plan, warnings)
    endpoints = {f"{key[0]}/{key[1]}": _ready(kube, key) for key in _services(kube) if key not in known}
    return Result(_sorted(tally.outcomes), _sorted(tally.pods), _sorted(tally.nodes), endpoints, warnings, kube.hash())


def _scene(dual_stack: bool) -> scenes.Scene:
    """The cluster without anything in it, with the second networks of the ready cluster of two families if these are wanted."""
    found = scenes.find(SCENE)
    if not dual_stack:
        return found
    second = scenes.find(DUAL_STACK).settings.second
    return msgspec.structs.replace(found, settings=msgspec.structs.replace(found.settings, second=second))


# --- manifests


def _read_all(sources: Sequence[Source], limits: Limits) -> list[Manifest]:
    manifests, reasons = [], []
    for source in sources:
        try:
            manifests.append(read(source.text, limits))
        except BadYAML as error:
            reasons.append(f"{source.name}:{error.line}:{error.column}: {error.message}")
    if reasons:
        raise Refused(reasons)
    return manifests


def _apply(kube: Cluster, source: Source, manifest: Manifest) -> list[str]:
    """Apply one file; its warnings."""
    try:
        receipt = kube.submit(Apply(manifest.values))
    except Refusal as refusal:
        raise Refused(_reasons(source, manifest, refusal)) from None
    return [f"{source.name}: {warning}" for warning in receipt.warnings]


def _reasons(source: Source, manifest: Manifest, refusal: Refusal) -> list[str]:
    """A line for each wrong field, at its place in the file; else the refusal itself, where its document begins."""
    if refusal.document is None:
        return [f"{source.name}: {refusal.message}"]
    document = manifest.documents[refusal.document]
    if not refusal.causes:
        return [_at(source, document, "", f"{_called(document)}: {refusal.message}")]
    return [_at(source, document, cause.field, f"{_called(document)}: {cause}") for cause in refusal.causes]


def _at(source: Source, document: Document, field: str, message: str) -> str:
    line, column = document.locate(field)
    return f"{source.name}:{line}:{column}: {message}"


def _called(document: Document) -> str:
    metadata = document.value.get("metadata")
    name = metadata.get("name", "") if isinstance(metadata, dict) else ""
    return f"{document.value.get('kind', 'object without a kind')} {name}".rstrip()


# --- requests


class _Tally:
    """How requests ended so far."""

    def __init__(self) -> None:
        self.outcomes, self.pods, self.nodes = Counter[str](), Counter[str](), Counter[str]()
        self.unsent = Counter[str]()

    def add(self, request: Request) -> None:
        self.outcomes[request.outcome] += 1
        if request.outcome == "ok":
            self.pods[request.receiver or "?"] += 1
            self.nodes[request.endpoint_node or "?"] += 1


def _carry_out(kube: Cluster, plan: Plan, warnings: list[str]) -> _Tally:
    """Send the requests and type the lines, each at its time; at the same time lines come first."""
    _check_sender(kube, plan)
    begin, tally, typist = kube.now, _Tally(), _Typist(kube)
    due: list[tuple[int, Timed | None]] = [(each.time, each) for each in plan.lines]
    due += [(number * BETWEEN_REQUESTS, None) for number in range(plan.requests)]
    for time, timed in sorted(due, key=lambda each: each[0]):
        typist.advance(begin + time)
        if timed is not None:
            typist.type(timed)
        else:
            _send(kube, plan, tally)
    typist.advance(max(kube.now, begin + plan.until))
    warnings += typist.warnings
    warnings += [f"{count} of {plan.requests} requests were not sent: {why}" for why, count in tally.unsent.items()]
    return tally


class _Typist:
    """Types lines on the workstation, one beside the other; `warnings` is what they said beside their output."""

    def __init__(self, kube: Cluster):
        self.warnings: list[str] = []
        self._kube = kube
        self._runs = Beside(kube)
        self._said: list[tuple[Run, Timed]] = []

    def type(self, timed: Timed) -> None:
        """Raises Refused for what fails at once."""
        line = lines.full(self._kube, timed.line)
        run = self._runs.begin(start_on(machines.workstation(self._kube), ["sh", "-c", line]))
        self._said.append((run, timed))
        if run.code is not None:
            self._end(run)

    def advance(self, until: int) -> None:
        """Raises Refused for what fails on the way."""
        for run in self._runs.advance(until):
            self._end(run)

    def _end(self, run: Run) -> None:
        timed = next(timed for each, timed in self._said if each is run)
        if run.code:
            raise Refused([f"--at {timed.time / SECOND:g}: {timed.said}: {run.err.strip() or f'exit code {run.code}'}"])
        self.warnings += run.err.splitlines()


def _check_sender(kube: Cluster, plan: Plan) -> None:
    try:
        kube.network.check_target(plan.to)
    except Refusal as refusal:
        raise Refused([refusal.message]) from None
    if is_machine(plan.sender):
        _check_machine(kube, plan.sender)
        return
    namespace, _, name = _sender(kube, plan).rpartition("/")
    if kube.store.get("Pod", namespace, name) is None:
        there = ", ".join(pod.name for pod in kube.store.list("Pod", namespace)) or "none"
        raise Refused([f'--from: pods "{name}" not found in namespace {namespace}; there are: {there}'])


def _check_machine(kube: Cluster, sender: str) -> None:
    try:
        kube.network.senders.require(sender)
    except Refusal as refusal:
        raise Refused([f"--from: {refusal.message}"]) from None


def _sender(kube: Cluster, plan: Plan) -> str:
    """Who sends now: of a short name the Pod that it means."""
    if is_machine(plan.sender):
        return plan.sender
    namespace, _, name = plan.sender.rpartition("/")
    return f"{namespace}/{lines.full_name(kube, 'Pod', namespace, name)}"


def _send(kube: Cluster, plan: Plan, tally: _Tally) -> None:
    kube.events()
    try:
        kube.submit(Send(_sender(kube, plan), plan.to))
    except Refusal as refusal:
        tally.outcomes["unsent"] += 1
        tally.unsent[refusal.message] += 1
        return
    for event in kube.events():
        if isinstance(event, RequestEnded) and (ended := kube.network.request(event.number)):
            tally.add(ended)


# --- what there is in the end


def _services(kube: Cluster) -> list[tuple[str, str]]:
    return [service.key for service in kube.store.list("Service")]


def _ready(kube: Cluster, service: tuple[str, str]) -> list[str]:
    """`ip:port`, with the protocol where it is not TCP; the address alone of a headless Service without ports."""
    pieces = kube.store.find(kube.machinery.slices_by_service, service)
    ready = [(each, piece) for piece in pieces for each in piece.endpoints if each.ready is not False]
    found: list[str] = []
    for each, piece in ready:
        found += [f"{address(each.ip, port.port)}{'' if port.protocol == TCP else f'/{port.protocol}'}" for port in piece.ports] or [
            each.ip
        ]
    return found


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
