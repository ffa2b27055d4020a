"""What does `kubectl replace` do?

Source: staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go.
"""

from __future__ import annotations

from functools import partial

from playground.kube.actions import Create, Delete, Replace
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import documents
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.documents import Given
from playground.terminal.kubectl.errors import Wrong, about, together
from playground.terminal.kubectl.submitting import COMMON, dry_run, told, validation
from playground.terminal.programs.asks import Wait

FLAGS = f"{COMMON} filename/f:list force:switch grace-period:whole subresource:text timeout:span"
LOOKS = 0.05


def replace(call: Call) -> Program:
    flags = call.flags
    if "filename" not in flags:
        raise Wrong("must specify one of -f and -k")
    for flag in ("grace-period", "timeout"):
        if flag in flags and not flags.on("force"):
            raise Wrong(f"--{flag} must have --force specified")
    if flags.on("force") and dry_run(call) != "none":
        raise Wrong("--dry-run can not be used when --force is set")
    given = yield from documents.given(call)
    errors: list[Exception] = []
    for each in given:
        try:
            yield from _force(call, each) if flags.on("force") else _replace(call, each)
        except Refusal as refusal:
            errors.append(about(refusal, "replacing", each.source))
    wrong = together(errors)
    if wrong is not None:
        raise wrong
    if not given:
        raise Wrong("no objects passed to replace")
    return 0


def _replace(call: Call, each: Given) -> Steps:
    if dry_run(call) == "client":
        return (yield from told(call, each.document, "replaced"))
    action = Replace(each.document, call.flags.text("subresource"), "kubectl-replace", validation(call))
    if dry_run(call) == "server":
        receipt, shown = yield Look(lambda kube: kube.rehearse(action))
        return (yield from told(call, shown[0], "replaced", receipt.warnings))
    receipt = yield Act(action)
    shown = yield Look(lambda kube: kube.written(receipt.refs[0]))
    yield from told(call, shown, "replaced", receipt.warnings)


def _force(call: Call, each: Given) -> Steps:
    """Delete it, wait until it is gone, and make it anew."""
    there = yield Look(partial(_there, each))
    if there is not None:
        yield Act(Delete(each.resource.kind, each.name, each.namespace, call.flags.of("grace-period"), "Background"))
        kind = each.resource.spoken(each.name).partition("/")[0]
        yield from out(f'{kind} "{each.name}" deleted{f" from {each.namespace} namespace" if each.namespace else ""}\n')
        while (yield Look(partial(_there, each))) is not None:
            yield Wait(LOOKS)
    receipt = yield Act(Create([each.document], validation(call)))
    shown = yield Look(lambda kube: kube.written(receipt.refs[0]))
    yield from told(call, shown, "replaced", receipt.warnings)


def _there(each: Given, kube: Cluster) -> object:
    return kube.store.get(each.resource.kind, each.namespace, each.name)
