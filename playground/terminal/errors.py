"""How is a line refused that says nothing we know?  In kubectl's words, where it has them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class BadWords(ValueError):
    """The message is what stands after `error: `; the cluster has not been asked."""

    @property
    def message(self) -> str:
        return str(self)


def unknown(what: str, word: str, allowed: Iterable[str]) -> str:
    """The end of a sentence that says which words there are, the nearest first."""
    known = sorted(allowed)
    near = get_close_matches(word, known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"{hint}{what}: {', '.join(known)}"
