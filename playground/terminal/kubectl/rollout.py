"""What does `kubectl rollout` say?  status, history, undo, restart, pause, resume.

Source: staging/src/k8s.io/kubectl/pkg/cmd/rollout; pkg/polymorphichelpers (rollout_status, history, rollback, objectrestarter, objectpauser).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube import rollback
from playground.kube.actions import Patch, Undo
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import output, progress
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.changing import changed, said, wanted
from playground.terminal.kubectl.describing.page import Page
from playground.terminal.kubectl.describing.template import template
from playground.terminal.kubectl.errors import Wrong, together
from playground.terminal.kubectl.flags import Flag
from playground.terminal.kubectl.get import none_found
from playground.terminal.kubectl.submitting import SHOWN, dry_run
from playground.terminal.kubectl.tabs import columns
from playground.terminal.programs.asks import Wait

JSON = dict[str, Any]
NAMED = "filename/f:list selector/l:text"
CHANGE = f"{NAMED} output/o:text show-managed-fields:switch"
HISTORY, UNDO = f"{CHANGE} revision:whole", f"{NAMED} {SHOWN} to-revision:whole"
STATUS = f"{NAMED} revision:whole timeout:span watch/w:switch"
NONE_NAMED = "required resource not specified"
VISITED = ("CronJob", "Job", "Pod", "ReplicaSet", "ReplicationController")
RESTARTABLE = ("DaemonSet", "Deployment", "StatefulSet")
RESTARTED = "kubectl.kubernetes.io/restartedAt"
RESTARTED_JUST_NOW = "if restart has already been triggered within the past second, please wait before attempting to trigger another"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
NOT_UPDATED = (
    "Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on "
    "future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead."
)
REVISION = "deployment.kubernetes.io/revision"
CAUSE = "kubernetes.io/change-cause"
LOOKS = 0.05
_ALL = Flag("all", "", "switch", "true")


def _each(call: Call, tells: bool = True) -> Steps:
    """The objects that are meant; whether it is told that there are none."""
    if not call.words and "filename" not in call.flags:
        raise Wrong(NONE_NAMED)
    words = call.words
    if len(words) == 1 and "/" not in words[0]:
        call.flags.take(_ALL, True)
    found = yield from wanted(call, words, NONE_NAMED)
    if found.error is not None:
        raise found.error
    if tells and not found.infos:
        yield from err(none_found(call.space, [kind for kind, _ in found.groups]))
    return found.infos


def status(call: Call) -> Program:
    for info in (yield from _each(call)):
        if info.resource.kind not in progress.OF:
            raise Wrong(f"no status viewer has been implemented for {info.resource.word}")
        _check_revision(call, info)
        yield from _follow(call, info)
    return 0


def _check_revision(call: Call, info: Info) -> None:
    """Only of a Deployment it is asked which revision runs; raises Wrong."""
    wanted_one, running = call.flags.of("revision", 0), (info.document["metadata"].get("annotations") or {}).get(REVISION, "0")
    if info.resource.kind == "Deployment" and wanted_one > 0 and str(wanted_one) != running:
        raise Wrong(f"desired revision ({wanted_one}) is different from the running revision ({running})")


def _follow(call: Call, info: Info) -> Steps:
    """A line for each change that is seen, until all is rolled out."""
    told, since, document, left = progress.OF[info.resource.kind], -1, info.document, call.flags.of("timeout") or None
    while True:
        text, done = told(document)
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
            yield from out(told(each)[0])
        document = later[-1]


def _changes(info: Info, since: int, kube: Cluster) -> tuple[int, list[JSON]]:
    """How the object looked after each change since a revision; only how it looks now where that is not remembered any more."""
    uid = info.document["metadata"]["uid"]
    changes = kube.store.since(since) if since >= 0 else []
    if changes is None:
        changes = [(0, None, kube.store.by_uid(uid))]
    return kube.store.revision, [kube.server.encode(new) for _, _, new in changes if new is not None and new.uid == uid]


def history(call: Call) -> Program:
    for info in (yield from _each(call, False)):
        if info.resource.kind not in rollback.KINDS:
            raise Wrong(f'no history viewer has been implemented for "{info.resource.word}"')
        known = yield Look(partial(_known, info))
        revision = call.flags.of("revision", 0)
        if call.flags.text("output"):
            yield from _whole(call, known, revision)
        elif revision and known:
            yield from out(_one_revision(info, known, revision))
        else:
            title = f"with revision #{revision}" if revision else ""
            yield from out(f"{info.spoken} {title}\n{_revisions(known)}\n")
    return 0


def _whole(call: Call, known: list[Any], revision: int) -> Steps:
    """What remembers a revision, or each of them, as it is stored."""
    chosen = _numbered(known, revision) if revision else known
    printed = output.printer(call.flags.text("output"), output.MADE, call.flags.on("show-managed-fields"))
    texts = yield Look(lambda kube: [printed(kube.server.encode(each)) for each in chosen])
    yield from out(("---\n" if call.flags.text("output") == "yaml" else "").join(texts))


def _numbered(known: list[Any], revision: int) -> list[Any]:
    """The one with that number; raises Wrong where there is none."""
    found = [each for each in known if rollback.number_of(each) == revision]
    if not found:
        raise Wrong("unable to find the specified revision")
    return found


def _known(info: Info, kube: Cluster) -> list[Any]:
    """What remembers its templates, oldest first."""
    return rollback.known_to(kube.store, kube.store.by_uid(info.document["metadata"]["uid"]))


def _revisions(known: list[Any]) -> str:
    if not known:
        return "No rollout history found."
    rows = "".join(f"{rollback.number_of(each)}\t{each.annotations.get(CAUSE) or '<none>'}\n" for each in known)
    return columns(f"REVISION\tCHANGE-CAUSE\n{rows}", (0, 2))


def _one_revision(info: Info, known: list[Any], revision: int) -> str:
    (chosen,) = _numbered(known, revision)
    page = Page()
    whole = _with_cause(chosen) if info.resource.kind == "Deployment" else rollback.template_of(chosen)
    template(page, whole or {})
    return f"{info.spoken} with revision #{revision}\n{page.untidy()}\n"


def _with_cause(replica_set: Any) -> JSON:
    """A ReplicaSet's template, and among its annotations why it came to be."""
    whole: JSON = replica_set.spec.get("template") or {}
    cause, meta = replica_set.annotations.get(CAUSE), whole.get("metadata", {})
    return {**whole, "metadata": {**meta, "annotations": {**(meta.get("annotations") or {}), CAUSE: cause}}} if cause else whole


