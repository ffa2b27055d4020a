"""What stands in a cluster's log and in its memory?"""

from __future__ import annotations

from playground.clusters import looks
from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.kube.clock import SECOND


def rows(cluster: Cluster) -> list[str]:
    return list(cluster.actions.order_by("seq").values_list("kind", flat=True))


def state(cluster: Cluster) -> bytes:
    with looks.at(cluster) as kube:
        return kube.snapshot()


def later(cluster: Cluster, seconds: float) -> bytes:
    """Let time pass, as the ticker does; the state then."""
    with looks.at(cluster) as kube:
        kube.advance(kube.now + int(seconds * SECOND))
        return kube.snapshot()


def sleep(here: Runtime, cluster: Cluster) -> None:
    """The last watcher has gone."""
    with here.hold(cluster.pk) as running:
        running.awake = True
    here.tick(0.0)
    here.tend(0.0)
    assert cluster.snapshots.exists()
