"""Law 1: does a routed request cost the same in a large cluster as in a small one?"""

from __future__ import annotations

from bench.loads import cluster
from bench.measure import Measure, interleaved
from playground.kube.cluster import Cluster

SENT = 2_000


def measure() -> list[Measure]:
    small = cluster(nodes=10, groups=[10] * 10)
    large = cluster(nodes=2_000, groups=[10] * 10 + [100] * 1_000)
    few, many = interleaved(lambda: send(small), lambda: send(large))
    return [Measure("1", "a request among 100,000 Pods / among 100", many / few, 1.3)]


def send(busy: Cluster) -> None:
    """The same 10 Services in both: app-0 to app-9, in turn."""
    client = busy.store.get("Pod", "default", "client")
    for number in range(SENT):
        busy.network.send(client, f"app-{number % 10}:80")
    busy.events()
