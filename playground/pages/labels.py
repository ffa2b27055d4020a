"""How is a set of labels typed in one field, `app=frontend, tier=web`, and what is wrong with it if it cannot be read?

Simplified: equality only, as in a Service's selector; set-based selectors live in YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from playground.kube.apiserver.names import label_key, label_value

LONGEST_TEXT = 4_096
PART = re.compile(r"[^,\n]+")
SETS = re.compile(r"!=|\s(in|notin)\s*\(")


class BadLabels(ValueError):
    """The text is no set of labels: says what was seen and what is allowed. `at` is the index of the first wrong character."""

    def __init__(self, message: str, at: int):
        super().__init__(message)
        self.at = at


def read(text: str) -> dict[str, str]:
    """`key=value` pairs, separated by commas or new lines. Raises BadLabels."""
    if len(text) > LONGEST_TEXT:
        raise BadLabels(f"{len(text)} characters are too many: at most {LONGEST_TEXT} are allowed", LONGEST_TEXT)
    labels: dict[str, str] = {}
    for at, pair in _pairs(text):
        if SETS.search(pair):
            raise BadLabels(f'"{pair}": only key=value pairs can be matched here, not sets or negations', at)
        key, equals, value = (part.strip() for part in pair.replace("==", "=", 1).partition("="))
        if not equals:
            raise BadLabels(f'"{pair}" has no "=": write key=value', at)
        _check(key, value, at)
        if key in labels:
            raise BadLabels(f'"{key}" is given twice: a key has one value', at)
        labels[key] = value
    return labels


def written(labels: Mapping[str, str]) -> str:
    """The text that `read` reads back."""
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str | None]:
    """What a merge patch says to get from one set to the other; None takes a key away."""
    gone: dict[str, str | None] = {key: None for key in before if key not in after}
    return gone | {key: value for key, value in after.items() if before.get(key) != value}


def _pairs(text: str) -> Iterator[tuple[int, str]]:
    for found in PART.finditer(text):
        pair = found.group().strip()
        if pair:
            yield found.start() + found.group().index(pair), pair


def _check(key: str, value: str, at: int) -> None:
    for what, seen, wrong in (("key", key, label_key(key)), ("value", value, label_value(value))):
        if wrong:
            raise BadLabels(f'"{seen[:80]}" is no label {what}: {"; ".join(wrong)}', at)
