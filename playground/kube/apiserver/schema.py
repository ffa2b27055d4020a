"""Which fields does a document have that Kubernetes does not know, and which have the wrong type?

Source: the OpenAPI definitions of Kubernetes; strict decoding in staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json
and sigs.k8s.io/json, whose words are Go's.
Simplified: every wrong type is told, where Kubernetes stops at the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import msgspec

from playground.kube.errors import Cause

Field = dict[str, Any]
Type = dict[str, Any]
DEEPEST = 32
_QUANTITY = re.compile(r"([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_META: Field = {"type": "object", "ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
_GO = {"boolean": "bool", "number": "float64", "int-or-string": "intstr.IntOrString", "quantity": "resource.Quantity", "time": "v1.Time"}


class Problem(msgspec.Struct, frozen=True):
    """`path` as the API server prints it; `words` are its own; `hint` is ours; `unknown` tells a field from a type."""

    path: str
    words: str
    hint: str
    unknown: bool

    def cause(self) -> Cause:
        return Cause(self.path, "FieldValueNotSupported" if self.unknown else "FieldValueTypeInvalid", f"{self.words}{self.hint}")


class Schema:
    """`value` is {"kinds": {"apps/v1/Deployment": type name}, "types": {type name: {"fields": {name: field}, "required": [...]}}}."""

    def __init__(self, value: dict[str, Any]):
        self.kinds: dict[str, str] = value["kinds"]
        self.types: dict[str, Type] = value["types"]

    def knows(self, api_version: str, kind: str) -> bool:
        return f"{api_version}/{kind}" in self.kinds

    def root(self, api_version: str, kind: str) -> Field:
        """The document as a field of its own; of a custom kind only the metadata is known."""
        name = self.kinds.get(f"{api_version}/{kind}")
        return {"type": "object", "ref": name} if name else {"type": "object", "fields": {"metadata": _META}}

    def fields(self, field: Field) -> dict[str, Field] | None:
        """The fields of an object, or None if it may hold any."""
        if "fields" in field:
            return None
        described: dict[str, Field] | None = self.types.get(field.get("ref", ""), {}).get("fields")
        return described or None

    def child(self, field: Field, name: str) -> Field:
        """The field called `name` of an object or the values of a map; {} where the schema is silent."""
        listed = field.get("fields") or self.fields(field) or {}
        found: Field = listed.get(name) or field.get("values") or {}
        return found

    def problems(self, document: dict[str, Any]) -> list[Problem]:
        """Every unknown field and every wrong type of a document, in its order."""
        api_version, kind = document["apiVersion"], document["kind"]
        return list(self._walk(self.root(api_version, kind), document, "", (), kind, 0))

    def known(self, document: dict[str, Any]) -> dict[str, Any]:
        """A copy of a document without the fields that nobody knows."""
        result: dict[str, Any] = self._known(self.root(document["apiVersion"], document["kind"]), document, 0)
        return result

    def _known(self, field: Field, value: Any, depth: int) -> Any:
        if depth > DEEPEST:
            return value
        if isinstance(value, dict):
            fields = self.fields(field)
            kept = value.items() if fields is None else ((name, each) for name, each in value.items() if name in fields)
            return {name: self._known(self.child(field, name), each, depth + 1) for name, each in kept}
        return [self._known(field.get("items", {}), each, depth + 1) for each in value] if isinstance(value, list) else value

    def _walk(self, field: Field, value: Any, path: str, names: tuple[str, ...], owner: str, depth: int) -> Iterator[Problem]:
        kind = field.get("type", "any")
        if value is None or kind == "any":
            return
        if depth > DEEPEST:
            yield Problem(path, f"exceeded max depth of {DEEPEST}", "", False)
        elif kind == "object":
            yield from self._object(field, value, path, names, owner, depth)
        elif kind == "array":
            yield from self._array(field, value, path, names, owner, depth)
        elif wrong := _scalar_problem(field, value, names, owner):
            yield Problem(path, wrong, _seen(field, value), False)

    def _object(self, field: Field, value: Any, path: str, names: tuple[str, ...], owner: str, depth: int) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(path, _unmarshal(value, names, owner, _go_type(field)), _seen(field, value), False)
            return
        fields = self.fields(field)
        inner = _short(field["ref"]) if fields else owner
        for name, each in value.items():
            where = f"{path}.{name}" if path else str(name)
            if fields is not None and name not in fields:
                yield Problem(where, f'unknown field "{where}"', _nearest(str(name), fields), True)
            else:
                below = (*names, str(name)) if fields or "fields" in field else names
                yield from self._walk(self.child(field, str(name)), each, where, below, inner, depth + 1)

    def _array(self, field: Field, value: Any, path: str, names: tuple[str, ...], owner: str, depth: int) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(path, _unmarshal(value, names, owner, _go_type(field)), _seen(field, value), False)
            return
        items = field.get("items", {})
        for index, each in enumerate(value):
            where = f"{path}[{index}]"
            if each is None:
                yield Problem(where, _unmarshal(each, names, owner, _go_type(items)), _seen(items, each), False)
            yield from self._walk(items, each, where, names, owner, depth + 1)


def _scalar_problem(field: Field, value: Any, names: tuple[str, ...], owner: str) -> str | None:
    """Why a string, number or boolean cannot be read into a field, in Go's words, or None."""
    kind = field["type"]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    right = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "number": number,
        "integer": isinstance(value, int) and number and _fits(value, field),
        "int-or-string": isinstance(value, str) or (isinstance(value, int) and number and _fits(value, {"format": "int32"})),
        "quantity": number or isinstance(value, str),
        "time": isinstance(value, str),
    }[kind]
    if not right:
        return _unmarshal(value, names, owner, _go_type(field))
    if kind == "quantity" and isinstance(value, str) and not (len(value) <= 32 and _QUANTITY.fullmatch(value)):
        return r"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    if kind == "time" and not (len(value) <= 40 and _TIME.fullmatch(value)):
        return f'parsing time "{value[:40]}" as "2006-01-02T15:04:05Z07:00": cannot parse it'
    return _base64_problem(value) if field.get("format") == "byte" else None


