"""In which order does CoreDNS give several addresses?  By chance, in each answer anew.

Source: coredns plugin/loadbalance/loadbalance.go (roundRobin): it stands before the cache, and shuffles addresses only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from playground.kube.chance import Chance
from playground.kube.dns.message import FAMILIES


class HasType(Protocol):
    @property
    def type(self) -> str: ...


R = TypeVar("R", bound=HasType)


def shuffled(records: Sequence[R], chance: Chance) -> tuple[R, ...]:
    """The addresses of each family in a new order, all else where it was."""
    found = list(records)
    for family in FAMILIES:
        places = [place for place, each in enumerate(found) if each.type == family]
        for last in range(len(places) - 1, 0, -1):
            one, other = places[last], places[chance.below(last + 1)]
            found[one], found[other] = found[other], found[one]
    return tuple(found)
