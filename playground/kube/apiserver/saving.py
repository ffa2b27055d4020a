"""How are objects saved, so that what many share is written once, and shared again when it is read?

A saved object is its fields, with a number in the place of each JSON value and of the owners: where it stands in the list
of distinct values. Values are told apart by their bytes, so that equal clusters are saved alike whatever they share. Nobody
changes a value, so that the clusters of a process share them too: most hold the same first objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_type_hints

import msgspec
from msgspec.structs import fields

from playground.kube.apiserver.distinct import Distinct
from playground.kube.apiserver.objects import JSON, Endpoint, EndpointSlice, Object, Owner, Stored
from playground.kube.apiserver.shared import with_shared_template

OWNERS = "owners"
JSONS = ("labels", "annotations", "meta", "spec", "status", "rest")
SHARED_WORDS = ("api_version", "kind", "namespace", "name", "uid", "node", "ip", "host_ip", "other_ip", "zone", "pod")
SHARED_VALUES = 20_000
AT_ONCE = 1_000
T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)
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
_COPIED: tuple[type[msgspec.Struct], ...] = (*KINDS, Endpoint, Owner)
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in _COPIED}
_WORDS = {kind: [place for place, name in enumerate(names) if name in SHARED_WORDS] for kind, names in _NAMES.items()}
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
    """The inverse of `save`. Each field of a batch of objects is read at once, which takes no step of the interpreter for each."""
    words: dict[str, str] = {}
    values, owners = _values(saved.values), list(_with_words(Owner, saved.owners, words))
    for row, run in groupby(saved.rows, type):
        kind = _OBJECTS[row]
        for rows in _batches(run):
            columns = _columns(kind, rows, words)
            for place in _PLACES:
                columns[place] = map(values.__getitem__, columns[place])
            columns[_OWNERS_PLACE] = map(owners.__getitem__, columns[_OWNERS_PLACE])
            if kind is EndpointSlice:
                columns[_ENDPOINTS_PLACE] = _with_words(Endpoint, columns[_ENDPOINTS_PLACE], words)
            yield from map(kind, *columns)


def _with_words(kind: type[S], listed: Iterable[tuple[S, ...]], words: dict[str, str]) -> Iterator[tuple[S, ...]]:
    """The same lists of owners or endpoints, with one copy of each word that many hold."""
    for lists in _batches(listed):
        flat = list(chain.from_iterable(lists))
        ours = map(kind, *_columns(kind, flat, words)) if flat else iter(flat)
        for each in lists:
            yield tuple(islice(ours, len(each)))


def _columns(kind: type[msgspec.Struct], rows: Iterable[Any], words: dict[str, str]) -> list[Iterable[Any]]:
    columns: list[Any] = list(zip(*map(msgspec.structs.astuple, rows), strict=True))
    for place in _WORDS[kind]:
        columns[place] = tuple(map(words.setdefault, columns[place], columns[place]))
    return columns


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch


def _values(raws: Sequence[msgspec.Raw]) -> list[JSON]:
    """The values that these bytes stand for; those of a large cluster are its own, as they would push all others out."""
    if len(raws) <= SHARED_VALUES:
        return [_shared(bytes(raw)) for raw in raws]
    return list(map(with_shared_template, msgspec.json.decode(b"[%b]" % b",".join(raws))))


@lru_cache(maxsize=SHARED_VALUES)
def _shared(raw: bytes) -> JSON:
    """The value that these bytes stand for; the same one each time, while it is remembered."""
    return with_shared_template(msgspec.json.decode(raw))
