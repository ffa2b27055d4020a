"""What would `kubectl apply` change?  What `kubectl diff` prints.

Source: staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go; diff(1) as it is called: `diff -u -N`.
Simplified: the folders that are compared have no random names, and where lines repeat, diff(1) may pair others.
"""

from __future__ import annotations

import difflib
from functools import partial
from typing import Any

import msgspec

from playground.kube.actions import Apply
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.manifests.writer import write
from playground.terminal.kubectl import api, documents
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.documents import Given
from playground.terminal.kubectl.errors import Exit, Wrong, fail, misused

JSON = dict[str, Any]
FLAGS = "concurrency:whole filename/f:list"
DIFFERENT, FAILED = 1, 2
LIVE, MERGED = "/tmp/LIVE", "/tmp/MERGED"
MASK, BEFORE, AFTER = "***", "*** (before)", "*** (after)"


def diff(call: Call) -> Program:
    try:
        different = yield from _diff(call)
    except (Wrong, Refusal) as error:
        yield from fail(error)
        raise Exit(FAILED) from None
    if different:
        raise Exit(DIFFERENT)
    return 0


def _diff(call: Call) -> Program:
    if call.words:
        raise misused("diff", f"Unexpected args: [{' '.join(call.words)}]")
    if "filename" not in call.flags:
        raise Wrong("must specify one of -f and -k")
    given = yield from documents.given(call)
    compared = []
    for each in given:
        compared.append((_file(each), (yield Look(partial(_versions, each)))))
    different = 0
    for name, (live, merged, now) in sorted(compared):
        text = _compared(name, _yaml(live), _yaml(merged), now)
        different |= bool(text)
        yield from out(text)
    return different


def _versions(each: Given, kube: Cluster) -> tuple[JSON | None, JSON, str]:
    """As it is, as it would be, and the time; what is secret is masked."""
    there = kube.store.get(each.resource.kind, each.namespace, each.name)
    live = None if there is None else api.shown(kube, each.resource, there)
    _, (merged,) = kube.rehearse(Apply([each.document]))
    if each.resource.kind == "Secret":
        live, merged = _masked(live, merged)
    return live, merged, timestamp(kube.settings, kube.now)


def _masked(live: JSON | None, merged: JSON) -> tuple[JSON | None, JSON]:
    old, new = (live or {}).get("data") or {}, merged.get("data") or {}
    changed = {key for key in old if key in new and old[key] != new[key]}
    hidden = {**merged, "data": {key: AFTER if key in changed else MASK for key in new}} if new else merged
    return ({**live, "data": {key: BEFORE if key in changed else MASK for key in old}} if live and old else live), hidden


def _file(each: Given) -> str:
    group = f"{each.resource.group}." if each.resource.group else ""
    return f"{group}{each.resource.version}.{each.resource.word}.{each.namespace}.{each.name}"


def _yaml(document: JSON | None) -> list[str]:
    if document is None:
        return []
    meta = {key: value for key, value in document["metadata"].items() if key != "managedFields"}
    value = msgspec.json.decode(msgspec.json.encode({**document, "metadata": meta}, order="sorted"))
    return write(value).splitlines(keepends=True)


def _compared(name: str, live: list[str], merged: list[str], now: str) -> str:
    when = f"\t{now.replace('T', ' ').removesuffix('Z')}.000000000 +0000"
    old, new = f"{LIVE}/{name}", f"{MERGED}/{name}"
    lines = list(difflib.unified_diff(live, merged, old, new, when[1:], when[1:]))
    return f"diff -u -N {old} {new}\n{''.join(lines)}" if lines else ""
