"""What did components say of an object lately, as `kubectl get events` shows it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.pages.facts import words
from playground.pages.facts.values import SOFT, WARN, Badge


@dataclass(frozen=True)
class EventRow:
    age: str
    badge: Badge
    message: str
    source: str


def of_object(running: Any, thing: Any) -> tuple[EventRow, ...]:
    """The newest first."""
    mine = (each for each in reversed(running.machinery.recorded) if (each.kind, each.namespace, each.name) == (thing.kind, *thing.key))
    return tuple(EventRow(words.age(running.now - each.time), _badge(each), each.message, each.component) for each in mine)


def _badge(event: Any) -> Badge:
    return Badge(WARN if event.type == "Warning" else SOFT, event.reason)
