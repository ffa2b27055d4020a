"""How would n new connections fare, now or after a change?  Nothing is sent: their fates are reckoned, and their counts drawn.

Simplified: all connections are made at one moment, so that nothing changes between them; with session affinity one client
makes all of them.
"""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.chance import Chance, mix
from playground.kube.errors import bad_request, over_limit
from playground.kube.explain.counts import multinomial
from playground.kube.explain.fates import Fate, Likely, fates
from playground.kube.network.network import Network
from playground.kube.network.targets import target

MOST_REQUESTS = 1_000_000
STREAM = 0x5157_4954_4348_5941


class Share(msgspec.Struct, frozen=True):
    """How many of the requests met a fate, and how likely it was for each."""

    fate: Fate
    probability: float
    count: int


def share_out(machinery: Machinery, network: Network, source: str, to: str, count: int) -> list[Share]:
    """How `count` new connections from a sender to `name:port` fare, most likely fate first. Uses the cluster up: ask a copy.
    Raises Refusal: no such sender, one that cannot send, a bad target, too many."""
    if not 1 <= count <= MOST_REQUESTS:
        raise over_limit(f'{count} requests: limit "MOST_REQUESTS" allows 1 to {MOST_REQUESTS} to be reckoned')
    sender, aim = network.senders.require(source), target(to)
    if why := network.why_silent(sender):
        raise bad_request(f"{source} cannot send a request: {why}")
    chance = Chance(mix(machinery.chance.state ^ STREAM))
    found = fates(machinery, network, sender, aim)
    shares: dict[Fate, Share] = {}
    for each, number in zip(found, _counts(chance, found, count), strict=True):
        before = shares.get(each.fate, Share(each.fate, 0.0, 0))
        shares[each.fate] = Share(each.fate, before.probability + each.probability, before.count + number)
    return sorted(shares.values(), key=lambda share: -share.probability)


def _counts(chance: Chance, found: list[Likely], count: int) -> list[int]:
    """A Node that remembers its clients draws once: what comes to it goes all to one of its endpoints."""
    counts = multinomial(chance, count, [each.probability for each in found])
    for node in dict.fromkeys(each.remembered_by for each in found if each.remembered_by):
        mine = [index for index, each in enumerate(found) if each.remembered_by == node]
        together, whole = sum(counts[index] for index in mine), sum(found[index].probability for index in mine)
        drawn = multinomial(chance, 1, [found[index].probability / whole for index in mine])
        for index, one in zip(mine, drawn, strict=True):
            counts[index] = together * one
    return counts
