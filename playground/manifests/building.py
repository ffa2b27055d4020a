"""Which values do the events of a YAML text make, and where does each stand?  Plain JSON values, with a tree of spots beside.

Source: sigs.k8s.io/yaml (yaml.go, convertToJSONableObject), which kubectl reads manifests with: keys that are whole numbers or
booleans become strings, dates stay strings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from playground.manifests.errors import BadYAML
from playground.manifests.scalars import NotANumber, resolve
from playground.manifests.spots import Span, Spot

Built = tuple[Any, Spot]

_TAG = "tag:yaml.org,2002:"
_KINDS = {"str": str, "bool": bool, "int": int, "null": type(None)}


def build(events: list[Any]) -> Iterator[Built]:
    """Each document's value and its spot. The events have been checked against the limits. Raises BadYAML."""
    builder = _Builder(iter(events))
    for event in builder.events:
        if isinstance(event, yaml.DocumentStartEvent):
            builder.anchors = {}
            yield builder.node(next(builder.events))


class _Builder:
    def __init__(self, events: Iterator[Any]):
        self.events = events
        self.anchors: dict[str, Built] = {}

    def node(self, event: Any) -> Built:
        if isinstance(event, yaml.AliasEvent):
            return self.anchors[str(event.anchor)]
        if isinstance(event, yaml.ScalarEvent):
            built: Built = _scalar(event), Spot(_span(event))
        elif isinstance(event, yaml.MappingStartEvent):
            _check_tag(event, "map")
            built = self.mapping(event)
        else:
            _check_tag(event, "seq")
            built = self.sequence(event)
        if event.anchor:
            self.anchors[event.anchor] = built
        return built

    def sequence(self, start: Any) -> Built:
        values: list[Any] = []
        spots: dict[str | int, Spot] = {}
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            value, spot = self.node(event)
            spots[len(values)] = spot if not isinstance(event, yaml.AliasEvent) else Spot(_span(event), spot.inside)
            values.append(value)
        return values, Spot(_span(start), spots)

    def mapping(self, start: Any) -> Built:
        value: dict[str, Any] = {}
        spots: dict[str | int, Spot] = {}
        merged: list[Built] = []
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if _merges(event):
                merged += self.sources(next(self.events))
                continue
            key = self.key(event)
            if key in value:
                raise _refuse(event, f"the key {_quoted(key)} again", f"each key once: it is already set on line {spots[key].span.line}")
            here = next(self.events)
            value[key], spot = self.node(here)
            spots[key] = Spot(_joined(event, here), spot.inside)
        for source, spot in merged:
            for key in source:
                if key not in value:
                    value[key], spots[key] = source[key], spot.inside[key]
        return value, Spot(_span(start), spots)

    def key(self, event: Any) -> str:
        key, _ = self.node(event)
        if isinstance(key, bool):
            return "true" if key else "false"
        if isinstance(key, int):
            return str(key)
        if isinstance(key, dict):
            raise _refuse(event, "a mapping as a key", "a text as the key (a template's {{ }} must be rendered first)")
        if not isinstance(key, str):
            raise _refuse(event, f"{_said(key)} as a key", "a text as the key, in quotes if need be")
        return key

    def sources(self, event: Any) -> list[Built]:
        """The mappings that a merge key (<<) takes over; of two with the same key the first counts."""
        value, spot = self.node(event)
        if isinstance(value, dict):
            return [(value, spot)]
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [(item, spot.inside[index]) for index, item in enumerate(value)]
        raise _refuse(event, f"{_said(value)} after <<", "a mapping, or a list of mappings")


def _merges(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]


def _scalar(event: Any) -> Any:
    kind = "" if event.tag is None or event.tag == "!" else event.tag.removeprefix(_TAG)
    if not kind:
        plain = event.implicit[0] and event.tag is None
        return _resolved(event) if plain else event.value
    if kind == "str":
        return event.value
    value = _resolved(event)
    if kind == "float" and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if type(value) is not _KINDS.get(kind):
        raise _refuse(event, f"the tag {_tag_name(event)} on {_quoted(event.value)}", "a value without a tag")
    return value


def _resolved(event: Any) -> Any:
    try:
        return resolve(event.value)
    except NotANumber as error:
        raise _refuse(event, error.found, error.expected) from None


def _check_tag(event: Any, kind: str) -> None:
    if event.tag not in (None, "!", _TAG + kind):
        raise _refuse(event, f"the tag {_tag_name(event)}", "a value without a tag")


def _tag_name(event: Any) -> str:
    tag = str(event.tag)
    return "!!" + tag.removeprefix(_TAG)[:60] if tag.startswith(_TAG) else tag[:60]


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, (end.column if end.line == start.line else start.column) + 1)


def _joined(key: Any, value: Any) -> Span:
    """From the key to the end of a value on the same line."""
    span, after = _span(key), _span(value)
    inline = after.line == span.line and isinstance(value, yaml.ScalarEvent | yaml.AliasEvent)
    return Span(span.line, span.column, max(span.end_column, after.end_column) if inline else span.end_column)


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool | int | float):
        return f"the value {value}"
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"the text {_quoted(value)}"


def _quoted(words: str) -> str:
    return f'"{words}"' if len(words) <= 60 else f'"{words[:60]}..."'


def _refuse(event: Any, found: str, expected: str) -> BadYAML:
    return BadYAML(event.start_mark.line + 1, event.start_mark.column + 1, found, expected)
