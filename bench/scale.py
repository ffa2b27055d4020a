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
from bench.measure import Measure
from bench.residents import resident
from playground.kube.actions import Apply
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster

NODES, SERVICES, EACH = 5_000, 10_000, 15
PODS = SERVICES * EACH
THEIRS = 3_000
GOAL = 25_000


def measure() -> list[Measure]:
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
    return [
        Measure(
            "4",
            "Pods a second: made, scheduled, started, in their slices, known to every kube-proxy",
            PODS / made,
            GOAL,
            "Pods a second",
            at_most=False,
        ),
        Measure("4", "Pods a second: loaded from a snapshot", PODS / loading(empty), GOAL, "Pods a second", at_most=False),
        Measure("4", "memory of a Pod, with all that is kept for it / of a V1Pod", ours / theirs(empty), 0.1),
    ]


def loading(full: Cluster) -> float:
    """Seconds to bring the cluster back, ready to route."""
    snapshot = full.snapshot()
    start = perf_counter()
    again = Cluster.restore(snapshot, full.schema)
    taken = perf_counter() - start
    assert again.store.count("Pod") == full.store.count("Pod")
    return taken


def theirs(full: Cluster) -> float:
    """Bytes of a Pod as an object of the `kubernetes` client, read from the same JSON."""
    client = ApiClient()
    documents: list[Any] = [full.server.encode(pod) for pod in full.store.list("Pod", "default")[:THEIRS]]
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    before = resident()
    pods = [client._ApiClient__deserialize(document, "V1Pod") for document in documents]
    return (resident() - before) / len(pods)
