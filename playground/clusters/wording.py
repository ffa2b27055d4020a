"""How are names, numbers and rates said in a sentence?"""

from __future__ import annotations

TOGETHER = 3


def counted(count: int, noun: str) -> str:
    """`1 Pod`, `2 Pods`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b and 4 more`."""
    if len(names) > TOGETHER:
        names = [*names[:2], f"{len(names) - 2} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def short(key: str) -> str:
    """A name without its namespace where that is `default`."""
    return key.removeprefix("default/").removeprefix("/")


def sending(source: str, rate: float, to: str) -> str:
    """`client sends 4 requests a second to web:80`."""
    return f"{short(source)} sends {rate:g} request{'' if rate == 1 else 's'} a second to {to}"
