"""What do the commands say that change Nodes?  cordon, uncordon, taint.

Source: staging/src/k8s.io/kubectl/pkg/cmd/{drain,taint}.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.apiserver.names import label_key, label_value
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.builder import Wish, looking
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.changing import changed, patching, said, wanted
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.submitting import SHOWN, dry_run

JSON = dict[str, Any]
FLAGS = "dry-run:text=unchanged selector/l:text"
TAINT = f"{SHOWN} validate:text=strict all:switch overwrite:switch selector/l:text"
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def cordoning(cordon: bool) -> Callable[[Call], Program]:
    return partial(_cordon, cordon)


def _cordon(cordon: bool, call: Call) -> Program:
    verb = "cordon" if cordon else "uncordon"
    if not call.words and not call.flags.of("selector"):
        raise misused(verb, f"USAGE: {verb} NODE [flags]")
    infos, error = yield from nodes(call)
    for info in infos:
        yield from cordon_one(call, info, cordon)
    if error is not None:
        raise error
    return 0


def nodes(call: Call) -> Steps:
    words = call.words[1:] if call.words[:1] in (["node"], ["nodes"]) else call.words
    words = [word.removeprefix("nodes/").removeprefix("node/") for word in words]
    wish = Wish(["node", *words], "", call.flags.of("selector"))
    found = yield Look(looking(wish))
    return found.infos, found.error


def cordon_one(call: Call, info: Info, cordon: bool) -> Steps:
    word = "cordoned" if cordon else "uncordoned"
    if bool(info.document.get("spec", {}).get("unschedulable")) is cordon:
        return (yield from said(call, info, info.document, f"already {word}"))
    if dry_run(call) == "none":
        yield Act(patching(info, {"spec": {"unschedulable": True if cordon else None}}, "strategic"))
    return (yield from said(call, info, info.document, word))


def taint(call: Call) -> Program:
    words = [word for word in call.words if ":" not in word and "=" not in word and not word.endswith("-")]
    marks = [word for word in call.words if word not in words]
    if not words:
        raise Wrong("one or more resources must be specified as <resource> <name>")
    if not marks:
        raise Wrong("at least one taint update is required")
    new, gone = _taints(marks)
    found = yield from wanted(call, words)
    for info in found.infos:
        yield from _taint_one(call, info, new, gone)
    if found.error is not None:
        raise found.error
    return 0


def _taints(marks: list[str]) -> tuple[list[JSON], list[tuple[str, str]]]:
    new: list[JSON] = []
    gone: list[tuple[str, str]] = []
    for mark in marks:
        key, value, effect = _taint(mark.removesuffix("-"))
        if mark.endswith("-"):
            gone.append((key, effect))
            continue
        if not effect:
            raise misused("taint", f"invalid taint spec: {mark}")
        if any((each["key"], each["effect"]) == (key, effect) for each in new):
            raise misused("taint", f"duplicated taints with the same key and effect: {{{key} {value} {effect} <nil>}}")
        new.append({"effect": effect, "key": key, **({"value": value} if value else {})})
    return new, gone


def _taint(mark: str) -> tuple[str, str, str]:
    """Key, value and effect of `key=value:effect`; without an effect all of it is the key (taint/utils.go, parseTaint)."""
    pair, colon, effect = mark.partition(":")
    key, *values = pair.split("=") if colon else [mark]
    if ":" in effect:
        raise misused("taint", f"invalid taint spec: {mark}")
    if colon and effect not in EFFECTS:
        raise misused("taint", f"invalid taint effect: {effect}, unsupported taint effect")
    if len(values) > 1:
        raise misused("taint", f"invalid taint spec: {mark}")
    value = values[0] if values else ""
    wrong = list(label_value(value)) or list(label_key(key))
    if wrong:
        raise misused("taint", f"invalid taint spec: {mark}, {'; '.join(wrong)}")
    return key, value, effect


def _taint_one(call: Call, info: Info, new: list[JSON], gone: list[tuple[str, str]]) -> Steps:
    own: list[JSON] = list(info.document.get("spec", {}).get("taints") or ())
    held = [each for each in new for one in own if (one["key"], one["effect"]) == (each["key"], each["effect"])]
    if held and not call.flags.on("overwrite"):
        keys = ",".join(each["key"] for each in held)
        raise Wrong(f"node {info.name} already has {keys} taint(s) with same effect(s) and --overwrite is false")
    for key, effect in gone:
        if not any(one["key"] == key and effect in ("", one["effect"]) for one in own):
            raise Wrong(f'taint "{key}{f":{effect}" if effect else ""}" not found')
    left = [one for one in own if not any(one["key"] == key and effect in ("", one["effect"]) for key, effect in gone)]
    left = [one for one in left if not any((one["key"], one["effect"]) == (each["key"], each["effect"]) for each in new)]
    verb = "modified" if (gone and new) or held else "untainted" if gone else "tainted"
    document, warnings = info.document, ()
    if dry_run(call) != "client":
        document, warnings = yield from changed(call, patching(info, {"spec": {"taints": [*new, *left] or None}}, "merge"))
    return (yield from said(call, info, document, verb, warnings))
