"""How are names, numbers and rates said in a sentence?"""

from __future__ import annotations

from playground.kube.clock import SECOND

TOGETHER = 3


def counted(count: int, noun: str) -> str:
    """`1 Pod`, `2 Pods`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b and 4 more`."""
    if len(names) > TOGETHER:
        names = [*names[:2], f"{len(names) - 2} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def lasting(microseconds: int) -> str:
    """`0.25 s`, `4 min 40 s`."""
    seconds = microseconds / SECOND
    if seconds < 60:
        return f"{seconds:.2f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def short(key: str) -> str:
    """A name without its namespace where that is `default`."""
    return key.removeprefix("default/").removeprefix("/")


def sender(key: str) -> str:
    """A sender in a sentence: a Pod's name, `Node node-a`, `203.0.113.10 outside`."""
    kind, colon, name = key.partition(":")
    if not colon:
        return short(key)
    return f"Node {name}" if kind == "node" else f"{name} outside"


def sender_ref(key: str) -> str:
    """What a sentence about a sender speaks of: its Pod or its Node, "" of a client outside."""
    kind, colon, name = key.partition(":")
    if not colon:
        return f"Pod/{key}"
    return f"Node/-/{name}" if kind == "node" else ""


def sending(source: str, rate: float, to: str) -> str:
    """`client sends 4 requests a second to web:80`."""
    return f"{sender(source)} sends {rate:g} request{'' if rate == 1 else 's'} a second to {to}"
