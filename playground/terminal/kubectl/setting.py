"""What do `kubectl set image`, `set selector` and `set serviceaccount` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/set/{set_image,set_selector,set_serviceaccount}.go.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.apiserver.patches import merge
from playground.terminal.kubectl import templates
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.changing import MANY, NONE_NAMED, changed, patching, said, wanted
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.submitting import SHOWN, dry_run
from playground.terminal.kubectl.templates import update

JSON = dict[str, Any]
IMAGE, SELECTOR = MANY, f"{SHOWN} all:switch filename/f:list"
CONTAINERS = ("initContainers", "containers")


def image(call: Call) -> Program:
    images = dict(word.split("=", 1) for word in call.words if "=" in word)
    objects = [word for word in call.words if "=" not in word]
    if not images and not objects:
        raise Wrong(NONE_NAMED)
    found = yield from wanted(call, objects, NONE_NAMED)
    if found.error is not None:
        raise found.error
    if not images:
        raise Wrong("at least one image update is required")
    for info in found.infos:
        change = _images(info, images)
        if not change:
            continue
        document, warnings = merge(info.document, change), ()
        if dry_run(call) != "client":
            document, warnings = yield from changed(call, patching(info, change, "strategic", manager="kubectl-set"))
        yield from said(call, info, document, "image updated", warnings)
    return 0


def _images(info: Info, images: dict[str, str]) -> JSON:
    """The patch, empty where nothing differs; raises Wrong for containers that are not there."""
    spec = info.document.get("spec", {})
    inner = spec if info.resource.kind == "Pod" else spec.get("template", {}).get("spec", {})
    change: JSON = {}
    for name, wanted_image in images.items():
        fits = [(field, each) for field in CONTAINERS for each in inner.get(field) or () if name in (each["name"], "*")]
        if not fits:
            raise Wrong(f'unable to find container named "{name}"')
        for field, each in fits:
            if each.get("image") != wanted_image:
                change.setdefault(field, []).append({"name": each["name"], "image": wanted_image})
    if not change:
        return {}
    return {"spec": change if info.resource.kind == "Pod" else {"template": {"spec": change}}}


def selector(call: Call) -> Program:
    if len(call.words) < (1 if "filename" in call.flags else 2):
        raise Wrong(NONE_NAMED)
    *objects, pairs = call.words
    if pairs and "=" not in pairs:
        objects, pairs = [*objects, pairs], ""
        if len(objects) == 2:
            raise Wrong("resource(s) were provided, but no name was specified")
    found = yield from wanted(call, objects)
    if found.error is not None:
        raise found.error
    asked = [pair for pair in pairs.split(",") if pair]
    loose = " ".join(f"{{{each} Exists []}}" for each in asked if "=" not in each)
    if loose:
        raise Wrong(f"match expression [{loose}] not supported on this object")
    chosen = dict(pair.partition("=")[::2] for pair in asked)
    for info in found.infos:
        if info.resource.kind != "Service":
            raise Wrong("setting a selector is only supported for Services")
        document, warnings = info.document, ()
        if dry_run(call) != "client":
            old = document.get("spec", {}).get("selector") or {}
            change = {**{key: None for key in old if key not in chosen}, **chosen}
            document, warnings = yield from changed(
                call, patching(info, {"spec": {"selector": change}}, "strategic", manager="kubectl-set")
            )
        yield from said(call, info, document, "selector updated", warnings)
    return 0


def service_account(call: Call) -> Program:
    templates.check_place(call)
    if not call.words:
        raise Wrong("serviceaccount is required")
    *objects, name = call.words
    found = yield from wanted(call, objects)
    if found.error is not None:
        raise found.error
    yield from update(
        call, found.infos, partial(_run_as, name), "serviceaccount updated", "failed to patch ServiceAccountName ", silent=False
    )
    return 0


def _run_as(account: str, info: Info, spec: JSON) -> JSON:
    return {**spec, "serviceAccountName": account}
