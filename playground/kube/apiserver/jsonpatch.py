"""What does a document look like after a JSON patch?

Source: RFC 6902 and RFC 6901; the words of refusals from github.com/evanphx/json-patch, which the API server uses.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from playground.kube.apiserver.documents import fresh
from playground.kube.errors import Refusal, bad_request

JSON = dict[str, Any]
MOST = 10_000


class Inapplicable(Exception):
    """An operation cannot be done; its text says why."""


def patched(document: JSON, operations: Any) -> JSON:
    """The document with all operations done in order, free to be changed. Raises Refusal; which operation cannot be done is not told,
    as errors.NewGenericServerResponse keeps the server's own words back."""
    if not isinstance(operations, list):
        raise bad_request(
            f"error decoding patch: json: cannot unmarshal {sort_of(operations)} into Go value of type []handlers.jsonPatchOp"
        )
    wrong = next((each for each in operations if not isinstance(each, dict)), None)
    if wrong is not None:
        raise bad_request(f"error decoding patch: json: cannot unmarshal {sort_of(wrong)} into Go value of type handlers.jsonPatchOp")
    if len(operations) > MOST:
        raise Refusal(413, "RequestEntityTooLarge", f"The allowed maximum operations in a JSON patch is {MOST}, got {len(operations)}")
    try:
        return applied(document, operations)
    except Inapplicable:
        raise Refusal(422, "Invalid", "the server rejected our request due to an error in our request") from None


def applied(document: JSON, operations: list[JSON]) -> JSON:
    """The same, of operations that are objects; raises Inapplicable."""
    whole: JSON = {"": deepcopy(document)}
    for each in operations:
        _apply(whole, each)
    return whole[""]  # type: ignore[no-any-return]


def sort_of(value: Any) -> str:
    """What encoding/json calls a value that is of another type than it is to be."""
    if value is None or isinstance(value, bool):
        return "bool" if value is not None else "null"
    return next(
        word for kind, word in ((str, "string"), (dict, "object"), (list, "array"), ((int, float), "number")) if isinstance(value, kind)
    )


def _apply(whole: JSON, operation: JSON) -> None:
    kind = operation.get("op")
    path = operation.get("path")
    if kind not in _OPERATIONS or not isinstance(path, str):
        raise Inapplicable(f"Unexpected kind: {kind}" if isinstance(path, str) else "missing path")
    if kind in ("add", "replace", "test") and "value" not in operation and kind != "test":
        raise Inapplicable(f"missing value for {kind} operation")
    _OPERATIONS[kind](whole, operation, path)


def _add(whole: JSON, operation: JSON, path: str) -> None:
    _put(whole, path, fresh(operation["value"]), "add")


def _put(whole: JSON, path: str, value: Any, verb: str) -> None:
    parent, key = _parent(whole, path, verb)
    if isinstance(parent, list):
        parent.insert(len(parent) if key == "-" else _index(key, len(parent) + 1, verb, path), value)
    else:
        parent[key] = value


def _remove(whole: JSON, operation: JSON, path: str) -> None:
    _take(whole, path, "remove")


def _take(whole: JSON, path: str, verb: str) -> Any:
    parent, key = _parent(whole, path, verb)
    if isinstance(parent, list):
        return parent.pop(_index(key, len(parent), verb, path))
    if key not in parent:
        raise Inapplicable(f"error in {verb} for path: '{path}': Unable to remove nonexistent key: {key}: missing value")
    return parent.pop(key)


def _replace(whole: JSON, operation: JSON, path: str) -> None:
    parent, key = _parent(whole, path, "replace")
    if isinstance(parent, list):
        parent[_index(key, len(parent), "replace", path)] = fresh(operation["value"])
    elif key in parent:
        parent[key] = fresh(operation["value"])
    else:
        raise Inapplicable(f"replace operation does not apply: doc is missing key: {path}: missing value")


def _move(whole: JSON, operation: JSON, path: str) -> None:
    source = _source(operation)
    if path.startswith(f"{source}/"):
        raise Inapplicable(f"move operation does not apply: {path} is inside of {source}")
    _put(whole, path, _take(whole, source, "move"), "move")


def _copy(whole: JSON, operation: JSON, path: str) -> None:
    _put(whole, path, fresh(_found(whole, _source(operation), "copy")), "copy")


def _test(whole: JSON, operation: JSON, path: str) -> None:
    wanted = operation.get("value")
    try:
        found = _found(whole, path, "test")
    except Inapplicable:
        if wanted is None:
            return
        raise
    if not _equal(found, wanted):
        raise Inapplicable(f"testing value {path} failed: test failed")


def _source(operation: JSON) -> str:
    source = operation.get("from")
    if not isinstance(source, str):
        raise Inapplicable("missing from")
    return source


def _found(whole: JSON, path: str, verb: str) -> Any:
    parent, key = _parent(whole, path, verb)
    if isinstance(parent, list):
        return parent[_index(key, len(parent), verb, path)]
    if key not in parent:
        raise Inapplicable(f"{verb} operation does not apply: doc is missing path: {path}: missing value")
    return parent[key]


def _parent(whole: JSON, path: str, verb: str) -> tuple[Any, str]:
    """The object or list that holds what a pointer means, and the key in it. The document itself is held under the key ''."""
    if path == "":
        return whole, ""
    if not path.startswith("/"):
        raise Inapplicable(f"{verb} operation does not apply: doc is missing path: {path}: missing value")
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    here = whole[""]
    for step in steps:
        here = _inside(here, step, verb, path)
    if not isinstance(here, (dict, list)):
        raise Inapplicable(f"{verb} operation does not apply: doc is missing path: {path}: missing value")
    return here, last


def _inside(here: Any, step: str, verb: str, path: str) -> Any:
    if isinstance(here, list):
        return here[_index(step, len(here), verb, path)]
    return here.get(step) if isinstance(here, dict) else None


def _index(key: str, length: int, verb: str, path: str) -> int:
    if not (key.isascii() and key.isdigit()) or (len(key) > 1 and key[0] == "0") or len(key) > 9:
        raise Inapplicable(f"{verb} operation does not apply: doc is missing path: {path}: invalid array index: {key}")
    if int(key) >= length:
        raise Inapplicable(
            f"{verb} operation does not apply: doc is missing path: {path}: Unable to access invalid index: {key}: invalid index referenced"
        )
    return int(key)


def _equal(one: Any, two: Any) -> bool:
    """JSON's equality: true is not 1."""
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_equal(value, two[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(_equal, one, two))
    return isinstance(one, bool) == isinstance(two, bool) and bool(one == two)


_OPERATIONS: dict[str, Callable[[JSON, JSON, str], None]] = {
    "add": _add, "remove": _remove, "replace": _replace, "move": _move, "copy": _copy, "test": _test,
}  # fmt: skip
