"""Does a visitor come to clusters, and only to their own?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.clusters import looks, ownership
from playground.clusters.errors import NoSuchCluster
from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.clusters import scene
from tests.clusters.conftest import VISITOR

pytestmark = pytest.mark.django_db


def test_a_new_cluster_is_opened_at_the_time_that_it_is(cluster: Cluster) -> None:
    with looks.at(cluster) as kube:
        assert kube.settings.epoch + kube.now // SECOND == int(cluster.used.timestamp())


def test_a_cluster_opens_as_old_as_its_scene_says(cluster: Cluster) -> None:
    with looks.at(cluster) as kube:
        assert kube.now == scene.OPENS_AT
        assert kube.store.get("Pod", "default", "web-1").state.ready


def test_the_first_cluster_is_made_at_once_and_is_the_latest_from_then_on(here: Runtime) -> None:
    made = ownership.latest("ann")
    assert ownership.latest("ann") == made
    assert ownership.of("ann") == [made]
    assert ownership.of("bob") == []


def test_a_wish_for_a_cluster_that_is_sent_twice_makes_one(here: Runtime) -> None:
    assert ownership.new_cluster("ann", "small", "wish") == ownership.new_cluster("ann", "small", "wish")
    assert ownership.new_cluster("bob", "small", "wish").visitor == "bob"


def test_a_stranger_learns_nothing(cluster: Cluster) -> None:
    for visitor, id in (("bob", cluster.pk), ("", cluster.pk), (VISITOR, "no-such-id"), (VISITOR, "\x00" * 3)):
        with pytest.raises(NoSuchCluster):
            ownership.find(visitor, id)
    assert ownership.find(VISITOR, cluster.pk) == cluster


def test_too_many_clusters_are_refused_by_the_name_of_the_limit(here: Runtime, limits: Callable[..., None]) -> None:
    limits(clusters_per_visitor=1)
    ownership.new_cluster("ann", "small", "one")
    with pytest.raises(Refusal, match="clusters_per_visitor"):
        ownership.new_cluster("ann", "small", "two")
