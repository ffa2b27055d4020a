"""What does `kubectl apply -f` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go.
With --server-side the server merges, by who manages which field.
Simplified: what was applied on the client's side before is not made the server side's own (csaupgrade).
"""

from __future__ import annotations

from playground.kube.actions import Apply, Patch
from playground.kube.errors import Refusal
from playground.terminal.kubectl import documents
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.changing import changed
from playground.terminal.kubectl.errors import Wrong, about, misused, together
from playground.terminal.kubectl.submitting import SHOWN, dry_run, told, validation
from playground.terminal.kubectl.unsimulated import sentence

FLAGS = f"{SHOWN} field-manager:text filename/f:list force-conflicts:switch server-side:switch validate:text=strict"
MANAGER = "kubectl"
DRY = "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)"
CONFLICTS = """
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""


def apply(call: Call) -> Program:
    if call.words:
        raise misused("apply", f"Unexpected args: [{' '.join(call.words)}]")
    if "filename" not in call.flags:
        raise Wrong("must specify one of -f and -k")
    on_server = _on_server(call)
    given = yield from documents.given(call)
    if not given:
        raise Wrong("no objects passed to apply")
    if validation(call) != "Strict" and not on_server:
        raise Wrong(sentence(f"apply --validate={call.flags.text('validate')}"))
    errors: list[Exception] = []
    for each in given:
        if on_server:
            errors += yield from _server_side(call, each)
            continue
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


def _on_server(call: Call) -> bool:
    """Whether the server is to merge; raises Wrong."""
    on_server = call.flags.on("server-side")
    if on_server and dry_run(call) == "client":
        raise Wrong(DRY)
    if call.flags.on("force-conflicts") and not on_server:
        raise Wrong("--force-conflicts only works with --server-side")
    return on_server


def _server_side(call: Call, each: documents.Given) -> Steps:
    """What went wrong with it."""
    manager, force = call.flags.text("field-manager") or MANAGER, call.flags.on("force-conflicts")
    action = Patch(each.resource.kind, each.name, each.document, each.namespace, "apply", "", manager, force, validation(call))
    try:
        document, warnings = yield from changed(call, action)
    except Refusal as refusal:
        return [Wrong(refusal.message + CONFLICTS) if refusal.reason == "Conflict" else refusal]
    yield from told(call, document, "serverside-applied", warnings)
    return []
