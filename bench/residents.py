"""Law 10: how much memory does a cluster take that is in memory and that nobody watches, and how soon is it live again?

In a process of its own, 2,000 clusters of 50 seeds lie in a database; each is opened as the first page of a visit opens it, and left. Then the
server's own clerk lays them to rest, as many at a time as may be live. The memory is that of the whole process, so that what does not
come back to the system, because live clusters were in its way, counts too. Beside it stands what clusters take that are live.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from time import perf_counter
from typing import Any

import msgspec

from bench.measure import Measure, in_own_process, resident

RESIDENTS, LIVE, SEEDS, AT_ONCE = 2_000, 200, 50, 100
LATER = 1_000_000.0


def measure() -> list[Measure]:
    found = []
    for which in ("at_rest", "live"):
        with tempfile.TemporaryDirectory() as folder:
            given = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "LOG_LEVEL": "ERROR", "LIMIT_IDLE_SECONDS": "100000000"}
            found += msgspec.convert(in_own_process("bench.residents", which, **given), list[Measure])
    return found


# --- in a process of its own


def at_rest() -> list[Measure]:
    snapshots = made()
    clusters = [stored(snapshots[number % SEEDS]) for number in range(AT_ONCE + RESIDENTS)]
    visit(clusters[:AT_ONCE])
    before = resident()
    for start in range(AT_ONCE, AT_ONCE + RESIDENTS, AT_ONCE):
        visit(clusters[start : start + AT_ONCE])
    each = (resident() - before) / RESIDENTS / 1e3
    return [
        Measure("10", "a resident cluster of 53 Pods that nobody watches", each, 60, "kB"),
        Measure("10", "until a cluster at rest is live again", statistics.median(map(opened, clusters[:AT_ONCE])) * 1e3, 30, "ms"),
    ]


def live() -> list[Measure]:
    snapshots = made()
    clusters = [stored(snapshots[number % SEEDS]) for number in range(SEEDS + LIVE)]
    for cluster in clusters[:SEEDS]:
        opened(cluster)
    before = resident()
    for cluster in clusters[SEEDS:]:
        opened(cluster)
    return [Measure("10b", "a live cluster of 53 Pods", (resident() - before) / LIVE / 1e3, 60, "kB")]


def made() -> list[bytes]:
    """A database, and the snapshots of clusters of as many seeds."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return [frozen(seed) for seed in range(SEEDS)]


def visit(clusters: list[Any]) -> None:
    """Each is opened once; then time passes."""
    from playground.clusters.runtime import here

    for cluster in clusters:
        opened(cluster)
    here().tend(LATER)


def opened(cluster: Any) -> float:
    """Open a cluster: the seconds that it took."""
    from playground.clusters import looks

    start = perf_counter()
    with looks.at(cluster) as kube:
        assert kube.store.count("Pod") == 53
        return perf_counter() - start


def frozen(seed: int) -> bytes:
    from bench.loads import cluster
    from playground.clusters import engine

    return engine.freeze(cluster(nodes=3, groups=[10] * 5, seed=seed))


def stored(blob: bytes) -> Any:
    """A cluster in the database whose log has one row, and that snapshot after it."""
    from django.utils import timezone

    from playground.clusters import engine
    from playground.clusters.models import Action, Cluster, Snapshot

    at = engine.thaw(blob).now
    made = Cluster.objects.create(visitor="bench", op=os.urandom(8).hex(), title="50 Pods", scene="", settings="{}", used=timezone.now())
    Action.objects.create(cluster=made, seq=1, op="start", at=at, kind="start", title="50 Pods", payload="[]", receipt="{}")
    Snapshot.objects.create(cluster=made, head=1, tip=1, at=at, version=engine.VERSION, blob=blob)
    return made
