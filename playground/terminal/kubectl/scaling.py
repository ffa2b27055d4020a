"""What does `kubectl scale` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/scale; pkg/scale.
"""

from __future__ import annotations

from playground.kube.actions import Scale
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.changing import MANY, changed, said, wanted
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.flags import required
from playground.terminal.kubectl.submitting import dry_run

FLAGS = f"{MANY} replicas:whole current-replicas:whole"


def scale(call: Call) -> Program:
    required(call.flags, "replicas")
    replicas = call.flags.of("replicas")
    if replicas < 0:
        raise Wrong("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    found = yield from wanted(call, call.words)
    if found.error is not None and not found.infos:
        raise found.error
    for info in found.infos:
        _check_scale(call, info)
        document, warnings = info.document, ()
        if dry_run(call) != "client":
            document, warnings = yield from changed(call, Scale(info.resource.kind, info.name, replicas, info.namespace))
        yield from said(call, info, document, "scaled", warnings)
    if found.error is not None:
        raise found.error
    if not found.infos:
        raise Wrong("no objects passed to scale")
    return 0


def _check_scale(call: Call, info: Info) -> None:
    asked, now = call.flags.of("current-replicas", -1), info.document.get("spec", {}).get("replicas", 0)
    if asked not in (-1, now):
        raise Wrong(f"Expected replicas to be {asked}, was {now}")
