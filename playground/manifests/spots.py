"""Where in the text does a field stand?  A tree of places beside the tree of values, asked by the API server's field paths.

Source of the paths: staging/src/k8s.io/apimachinery/pkg/util/validation/field/path.go.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


class Span(NamedTuple):
    """A piece of one line, counted from 1; `end_column` is the first column after it."""

    line: int
    column: int
    end_column: int


class Spot:
    """A field's key (or a list item) and, if its value is plain text on the same line, that too; `inside` holds the spots
    of its own fields by key, or of its items by index."""

    __slots__ = ("inside", "span")

    def __init__(self, span: Span, inside: dict[str | int, Spot] | None = None):
        self.span = span
        self.inside = inside or {}

    def find(self, path: str) -> Spot:
        """The spot of `spec.ports[0].port` or `metadata.labels[app]`; of its nearest parent where that is not in the text."""
        spot = self
        for index, name in _STEP.findall(path):
            step = name or index
            inside = spot.inside.get(step) or (spot.inside.get(int(step)) if step.isdecimal() and len(step) < 10 else None)
            if inside is None:
                return spot
            spot = inside
        return spot
