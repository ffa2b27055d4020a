"""Law 4: how fast comes the largest cluster that Kubernetes supports to rest, and how much memory does a Pod take?

Made: every Pod goes the whole way, from its Deployment through the scheduler, its kubelet and the EndpointSlices to every
kube-proxy and DNS. Loaded: the same cluster is brought back from a snapshot, with all that is derived from its objects.
"""

from __future__ import annotations

import ctypes
import gc
from time import perf_counter
from typing import Any

from kubernetes.client import ApiClient

from bench.loads import batches, cluster
from bench.measure import Measure, seconds
from bench.residents import resident
from playground.kube.actions import Apply
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster

NODES, SERVICES, EACH = 5_000, 10_000, 15
PODS = SERVICES * EACH
GROUPS, FEW, MANY = 400, 10, 60
THEIRS = 3_000
GOAL = 25_000


def measure() -> list[Measure]:
    one_more = more()
    empty = cluster(NODES, [])
    before, start = resident(), perf_counter()
    for batch in batches([EACH] * SERVICES):
        empty.submit(Apply(batch))
        empty.advance(empty.now + SECOND)
        empty.events()
    empty.advance(empty.now + 60 * SECOND)
    empty.events()
    made, ours = perf_counter() - start, (resident() - before) / PODS
    assert sum(pod.state.ready for pod in empty.store.list("Pod", "default")) == PODS + 1
    its = theirs(empty)
    return [
        speed("made, scheduled, started, in their slices, known to every kube-proxy", made),
        speed("loaded from a snapshot", seconds(Loader(empty))),
        Measure("4", "memory of one Pod more / of a V1Pod", one_more / its, 0.1),
        Measure("4", "memory of a Pod, with its share of Deployments, Services and Nodes / of a V1Pod", ours / its, 0.1),
    ]


def speed(what: str, taken: float) -> Measure:
    return Measure("4", f"Pods a second: {what}", PODS / taken, GOAL, "Pods a second", at_most=False)


class Loader:
    """Called, it brings the cluster back, ready to route."""

    def __init__(self, full: Cluster):
        self.snapshot, self.schema, self.pods = full.snapshot(), full.schema, full.store.count("Pod")

    def __call__(self) -> None:
        assert Cluster.restore(self.snapshot, self.schema).store.count("Pod") == self.pods


def more() -> float:
    """Bytes of a Pod that is one more behind the same Services."""
    before = resident()
    few = cluster(NODES // 10, [FEW] * GROUPS)
    between = resident()
    many = cluster(NODES // 10, [MANY] * GROUPS)
    return (resident() - between - (between - before)) / (many.store.count("Pod") - few.store.count("Pod"))


def theirs(full: Cluster) -> float:
    """Bytes of a Pod as an object of the `kubernetes` client, read from the same JSON."""
    client = ApiClient()
    documents: list[Any] = [full.server.encode(pod) for pod in full.store.list("Pod", "default")[:THEIRS]]
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    before = resident()
    pods = [client._ApiClient__deserialize(document, "V1Pod") for document in documents]
    return (resident() - before) / len(pods)
