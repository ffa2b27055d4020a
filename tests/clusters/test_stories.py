"""Does the Story tell of the present that an undo or a redo brings back?"""

from __future__ import annotations

import pytest

from playground.clusters import looks, service
from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.clusters.stories import KEPT, Stories
from playground.kube.actions import AddNode
from playground.kube.clock import SECOND
from tests.clusters.conftest import op

pytestmark = pytest.mark.django_db


def told(here: Runtime, cluster: Cluster, *sentences: str) -> None:
    """Says these at the cluster's present."""
    with here.hold(cluster.pk) as running:
        now = running.load().now
        running._says.extend((now, each, "") for each in sentences)


def story(here: Runtime, cluster: Cluster) -> list[str]:
    with here.hold(cluster.pk) as running:
        return [text for _, text, _ in running._says]


def pass_time(cluster: Cluster) -> None:
    with looks.at(cluster) as kube:
        kube.advance(kube.now + SECOND)


@pytest.fixture
def lived(cluster: Cluster, here: Runtime) -> Cluster:
    """A cluster to which something was done, and that was told of."""
    told(here, cluster, "it begins")
    pass_time(cluster)
    service.act(cluster, AddNode("node-z"), op())
    told(here, cluster, "node-z is there")
    pass_time(cluster)
    told(here, cluster, "node-z is ready")
    pass_time(cluster)
    return cluster


def test_a_reset_tells_nothing_of_what_was_and_its_undo_all_of_it(lived: Cluster, here: Runtime) -> None:
    service.reset(lived, op())
    assert story(here, lived) == []
    service.undo(lived, op())
    assert story(here, lived) == ["it begins", "node-z is there", "node-z is ready"]


def test_an_undo_leaves_what_came_before_the_action_and_a_redo_brings_back_what_was_said_at_its_moment(
    lived: Cluster, here: Runtime
) -> None:
    service.undo(lived, op())
    assert story(here, lived) == ["it begins"]
    service.redo(lived, op())
    assert story(here, lived) == ["it begins", "node-z is there"]


def test_another_future_does_not_tell_of_the_one_that_was_undone(lived: Cluster, here: Runtime) -> None:
    service.undo(lived, op())
    service.act(lived, AddNode("node-y"), op())
    told(here, lived, "node-y is there")
    service.reset(lived, op())
    service.undo(lived, op())
    assert story(here, lived) == ["it begins", "node-y is there"]


def test_only_a_few_pasts_are_kept() -> None:
    stories = Stories()
    for tip in range(KEPT + 2):
        stories.change([(0, f"of {tip}", "")], tip, tip + 1, SECOND)
    assert stories.change([], 99, 0, SECOND) == []
    assert stories.change([], 99, KEPT + 1, SECOND) == [(0, f"of {KEPT + 1}", "")]
