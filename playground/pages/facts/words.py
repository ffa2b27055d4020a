"""How is a time, a number of things or a list written in a sentence?"""

from __future__ import annotations

from collections.abc import Sequence

from playground.kube.apiserver.tables.ages import human

SECOND = 1_000_000


def age(us: int) -> str:
    """Microseconds as kubectl writes an age: 45s, 2m14s, 12m, 3h5m, 2d."""
    return human(max(0, us // SECOND))


def moment(us: int) -> str:
    """A time of the cluster as its clock shows it: 02:14.6."""
    tenths = us // 100_000
    return f"{tenths // 600:02}:{tenths // 10 % 60:02}.{tenths % 10}"


def counted(number: int, noun: str) -> str:
    """1 Pod, 3 Pods, no Pods."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def plural(things: Sequence[object], one: str, many: str = "") -> str:
    """The label of one thing, or of several."""
    return (many or f"{one}s") if len(things) > 1 else one


def listed(words: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