def undo(call: Call) -> Program:
    for info in (yield from _each(call, False)):
        if APPLIED in (info.document["metadata"].get("annotations") or {}):
            yield from err(
                f"Warning: resource {info.resource.plural}/{info.name} was previously managed with 'kubectl apply'. {NOT_UPDATED}\n"
            )
        if info.resource.kind not in rollback.KINDS:
            raise Wrong(_no_rollback(info.resource.word))
        action = Undo(info.name, info.namespace, call.flags.of("to-revision", 0), info.resource.kind)
        try:
            if dry_run(call) == "none":
                yield from out("".join(f"{line}\n" for line in (yield Act(action)).lines))
            else:
                yield from out((yield Look(partial(_would, info, action, dry_run(call)))))
        except Refusal as refusal:
            raise Wrong(refusal.message) from None
    return 0


def _no_rollback(word: str) -> str:
    """Some kinds are known not to be rolled back, others not even that."""
    if word in VISITED:
        return f'no rollbacker has been implemented for "{word}"'
    return f'error retrieving rollbacker for "{word}", no visitor method exists for {{ {word}}}'


def _would(info: Info, action: Undo, dry: str, kube: Cluster) -> str:
    """What is said of a dry run; of one on the client's side, the template that it would be rolled back to."""
    owner = kube.store.by_uid(info.document["metadata"]["uid"])
    back = rollback.aim(kube.store, owner, action.to_revision)
    if dry == "client":
        page = Page()
        template(page, back.spec.get("template") if info.resource.kind == "Deployment" else rollback.template_of(back))
        return f"{info.spoken} {page.untidy()} (dry run)\n"
    if rollback.is_present(back, owner):
        return f"{info.spoken} skipped rollback (current template already matches revision {rollback.number_of(back)}) (server dry run)\n"
    return f"{info.spoken} rolled back (server dry run)\n"


def restart(call: Call) -> Program:
    """Each that can be restarted is; what went wrong with the others is said at the end."""
    wrong: list[Exception] = []
    for info in (yield from _each(call)):
        now = yield Look(lambda kube: timestamp(kube.settings, kube.now))
        hindered = _not_restarted(info, now)
        if hindered:
            wrong.append(Wrong(hindered))
        else:
            yield from _change(call, info, {"template": {"metadata": {"annotations": {RESTARTED: now}}}}, "restarted")
    error = together(wrong)
    if error is not None:
        raise error
    return 0


def _not_restarted(info: Info, now: str) -> str:
    """Why not, or nothing. Source: staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_restart.go (RunRestart)."""
    spec = info.document.get("spec", {})
    if info.resource.kind not in RESTARTABLE:
        return f'error: {info.resource.plural} "{info.name}" restarting is not supported'
    if spec.get("paused"):
        return f'error: {info.resource.qualified} "{info.name}" can\'t restart paused deployment (run rollout resume first)'
    if (spec["template"].get("metadata", {}).get("annotations") or {}).get(RESTARTED) == now:
        return f"failed to create patch for {info.name}: {RESTARTED_JUST_NOW}"
    return ""


def pausing(pause: bool) -> Callable[[Call], Program]:
    return partial(_pause, pause)


def _pause(pause: bool, call: Call) -> Program:
    for info in (yield from _each(call)):
        if info.resource.kind != "Deployment":
            raise Wrong(f'{info.resource.qualified} "{info.name}" {"pausing" if pause else "resuming"} is not supported')
        if bool(info.document.get("spec", {}).get("paused")) is pause:
            raise Wrong(f'{info.resource.qualified} "{info.name}" is {"already paused" if pause else "not paused"}')
        yield from _change(call, info, {"paused": True if pause else None}, "paused" if pause else "resumed")
    return 0


def _change(call: Call, info: Info, spec: JSON, verb: str) -> Steps:
    action = Patch(info.resource.kind, info.name, {"spec": spec}, info.namespace, "strategic", manager="kubectl-rollout")
    document, warnings = yield from changed(call, action)
    yield from said(call, info, document, verb, warnings)
