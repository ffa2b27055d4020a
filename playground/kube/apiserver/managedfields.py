"""Who manages which fields of an object?  The entries of metadata.managedFields, and what a write makes of them.

Source: apimachinery pkg/util/managedfields/internal (fieldmanager, managedfields, skipnonapplied, buildmanagerinfo, conflict).
Simplified: an object has entries from its first server-side apply on. What was there before belongs to whoever
`kubectl apply` made remember it, and the rest to `before-first-apply`. Writes of the control plane are not entered.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import fieldsets
from playground.kube.apiserver.fieldsets import Fields, Path
from playground.kube.apiserver.lastapplied import LAST_APPLIED
from playground.kube.apiserver.schema import Schema

JSON = dict[str, Any]
CLIENT_SIDE = "kubectl-client-side-apply"
BEFORE = "before-first-apply"
OURSELVES = "switchyard"


class Entry(msgspec.Struct, frozen=True):
    """One manager's fields. `operation` is Apply or Update; the three first and the subresource are who it is."""

    manager: str
    operation: str
    version: str
    fields: Fields
    time: str = ""
    subresource: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """An Apply of another version is still the same manager's."""
        return self.manager, self.operation, "" if self.operation == "Apply" else self.version, self.subresource

    @property
    def spoken(self) -> str:
        """As conflicts name it."""
        name = f'"{self.manager}"' + (f' with subresource "{self.subresource}"' if self.subresource else "")
        return f"{name} using {self.version}" if self.operation == "Update" else name


def read(meta: JSON) -> list[Entry]:
    """The entries in an object's metadata."""
    found = (each for each in meta.get("managedFields") or () if isinstance(each, dict) and each.get("manager"))
    return [
        Entry(
            each["manager"],
            each.get("operation", "Update"),
            each.get("apiVersion", ""),
            fieldsets.from_json(each.get("fieldsV1")),
            each.get("time", ""),
            each.get("subresource", ""),
        )
        for each in found
    ]


def written(entries: list[Entry]) -> list[JSON]:
    """The entries as they stand in the metadata; those without fields are gone."""
    kept = sorted((each for each in entries if each.fields), key=lambda each: (each.operation, each.time, each.manager, each.subresource))
    return [_json(each) for each in kept]


def at_first(schema: Schema, live: JSON) -> list[Entry]:
    """The entries of an object that nobody applied on the server before."""
    every, version = fieldsets.set_by(schema, live), live["apiVersion"]
    applied = _remembered(schema, live, every)
    rest = {path: None for path in every if path not in applied}
    time = live["metadata"].get("creationTimestamp", "")
    return [Entry(CLIENT_SIDE, "Update", version, applied, time), Entry(BEFORE, "Update", version, rest, time)]


def after_update(schema: Schema, before: JSON, after: JSON, entries: list[Entry], who: Entry) -> list[Entry]:
    """The entries after a write that was no apply: who changed a field owns it alone. `who` brings no fields."""
    old, new = fieldsets.set_by(schema, before), fieldsets.set_by(schema, after)
    changed = {path: None for path in new if _differs(schema, before, after, path)}
    gone = {path: None for path in old if path not in new}
    if not changed and not gone:
        return entries
    mine = next((each for each in entries if each.identity == who.identity), who)
    others = [_less(_less(each, changed), gone) for each in entries if each.identity != who.identity]
    fields = _less(mine, gone).fields | changed
    return [*others, msgspec.structs.replace(mine, fields=fields, time=who.time if changed else mine.time)]


def less(entry: Entry, paths: Fields) -> Entry:
    """The entry without these paths."""
    return _less(entry, paths)


def _less(entry: Entry, paths: Fields) -> Entry:
    kept = {path: None for path in entry.fields if path not in paths}
    return entry if len(kept) == len(entry.fields) else msgspec.structs.replace(entry, fields=kept)


def _differs(schema: Schema, before: JSON, after: JSON, path: Path) -> bool:
    was, now = fieldsets.value_at(schema, before, path), fieldsets.value_at(schema, after, path)
    return was is None if path[-1].startswith("k:") else bool(was != now)


def _remembered(schema: Schema, live: JSON, every: Fields) -> Fields:
    """What `kubectl apply` on the client side set: the fields of the annotation, and the annotation."""
    text = live["metadata"].get("annotations", {}).get(LAST_APPLIED)
    try:
        document = msgspec.json.decode(text) if text else None
    except msgspec.DecodeError:
        document = None
    if not isinstance(document, dict) or not {"apiVersion", "kind"} <= document.keys():
        return {}
    applied = fieldsets.set_by(schema, document)
    own = ("f:metadata", "f:annotations", f"f:{LAST_APPLIED}")
    return {path: None for path in every if path in applied or path == own}


def _json(entry: Entry) -> JSON:
    value: JSON = {
        "apiVersion": entry.version,
        "fieldsType": "FieldsV1",
        "fieldsV1": fieldsets.to_json(entry.fields),
        "manager": entry.manager,
        "operation": entry.operation,
    }
    value |= {"subresource": entry.subresource} if entry.subresource else {}
    return value | ({"time": entry.time} if entry.time else {})
