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


def measure() -> list[Measure]:
    return [whole_clusters(), single_services()]


def whole_clusters() -> Measure:
    small, large = cluster(nodes=5, groups=[15] * 10), cluster(nodes=5_000, groups=[15] * 10_000)
    few, many = interleaved(Deleter(small, 10), Deleter(large, 10_000), rounds=9)
    return Measure("3", "one Pod delete among 150,000 Pods / among 150", many / few, 3)


def single_services() -> Measure:
    small, large = cluster(nodes=100, groups=[250]), cluster(nodes=100, groups=[10_000])
    few, many = interleaved(Deleter(small, 1), Deleter(large, 1), rounds=9)
    return Measure("3", "one Pod delete behind 10,000 endpoints / behind 250", many / few, 1.2)


class Deleter:
    """Called, it deletes some Pods of some of the `groups`, and lets each deletion be heard of everywhere."""

    def __init__(self, cluster: Cluster, groups: int):
        self.cluster = cluster
        self.chance = Chance(1)
        self.pods = [self.some_pod(group) for group in self.chosen(groups)]

    def chosen(self, groups: int) -> list[int]:
        return [self.chance.below(groups) for _ in range(9 * DELETED + DELETED)]

    def some_pod(self, group: int) -> str:
        pods = self.cluster.machinery.pods_matching("default", {"app": f"app-{group}"})
        return pods[self.chance.below(len(pods))].name

    def __call__(self) -> None:
        for _ in range(DELETED):
            name = self.pods.pop()
            if self.cluster.store.get("Pod", "default", name) is not None:
                self.cluster.submit(Delete("Pod", name, "default"))
            self.cluster.advance(self.cluster.now + ROUND)
            self.cluster.events()
