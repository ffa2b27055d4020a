"""Law 3: does one Pod's deletion cost the same in a large cluster, or behind a large Service, as in a small one?

Each cluster loses Pods one by one, drawn at random; the clock goes on for two seconds after each, so that endpoints,
every kube-proxy and DNS agree again and the replacement is ready. The cost is the time of one such round.
"""

from __future__ import annotations

from bench.loads import cluster
from bench.measure import Measure, interleaved
from playground.kube.actions import Delete
from playground.kube.chance import Chance
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster

DELETED = 20
ROUND = 4 * SECOND
ROUNDS = 11


def measure() -> list[Measure]:
    return [whole_clusters(), single_services()]


def whole_clusters() -> Measure:
    small, large = Deleter(cluster(nodes=5, groups=[15] * 10), 10), Deleter(cluster(nodes=5_000, groups=[15] * 10_000), 10_000)
    return Measure("3", "one Pod delete among 150,000 Pods / among 150", ratio(small, large), 3)


def single_services() -> Measure:
    small, large = Deleter(cluster(nodes=100, groups=[250]), 1), Deleter(cluster(nodes=100, groups=[10_000]), 1)
    return Measure("3", "one Pod delete behind 10,000 endpoints / behind 250", ratio(small, large), 1.2)


def ratio(small: Deleter, large: Deleter) -> float:
    few, many = interleaved(small, large, ROUNDS, before=lambda: (small.choose(), large.choose()))
    return many / few


class Deleter:
    """Called, it deletes the Pods chosen, each from a group drawn at random, and lets each deletion be heard of everywhere."""

    def __init__(self, cluster: Cluster, groups: int):
        self.cluster = cluster
        self.groups = groups
        self.chance = Chance(1)
        self.chosen: list[str] = []

    def choose(self) -> None:
        chosen: dict[str, None] = {}
        while len(chosen) < DELETED:
            pods = self.cluster.machinery.pods_matching("default", {"app": f"app-{self.chance.below(self.groups)}"})
            chosen[pods[self.chance.below(len(pods))].name] = None
        self.chosen = list(chosen)

    def __call__(self) -> None:
        for name in self.chosen:
            self.cluster.submit(Delete("Pod", name, "default"))
            self.cluster.advance(self.cluster.now + ROUND)
            self.cluster.events()
