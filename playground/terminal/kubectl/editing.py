"""What does `kubectl edit` do?  It opens the page's own editor for the object: there is no other editor in this terminal.

Source: staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go, for what is refused before an editor opens.
"""

from __future__ import annotations

from playground.terminal.kubectl.asks import Open, Program
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.changing import wanted
from playground.terminal.kubectl.errors import Wrong

FLAGS = "filename/f:list"


def edit(call: Call) -> Program:
    found = yield from wanted(call, call.words)
    if found.error is not None:
        raise found.error
    if len(found.infos) != 1:
        raise Wrong("this terminal edits one object at a time")
    info = found.infos[0]
    if not (yield Open(info.resource.kind, info.namespace, info.name)):
        raise Wrong(f"there is no editor here: kubectl get {info.spoken} -o yaml, and kubectl apply -f -, do the same")
    yield from out(f"{info.spoken} is open in the page's editor\n")
    return 0
