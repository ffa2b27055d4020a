"""What does `kubectl create -f` make?

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/create.go (RunCreate).
"""

from __future__ import annotations

from playground.kube.errors import Refusal
from playground.terminal.kubectl import documents
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong, about, misused, together
from playground.terminal.kubectl.submitting import COMMON, submit, told, validation

FLAGS = f"{COMMON} filename/f:list"


def create(call: Call) -> Program:
    """Of documents."""
    if "filename" not in call.flags:
        if call.words:
            raise misused("create", f"Unexpected args: [{' '.join(call.words)}]")
        raise Wrong("must specify one of -f and -k")
    given = yield from documents.given(call)
    if not given:
        raise Wrong("no objects passed to create")
    checks = validation(call)
    errors: list[Exception] = []
    for each in given:
        try:
            made, warnings = yield from submit(call, each.document, checks)
        except Refusal as refusal:
            errors.append(about(refusal, "creating", each.source))
            continue
        yield from told(call, made, "created", warnings)
    wrong = together(errors)
    if wrong is not None:
        raise wrong
    return 0
