"""Does the story of a cluster hold what happened, whoever looked on, and wherever one came back from?"""

from __future__ import annotations

import pytest

from playground.clusters import looks, ownership, service
from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.kube.actions import Delete
from tests.clusters.conftest import VISITOR, op

pytestmark = pytest.mark.django_db


def ticks(here: Runtime, count: int = 40) -> None:
    """A tenth of a second each, with somebody who asks the API."""
    for number in range(count):
        here.tick(1_000.0 + number / 10)


def story(here: Runtime, cluster: Cluster) -> list[str]:
    with here.hold(cluster.pk) as running:
        return [text for _, text, _ in running._says]


def told_of(here: Runtime, cluster: Cluster, name: str) -> int:
    return sum(name in each for each in story(here, cluster))


@pytest.fixture
def attended(here: Runtime, cluster: Cluster) -> Cluster:
    looks.attend(cluster)
    ticks(here, 2)
    return cluster


def test_what_kubectl_does_while_no_page_is_open_is_told(here: Runtime, attended: Cluster) -> None:
    """Else a learner would think that what their own kubectl did had not happened."""
    service.act(attended, Delete("Pod", "web-1", "default"), op())
    ticks(here)
    assert told_of(here, attended, "web-1") > 0


def test_who_undoes_a_reset_reads_again_what_happened_before(here: Runtime, attended: Cluster) -> None:
    service.act(attended, Delete("Pod", "web-1", "default"), op())
    ticks(here)
    before = story(here, attended)
    service.reset(attended, op())
    ticks(here, 2)
    assert told_of(here, attended, "web-1 was deleted") == 0
    service.undo(attended, op())
    assert story(here, attended) == before


def test_who_redoes_what_was_undone_reads_of_it_from_its_beginning(here: Runtime, attended: Cluster) -> None:
    service.act(attended, Delete("Pod", "web-1", "default"), op())
    ticks(here)
    first = next(each for each in story(here, attended) if "web-1" in each)
    service.undo(attended, op())
    assert told_of(here, attended, "web-1 was deleted") == 0
    service.redo(attended, op())
    assert first in story(here, attended)


def test_two_clusters_have_their_own(here: Runtime, attended: Cluster) -> None:
    other = ownership.new_cluster(VISITOR, "small", op())
    service.act(attended, Delete("Pod", "web-1", "default"), op())
    ticks(here)
    assert told_of(here, other, "web-1 was deleted") == 0
