"""What does a copy of a cluster begin with, and where do the two part?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.clusters import grants, looks, ownership, service
from playground.clusters.errors import NoSuchCluster
from playground.clusters.models import Cluster, Snapshot
from playground.clusters.runtime import Runtime
from playground.clusters.visitors import Asker
from playground.kube.actions import AddNode
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.clusters.conftest import VISITOR, op


def state(cluster: Cluster) -> tuple[int, str]:
    with looks.at(cluster) as kube:
        return kube.now, kube.hash()


def test_a_copy_is_as_the_cluster_is_at_this_moment(here: Runtime, cluster: Cluster) -> None:
    service.act(cluster, AddNode("later"), op())
    service.skip(cluster, op())
    copy = ownership.copy(cluster, "ann", op())
    assert copy.visitor == "ann"
    assert state(copy) == state(cluster)


def test_a_copy_is_the_same_by_its_log_alone(here: Runtime, cluster: Cluster, elsewhere: Callable[[], Runtime]) -> None:
    service.act(cluster, AddNode("later"), op())
    service.skip(cluster, op())
    copy = ownership.copy(cluster, "ann", op())
    Snapshot.objects.all().delete()
    elsewhere()
    assert state(copy) == state(cluster)


def test_what_is_done_to_one_is_not_done_to_the_other(here: Runtime, cluster: Cluster) -> None:
    copy = ownership.copy(cluster, "ann", op())
    before = state(cluster)
    service.act(copy, AddNode("theirs"), op())
    assert state(cluster) == before
    service.act(cluster, AddNode("ours"), op())
    with looks.at(copy) as kube:
        assert kube.store.get("Node", "", "ours") is None


def test_both_go_on_in_the_same_way(here: Runtime, cluster: Cluster) -> None:
    copy = ownership.copy(cluster, "ann", op())
    for each in (cluster, copy):
        with looks.at(each) as kube:
            kube.advance(kube.now + 5 * SECOND)
    assert state(copy) == state(cluster)


def test_what_was_done_before_can_be_undone_in_the_copy(here: Runtime, cluster: Cluster) -> None:
    service.act(cluster, AddNode("later"), op())
    copy = ownership.copy(cluster, "ann", op())
    service.undo(copy, op())
    with looks.at(copy) as kube:
        assert kube.store.get("Node", "", "later") is None
    with looks.at(cluster) as kube:
        assert kube.store.get("Node", "", "later") is not None


def test_what_was_undone_or_reset_before_is_left_behind(here: Runtime, cluster: Cluster) -> None:
    service.act(cluster, AddNode("first"), op())
    service.reset(cluster, op())
    service.act(cluster, AddNode("second"), op())
    service.undo(cluster, op())
    log = looks.history(ownership.copy(cluster, "ann", op()))
    assert (log.undo, log.redo) == (None, None)


def test_a_paused_cluster_is_copied_paused(here: Runtime, cluster: Cluster) -> None:
    service.set_clock(cluster, op(), paused=True)
    assert looks.history(ownership.copy(cluster, "ann", op())).setting.paused


def test_a_wish_for_a_copy_that_is_sent_twice_makes_one(here: Runtime, cluster: Cluster) -> None:
    assert ownership.copy(cluster, "ann", "wish") == ownership.copy(cluster, "ann", "wish")


def test_copies_count_as_clusters(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(clusters_per_visitor=1)
    ownership.copy(cluster, "ann", op())
    with pytest.raises(Refusal, match="clusters_per_visitor"):
        ownership.copy(cluster, "ann", op())


def test_a_token_opens_its_own_cluster_and_no_other_of_its_visitor(here: Runtime, cluster: Cluster) -> None:
    other = ownership.new_cluster(VISITOR, "small", op())
    asker = Asker(VISITOR, cluster.pk)
    assert ownership.admit(asker, cluster.pk) == cluster
    with pytest.raises(NoSuchCluster):
        ownership.admit(asker, other.pk)


def test_a_link_opens_a_cluster_as_long_as_somebody_says_that_it_stands(
    here: Runtime, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = {("link", cluster.pk)}
    monkeypatch.setattr(grants, "_rules", [lambda share, id: (share, id) in standing])
    asker = Asker("ann", cluster.pk, share="link")
    assert ownership.admit(asker, cluster.pk) == cluster
    standing.clear()
    with pytest.raises(NoSuchCluster):
        ownership.admit(asker, cluster.pk)
