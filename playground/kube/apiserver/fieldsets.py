"""Which fields does a document set, and how are sets of fields written?

Source: sigs.k8s.io/structured-merge-diff fieldpath (Set, PathElement, serialize) and typed (toset); metav1.FieldsV1.
A path is a tuple of steps as FieldsV1 writes them: `f:ports` a field, `k:{"port":80,"protocol":"TCP"}` an item of a list with
keys, `v:"x"` an item of a set. A set of paths is a dict, so that its order is that of its making.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from playground.kube.apiserver.schema import Schema

JSON = dict[str, Any]
Field = dict[str, Any]
Path = tuple[str, ...]
Fields = dict[Path, None]
# What is a key of a list and has a default that the schema does not tell.
KEY_DEFAULTS = {"protocol": "TCP"}
# What is the server's own, and nobody's to manage.
_UNMANAGED_META = (
    "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
    "deletionGracePeriodSeconds", "managedFields", "selfLink",
)  # fmt: skip


def set_by(schema: Schema, document: JSON) -> Fields:
    """The paths of every value that a document gives: leaves, and the items of lists with keys."""
    plain = {key: value for key, value in document.items() if key not in ("apiVersion", "kind", "metadata")}
    meta = {key: value for key, value in document.get("metadata", {}).items() if key not in _UNMANAGED_META}
    whole = {"metadata": meta, **plain} if meta else plain
    root = schema.root(document["apiVersion"], document["kind"])
    return dict.fromkeys(_walk(schema, root, whole, ()))


def is_atomic(field: Field, value: Any) -> bool:
    """Whether a value is owned as a whole: plain values, atomic maps and lists, empty ones."""
    if isinstance(value, dict):
        return not value or field.get("mapType") == "atomic"
    return not isinstance(value, list) or not value or field.get("listType") not in ("map", "set")


def keyed(field: Field, item: Any) -> str:
    """The step that leads to an item of a list with keys, or of a set."""
    if field.get("listType") == "set":
        return f"v:{msgspec.json.encode(item).decode()}"
    keys = {key: item.get(key, KEY_DEFAULTS.get(key)) for key in sorted(field.get("listMapKeys", ()))}
    return f"k:{msgspec.json.encode({key: value for key, value in keys.items() if value is not None}).decode()}"


def value_at(schema: Schema, document: JSON, path: Path) -> Any:
    """What stands at a path; None where there is nothing."""
    field, here = schema.root(document["apiVersion"], document["kind"]), document
    for step in path:
        if here is None:
            return None
        field, here = inside(schema, field, here, step)
    return here


def inside(schema: Schema, field: Field, here: Any, step: str) -> tuple[Field, Any]:
    """The field and the value one step further down."""
    if step.startswith("f:"):
        name = step[2:]
        return schema.child(field, name), here.get(name) if isinstance(here, dict) else None
    items = here if isinstance(here, list) else ()
    return field.get("items", {}), next((each for each in items if keyed(field, each) == step), None)


def to_json(fields: Fields) -> JSON:
    """As FieldsV1: nested objects, `.` for an item that is itself a member."""
    tree: JSON = {}
    for path in sorted(fields):
        here = tree
        for step in path:
            here = here.setdefault(step, {})
        if path[-1].startswith("k:"):
            here["."] = {}
    return tree


def from_json(tree: Any) -> Fields:
    """The inverse; what is no FieldsV1 is passed over."""
    return dict.fromkeys(_branches(tree, ())) if isinstance(tree, dict) else {}


def spoken(path: Path) -> str:
    """As conflicts name it: `.spec.ports[port=80,protocol="TCP"].targetPort`."""
    return "".join(map(_spoken_step, path))


def _walk(schema: Schema, field: Field, value: Any, path: Path) -> Iterator[Path]:
    if is_atomic(field, value):
        if path:
            yield path
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _walk(schema, schema.child(field, key), each, (*path, f"f:{key}"))
    else:
        for item in value:
            here = (*path, keyed(field, item))
            yield here
            if isinstance(item, dict):
                yield from _walk(schema, field.get("items", {}), item, here)


def _branches(tree: JSON, path: Path) -> Iterator[Path]:
    below = {step: each for step, each in tree.items() if step != "."}
    if path and (not below or "." in tree):
        yield path
    for step, each in below.items():
        if isinstance(each, dict):
            yield from _branches(each, (*path, step))


def _spoken_step(step: str) -> str:
    kind, text = step[:2], step[2:]
    if kind == "f:":
        return f".{text}"
    if kind == "v:":
        return f"[={text}]"
    keys = msgspec.json.decode(text)
    return "[" + ",".join(f"{key}={msgspec.json.encode(value).decode()}" for key, value in keys.items()) + "]"
