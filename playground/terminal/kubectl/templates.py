"""Where in an object does the spec of its Pods stand, and how is it changed there?  What `set env`, `set resources` and `set serviceaccount` share.

Source: staging/src/k8s.io/kubectl/pkg/cmd/set/helper.go; pkg/polymorphichelpers/updatepodspec.go.
Simplified: the patch replaces lists as a whole, where kubectl's names the items.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Steps
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.changing import changed, patching, said
from playground.terminal.kubectl.errors import Several, Wrong
from playground.terminal.kubectl.submitting import SHOWN, dry_run

JSON = dict[str, Any]
Change = Callable[[Info, JSON], JSON]
FLAGS = f"{SHOWN} all:switch filename/f:list"
TEMPLATED = ("DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet")
NO_TEMPLATE = "the object is not a pod or does not have a pod template"


class NoneFits(Wrong):
    """No container is one that a change is for: said without the object's name."""


def check_place(call: Call) -> None:
    if call.flags.on("all") and call.flags.text("selector"):
        raise Wrong("cannot set --all and --selector at the same time")


def pod_spec(info: Info) -> JSON:
    """Raises Wrong where there is none."""
    spec: JSON = info.document
    for field in _way(info):
        spec = spec.get(field, {})
    return spec


def matching(spec: JSON, pattern: str) -> list[JSON]:
    """The containers that a pattern names, `*` for any part of a name: init containers come last."""
    return [each for field in ("containers", "initContainers") for each in spec.get(field) or () if _fits(each["name"], pattern)]


def with_containers(spec: JSON, new: dict[str, JSON]) -> JSON:
    """The spec with other containers in the place of those of the same name."""
    fields = [field for field in ("containers", "initContainers") if spec.get(field)]
    return {**spec, **{field: [new.get(each["name"], each) for each in spec[field]] for field in fields}}


def update(call: Call, infos: list[Info], change: Change, verb: str, failed: str, silent: bool = True) -> Steps:
    """Give each object the Pod spec that `change` makes of its own; raises what went wrong, when all are done.

    `change` raises Wrong; `failed` is said before what the API server answers; `silent`: nothing is said where nothing differs.
    """
    errors: list[Exception] = []
    for info in infos:
        try:
            old = pod_spec(info)
            new = change(info, old)
        except NoneFits as error:
            errors.append(Wrong(f"error: {error}"))
            continue
        except Wrong as error:
            errors.append(Wrong(f"error: {info.resource.plural}/{info.name} {error}\n"))
            continue
        try:
            if new != old:
                yield from _put(call, info, new, verb)
            elif not silent:
                yield from said(call, info, info.document, verb)
        except Refusal as refusal:
            errors.append(Wrong(f"{failed}{refusal.message}"))
    if errors:
        raise errors[0] if len(errors) == 1 else Several(errors)


def _put(call: Call, info: Info, new: JSON, verb: str) -> Steps:
    document, warnings = _nested(info.document, _way(info), new), ()
    if dry_run(call) != "client":
        patch: JSON = {field: new.get(field) for field in ("containers", "initContainers", "serviceAccountName") if field in new}
        for field in reversed(_way(info)):
            patch = {field: patch}
        document, warnings = yield from changed(call, patching(info, patch, "merge", manager="kubectl-set"))
    yield from said(call, info, document, verb, warnings)


def _nested(document: JSON, way: tuple[str, ...], value: JSON) -> JSON:
    first, *rest = way
    return {**document, first: _nested(document.get(first, {}), tuple(rest), value) if rest else value}


def _way(info: Info) -> tuple[str, ...]:
    if info.resource.kind == "Pod":
        return ("spec",)
    if info.resource.kind == "CronJob":
        return ("spec", "jobTemplate", "spec", "template", "spec")
    if info.resource.kind in TEMPLATED:
        return ("spec", "template", "spec")
    raise Wrong(f"{NO_TEMPLATE}: *{info.resource.version}.{info.resource.word}")


def _fits(name: str, pattern: str) -> bool:
    """As selectString of kubectl's: each part of the pattern is looked for behind the one before it."""
    if "*" not in pattern:
        return name == pattern
    place, parts = 0, pattern.split("*")
    for index, part in enumerate(parts):
        found = name[place:].find(part) if part else 0
        if part and (found < place or (index == 0 and place) or (index == len(parts) - 1 and len(name) != len(part) + found)):
            return False
        place = found if part else place
    return True
