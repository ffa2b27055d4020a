"""May this text be built into values?  Sizes are counted on the parser's events, before anything is built.

Small documents can ask for gigabytes (aliases of aliases) or overflow the parser's stack (brackets in brackets); so the
first event beyond a limit ends the reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from playground.manifests.complaints import complaint
from playground.manifests.errors import BadYAML

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Limits:
    """The largest text that is read. `bytes` are UTF-8; `nodes` are values and keys as written, `expanded` the same with each
    alias counted as what it stands for; `depth` counts mappings and lists inside each other; `scalar` is in characters."""

    bytes: int = 64 * 1024
    documents: int = 200
    depth: int = 32
    nodes: int = 20_000
    aliases: int = 100
    expanded: int = 50_000
    scalar: int = 16 * 1024


def checked(text: str, limits: Limits) -> list[Any]:
    """The parser's events, all within the limits. Raises BadYAML."""
    _check_bytes(text, limits)
    _check_characters(text)
    return list(_Guard(limits).pass_on(_events(text)))


def _check_bytes(text: str, limits: Limits) -> None:
    size = len(text) if len(text) > limits.bytes else len(text.encode("utf-8", "surrogatepass"))
    if size > limits.bytes:
        raise BadYAML(1, 1, f"a text of {size:,} bytes", f"at most {limits.bytes:,} bytes", "bytes")


def _check_characters(text: str) -> None:
    found = _UNPRINTABLE.search(text, 1 if text.startswith("\ufeff") else 0)
    if found:
        at = found.start()
        line_start = text.rfind("\n", 0, at) + 1
        name = f"the character U+{ord(found.group()):04X}"
        raise BadYAML(text.count("\n", 0, at) + 1, at - line_start + 1, name, "printable text: write it as an escape in double quotes")


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise complaint(error, text) from None


class _Guard:
    """What has been counted so far."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.documents = self.nodes = self.aliases = 0
        self.open: list[tuple[str | None, int]] = []
        self.expanded = 0
        self.sizes: dict[str, int] = {}

    def pass_on(self, events: Iterator[Any]) -> Iterator[Any]:
        count = {
            yaml.DocumentStartEvent: self.document,
            yaml.ScalarEvent: self.scalar,
            yaml.AliasEvent: self.alias,
            yaml.MappingStartEvent: self.start,
            yaml.SequenceStartEvent: self.start,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceEndEvent: self.end,
        }
        for event in events:
            counter = count.get(type(event))
            if counter:
                counter(event)
            yield event

    def document(self, event: Any) -> None:
        self.documents += 1
        self.sizes = {}
        self.within("documents", self.documents, event, "documents")

    def scalar(self, event: Any) -> None:
        self.within("scalar", len(event.value), event, "characters in one value")
        if event.anchor:
            self.sizes[event.anchor] = 1
        self.node(event)

    def start(self, event: Any) -> None:
        self.open.append((event.anchor, self.expanded))
        if event.anchor:
            self.sizes.pop(event.anchor, None)
        self.within("depth", len(self.open), event, "levels of nesting")
        self.node(event)

    def end(self, event: Any) -> None:
        anchor, before = self.open.pop()
        if anchor:
            self.sizes[anchor] = self.expanded - before

    def alias(self, event: Any) -> None:
        if any(anchor == event.anchor for anchor, _ in self.open):
            raise _refuse(event, f"the alias *{event.anchor} inside the value that it stands for", "an alias of a value that is complete")
        if event.anchor not in self.sizes:
            raise _refuse(event, f"the alias *{event.anchor}", f"an anchor &{event.anchor} before it, or quotes around it")
        self.aliases += 1
        self.within("aliases", self.aliases, event, "aliases")
        self.expand(self.sizes[event.anchor], event)

    def node(self, event: Any) -> None:
        self.nodes += 1
        self.within("nodes", self.nodes, event, "values")
        self.expand(1, event)

    def expand(self, size: int, event: Any) -> None:
        self.expanded += size
        self.within("expanded", self.expanded, event, "values once every alias is put in its place")

    def within(self, limit: str, count: int, event: Any, what: str) -> None:
        most = getattr(self.limits, limit)
        if count > most:
            raise _refuse(event, f"{count:,} {what}", f"at most {most:,}", limit)


def _refuse(event: Any, found: str, expected: str, limit: str = "") -> BadYAML:
    return BadYAML(event.start_mark.line + 1, event.start_mark.column + 1, found, expected, limit)
