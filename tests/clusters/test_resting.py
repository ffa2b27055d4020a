"""What stays of a cluster that nobody uses for a while, and is it the same when somebody comes back?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.clusters import looks, ownership, service
from playground.clusters.models import Cluster, Snapshot
from playground.clusters.runtime import Runtime
from playground.kube.actions import AddNode, Delete, Send
from playground.kube.clock import SECOND
from tests.clusters.conftest import VISITOR, op

pytestmark = pytest.mark.django_db
MINUTES = 120.0


@pytest.fixture(autouse=True)
def long_ago(here: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is used is used at second 0 of the wall clock."""
    monkeypatch.setattr("playground.clusters.runtime.time.monotonic", lambda: 0.0)


def pass_by(cluster: Cluster, seconds: int) -> str:
    """Let time pass, as the ticker does; the state then."""
    with looks.at(cluster) as kube:
        kube.advance(kube.now + seconds * SECOND)
        return kube.hash()


def state(cluster: Cluster) -> str:
    with looks.at(cluster) as kube:
        return kube.hash()


def is_live(here: Runtime, cluster: Cluster) -> bool:
    with here.hold(cluster.pk) as running:
        return running.kube is not None


def test_what_nobody_used_for_a_while_rests(cluster: Cluster, here: Runtime) -> None:
    state(cluster)
    here.tend(30.0)
    assert is_live(here, cluster)
    here.tend(MINUTES)
    assert not is_live(here, cluster)


def test_what_rests_wakes_as_it_was_with_no_snapshot_in_the_database(cluster: Cluster, here: Runtime) -> None:
    service.act(cluster, Delete("Pod", "web-1", "default"), op())
    before = pass_by(cluster, 100)
    here.tend(MINUTES)
    Snapshot.objects.all().delete()
    assert state(cluster) == before


def test_the_future_of_what_has_rested_is_that_of_what_has_not(cluster: Cluster, here: Runtime) -> None:
    other = ownership.new_cluster(VISITOR, "small", op())
    for each, rests in ((cluster, True), (other, False)):
        pass_by(each, 2)
        if rests:
            here.tend(MINUTES)
        service.act(each, AddNode("node-z"), op())
        service.act(each, Send("client", "web:80"), op())
    assert numbers_of_epoch_aside(cluster) == numbers_of_epoch_aside(other)


def numbers_of_epoch_aside(cluster: Cluster) -> tuple[int, int, int, list[object]]:
    """The state, but for the second of the wall clock at which the cluster was made."""
    pass_by(cluster, 60)
    with looks.at(cluster) as kube:
        return kube.now, kube.machinery.chance.state, kube.store.revision, kube.machinery.clock.state()


def test_an_undo_takes_back_what_was_done_before_the_rest(cluster: Cluster, here: Runtime) -> None:
    before = state(cluster)
    service.act(cluster, AddNode("node-z"), op())
    here.tend(MINUTES)
    service.undo(cluster, op())
    assert state(cluster) == before


def test_what_another_process_did_meanwhile_is_not_missed(cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime]) -> None:
    state(cluster)
    here.tend(MINUTES)
    elsewhere()
    service.act(cluster, AddNode("node-z"), op())
    there = state(cluster)
    elsewhere(here)
    assert state(cluster) == there


def test_what_was_said_lately_is_still_told(cluster: Cluster, here: Runtime) -> None:
    state(cluster)
    with here.hold(cluster.pk) as running:
        running._says.append((1, "Pod web-1 was deleted", "Pod/default/web-1"))
    here.tend(MINUTES)
    state(cluster)
    with here.hold(cluster.pk) as running:
        assert list(running._says) == [(1, "Pod web-1 was deleted", "Pod/default/web-1")]


def test_what_is_watched_does_not_rest(cluster: Cluster, here: Runtime) -> None:
    state(cluster)
    with here.hold(cluster.pk) as running:
        running.attended_until = 10.0**9
    here.tend(MINUTES)
    assert is_live(here, cluster)


def test_where_too_many_are_live_the_longest_unused_rests(here: Runtime, limits: Callable[..., None], cluster: Cluster) -> None:
    limits(running_clusters=1)
    younger = ownership.new_cluster(VISITOR, "small", op())
    state(cluster), state(younger)
    here.tend(0.0)
    assert (is_live(here, cluster), is_live(here, younger)) == (False, True)


def test_where_too_many_rest_the_longest_unused_is_forgotten(here: Runtime, limits: Callable[..., None], cluster: Cluster) -> None:
    limits(resting_clusters=1)
    younger = ownership.new_cluster(VISITOR, "small", op())
    state(cluster), state(younger)
    here.tend(MINUTES)
    assert list(here._running) == [younger.pk]
