"""What does an object look like after a server-side apply, and who owns its fields then?

Source: sigs.k8s.io/structured-merge-diff merge/update.go (Apply, prune), typed/merge.go; apimachinery
pkg/util/managedfields/internal/conflict.go; kubernetes.io/docs/reference/using-api/server-side-apply.
Simplified: items of a list stand in the order of the object, new ones behind.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import fieldsets, managedfields
from playground.kube.apiserver.documents import fresh
from playground.kube.apiserver.fieldsets import Field, Fields, Path
from playground.kube.apiserver.managedfields import Entry
from playground.kube.apiserver.schema import Schema
from playground.kube.errors import Cause, Refusal

JSON = dict[str, Any]


def first(schema: Schema, config: JSON, who: Entry) -> list[Entry]:
    """The entries of an object that a server-side apply creates."""
    return [msgspec.structs.replace(who, fields=fieldsets.set_by(schema, config))]


def applied(schema: Schema, live: JSON, config: JSON, who: Entry, force: bool) -> tuple[JSON, list[Entry]]:
    """The merged document, free to be changed, and the entries; `who` brings no fields. Raises Refusal for conflicts without `force`."""
    entries = managedfields.read(live["metadata"]) or managedfields.at_first(schema, live)
    others = [each for each in entries if each.identity != who.identity]
    before = next((each for each in entries if each.identity == who.identity), who)
    wanted = fieldsets.set_by(schema, config)
    root = schema.root(live["apiVersion"], live["kind"])
    merged = _merge(schema, root, fresh(live), config)
    conflicts = _conflicts(schema, live, merged, wanted, others)
    if conflicts and not force:
        raise _refused(conflicts)
    for entry, path in conflicts:
        others = [managedfields.less(each, {path: None}) if each.identity == entry.identity else each for each in others]
    gone = [path for path in sorted(before.fields) if path not in wanted]
    for path in gone:
        if not _kept(path, others, wanted):
            _remove(schema, root, merged, path)
    changed = wanted != before.fields or who.version != before.version
    mine = msgspec.structs.replace(who, fields=wanted, time=who.time if changed or not before.time else before.time)
    return merged, [*others, mine]


def _conflicts(schema: Schema, live: JSON, merged: JSON, wanted: Fields, others: list[Entry]) -> list[tuple[Entry, Path]]:
    """Each field that another manager owns and that would change."""
    changed = [
        path for path in sorted(wanted) if fieldsets.value_at(schema, live, path) != fieldsets.value_at(schema, merged, path)
    ]  # an item of a list counts as changed where a field of it does, but only its fields are in conflict
    leaves = [path for path in changed if not path[-1].startswith("k:") or fieldsets.value_at(schema, live, path) is None]
    return [(entry, path) for entry in others for path in leaves if path in entry.fields]


def _refused(conflicts: list[tuple[Entry, Path]]) -> Refusal:
    causes = tuple(Cause(fieldsets.spoken(path), "FieldManagerConflict", f"conflict with {entry.spoken}") for entry, path in conflicts)
    if len(conflicts) == 1:
        entry, path = conflicts[0]
        return Refusal(409, "Conflict", f"Apply failed with 1 conflict: conflict with {entry.spoken}: {fieldsets.spoken(path)}", causes)
    lines: list[str] = []
    for name in sorted({entry.spoken for entry, _ in conflicts}):
        lines += [f"conflicts with {name}:", *(f"- {fieldsets.spoken(path)}" for entry, path in conflicts if entry.spoken == name)]
    return Refusal(409, "Conflict", f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines), causes)


def _kept(path: Path, others: list[Entry], wanted: Fields) -> bool:
    """Whether somebody still owns the field, or a part of the item."""
    owned = [*(each.fields for each in others), wanted]
    return any(path == each[: len(path)] for fields in owned for each in fields)


def _merge(schema: Schema, field: Field, live: Any, config: Any) -> Any:
    if isinstance(config, dict) and isinstance(live, dict) and field.get("mapType") != "atomic":
        for key, value in config.items():
            live[key] = _merge(schema, schema.child(field, key), live.get(key), value)
        return live
    if isinstance(config, list) and isinstance(live, list) and field.get("listType") in ("map", "set"):
        return _merge_lists(schema, field, live, config)
    return fresh(config)


def _merge_lists(schema: Schema, field: Field, live: list[Any], config: list[Any]) -> list[Any]:
    places = {fieldsets.keyed(field, each): place for place, each in enumerate(live)}
    for item in config:
        place = places.get(fieldsets.keyed(field, item))
        if place is None:
            live.append(fresh(item))
        else:
            live[place] = _merge(schema, field.get("items", {}), live[place], item)
    return live


def _remove(schema: Schema, root: Field, document: JSON, path: Path) -> None:
    field, here = root, document
    for step in path[:-1]:
        field, here = fieldsets.inside(schema, field, here, step)
        if here is None:
            return
    last = path[-1]
    if last.startswith("f:") and isinstance(here, dict):
        here.pop(last[2:], None)
    elif isinstance(here, list):
        here[:] = [each for each in here if fieldsets.keyed(field, each) != last]
