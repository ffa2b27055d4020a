"""What does `kubectl events` print?

Source: staging/src/k8s.io/kubectl/pkg/cmd/events/{events,event_printer}.go.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.apiserver.tables import others
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api, following, output, unstable
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.tabs import columns

JSON = dict[str, Any]
FLAGS = """all-namespaces/A:switch chunk-size:whole for:text no-headers:switch output/o:text
    show-managed-fields:switch types:list watch/w:switch"""
HEAD = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
TYPES = ("normal", "warning")


def events(call: Call) -> Program:
    if call.words:
        raise misused("events", f'unknown command "{call.words[0]}" for "kubectl events"')
    if any(each.lower() not in TYPES for each in call.flags.of("types", [])):
        raise Wrong("valid --types are Normal or Warning")
    about = yield Look(partial(_about, call.flags.text("for")))
    if call.flags.on("watch"):
        return (yield from _watch(call, about))
    found, now = yield Look(lambda kube: (_events(call, about, kube), api.seconds(kube)))
    if not found:
        where = "" if call.space is None else f" in {call.space} namespace"
        yield from err(f"No events found{where}.\n")
        return 0
    found = unstable.sort(found, _when)
    if call.flags.text("output") == "name":
        return 0  # a list has no name, and kubectl does not look whether it could be printed
    if call.flags.text("output"):
        whole = {"apiVersion": "v1", "items": found, "kind": "EventList", "metadata": {}}
        yield from out(output.printer(call.flags.text("output"), output.MADE, call.flags.on("show-managed-fields"))(whole))
        return 0
    yield from out(columns("".join([*_head(call), *(_row(call, each, now) for each in found)])))
    return 0


def _watch(call: Call, about: tuple[str, str] | None) -> Program:
    """What is there first, in the order of names, then what is told."""
    widths: list[int] = []
    head = _head(call)
    kind = yield Look(lambda kube: api.resource(kube, "events"))
    found, now, since = yield Look(lambda kube: (_events(call, about, kube), api.seconds(kube), kube.store.revision))
    for each in found:
        yield from out(columns("".join([*head, _row(call, each, now)]), remembered=widths))
        head = []
    while True:
        since, now, changes = yield from following.changes(kind, since, partial(_fits, call, about))
        for type, each in changes:
            if type != "DELETED":
                yield from out(columns("".join([*head, _row(call, each, now)]), remembered=widths))
                head = []


def _head(call: Call) -> list[str]:
    if call.flags.on("no-headers"):
        return []
    return ["\t".join([*(["NAMESPACE"] if call.space is None else []), *HEAD]) + "\n"]


def _row(call: Call, event: JSON, now: int) -> str:
    last, kind, reason, _, _, _, message, first, count, _ = others.event(event, now)
    about = event.get("involvedObject", {})
    seen = f"{last} (x{count} over {first})" if count > 1 else last
    row = [seen, kind, reason, f"{about.get('kind', '')}/{about.get('name', '')}", message]
    return "\t".join([*([event["metadata"]["namespace"]] if call.space is None else []), *row]) + "\n"


def _about(words: str, kube: Cluster) -> tuple[str, str] | None:
    """Of `--for`: the kind and the name of the object, None for any."""
    if not words:
        return None
    word, slash, name = words.partition("/")
    if not slash:
        raise Wrong("--for must be in resource/name form")
    if "/" in name:
        raise Wrong("arguments in resource/name form may not have more than one slash")
    return api.resource(kube, word).word, name


def _events(call: Call, about: tuple[str, str] | None, kube: Cluster) -> list[JSON]:
    return [each for each in api.some(kube, api.resource(kube, "events"), call.space) if _fits(call, about, each)]


def _fits(call: Call, about: tuple[str, str] | None, event: JSON) -> bool:
    types = [each.lower() for each in call.flags.of("types", [])]
    involved = event.get("involvedObject", {})
    if call.space not in (None, event["metadata"]["namespace"]):
        return False
    if types and event.get("type", "").lower() not in types:
        return False
    return about in (None, (involved.get("kind", ""), involved.get("name", "")))


def _when(event: JSON) -> str:
    """A whole second comes before its parts: without the Z it is the shorter text."""
    return (event.get("lastTimestamp") or event.get("eventTime") or "").removesuffix("Z")
