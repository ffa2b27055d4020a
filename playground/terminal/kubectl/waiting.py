"""What does `kubectl wait` say, and how long does it wait?

Source: staging/src/k8s.io/kubectl/pkg/cmd/wait/{wait,condition,json,delete}.go.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import api, documents, golang, jsonpath
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.builder import Wish, find
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.errors import Wrong, together
from playground.terminal.programs.asks import Wait

FLAGS = """all:switch all-namespaces/A:switch field-selector:text filename/f:list for:array selector/l:text timeout:span"""
TIMEOUT = 30.0
CREATE = "create"
LOOKS = 0.05
JSON = dict[str, Any]
Met = Callable[[JSON | None], bool]


def wait(call: Call) -> Program:
    wanted = call.flags.of("for", [])
    met, gone = _condition(wanted)
    found = yield from (_created(call) if wanted[0].lower() == CREATE else _found(call))
    if gone and isinstance(found.error, Refusal) and found.error.reason == "NotFound":
        found.error = None
        if not found.infos:
            return 0
    if found.error is not None and not found.infos:
        raise found.error
    if not found.infos:
        raise Wrong("no matching resources found")
    errors: list[Exception] = []
    for info in found.infos:
        if (yield from _until(call, info, met)):
            yield from out(f"{info.spoken} condition met\n")
        else:
            looked = "condition not met for" if call.flags.of("timeout", TIMEOUT) == 0 else "timed out waiting for the condition on"
            errors.append(Wrong(f"{looked} {info.resource.plural}/{info.name}"))
    wrong = together([*errors, *([found.error] if found.error is not None else [])])
    if wrong is not None:
        raise wrong
    return 0


def _found(call: Call) -> Steps:
    flags = call.flags
    if "filename" in flags:
        return (yield from documents.objects(call, call.words))
    wish = Wish(call.words, call.space, flags.of("selector") or ("" if flags.on("all") else None), flags.of("field-selector"))
    return (yield Look(lambda kube: find(kube, wish)))


def _created(call: Call) -> Steps:
    """What is named, when all of it is there."""
    left = call.flags.of("timeout", TIMEOUT)
    while True:
        found = yield from _found(call)
        if found.infos and found.error is None:
            return found
        if getattr(found.error, "reason", "NotFound") != "NotFound":
            raise found.error
        if left <= 0:
            raise Wrong("timed out waiting for the condition")
        yield Wait(LOOKS)
        left -= LOOKS


def _until(call: Call, info: Info, met: Met) -> Steps:
    left = call.flags.of("timeout", TIMEOUT)
    while True:
        if met((yield Look(partial(_now, info)))):
            return True
        if left <= 0:
            return False
        yield Wait(LOOKS)
        left -= LOOKS


def _now(info: Info, kube: Cluster) -> JSON | None:
    thing = kube.store.by_uid(info.document["metadata"]["uid"])
    return None if thing is None else api.shown(kube, info.resource, thing)


def _condition(wanted: list[str]) -> tuple[Met, bool]:
    text = wanted[0] if wanted else ""
    name, equals, value = text.partition("=")
    if text.lower() == CREATE:
        return (lambda document: True), False
    if text.lower() == "delete":
        return (lambda document: document is None), True
    if name == "condition" and equals:
        kind, _, state = value.partition("=")
        return partial(_has, kind.lower(), (state or "true").lower()), False
    if name == "jsonpath" and equals:
        path, _, expected = value.partition("=")
        return partial(_says, jsonpath.relaxed(path), expected), False
    raise Wrong(f'unrecognized condition: "{text}"' if text else "unrecognized condition: []")


def _has(kind: str, state: str, document: JSON | None) -> bool:
    listed = ((document or {}).get("status") or {}).get("conditions") or ()
    return any(each["type"].lower() == kind and each["status"].lower() == state for each in listed)


def _says(path: str, expected: str, document: JSON | None) -> bool:
    found = jsonpath.results(path, document or {})
    return len(found) == 1 and (not expected or golang.plain(found[0]) == expected)
