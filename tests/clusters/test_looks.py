"""Is a request of the past found, and what was done since a mark?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.clusters import looks, service
from playground.clusters.errors import NoSuchRequest, TooLongAgo
from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.kube.actions import AddNode, Delete, Send
from tests.clusters.conftest import op
from tests.clusters.states import later, sleep

pytestmark = pytest.mark.django_db


def test_a_request_is_explained_from_memory(cluster: Cluster) -> None:
    number, time = send(cluster)
    found, hops = looks.request(cluster, number, time)
    assert (found.number, found.time) == (number, time)
    assert hops


def test_a_request_long_past_is_replayed(cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime]) -> None:
    number, time = send(cluster)
    _, known = looks.request(cluster, number, time)
    sleep(here, cluster)
    elsewhere()
    with looks.at(cluster) as kube:
        assert kube.network.request(number) is None
    found, hops = looks.request(cluster, number, time)
    assert (found.number, found.time, found.outcome) == (number, time, "ok")
    assert hops == known


def test_a_request_that_was_undone_is_no_more(cluster: Cluster) -> None:
    number, time = send(cluster)
    service.undo(cluster, op())
    with pytest.raises(NoSuchRequest):
        looks.request(cluster, number, time + 1)
    with pytest.raises(NoSuchRequest):
        looks.request(cluster, number, time)


def test_a_replay_that_takes_too_long_is_refused(
    cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, time = send(cluster)
    sleep(here, cluster)
    elsewhere()
    monkeypatch.setattr(looks, "REPLAY_SECONDS", -1.0)
    monkeypatch.setattr(looks.replay, "CHUNK", 1)
    with pytest.raises(TooLongAgo):
        looks.request(cluster, number, time)


def test_history_says_what_can_be_undone_and_redone(cluster: Cluster) -> None:
    service.act(cluster, Delete("Pod", "web-1"), op())
    assert looks.history(cluster).undo.title == "Delete Pod web-1"
    service.undo(cluster, op())
    assert looks.history(cluster).undo is None
    assert looks.history(cluster).redo.title == "Delete Pod web-1"


def test_the_moment_after_a_mark_is_of_the_time_that_stands(cluster: Cluster) -> None:
    opened = looks.moment_after(cluster, looks.mark_of(cluster))
    later(cluster, 60)
    service.act(cluster, AddNode("node-z"), op())
    assert looks.moment_after(cluster, looks.mark_of(cluster)) == opened + 60_000_001
    service.reset(cluster, op())
    assert looks.moment_after(cluster, looks.mark_of(cluster)) == opened


def test_changes_since_a_mark_are_those_that_stand_and_change_something(cluster: Cluster) -> None:
    mark = looks.mark_of(cluster)
    service.act(cluster, Delete("Pod", "web-1"), op())
    service.act(cluster, AddNode("node-z"), op())
    service.undo(cluster, op())
    service.act(cluster, Send("default/client", "web:80"), op())
    assert looks.changes_since(cluster, mark) == 1


def send(cluster: Cluster) -> tuple[int, int]:
    """Send one request: its number and time."""
    later(cluster, 1)
    service.act(cluster, Send("client", "web:80"), op())
    with looks.at(cluster) as kube:
        request = kube.network.recent(1)[0]
    later(cluster, 1)
    return request.number, request.time
