"""Which requests were sent lately, and how did one of them go, hop by hop?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.clusters import journeys
from playground.kube.network.senders import OUTSIDE
from playground.pages.facts import words
from playground.pages.facts.values import DROP, READY, Badge

LOOKED_AT = 1_000
SHOWN = 100
PLAIN = ("name", "server", "endpoint", "pod", "node", "state", "why", "result")
OUTCOMES = {
    "ok": "answered",
    "refused": "refused",
    "timeout": "timed out",
    "nxdomain": "no such name",
    "reset": "connection reset",
    "unreachable": "unreachable",
}


@dataclass(frozen=True)
class RequestRow:
    """One request in a line; `at` is its virtual time in microseconds, which its link needs when it is long past."""

    number: int
    at: int
    time: str
    source: str
    to: str
    endpoint: str
    badge: Badge
    sentence: str

    @property
    def failed(self) -> bool:
        return self.badge.state == DROP

    @property
    def outside(self) -> bool:
        """It went to a server outside of the cluster."""
        return self.endpoint.startswith(f"{OUTSIDE}:")


@dataclass(frozen=True)
class Step:
    """One hop: where, what happened, why, and the details as (label, lines)."""

    place: str
    title: str
    what: str
    why: str
    detail: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Card(RequestRow):
    hops: tuple[Step, ...] = ()


def recent(running: Any, only_failures: bool) -> tuple[RequestRow, ...]:
    """The newest first."""
    rows = (_row(request) for request in running.network.recent(LOOKED_AT))
    return tuple(row for _, row in zip(range(SHOWN), (row for row in rows if row.failed or not only_failures), strict=False))


def card(request: Any, hops: Iterable[Any]) -> Card:
    row = _row(request)
    return Card(**{name: getattr(row, name) for name in RequestRow.__dataclass_fields__}, hops=tuple(_step(hop) for hop in hops))


def _row(request: Any) -> RequestRow:
    number, at, source, _, to, _, outcome, _, endpoint, _, sentence, *_ = journeys.entry(request)
    badge = Badge(READY if outcome == "ok" else DROP, OUTCOMES.get(outcome, outcome))
    return RequestRow(number, at, words.moment(at), source, to, endpoint or "", badge, sentence)


def _step(hop: Any) -> Step:
    detail = tuple((str(label).replace("_", " "), _lines(value)) for label, value in hop.detail.items() if value not in (None, "", [], ()))
    return Step(hop.place, hop.title, hop.what, hop.why, detail)


def _lines(value: Any) -> tuple[str, ...]:
    """A value of a detail as lines: a list gives one line for each entry."""
    if isinstance(value, Mapping):
        return (" · ".join(_fact(key, each) for key, each in value.items() if each not in (None, "", [], ())),)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(", ".join(_lines(each)) for each in value)
    return ("yes" if value else "no",) if isinstance(value, bool) else (str(value),)


def _fact(key: str, value: Any) -> str:
    """Addresses, names and Pods speak for themselves; what is left is said with its name."""
    said = ", ".join(_lines(value))
    return said if key in PLAIN else f"{key} {said}"
