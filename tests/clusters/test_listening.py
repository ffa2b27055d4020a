"""Who hears when a cluster has changed, and what a failing one does to the others."""

from __future__ import annotations

from typing import Any

from playground.clusters import looks, service
from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.kube.actions import Apply
from tests.clusters import scene
from tests.clusters.conftest import op


class Ear:
    """Notes the revisions that it hears of."""

    def __init__(self, fails: bool = False):
        self.heard: list[int] = []
        self.runs: list[str] = []
        self._fails = fails

    def hear(self, kube: Any, run: str) -> None:
        self.heard.append(kube.store.revision)
        self.runs.append(run)
        if self._fails:
            raise RuntimeError


def listen(cluster: Cluster, ear: Ear) -> None:
    with looks.alone(cluster), looks.at(cluster):
        looks.listen(cluster, ear)


def test_a_listener_hears_of_a_change_once(here: Runtime, cluster: Cluster) -> None:
    ear = Ear()
    listen(cluster, ear)
    service.act(cluster, Apply([scene.service("new")]), op())
    here.tick(1.0)
    count = len(ear.heard)
    here.tick(1.0)
    assert count == len(ear.heard) == 1
    looks.unlisten(cluster, ear)
    service.act(cluster, Apply([scene.service("newer")]), op())
    here.tick(1.0)
    assert len(ear.heard) == 1


def test_after_an_undo_the_past_has_another_name(here: Runtime, cluster: Cluster) -> None:
    ear = Ear()
    listen(cluster, ear)
    service.act(cluster, Apply([scene.service("new")]), op())
    here.tick(1.0)
    service.undo(cluster, op())
    here.tick(1.0)
    assert len(set(ear.runs)) == 2


def test_one_that_fails_is_dropped_and_the_others_hear(here: Runtime, cluster: Cluster) -> None:
    bad, good = Ear(fails=True), Ear()
    listen(cluster, bad)
    listen(cluster, good)
    for name in ("one", "two"):
        service.act(cluster, Apply([scene.service(name)]), op())
        here.tick(1.0)
    assert (len(bad.heard), len(good.heard)) == (1, 2)
