"""What does `kubectl get -w` print?  What is there, then a row for each change, until Ctrl-C.

Source: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go (watch); k8s.io/cli-runtime pkg/printers/tableprinter.go (addColumns).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.apiserver import fieldselectors, selectors
from playground.kube.apiserver.resources import Resource
from playground.terminal.kubectl import following, sorting
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.builder import Found
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.output import Printer
from playground.terminal.kubectl.rows import rows
from playground.terminal.kubectl.tabs import columns

JSON = dict[str, Any]
WIDEST = len("MODIFIED")
ONE_ONLY = "watch is only supported on individual resources and resource collections"


def watch(call: Call, found: Found, now: int, printer: Printer | None, path: str) -> Program:
    if found.error is not None:
        raise found.error
    if len({kind.kind for kind, _ in found.groups}) != 1:
        raise Wrong("you may only specify a single resource type")
    if not found.single and len(found.groups) > 1:
        raise Wrong(f"{ONE_ONLY} - {len(found.groups)} resources were found")
    kind, infos = found.groups[0]
    infos = sorting.rows(infos, path) if path else infos
    shows = _Shows(call, kind, printer)
    since = yield Look(lambda kube: kube.store.revision)
    if not call.flags.on("watch-only"):
        yield from out(shows.text([("ADDED", info) for info in infos], now))
    only = infos[0].document["metadata"] if found.single else None
    while True:
        since, now, changes = yield from following.changes(kind, since, partial(_fits, call, kind, only))
        for type, document in changes:
            yield from out(shows.text([(type, Info(kind, document))], now))


class _Shows:
    """How each change is shown: the table's head stands before the first row, and columns stay as wide as they were."""

    def __init__(self, call: Call, kind: Resource, printer: Printer | None):
        self._call = call
        self._kind = kind
        self._printer = printer
        self._widths: list[int] = []
        self._headed = call.flags.on("no-headers")
        self._printed = False

    def text(self, changes: list[tuple[str, Info]], now: int) -> str:
        if self._printer is not None:
            return "".join(map(self._whole, changes))
        if not changes:
            return ""
        flags = self._call.flags
        with_space = flags.on("all-namespaces") and self._kind.namespaced
        lines = rows(flags, self._kind, [info for _, info in changes], now, flags.on("show-kind"), with_space)
        if flags.on("output-watch-events"):
            types = [type for type, _ in changes]
            types = types if flags.on("no-headers") else ["EVENT", *types]
            lines = [f"{type:<{WIDEST}}\t{line}" for type, line in zip(types, lines, strict=True)]
        if self._headed and not flags.on("no-headers"):
            lines = lines[1:]
        self._headed = True
        return columns("".join(lines), remembered=self._widths)

    def _whole(self, change: tuple[str, Info]) -> str:
        type, info = change
        assert self._printer is not None
        value = {"object": info.document, "type": type} if self._call.flags.on("output-watch-events") else info.document
        text = self._printer(value)
        between = "---\n" if self._printed and self._call.flags.text("output") == "yaml" else ""
        self._printed = True
        return between + text


def _fits(call: Call, kind: Resource, only: JSON | None, document: JSON) -> bool:
    meta, flags = document["metadata"], call.flags
    if only is not None:
        return (meta["name"], meta.get("namespace")) == (only["name"], only.get("namespace"))
    if kind.namespaced and call.space not in (None, meta.get("namespace")):
        return False
    labels, fields = selectors.parse(flags.text("selector")), fieldselectors.parse(flags.text("field-selector"), kind.kind)
    return labels.matches(meta.get("labels") or {}) and fields.matches(document)
