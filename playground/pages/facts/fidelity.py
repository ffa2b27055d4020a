"""What does docs/fidelity.md say of how true the simulation is?  Read, so that the page and the paper cannot differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from playground.pages.facts.values import READY, SOFT, WARN, Badge

STATES = {"same": READY, "simplified": WARN, "absent": SOFT}
ITEM = re.compile(r"\d+\. ")


@dataclass(frozen=True)
class Row:
    """A behaviour, how it stands to Kubernetes (a badge, and what is added to that word), and where the truth was read."""

    behaviour: str
    badge: Badge
    more: str
    source: str


@dataclass(frozen=True)
class Block:
    """One of three: a table's rows, a list's items, or a paragraph."""

    rows: tuple[Row, ...] = ()
    items: tuple[str, ...] = ()
    paragraph: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@cache
def sections() -> tuple[Section, ...]:
    """The sections under `## ` headings, in order; in their texts, `code` stands between backticks."""
    text = (settings.BASE_DIR / "docs" / "fidelity.md").read_text("utf-8")
    return tuple(_section(part) for part in text.split("\n## ")[1:])


def _section(text: str) -> Section:
    title, _, rest = text.partition("\n")
    return Section(title, tuple(_block(block) for block in rest.strip().split("\n\n")))


def _block(text: str) -> Block:
    lines = text.splitlines()
    if text.startswith("|"):
        return Block(rows=tuple(_row(line) for line in lines[2:]))
    if ITEM.match(text):
        return Block(items=tuple(ITEM.sub("", line, count=1) for line in lines))
    return Block(paragraph=" ".join(lines))


def _row(line: str) -> Row:
    behaviour, stands, source, _ = (cell.strip() for cell in line.strip("|").split("|"))
    word, more = re.match(r"(\w+)(?:[,:;] |$)?(.*)", stands).groups()  # type: ignore[union-attr]
    return Row(behaviour, Badge(STATES[word], word), more.strip(), source)
