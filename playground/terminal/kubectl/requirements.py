"""What does `kubectl set resources` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/set/set_resources.go; pkg/generate/versioned (HandleResourceRequirementsV1).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.apiserver.quantity import amount
from playground.terminal.kubectl import templates
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.changing import wanted
from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]
FLAGS = f"{templates.FLAGS} selector/l:text containers/c:text limits:text requests:text"
NO_QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
FIELDS = ("limits", "requests")


def set_resources(call: Call) -> Program:
    found = yield from wanted(call, call.words)
    if found.error is not None:
        raise found.error
    templates.check_place(call)
    if not any(map(call.flags.text, FIELDS)):
        raise Wrong("you must specify an update to requests or limits (in the form of --requests/--limits)")
    asked = {field: _amounts(call.flags.text(field)) for field in FIELDS if call.flags.text(field)}
    change = partial(_changed, call.flags.text("containers", "*"), asked)
    failed = "failed to patch resources update to pod template "
    yield from templates.update(call, found.infos, change, "resource requirements updated", failed)
    return 0


def _amounts(text: str) -> dict[str, str]:
    found = {}
    for pair in text.split(","):
        name, equals, quantity = pair.partition("=")
        if not equals or "=" in quantity:
            raise Wrong(f"invalid argument syntax {pair}, expected <resource>=<value>")
        if amount(quantity) is None:
            raise Wrong(NO_QUANTITY)
        found[name] = quantity
    return found


def _changed(pattern: str, asked: dict[str, dict[str, str]], info: Info, spec: JSON) -> JSON:
    fitting = templates.matching(spec, pattern)
    if not fitting:
        raise templates.NoneFits(f"unable to find container named {pattern}")
    return templates.with_containers(spec, {each["name"]: {**each, "resources": _laid(each, asked)} for each in fitting})


def _laid(container: JSON, asked: dict[str, dict[str, str]]) -> JSON:
    own = container.get("resources") or {}
    return {**own, **{field: {**own.get(field, {}), **new} for field, new in asked.items()}}
