"""Which patch does `kubectl apply` send of a list in which two items have one key, as two ports of one number?

Source: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (CreateThreeWayMergePatch, diffListsOfMaps, mergeSlice),
Go sort/zsortinterface.go (insertionSort). Both lists are sorted by a comparison that calls equal keys smaller, which turns them
around; then they are compared item by item. So a port that is added behind one of its number changes nothing, one before it takes its
place (kubernetes/kubernetes issues 59482 and 105610), and one that is taken away takes the other with it.
Simplified: lists longer than 12, which Go sorts otherwise, are sorted in the same way; items are flat, as ports are.
"""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]
DELETE = "delete"


def collide(items: list[JSON], key: str) -> bool:
    keys = [each.get(key) for each in items]
    return any(each in keys[:index] for index, each in enumerate(keys))


def patch(original: list[JSON], modified: list[JSON], current: list[JSON], key: str) -> list[JSON]:
    """What makes `modified` of `current`, without what was in `original` and is no longer wanted. Each item has the key."""
    found, changes = _removed(original, modified, key), _changed(current, modified, key)
    if not found:
        return changes
    for change in changes:
        before = next((each for each in found if each[key] == change[key]), None)
        if before is None:
            found.append(change)
        else:
            before.update(change)
    return found


def _removed(original: list[JSON], modified: list[JSON], key: str) -> list[JSON]:
    """The fields and the items that are no longer wanted; the items stand last."""
    fields: list[JSON] = []
    items: list[JSON] = []
    for before, after in _pairs(original, modified, key):
        if before is not None and after is not None:
            gone = {name: None for name in before if name not in after}
            fields += [{**gone, key: before[key]}] if gone else []
        elif before is not None:
            items.append({key: before[key], "$patch": DELETE})
    return fields + items


def _changed(current: list[JSON], modified: list[JSON], key: str) -> list[JSON]:
    """The fields and the items that are other or new, in the order of the document."""
    if not current:
        return list(modified)
    found: list[JSON] = []
    for before, after in _pairs(current, modified, key):
        if before is not None and after is not None:
            other = {name: value for name, value in after.items() if name not in before or before[name] != value}
            found += [{**other, key: after[key]}] if other else []
        elif after is not None:
            found.append(dict(after))
    places = [each[key] for each in modified]
    return sorted(found, key=lambda each: places.index(each[key]))


def _pairs(one: list[JSON], other: list[JSON], key: str) -> list[tuple[JSON | None, JSON | None]]:
    """Items of both that are taken for the same, and those that have no partner."""
    first, second = _turned(one, key), _turned(other, key)
    found: list[tuple[JSON | None, JSON | None]] = []
    while first or second:
        if first and second and str(first[0][key]) == str(second[0][key]):
            found.append((first.pop(0), second.pop(0)))
        elif not first or (second and str(first[0][key]) > str(second[0][key])):
            found.append((None, second.pop(0)))
        else:
            found.append((first.pop(0), None))
    return found


def _turned(items: list[JSON], key: str) -> list[JSON]:
    """By key as text; equal ones in the order opposite to theirs."""
    turned = items[::-1]
    turned.sort(key=lambda each: str(each[key]))
    return turned
