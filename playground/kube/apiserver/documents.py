"""What is a document before it is an object?  JSON from outside: lists are flattened, nulls dropped, copies made.

Source: sigs.k8s.io/json drops nulls as Go's decoder does; k8s.io/cli-runtime flattens Lists.
"""

from __future__ import annotations

from math import isfinite
from types import NoneType
from typing import Any

from playground.kube.errors import bad_request

Document = dict[str, Any]
DEEPEST = 64


def flatten(document: Document) -> list[Document]:
    """The documents in a `kind: List` (or a typed list of `items`), or the document itself."""
    kind = document.get("kind")
    if not isinstance(kind, str) or not kind.endswith("List") or not isinstance(document.get("items"), list):
        return [document]
    within = [each for each in document["items"] if each is not None]
    if not all(isinstance(each, dict) for each in within):
        raise bad_request(f"{kind} items must be objects")
    return [inner for each in within for inner in flatten(each)]


def fresh(value: Any) -> Any:
    """A deep copy of a JSON value without its nulls, which may be changed."""
    if isinstance(value, dict):
        return {key: fresh(each) for key, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [fresh(each) for each in value]
    return value


def identity(document: Any) -> tuple[str, str, Document]:
    """apiVersion, kind and metadata of a document; raises Refusal where they are missing or no strings."""
    if not isinstance(document, dict):
        raise bad_request(f"an object is expected, not {type(document).__name__}")
    for key in ("apiVersion", "kind"):
        value = document.get(key)
        if value is None or value == "":
            raise bad_request(f"Object '{key}' is missing in the document")
        if not isinstance(value, str):
            raise bad_request(f"{key} must be a string, not {value!r}")
    _check_plain(document, "", 0)
    metadata = document.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise bad_request("metadata must be an object")
    return document["apiVersion"], document["kind"], metadata or {}


def _check_plain(value: Any, path: str, depth: int) -> None:
    """Refuse what JSON cannot hold: other types, other keys, numbers beyond 64 bits or not finite; and bottomless nesting."""
    if depth > DEEPEST:
        raise bad_request(f"{path}: nested more than {DEEPEST} deep")
    if isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise bad_request(f"{path}: the key {key!r} must be a string")
            _check_plain(each, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _check_plain(each, f"{path}[{index}]", depth + 1)
    elif isinstance(value, float) and not isfinite(value):
        raise bad_request(f"{path}: {value} is not a JSON number")
    elif isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise bad_request(f"{path}: the number does not fit into 64 bits")
    elif not isinstance(value, (str, int, float, NoneType)):
        raise bad_request(f"{path}: a {type(value).__name__} is not JSON")
