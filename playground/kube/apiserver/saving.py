"""How are objects saved, so that what many share is written once, and shared again when it is read?

A saved object is its fields, with a number in the place of each JSON value and of the owners: where it stands in the list
of distinct values. Values are told apart by their bytes, so that equal clusters are saved alike whatever they share. Nobody
changes a value, so that the clusters of a process share them too: most hold the same first objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_type_hints

import msgspec
from msgspec.structs import fields

from playground.kube.apiserver.distinct import Distinct
from playground.kube.apiserver.objects import JSON, Endpoint, EndpointSlice, Object, Owner, Stored

OWNERS = "owners"
JSONS = ("labels", "annotations", "meta", "spec", "status", "rest")
SHARED_WORDS = ("kind", "namespace", "name", "uid", "node", "ip", "host_ip", "other_ip")
KINDS: tuple[type[Object], ...] = get_args(Stored)


def _row(kind: type[Object]) -> type[msgspec.Struct]:
    """The same fields as an object's, with numbers for what is shared."""
    types = get_type_hints(kind)
    typed = [(field.name, int if field.name in (OWNERS, *JSONS) else types[field.name]) for field in fields(kind)]
    return msgspec.defstruct(kind.__name__, typed, frozen=True, gc=False, array_like=True, tag=True)


ROWS = {kind: _row(kind) for kind in KINDS}
_OBJECTS = {row: kind for kind, row in ROWS.items()}
_PLACES = [place for place, field in enumerate(fields(Object)) if field.name in JSONS]
_OWNERS_PLACE = [field.name for field in fields(Object)].index(OWNERS)
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in KINDS}
_WORDS = {kind: [place for place, name in enumerate(_NAMES[kind]) if name in SHARED_WORDS] for kind in KINDS}
_ENDPOINTS_PLACE = _NAMES[EndpointSlice].index("endpoints")
if TYPE_CHECKING:
    Row = Any
else:
    Row = Union[tuple(ROWS.values())]  # noqa: UP007


class Objects(msgspec.Struct):
    """Objects as they are saved, in the order in which they were given."""

    values: list[msgspec.Raw]
    owners: list[tuple[Owner, ...]]
    rows: list[Row]


def save(objects: Sequence[Stored]) -> Objects:
    values, owners = Distinct(msgspec.json.encode), Distinct(msgspec.json.encode)
    rows = []
    for thing in objects:
        cells = [getattr(thing, name) for name in _NAMES[type(thing)]]
        for place in _PLACES:
            cells[place] = values.number(cells[place])
        cells[_OWNERS_PLACE] = owners.number(cells[_OWNERS_PLACE])
        rows.append(ROWS[type(thing)](*cells))
    return Objects([msgspec.Raw(msgspec.json.encode(each)) for each in values.listed], owners.listed, rows)


def load(saved: Objects) -> Iterator[Stored]:
    """The inverse of `save`."""
    values, owners, words = [_shared(bytes(raw)) for raw in saved.values], saved.owners, _Words()
    for row in saved.rows:
        cells = list(msgspec.structs.astuple(row))
        for place in _PLACES:
            cells[place] = values[cells[place]]
        cells[_OWNERS_PLACE] = owners[cells[_OWNERS_PLACE]]
        kind = _OBJECTS[type(row)]
        for place in _WORDS[kind]:
            cells[place] = words[cells[place]]
        if kind is EndpointSlice:
            cells[_ENDPOINTS_PLACE] = tuple([_with_words(each, words) for each in cells[_ENDPOINTS_PLACE]])
        yield kind(*cells)


def _with_words(endpoint: Endpoint, words: _Words) -> Endpoint:
    """The same with the Pod's own address, name and uid."""
    ip, node, zone, pod, uid, *rest = msgspec.structs.astuple(endpoint)
    return Endpoint(words[ip], words[node], words[zone], words[pod], words[uid], *rest)


class _Words(dict[str, str]):
    """One copy of each word that many objects hold."""

    def __missing__(self, word: str) -> str:
        self[word] = word
        return word


@lru_cache(maxsize=20_000)
def _shared(raw: bytes) -> JSON:
    """The value that these bytes stand for; the same one each time, while it is remembered."""
    value: JSON = msgspec.json.decode(raw)
    return value
