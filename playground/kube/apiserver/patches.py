"""What does an object look like after a patch?  JSON merge patch, strategic merge patch, and apply's three-way merge.

Source: RFC 7386; staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go; staging/src/k8s.io/kubectl/pkg/cmd/apply.
Items of a list are matched by the one key that the type names: ports by their number, whatever their protocol. Where two have the
same number, strange things come of it (kubernetes/kubernetes issue 105610), here as there.
Simplified: items of a patch that its own `$setElementOrder` does not name stand where they would without it, where Kubernetes refuses them.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import colliding
from playground.kube.apiserver.schema import Schema
from playground.kube.errors import bad_request

JSON = dict[str, Any]
Field = dict[str, Any]
_ORDER = "$setElementOrder/"
_DROP = "$deleteFromPrimitiveList/"


def merge(target: Any, patch: Any) -> Any:
    """RFC 7386: null removes, objects are merged, anything else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


class Merger:
    """The merges that need to know which lists have keys."""

    def __init__(self, schema: Schema):
        self._schema = schema

    def strategic(self, target: JSON, patch: JSON) -> JSON:
        """A strategic merge patch of a document, with its directives."""
        merged = self._patch(self._schema.root(target["apiVersion"], target["kind"]), target, patch)
        if not isinstance(merged, dict) or not merged:
            raise bad_request("the patch removes the whole object")
        return merged

    def three_way(self, original: JSON, modified: JSON, current: JSON) -> JSON:
        """`modified` on top of `current`, without what was in `original` and is no longer wanted."""
        result: JSON = self._three(self._schema.root(current["apiVersion"], current["kind"]), original, modified, current)
        return result

    # --- strategic merge patch

    def _patch(self, field: Field, target: Any, patch: Any) -> Any:
        if isinstance(patch, dict):
            return self._patch_object(field, target if isinstance(target, dict) else {}, patch)
        if isinstance(patch, list):
            return self._patch_list(field, target if isinstance(target, list) else [], patch)
        return patch

    def _patch_object(self, field: Field, target: JSON, patch: JSON) -> JSON:
        directive = patch.get("$patch")
        if directive == "delete":
            return {}
        if directive not in (None, "replace", "merge"):
            raise bad_request(f"Unknown patch directive {directive!r}: delete, replace or merge are known")
        result = {} if directive == "replace" else dict(target)
        for key, value in patch.items():
            if key.startswith(_DROP):
                name = key.removeprefix(_DROP)
                result[name] = [each for each in _listed(name, result.get(name) or []) if each not in _listed(key, value)]
            elif key == "$retainKeys":
                result = {name: each for name, each in result.items() if name in _listed(key, value)}
            elif key != "$patch" and not key.startswith(_ORDER):
                self._patch_key(field, result, key, value)
        for key, value in patch.items():
            name = key.removeprefix(_ORDER)
            if key.startswith(_ORDER) and isinstance(result.get(name), list):
                by = self._schema.child(field, name).get("mergeKey", "")
                result[name] = _in_order(result[name], _listed(key, value), target.get(name) or [], by)
        return result

    def _patch_key(self, field: Field, result: JSON, key: str, value: Any) -> None:
        if value is None:
            result.pop(key, None)
        else:
            result[key] = self._patch(self._schema.child(field, key), result.get(key), value)

    def _patch_list(self, field: Field, target: list[Any], patch: list[Any]) -> list[Any]:
        if not _merges(field):
            return patch
        key, items = field.get("mergeKey", ""), field.get("items", {})
        if not key:
            return _in_order(target + [each for each in patch if each not in target], patch, target)
        if {"$patch": "replace"} in patch:
            return [each for each in patch if "$patch" not in each]
        for each in patch:
            _need_key(each, key)
        if not target:
            return [self._patch(items, {}, each) for each in patch if "$patch" not in each]
        result, kept = list(target), [each for each in patch if each.get("$patch") != "delete"]
        for each in patch:
            if each.get("$patch") == "delete":
                result = [one for one in result if one.get(key) != each[key]]
        for each in kept:
            at = _find(result, each, key)
            if at is None:
                result.append(self._patch(items, {}, each))
            else:
                result[at] = self._patch(items, result[at], each)
        return _in_order(result, kept, target, key)

    # --- three-way merge

    def _three(self, field: Field, original: Any, modified: Any, current: Any) -> Any:
        if isinstance(modified, dict) and isinstance(current, dict):
            return self._three_objects(field, original if isinstance(original, dict) else {}, modified, current)
        if isinstance(modified, list) and isinstance(current, list) and _merges(field):
            return self._three_lists(field, original if isinstance(original, list) else [], modified, current)
        return modified

    def _three_objects(self, field: Field, original: JSON, modified: JSON, current: JSON) -> JSON:
        result = {key: value for key, value in current.items() if key in modified or key not in original}
        for key, value in modified.items():
            if value is None:
                result.pop(key, None)
            else:
                result[key] = self._three(self._schema.child(field, key), original.get(key), value, result.get(key))
        changed = any(result.get(key) != current.get(key) for key in modified)
        if changed and "retainKeys" in field.get("patchStrategy", ""):
            return {key: value for key, value in result.items() if modified.get(key) is not None}
        return result

    def _three_lists(self, field: Field, original: list[Any], modified: list[Any], current: list[Any]) -> list[Any]:
        key, items = field.get("mergeKey", ""), field.get("items", {})
        if not key:
            kept = [each for each in current if each in modified or each not in original]
            return _in_order(kept + [each for each in modified if each not in current], modified, current)
        for each in (*modified, *original, *current):
            _need_key(each, key)
        if any(colliding.collide(each, key) for each in (original, modified, current)):
            return _in_order(self._patch_list(field, current, colliding.patch(original, modified, current, key)), modified, current, key)
        result = []
        for each in modified:
            before, now = _find(original, each, key), _find(current, each, key)
            result.append(self._three(items, original[before] if before is not None else {}, each, current[now] if now is not None else {}))
        known = modified + original
        return _in_order(result + [each for each in current if _find(known, each, key) is None], modified, current, key)


def _in_order(merged: list[Any], wanted: list[Any], before: list[Any], key: str = "") -> list[Any]:
    """What the patch names in the patch's order, the others in the order of `before`. Of these two one stands before the other as it
    did there; what was not there comes first. Source: normalizeElementOrder, mergeSortedSlice."""
    called, were = [_known_by(each, key) for each in wanted], [_known_by(each, key) for each in before]
    named = sorted((each for each in merged if _known_by(each, key) in called), key=lambda each: called.index(_known_by(each, key)))
    others = [each for each in merged if _known_by(each, key) not in called]
    result = []
    while named and others:
        one, other = _known_by(others[0], key), _known_by(named[0], key)
        first = one in were and other in were and were.index(one) < were.index(other)
        result.append((others if first else named).pop(0))
    return result + named + others


def _known_by(item: Any, key: str) -> Any:
    return item.get(key) if key else item


def _listed(key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request(f"unexpected type for {key}: a list is expected")
    return value


def _merges(field: Field) -> bool:
    return "merge" in field.get("patchStrategy", "")


def _need_key(item: Any, key: str) -> None:
    if not isinstance(item, dict) or key not in item:
        shown = " ".join(f"{name}:{item[name]}" for name in sorted(item)) if isinstance(item, dict) else item
        raise bad_request(f"map: map[{shown}] does not contain declared merge key: {key}")


def _find(items: list[Any], item: JSON, key: str) -> int | None:
    return next((index for index, each in enumerate(items) if each.get(key) == item[key]), None)
