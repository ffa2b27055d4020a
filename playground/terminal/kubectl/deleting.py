"""What does `kubectl delete` say, and how long does it wait?

Source: staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.kube.actions import Delete
from playground.kube.errors import Refusal
from playground.terminal.kubectl import api, documents
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.builder import NOTHING_NAMED
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.changing import wanted
from playground.terminal.kubectl.errors import Wrong, about, together
from playground.terminal.kubectl.get import are_named
from playground.terminal.kubectl.submitting import dry_run
from playground.terminal.programs.asks import Wait

FLAGS = """all:switch all-namespaces/A:switch cascade:text=background dry-run:text=unchanged field-selector:text filename/f:list force:switch
    grace-period:whole ignore-not-found:switch now:switch output/o:text selector/l:text timeout:span wait:switch"""
IMMEDIATE = (
    "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. "
    "The resource may continue to run on the cluster indefinitely.\n"
)
STRATEGIES = ("background", "foreground", "orphan")
# As Go reads truth values, and what they stand for.
TRUTHS = dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), "background") | dict.fromkeys(
    ("0", "f", "F", "FALSE", "false", "False"), "orphan"
)
LOOKS = 0.05


def delete(call: Call) -> Program:
    flags = call.flags
    strategy = yield from _strategy(call)
    if not call.words and "filename" not in flags:
        raise Wrong(NOTHING_NAMED)
    infos, errors = (yield from _given(call)) if "filename" in flags else (yield from _named(call))
    grace, waits = _grace(call)
    if grace == 0 and flags.on("force"):
        yield from err(IMMEDIATE)
    for info in infos:
        try:
            yield from _delete(call, info, grace, strategy)
        except Refusal as refusal:
            errors.append(about(refusal, "deleting", info.source) if info.source else refusal)
    gone = [each for each in infos if not any(each.name in str(error) for error in errors)]
    if waits and dry_run(call) == "none":
        yield from _until_gone(call, gone)
    if flags.on("ignore-not-found"):
        errors = [each for each in errors if getattr(each, "reason", "") != "NotFound"]
    wrong = together(errors)
    if wrong is not None:
        raise wrong
    if not infos and not (flags.on("ignore-not-found") and are_named(call)):
        yield from out("No resources found\n")
    return 0


def _named(call: Call) -> Steps:
    found = yield from wanted(call, call.words, gets=False)
    parts = getattr(found.error, "errors", [found.error] if found.error is not None else [])
    return found.infos, list(parts)


def _given(call: Call) -> Steps:
    given = yield from documents.given(call)
    infos, errors = [], []
    for each in given:
        try:
            found = yield Look(lambda kube, each=each: api.one(kube, each.resource, each.namespace, each.name))
            infos.append(Info(each.resource, found, each.source))
        except Refusal as refusal:
            errors.append(about(refusal, "deleting", each.source))
    return infos, errors


def _grace(call: Call) -> tuple[int | None, bool]:
    """The period, and whether it is waited for."""
    flags = call.flags
    grace: int = flags.of("grace-period", -1)
    if flags.on("now"):
        if grace >= 0:
            raise Wrong("--now and --grace-period cannot be specified together")
        grace = 1
    waits: bool = flags.of("wait", True)
    if flags.on("force"):
        if grace > 0:
            raise Wrong("--force and --grace-period greater than 0 cannot be specified together")
        return 0, flags.of("wait", False)
    if grace == 0:
        return 1, waits
    return (None if grace < 0 else grace), waits


def _strategy(call: Call) -> Steps:
    """What becomes of what the deleted own (kubectl/pkg/cmd/util, GetCascadingStrategy)."""
    word = call.flags.text("cascade", "background")
    if word in TRUTHS:
        said = f"warning: --cascade={word} is deprecated (boolean value) and can be replaced with --cascade={TRUTHS[word]}.\n"
        yield from err(said)
    elif word not in STRATEGIES:
        raise Wrong(f'invalid cascade value ({word}). Must be "background", "foreground", or "orphan"')
    return TRUTHS.get(word, word).title()


def _delete(call: Call, info: Info, grace: int | None, strategy: str) -> Steps:
    action = Delete(info.resource.kind, info.name, info.namespace, grace, strategy)
    if dry_run(call) == "none":
        yield Act(action)
    elif dry_run(call) == "server":
        yield Look(lambda kube: kube.rehearse(action))
    if call.flags.text("output") == "name":
        return (yield from out(f"{info.spoken}\n"))
    kind, how = info.spoken.partition("/")[0], "force deleted" if grace == 0 else "deleted"
    where = f" from {info.namespace} namespace" if info.namespace else ""
    dry = {"client": " (dry run)", "server": " (server dry run)"}.get(dry_run(call), "")
    return (yield from out(f'{kind} "{info.name}" {how}{where}{dry}\n'))


def _until_gone(call: Call, infos: Iterable[Info]) -> Steps:
    """Objects of the same name that are others do not count."""
    for info in infos:
        uid: Any = info.document["metadata"]["uid"]
        left = call.flags.of("timeout") or None
        while (yield Look(lambda kube, uid=uid: kube.store.by_uid(uid))) is not None:
            if left is not None and left <= 0:
                raise Wrong(f"timed out waiting for the condition on {info.resource.qualified.partition('.')[0]}/{info.name}")
            yield Wait(LOOKS)
            left = left - LOOKS if left is not None else None
