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
    return tuple(_row(told, running.now) for told in running.machinery.recorder.about(thing.uid))


def _row(told: Any, now: int) -> EventRow:
    said = told.last
    age = words.age(now - said.time)
    if told.count > 1:
        age = f"{age} (x{told.count} over {words.age(now - told.first)})"
    badge = Badge(WARN if said.type == "Warning" else SOFT, said.reason)
    return EventRow(age, badge, said.message, f"{said.component}, {said.host}" if said.host else said.component)
