"""Which object does a word of the playground's own name?  `x`, `pod/x`, `pod x`, with every word that kubectl has for the kind."""

from __future__ import annotations

from playground.kube.apiserver.resources import by_word
from playground.terminal.workstation.errors import BadWords


def of_kind(words: list[str], wanted: str) -> str:
    """The name of the one object of a kind, where the kind need not be said. Raises BadWords."""
    kind = by_word(wanted)
    if len(words) == 2 and by_word(words[0]) == kind:
        words = words[1:]
    if len(words) != 1 or not words[0]:
        raise BadWords(f"one {wanted} is to be named, not {len(words)}")
    said, slash, name = words[0].rpartition("/")
    if not slash:
        return words[0]
    if "/" in said or not name:
        raise BadWords(f'arguments in resource/name form must have a single resource and name, not "{words[0]}"')
    if by_word(said) != kind:
        raise BadWords(f"{words[0]} is no {wanted}")
    return name
