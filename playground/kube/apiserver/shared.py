"""Which equal JSON values are one value in memory?  Those that many objects hold alike, such as the specs of their Pods.

What is known by a value's identity, as in a memo, is then known for all that hold it. Nobody changes a value, so clusters share it too.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from playground.kube.apiserver.objects import JSON

T = TypeVar("T")
MOST = 1_000
_known: dict[bytes, object] = {}


def shared(value: T) -> T:
    """The one JSON value that stands for all that are written alike; forgotten when there are more than MOST."""
    text = msgspec.json.encode(value)
    if len(_known) >= MOST:
        _known.clear()
    return _known.setdefault(text, value)  # type: ignore[return-value]


def with_shared_template(spec: JSON) -> JSON:
    """The spec of an object that is not stored yet; if it has a Pod template, its Pods' spec is one value with all equal ones."""
    template = spec.get("template")
    if isinstance(template, dict) and isinstance(template.get("spec"), dict):
        template["spec"] = shared(template["spec"])
    return spec
