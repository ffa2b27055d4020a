"""Law 10: how much memory does a cluster take that is in memory and that nobody watches?"""

from __future__ import annotations

import gc
from pathlib import Path

from bench.loads import cluster
from bench.measure import Measure
from playground.kube.cluster import Cluster

RESIDENTS = 200
PAGE = 4_096


def measure() -> list[Measure]:
    one = cluster(nodes=3, groups=[10] * 5)
    snapshot, schema = one.snapshot(), one.schema
    kept = [Cluster.restore(snapshot, schema) for _ in range(10)]
    before = resident()
    kept += [Cluster.restore(snapshot, schema) for _ in range(RESIDENTS)]
    each = (resident() - before) / RESIDENTS / 1e3
    return [Measure("10", f"a resident cluster of {kept[0].store.count('Pod')} Pods", each, 60, "kB")]


def resident() -> int:
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
