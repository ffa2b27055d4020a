"""What does `kubectl apply -f` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go.
Simplified: --server-side, --prune and the other commands of apply are not known here.
"""

from __future__ import annotations

from playground.kube.actions import Apply
from playground.kube.errors import Refusal
from playground.terminal.kubectl import documents
from playground.terminal.kubectl.asks import Act, Look, Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong, about, misused, together
from playground.terminal.kubectl.submitting import COMMON, dry_run, told

FLAGS = f"{COMMON} filename/f:list recursive/R:switch kustomize/k:text overwrite:switch wait:switch timeout:span"


def apply(call: Call) -> Program:
    if call.words:
        raise misused("apply", f"Unexpected args: [{' '.join(call.words)}]")
    if "filename" not in call.flags:
        raise Wrong("must specify one of -f and -k")
    given = yield from documents.given(call)
    if not given:
        raise Wrong("no objects passed to apply")
    errors: list[Exception] = []
    for each in given:
        action = Apply([each.document])
        old = yield Look(lambda kube, each=each: kube.store.get(each.resource.kind, each.namespace, each.name))
        try:
            if dry_run(call) == "none":
                receipt = yield Act(action)
                shown = yield Look(lambda kube, receipt=receipt: kube.shown(receipt.refs[0]))
            else:
                receipt, (shown,) = yield Look(lambda kube, action=action: kube.rehearse(action))
        except Refusal as refusal:
            errors.append(about(refusal, "creating", each.source) if old is None else refusal)
            continue
        verb = receipt.lines[0].rpartition(" ")[2]
        yield from told(call, shown, verb, receipt.warnings)
    wrong = together(errors)
    if wrong is not None:
        raise wrong
    return 0
