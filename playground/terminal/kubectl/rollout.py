"""What does `kubectl rollout` say?  status, history, undo, restart, pause, resume.

Source: staging/src/k8s.io/kubectl/pkg/cmd/rollout; pkg/polymorphichelpers (history, rollback, objectrestarter, objectpauser).
Simplified: history and undo know Deployments only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.actions import Patch, Undo
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.cluster import Cluster
from playground.kube.controllers.revisions import revision_of
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.changing import said, wanted
from playground.terminal.kubectl.describing.page import Page
from playground.terminal.kubectl.describing.template import template
from playground.terminal.kubectl.describing.workloads import owned
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.flags import Flag
from playground.terminal.kubectl.progress import VIEWERS, progress
from playground.terminal.kubectl.submitting import COMMON
from playground.terminal.kubectl.tabs import columns
from playground.terminal.programs.asks import Wait

JSON = dict[str, Any]
FLAGS = f"{COMMON} filename/f:list kustomize/k:text recursive/R:switch selector/l:text revision:whole to-revision:whole timeout:span watch/w:switch"
NONE_NAMED = "required resource not specified"
RESTARTABLE = ("DaemonSet", "Deployment", "StatefulSet")
RESTARTED = "kubectl.kubernetes.io/restartedAt"
CAUSE = "kubernetes.io/change-cause"
LOOKS = 0.05
_ALL = Flag("all", "", "switch", "true")


def _each(call: Call) -> Steps:
    if not call.words and "filename" not in call.flags:
        raise Wrong(NONE_NAMED)
    words = call.words
    if len(words) == 1 and "/" not in words[0]:
        call.flags.take(_ALL, True)
    found = yield from wanted(call, words, NONE_NAMED)
    if found.error is not None:
        raise found.error
    return found.infos


def status(call: Call) -> Program:
    for info in (yield from _each(call)):
        if info.resource.kind not in VIEWERS:
            raise Wrong(f"no status viewer has been implemented for {info.resource.word}")
        yield from _follow(call, info)
    return 0


def _follow(call: Call, info: Info) -> Steps:
    """A line for each change that is seen, until all is rolled out."""
    since, document, left = -1, info.document, call.flags.of("timeout") or None
    while True:
        text, done = progress(document)
        yield from out(text)
        if done or call.flags.of("watch") is False:
            return
        while True:
            since, later = yield Look(partial(_changes, info, since))
            if later:
                break
            if left is not None and left <= 0:
                raise Wrong("timed out waiting for the condition")
            yield Wait(LOOKS)
            left = left - LOOKS if left is not None else None
        for each in later[:-1]:
            yield from out(progress(each)[0])
        document = later[-1]


def _changes(info: Info, since: int, kube: Cluster) -> tuple[int, list[JSON]]:
    """How the object looked after each change since a revision."""
    changes = kube.store.since(since) if since >= 0 else []
    found = [kube.server.encode(new) for _, _, new in changes or () if new is not None and new.uid == info.document["metadata"]["uid"]]
    return kube.store.revision, found


def history(call: Call) -> Program:
    for info in (yield from _each(call)):
        if info.resource.kind != "Deployment":
            raise Wrong(f'no history viewer has been implemented for "{info.resource.word}"')
        sets = yield Look(lambda kube, info=info: sorted(owned(kube, info.document), key=revision_of))
        revision = call.flags.of("revision", 0)
        if revision:
            yield from out(_one_revision(info, sets, revision))
        else:
            yield from out(f"{info.spoken} \n{_revisions(sets)}\n")
    return 0


def _revisions(sets: list[Any]) -> str:
    if not sets:
        return "No rollout history found."
    rows = "".join(f"{revision_of(each)}\t{each.annotations.get(CAUSE) or '<none>'}\n" for each in sets)
    return columns(f"REVISION\tCHANGE-CAUSE\n{rows}", (0, 2))


def _one_revision(info: Info, sets: list[Any], revision: int) -> str:
    chosen = next((each for each in sets if revision_of(each) == revision), None)
    if chosen is None:
        raise Wrong("unable to find the specified revision")
    page = Page()
    template(page, chosen.spec.get("template") or {})
    return f"{info.spoken} with revision #{revision}\n{page.untidy()}\n"


def undo(call: Call) -> Program:
    for info in (yield from _each(call)):
        if info.resource.kind != "Deployment":
            raise Wrong(f'error retrieving rollbacker for "{info.resource.word}", no visitor method exists for {{ {info.resource.word}}}')
        revision = call.flags.of("to-revision", 0)
        if info.document.get("spec", {}).get("paused"):
            raise Wrong(
                f"you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume {info.spoken.replace('.apps', '')}' and try again"
            )
        sets = yield Look(lambda kube, info=info: owned(kube, info.document))
        if revision and not any(revision_of(each) == revision for each in sets):
            raise Wrong(f"unable to find specified revision {revision} in history")
        if not revision and len(sets) < 2:
            raise Wrong(f'no rollout history found for deployment "{info.name}"')
        receipt = yield Act(Undo(info.name, info.namespace, revision))
        yield from out("".join(f"{line}\n" for line in receipt.lines))
    return 0


def restart(call: Call) -> Program:
    for info in (yield from _each(call)):
        if info.resource.kind not in RESTARTABLE:
            raise Wrong(f'{info.resource.plural} "{info.name}" restarting is not supported')
        if info.document.get("spec", {}).get("paused"):
            raise Wrong(f'{info.resource.plural} "{info.name}" can\'t restart paused deployment (run rollout resume first)')
        now = yield Look(lambda kube: timestamp(kube.settings, kube.now))
        yield from _change(call, info, {"template": {"metadata": {"annotations": {RESTARTED: now}}}}, "restarted")
    return 0


def pausing(pause: bool) -> Callable[[Call], Program]:
    return partial(_pause, pause)


def _pause(pause: bool, call: Call) -> Program:
    for info in (yield from _each(call)):
        if info.resource.kind != "Deployment":
            raise Wrong(f'{info.resource.plural} "{info.name}" {"pausing" if pause else "resuming"} is not supported')
        if bool(info.document.get("spec", {}).get("paused")) is pause:
            raise Wrong(f'{info.resource.qualified} "{info.name}" is {"already paused" if pause else "not paused"}')
        yield from _change(call, info, {"paused": True if pause else None}, "paused" if pause else "resumed")
    return 0


def _change(call: Call, info: Info, spec: JSON, verb: str) -> Steps:
    yield Act(Patch(info.resource.kind, info.name, {"spec": spec}, info.namespace, "strategic", manager="kubectl-rollout"))
    yield from said(call, info, info.document, verb)
