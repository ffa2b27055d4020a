"""What can become of a request at this moment, and how likely is each of it?  All that chance could draw is tried, one after the other.

The request goes through the very code that decides real ones; only chance is another: where the engine would draw one of
n, a Fork takes each of them in turn. So an answer here and the engine cannot disagree on what is possible, nor on how likely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.chance import Chance
from playground.kube.errors import over_limit
from playground.kube.network.lookups import Resolution
from playground.kube.network.network import Network
from playground.kube.network.requests import Request
from playground.kube.network.senders import Sender
from playground.kube.network.targets import Target

MOST_WAYS = 20_000
T = TypeVar("T")


class Fate(msgspec.Struct, frozen=True):
    """How a request can end: `outcome` and `where` as of a request, `endpoint` (`namespace/name`) and its `node` if it came to one."""

    outcome: str
    where: str
    endpoint: str | None
    node: str | None


class Likely(msgspec.Struct, frozen=True):
    """A fate and its probability. `remembered_by`: the Node that sends the next connections of the same client there too, "" for none."""

    fate: Fate
    probability: float
    remembered_by: str


class Fork(Chance):
    """A chance that takes a way that was laid out, and 0 beyond it; `taken` says what it took, of how many."""

    __slots__ = ("_way", "taken")

    def __init__(self, way: list[int]):
        super().__init__(0)
        self._way = way
        self.taken: list[tuple[int, int]] = []

    def below(self, n: int) -> int:
        place = len(self.taken)
        chosen = self._way[place] if place < len(self._way) else 0
        self.taken.append((chosen, n))
        return chosen

    def bits_among(self, n: int) -> int:
        return -(-(self.below(n) << 64) // n)

    def next_way(self) -> list[int]:
        """The way after this one, in the order of an odometer; empty when all were taken."""
        taken = list(self.taken)
        while taken and taken[-1][0] + 1 == taken[-1][1]:
            taken.pop()
        return [chosen for chosen, _ in taken[:-1]] + [taken[-1][0] + 1] if taken else []

    @property
    def probability(self) -> float:
        product = 1.0
        for _, n in self.taken:
            product /= n
        return product


def fates(machinery: Machinery, network: Network, sender: Sender, aim: Target) -> list[Likely]:
    """Every fate of one new connection, most likely first. The cluster is used up by this: ask a copy. Raises Refusal (over a limit)."""
    network.only_look()
    found: dict[tuple[Fate, str], float] = {}
    tried = _Tried(machinery, network)
    for resolution, before in _lookups(tried, network, sender, aim):
        for request, after in tried.ways(partial(network.connect, sender, aim, resolution)):
            key = Fate(request.outcome, request.where, request.endpoint, request.endpoint_node), _remembering(request)
            found[key] = found.get(key, 0.0) + before * after
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0][0].endpoint or "", each[0][0].outcome, each[0][1]))
    return [Likely(fate, probability, node) for (fate, node), probability in ranked]


def _lookups(tried: _Tried, network: Network, sender: Sender, aim: Target) -> list[tuple[Resolution | None, float]]:
    """How the name could be looked up, one for all ways that come to the same, and how likely they are together."""
    found: dict[Any, tuple[Resolution | None, float]] = {}
    for each, probability in tried.ways(partial(network.resolve, sender, aim)):
        reaches = tuple(passage.reach for passage in each.attempts[-1:]) if each is not None else ()
        key = each and (each.addresses, each.rcode, each.waited, each.gave_up, reaches)
        first, before = found.get(key, (each, 0.0))
        found[key] = first, before + probability
    return list(found.values())


class _Tried:
    """Tries all that chance could draw, with a bound on how much."""

    def __init__(self, machinery: Machinery, network: Network):
        self._machinery = machinery
        self._network = network
        self._count = 0

    def ways(self, decide: Callable[[], T]) -> Iterator[tuple[T, float]]:
        """What comes of each way, and its probability. Raises Refusal (over a limit)."""
        way: list[int] = []
        remembered = self._network.remembered()
        while self._count < MOST_WAYS:
            self._count += 1
            self._machinery.chance = fork = Fork(way)
            yield decide(), fork.probability
            self._network.remember(remembered)
            way = fork.next_way()
            if not way:
                return
        raise over_limit(f'a request could go more than {MOST_WAYS} ways: limit "MOST_WAYS" allows no more to be reckoned')


def _remembering(request: Request) -> str:
    """The Node that now remembers the endpoint for the client, as the Service has affinity."""
    decision = request.passage.decision if request.passage else None
    sticky = decision is not None and decision.rules is not None and decision.rules.port.sticky and decision.endpoint is not None
    return request.ruled_by if sticky else ""
