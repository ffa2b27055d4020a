"""Law 4: how fast comes the largest cluster that Kubernetes supports to rest, and how much memory does a Pod take?

Made: every Pod goes the whole way, from its Deployment through the scheduler, its kubelet and the EndpointSlices to every
kube-proxy and DNS. Loaded: the same cluster is brought back from a snapshot by what the server brings clusters back with (which lets the
collector of cycles rest), with all that is derived from its objects, and in the next minute nobody finds anything to do. Both in seconds of
the processor, of one core. What a kube-proxy does with a Service is worked out when it is first asked for: that is shown beside it for all.
Memory is that of processes in which nothing else was made before. The `kubernetes` client now takes far more for a V1Pod than it did
when the goal was set: beside it stands what a V1Pod took then.
"""

from __future__ import annotations

from time import process_time
from typing import Any

from kubernetes.client import ApiClient

from bench.loads import batches, cluster
from bench.measure import Measure, in_own_process, resident
from playground.clusters import engine
from playground.kube.actions import Apply
from playground.kube.clock import SECOND

NODES, SERVICES, EACH = 5_000, 10_000, 15
PODS = SERVICES * EACH
GROUPS, FEW, MANY = 400, 10, 60
THEIRS = 3_000
THEIRS_THEN = 7_430
GOAL = 25_000


def measure() -> list[Measure]:
    few, many, its, (made, loaded, worked_out, ours) = (
        in_own_process("bench.scale", which) for which in ("few", "many", "theirs", "whole")
    )
    one_more = (many - few) / (GROUPS * (MANY - FEW))
    return [
        speed("made, scheduled, started, in their slices, known to every kube-proxy", made),
        speed("loaded from a snapshot, and found to be at rest", loaded),
        Measure("4b", "loaded, with the rules of all Services worked out", PODS / worked_out, GOAL, "Pods a second", at_most=False),
        Measure("4", f"memory of one Pod more / of a V1Pod ({one_more:.0f} / {its:.0f} B)", one_more / its, 0.1),
        Measure("4", f"memory of a Pod, with its share of Deployments, Services and Nodes / of a V1Pod ({ours:.0f} B)", ours / its, 0.1),
        Measure("4b", f"memory of one Pod more / of a V1Pod as it was ({THEIRS_THEN} B)", one_more / THEIRS_THEN, 0.1),
        Measure("4b", "memory of a Pod with its share / of a V1Pod as it was", ours / THEIRS_THEN, 0.1),
    ]


def speed(what: str, taken: float) -> Measure:
    return Measure("4", f"Pods a second: {what}", PODS / taken, GOAL, "Pods a second", at_most=False)


# --- each in a process of its own


def whole() -> tuple[float, float, float, float]:
    """Seconds of the processor to make the largest cluster, to load it, and to load it and work out all rules; bytes of a Pod in it."""
    warm = cluster(1, [1])  # what the process needs for any cluster
    start_of_memory = resident()
    full = cluster(NODES, [])
    start = process_time()
    for batch in batches([EACH] * SERVICES):
        full.submit(Apply(batch))
        full.advance(full.now + SECOND)
        full.events()
    full.advance(full.now + 60 * SECOND)
    full.events()
    made, ours = process_time() - start, (resident() - start_of_memory) / PODS
    assert sum(pod.state.ready for pod in full.store.list("Pod", "default")) == PODS + 1
    assert warm.store.count("Pod")
    snapshot, revision = full.snapshot(), full.store.revision
    start = process_time()
    again = engine.restored(snapshot)
    again.advance(again.now + 60 * SECOND)
    loaded = process_time() - start
    assert again.store.revision == revision
    assert not again.events()
    leads_to = sum(rule.count for rule in again.proxies.rules("node-0"))
    worked_out = process_time() - start
    assert leads_to >= PODS
    return made, loaded, worked_out, ours


def few() -> int:
    """Bytes of a cluster with few Pods behind each Service."""
    return grown_by(FEW)


def many() -> int:
    return grown_by(MANY)


def grown_by(each: int) -> int:
    before = resident()
    kept = cluster(NODES // 10, [each] * GROUPS)
    assert kept.store.count("Pod") > each * GROUPS
    return resident() - before


def theirs() -> float:
    """Bytes of a Pod as an object of the `kubernetes` client, read from the same JSON."""
    client, full = ApiClient(), cluster(THEIRS // 30, [30] * (THEIRS // 30))
    documents: list[Any] = [full.server.encode(pod) for pod in full.store.list("Pod", "default")]
    pods = [client._ApiClient__deserialize(documents[0], "V1Pod")]
    before = resident()
    pods += [client._ApiClient__deserialize(document, "V1Pod") for document in documents]
    return (resident() - before) / (len(pods) - 1)