def _base64_problem(text: str) -> str | None:
    """Newlines are passed over; what is cut short is told where its last group of four begins."""
    letters = text.replace("\n", "").replace("\r", "")
    if _BASE64.fullmatch(letters):
        return None
    good = len(re.match(r"[A-Za-z0-9+/\r\n]*", text)[0])  # type: ignore[index]
    return f"illegal base64 data at input byte {good if good < len(text) else len(letters) // 4 * 4}"


def _unmarshal(value: Any, names: tuple[str, ...], owner: str, go_type: str) -> str:
    return f"json: cannot unmarshal {_go_value(value)} into Go struct field {'.'.join((owner, *names))} of type {go_type}"


def _fits(value: int, field: Field) -> bool:
    bits = 63 if field.get("format") == "int64" else 31
    return -(1 << bits) <= value < 1 << bits


def _go_value(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "bool"
    if isinstance(value, (int, float)):
        return f"number {value}" if isinstance(value, float) or abs(value) >= 1 << 31 else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _go_type(field: Field) -> str:
    kind = field.get("type", "any")
    if kind == "array":
        return f"[]{_go_type(field.get('items', {}))}"
    if kind == "object":
        return f"v1.{_short(field['ref'])}" if "ref" in field else f"map[string]{_go_type(field.get('values', {'type': 'string'}))}"
    if kind == "integer":
        return str(field.get("format", "int32"))
    return _GO.get(kind, str(kind))


def _seen(field: Field, value: Any) -> str:
    text, called = msgspec.json.encode(value).decode(), field.get("type", "value")
    kind = {
        "array": "a list",
        "object": "a map",
        "integer": "an integer",
        "int-or-string": "an integer or a string",
        "boolean": "true or false",
    }
    return f" (saw {text if len(text) <= 60 else text[:57] + '...'}, expected {kind.get(called, 'a ' + called)})"


def _nearest(name: str, fields: dict[str, Field]) -> str:
    """Our hint: the known field that the unknown one most likely means."""
    if len(name) > 80:
        return ""
    plain = {known.lower(): known for known in fields}
    near = get_close_matches(name.lower(), plain, 1, 0.6)
    return f'; did you mean "{plain[near[0]]}"?' if near else ""


def _short(ref: str) -> str:
    return ref.rpartition(".")[2]
