"""What shape has that which is said of an object?  Values that templates print, free of the running cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

READY, WARN, DROP, SOFT = "ready", "warn", "drop", "soft"


@dataclass(frozen=True)
class Badge:
    """A state in a word; `state` is ready, warn, drop or soft."""

    state: str
    word: str


@dataclass(frozen=True)
class Fact:
    """One line of a table of facts; `ref` links it to an object, `note` says what it means."""

    label: str
    value: str
    ref: str = ""
    note: str = ""


@dataclass(frozen=True)
class Link:
    """Another object, with what it is to this one. `labels` are shown as chips."""

    ref: str
    note: str = ""
    badge: Badge | None = None

    @property
    def kind(self) -> str:
        return self.ref.split("/")[0]

    @property
    def name(self) -> str:
        return self.ref.split("/")[2]


@dataclass(frozen=True)
class Group:
    """Objects of one relation; `none` is the sentence when there are none."""

    title: str
    links: tuple[Link, ...]
    none: str = ""
    more: int = 0


@dataclass(frozen=True)
class Button:
    """One action on one press: the verb, the hidden fields, and a hint of what follows. `pressed` is None if it is no switch."""

    verb: str
    label: str
    fields: Mapping[str, object]
    hint: str = ""
    style: str = ""
    pressed: bool | None = None


@dataclass(frozen=True)
class Row:
    """Buttons that belong together, under a name."""

    title: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Overview:
    """What an object is and does now, what it belongs with, and what can be done to it."""

    sentence: str
    badge: Badge | None = None
    facts: tuple[Fact, ...] = ()
    groups: tuple[Group, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Editors:
    """What the forms under the facts start from; None where a form does not apply to the kind."""

    labels: str = ""
    selector: str | None = None
    replicas: int | None = None
    source: str = ""
    targets: tuple[str, ...] = field(default=())
