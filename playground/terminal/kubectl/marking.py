"""What do `kubectl label` and `kubectl annotate` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/{label,annotate}.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.apiserver.names import label_value
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.changing import MANY, NONE_NAMED, changed, patching, said, wanted
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.submitting import dry_run

JSON = dict[str, Any]
FLAGS = f"{MANY} all-namespaces/A:switch field-selector:text overwrite:switch list:switch"


def marking(what: str) -> Callable[[Call], Program]:
    return partial(_mark, what)


def _mark(what: str, call: Call) -> Program:
    field = f"{what}s"
    marks = [word for word in call.words if "=" in word or word.endswith("-")]
    objects = [word for word in call.words if word not in marks]
    if not objects and "filename" not in call.flags:
        raise Wrong(NONE_NAMED)
    if not marks and not call.flags.on("list"):
        raise Wrong(f"at least one {what} update is required")
    new = dict(mark.split("=", 1) for mark in marks if "=" in mark)
    gone = [mark[:-1] for mark in marks if "=" not in mark]
    _check_marks(what, marks)
    found = yield from wanted(call, objects)
    for info in found.infos:
        if call.flags.on("list"):
            yield from _list(what, info, found.single)
        else:
            yield from _mark_one(call, what, field, info, new, gone)
    if found.error is not None:
        raise found.error
    return 0


def _check_marks(what: str, marks: list[str]) -> None:
    """What is wrong with them before anybody is asked; keys are the API server's to check (label.go parseLabels, annotate.go validateAnnotations)."""
    for mark in marks if what == "label" else ():
        if mark.count("=") > 1:
            raise Wrong(f"invalid label spec: {mark}")
        if problems := label_value(mark.partition("=")[2]):
            raise Wrong(f'invalid label value: "{mark}": {";".join(problems)}')
    new = [mark.partition("=")[0] for mark in marks if "=" in mark]
    both = [mark[:-1] for mark in marks if "=" not in mark and mark[:-1] in new]
    if both and what == "label":
        raise Wrong("can not both modify and remove a label in the same command")
    if both:
        raise Wrong(f"can not both modify and remove the following annotation(s) in the same command: {', '.join(both)}")


def _mark_one(call: Call, what: str, field: str, info: Info, new: JSON, gone: list[str]) -> Steps:
    own = info.document["metadata"].get(field) or {}
    if not call.flags.on("overwrite"):
        declared = [
            f"'{key}' already has a value ({own[key]})"
            for key, value in sorted(new.items())
            if key in own and (what == "annotation" or own[key] != value)
        ]
        if declared and what == "label":
            raise Wrong("; ".join(f"{each}, and --overwrite is false" for each in declared))
        if declared:
            raise Wrong(f"--overwrite is false but found the following declared annotation(s): {'; '.join(declared)}")
    if what == "label":
        for key in gone:
            if key not in own:
                yield from out(f'label "{key}" not found.\n')
    change: JSON = {**new, **{key: None for key in gone if key in own}}
    differs = any(own.get(key) != value for key, value in change.items())
    verb = _verb(what, own, change) if differs or what == "annotation" else "not labeled"
    document, warnings = info.document, ()
    if differs and dry_run(call) != "client":
        document, warnings = yield from changed(
            call, patching(info, {"metadata": {field: change}}, "merge", manager=f"kubectl-{call.command}")
        )
    return (yield from said(call, info, document, verb, warnings))


def _list(what: str, info: Info, single: bool) -> Steps:
    """All that it has; kubectl keeps no order."""
    if not single:
        group = info.document["apiVersion"].rpartition("/")[0].partition("/")[0]
        yield from err(f"Listing {what}s for {info.resource.kind}.{group}/{info.name}:\n")
    for key, value in sorted((info.document["metadata"].get(f"{what}s") or {}).items()):
        yield from out(f"{'' if single else ' '}{key}={value}\n")


def _verb(what: str, own: JSON, change: JSON) -> str:
    if what == "annotation":
        return "annotated"
    only_gone = all(value is None for value in change.values())
    return "unlabeled" if only_gone else "labeled"
