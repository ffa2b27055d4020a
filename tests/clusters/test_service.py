"""What does the door promise?  Committed before acknowledged; refused is unchanged; a retry answers as the first did."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playground.clusters import service, statements
from playground.clusters.errors import NoSuchCluster, NoSuchRequest, TooFast, TooLongAgo, Unavailable
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.clusters.runtime import Runtime
from playground.kube.actions import AddNode, Apply, Delete, PowerOff, Send
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.clusters import scene
from tests.clusters.conftest import VISITOR, op

pytestmark = pytest.mark.django_db


def test_a_new_cluster_is_opened_at_the_time_that_it_is(cluster: Cluster) -> None:
    with service.looking(cluster) as kube:
        assert kube.settings.epoch + kube.now // SECOND == int(cluster.used.timestamp())


def rows(cluster: Cluster) -> list[str]:
    return list(cluster.actions.order_by("seq").values_list("kind", flat=True))


def state(cluster: Cluster) -> bytes:
    with service.looking(cluster) as kube:
        return kube.snapshot()


def later(cluster: Cluster, seconds: float) -> bytes:
    """Let time pass, as the ticker does; the state then."""
    with service.looking(cluster) as kube:
        kube.advance(kube.now + int(seconds * SECOND))
        return kube.snapshot()


# --- whose cluster


def test_the_first_cluster_is_made_at_once_and_is_the_latest_from_then_on(here: Runtime) -> None:
    made = service.latest("ann")
    assert service.latest("ann") == made
    assert service.of("ann") == [made]
    assert service.of("bob") == []


def test_a_wish_for_a_cluster_that_is_sent_twice_makes_one(here: Runtime) -> None:
    assert service.new_cluster("ann", "small", "wish") == service.new_cluster("ann", "small", "wish")
    assert service.new_cluster("bob", "small", "wish").visitor == "bob"


def test_a_stranger_learns_nothing(cluster: Cluster) -> None:
    for visitor, id in (("bob", cluster.pk), ("", cluster.pk), (VISITOR, "no-such-id"), (VISITOR, "\x00" * 3)):
        with pytest.raises(NoSuchCluster):
            service.find(visitor, id)
    assert service.find(VISITOR, cluster.pk) == cluster


def test_a_cluster_opens_as_old_as_its_scene_says(cluster: Cluster) -> None:
    with service.looking(cluster) as kube:
        assert kube.now == scene.OPENS_AT
        assert kube.store.get("Pod", "default", "web-1").state.ready


def test_too_many_clusters_are_refused_by_the_name_of_the_limit(here: Runtime, limits: Callable[..., None]) -> None:
    limits(clusters_per_visitor=1)
    service.new_cluster("ann", "small", "one")
    with pytest.raises(Refusal, match="clusters_per_visitor"):
        service.new_cluster("ann", "small", "two")


# --- actions


def test_an_action_is_one_row_with_its_receipt(cluster: Cluster) -> None:
    receipt = service.act(cluster, AddNode("node-b"), "mine")
    row = cluster.actions.get(op="mine")
    assert (row.seq, row.kind, row.at, row.title) == (2, "action", scene.OPENS_AT, "Add Node node-b")
    assert receipt.lines


def test_a_retry_answers_as_the_first_did_and_does_nothing(cluster: Cluster) -> None:
    first = service.act(cluster, AddNode("node-b"), "mine")
    before = state(cluster)
    assert service.act(cluster, AddNode("node-c"), "mine") == first
    assert state(cluster) == before
    assert rows(cluster) == ["start", "action"]


@pytest.mark.parametrize("bad", ["", "a" * 65, "a b", "ä", "a\n"])
def test_an_op_that_is_none_is_refused(cluster: Cluster, bad: str) -> None:
    with pytest.raises(Refusal, match="op: "):
        service.act(cluster, AddNode("node-b"), bad)


REFUSED: dict[str, Any] = {
    "an object that is not there": lambda cluster: service.act(cluster, Delete("Pod", "nobody"), op()),
    "the second document of two is bad": lambda cluster: service.act(cluster, Apply([scene.pod("fine"), {"kind": "Pod"}]), op()),
    "a sender that is not there": lambda cluster: service.act(cluster, Send("nobody", "web:80"), op()),
    "nothing to undo": lambda cluster: service.undo(cluster, op()),
    "nothing to redo": lambda cluster: service.redo(cluster, op()),
    "a speed that there is not": lambda cluster: service.set_clock(cluster, op(), speed=3.0),
}


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_changes_nothing_and_is_not_logged(cluster: Cluster, ask: Callable[[Cluster], Any]) -> None:
    before = state(cluster)
    with pytest.raises(Refusal):
        ask(cluster)
    assert state(cluster) == before
    assert rows(cluster) == ["start"]


def test_too_fast_is_refused_with_the_time_to_wait(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service._rates, "applies_per_minute", Buckets(1, 60))
    service.act(cluster, Apply([scene.pod("one")]), op())
    with pytest.raises(TooFast, match="applies_per_minute") as refused:
        service.act(cluster, Apply([scene.pod("two")]), op())
    assert 0 < refused.value.wait <= 60
    service.act(cluster, AddNode("node-b"), op())


def test_a_retry_costs_nothing(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service._rates, "actions_per_minute", Buckets(1, 60))
    assert service.act(cluster, AddNode("node-b"), "mine") == service.act(cluster, AddNode("node-b"), "mine")


# --- when the database does not take it


def fail(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("database is locked")


def test_what_could_not_be_committed_never_happened(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    before = later(cluster, 3)
    with monkeypatch.context() as broken:
        broken.setattr(statements, "append", fail)
        with pytest.raises(Unavailable):
            service.act(cluster, AddNode("node-b"), "mine")
    assert state(cluster) == before
    service.act(cluster, AddNode("node-b"), "mine")
    assert rows(cluster) == ["start", "action"]


def test_a_failure_of_the_engine_itself_is_not_kept(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(cluster)
    with service.looking(cluster) as kube:
        monkeypatch.setattr(kube, "submit", lambda action: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        service.act(cluster, AddNode("node-b"), op())
    assert state(cluster) == before


# --- undo, redo, reset, clock


def test_undo_returns_to_the_moment_before(cluster: Cluster) -> None:
    before = later(cluster, 2)
    service.act(cluster, Delete("Pod", "web-1"), op())
    later(cluster, 5)
    service.undo(cluster, op())
    assert state(cluster) == before


def test_undo_then_redo_is_identity(cluster: Cluster) -> None:
    later(cluster, 2)
    service.act(cluster, Delete("Pod", "web-1"), op())
    before = state(cluster)
    later(cluster, 5)
    service.undo(cluster, op())
    later(cluster, 1)
    service.redo(cluster, op())
    assert state(cluster) == before


def test_reset_is_the_scene_again_and_can_be_undone(cluster: Cluster) -> None:
    first = state(cluster)
    service.act(cluster, Delete("Pod", "web-1"), op())
    before = later(cluster, 3)
    service.reset(cluster, op())
    assert state(cluster) == first
    service.undo(cluster, op())
    assert state(cluster) == before


def test_history_says_what_can_be_undone_and_redone(cluster: Cluster) -> None:
    service.act(cluster, Delete("Pod", "web-1"), op())
    assert service.history(cluster).undo.title == "Delete Pod web-1"
    service.undo(cluster, op())
    assert service.history(cluster).undo is None
    assert service.history(cluster).redo.title == "Delete Pod web-1"


def test_speed_and_pause_are_settings_that_undo_does_not_touch(cluster: Cluster) -> None:
    service.act(cluster, AddNode("node-b"), op())
    service.set_clock(cluster, op(), speed=10)
    service.set_clock(cluster, op(), paused=True)
    service.undo(cluster, op())
    setting = service.history(cluster).setting
    assert (setting.speed, setting.paused) == (10, True)


def test_a_step_pauses_and_stands_at_the_next_thing_to_be_seen(cluster: Cluster) -> None:
    service.act(cluster, Delete("Pod", "web-1"), op())
    with service.looking(cluster) as kube:
        before = kube.now
    service.step(cluster, "step")
    with service.looking(cluster) as kube:
        after = kube.now
        assert after > before
    assert service.history(cluster).setting.paused
    service.step(cluster, "step")
    with service.looking(cluster) as kube:
        assert kube.now == after


def test_a_skip_goes_to_the_next_change_of_an_object_and_leaves_the_clock_running(cluster: Cluster) -> None:
    later(cluster, 60)
    service.act(cluster, Delete("Pod", "web-1"), op())
    receipt = service.skip(cluster, "skip")
    assert receipt.lines[0].startswith("skipped 0.")
    assert not service.history(cluster).setting.paused
    with service.looking(cluster) as kube:
        after = kube.now
    assert service.skip(cluster, "skip") == receipt
    with service.looking(cluster) as kube:
        assert kube.now == after


def test_a_skip_finds_the_eviction_minutes_after_a_node_lost_its_power(cluster: Cluster) -> None:
    """50 s until the Node is not ready, 300 s until its Pods are evicted."""
    service.act(cluster, AddNode("node-b"), op())
    later(cluster, 60)
    service.act(cluster, PowerOff("node-b"), op())
    lines = [service.skip(cluster, op()).lines[0] for _ in range(4)]
    assert any(line.startswith(("skipped 50.00 s", "skipped 49.")) for line in lines), lines


def test_with_nothing_to_come_a_skip_says_so(cluster: Cluster) -> None:
    later(cluster, 600)
    assert service.skip(cluster, op()).lines[0].startswith("nothing changed in the next")


# --- several processes, and later


def test_another_process_sees_the_same(cluster: Cluster, elsewhere: Callable[..., Runtime]) -> None:
    later(cluster, 2)
    service.act(cluster, Delete("Pod", "web-1"), op())
    before = state(cluster)
    elsewhere()
    assert state(cluster) == before


def test_a_process_whose_log_is_stale_takes_in_the_news_first(cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime]) -> None:
    state(cluster)
    other = elsewhere()
    service.act(cluster, AddNode("node-b"), op())
    elsewhere(here)
    service.act(cluster, AddNode("node-c"), op())
    one = state(cluster)
    elsewhere(other)
    assert state(cluster) == one
    assert rows(cluster) == ["start", "action", "action"]


def test_two_processes_that_write_at_once_both_succeed(
    cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes between this one's look at the log and its own row."""
    state(cluster)
    other, caught_up = Runtime(threads=False), []
    with here.hold(cluster.pk) as running:
        real = running.catch_up

    def catch_up_and_be_overtaken(wanted: str = "") -> Any:
        answer = real(wanted)
        if not caught_up:
            caught_up.append(True)
            elsewhere(other)
            service.act(cluster, AddNode("node-b"), "theirs")
            elsewhere(here)
        return answer

    monkeypatch.setattr(running, "catch_up", catch_up_and_be_overtaken)
    service.act(cluster, AddNode("node-c"), "ours")
    assert list(cluster.actions.order_by("seq").values_list("op", flat=True)) == ["start", "theirs", "ours"]
    with service.looking(cluster) as kube:
        assert [node.name for node in kube.store.list("Node")] == ["node-a", "node-b", "node-c"]


def test_a_cluster_that_sleeps_keeps_its_time(cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime]) -> None:
    before = later(cluster, 100)
    sleep(here, cluster)
    elsewhere()
    assert state(cluster) == before


def test_what_nobody_used_for_long_is_forgotten_and_comes_back(cluster: Cluster, here: Runtime) -> None:
    before = state(cluster)
    here.tend(10.0**9)
    with here.hold(cluster.pk) as running:
        assert running.kube is None
    assert state(cluster) == before


# --- requests of the past


def test_a_request_is_explained_from_memory(cluster: Cluster) -> None:
    number, time = send(cluster)
    found, hops = service.request(cluster, number, time)
    assert (found.number, found.time) == (number, time)
    assert hops


def test_a_request_long_past_is_replayed(cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime]) -> None:
    number, time = send(cluster)
    _, known = service.request(cluster, number, time)
    sleep(here, cluster)
    elsewhere()
    with service.looking(cluster) as kube:
        assert kube.network.request(number) is None
    found, hops = service.request(cluster, number, time)
    assert (found.number, found.time, found.outcome) == (number, time, "ok")
    assert hops == known


def test_a_request_that_was_undone_is_no_more(cluster: Cluster) -> None:
    number, time = send(cluster)
    service.undo(cluster, op())
    with pytest.raises(NoSuchRequest):
        service.request(cluster, number, time + 1)
    with pytest.raises(NoSuchRequest):
        service.request(cluster, number, time)


def test_a_replay_that_takes_too_long_is_refused(
    cluster: Cluster, here: Runtime, elsewhere: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, time = send(cluster)
    sleep(here, cluster)
    elsewhere()
    monkeypatch.setattr(service, "REPLAY_SECONDS", -1.0)
    monkeypatch.setattr(service.replay, "CHUNK", 1)
    with pytest.raises(TooLongAgo):
        service.request(cluster, number, time)


def sleep(here: Runtime, cluster: Cluster) -> None:
    """The last watcher has gone."""
    with here.hold(cluster.pk) as running:
        running.awake = True
    here.tick(0.0)
    here.tend(0.0)
    assert cluster.snapshots.exists()


def send(cluster: Cluster) -> tuple[int, int]:
    """Send one request: its number and time."""
    later(cluster, 1)
    service.act(cluster, Send("client", "web:80"), op())
    with service.looking(cluster) as kube:
        request = kube.network.recent(1)[0]
    later(cluster, 1)
    return request.number, request.time


# --- laws of any history

ASKS = st.sampled_from(["delete", "apply", "node", "send", "undo", "redo", "reset", "pause", "step", "retry"])


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(ASKS, st.floats(0, 3)), max_size=12))
def test_replay_equals_live_byte_for_byte(here: Runtime, elsewhere: Callable[..., Runtime], history: list[tuple[str, float]]) -> None:
    cluster = service.new_cluster(op(), "small", op())
    for number, (what, seconds) in enumerate(history):
        later(cluster, seconds)
        ask(cluster, what, number)
    service.set_clock(cluster, op(), paused=True)
    with service.looking(cluster) as kube:
        kube.advance(kube.now)
        live = kube.snapshot()
    elsewhere()
    replayed = state(cluster)
    elsewhere(here)
    assert replayed == live


def ask(cluster: Cluster, what: str, number: int) -> None:
    asks: dict[str, Callable[[], Any]] = {
        "delete": lambda: service.act(cluster, Delete("Pod", f"web-{number % 3}"), op()),
        "apply": lambda: service.act(cluster, Apply([scene.pod(f"web-{number % 3}")]), op()),
        "node": lambda: service.act(cluster, AddNode(f"node-{number}"), op()),
        "send": lambda: service.act(cluster, Send("client", "web:80"), op()),
        "undo": lambda: service.undo(cluster, op()),
        "redo": lambda: service.redo(cluster, op()),
        "reset": lambda: service.reset(cluster, op()),
        "pause": lambda: service.set_clock(cluster, op(), paused=bool(number % 2)),
        "step": lambda: service.step(cluster, op()),
        "retry": lambda: service.act(cluster, AddNode("node-z"), f"retried-{number // 4}"),
    }
    with suppress(Refusal):
        asks[what]()


# --- back to a mark


def test_a_cluster_is_rewound_to_a_mark_as_if_nothing_had_been_done_since(cluster: Cluster) -> None:
    service.act(cluster, Delete("Pod", "web-1"), op())
    mark = service.mark_of(cluster)
    before = later(cluster, 2)
    service.act(cluster, PowerOff("node-a"), op())
    later(cluster, 3)
    service.act(cluster, AddNode("node-z"), op())
    service.rewind(cluster, op(), mark)
    assert state(cluster) == before
    assert service.mark_of(cluster) == mark


def test_what_was_rewound_can_be_put_back_one_by_one(cluster: Cluster) -> None:
    mark = service.mark_of(cluster)
    service.act(cluster, PowerOff("node-a"), op())
    later(cluster, 3)
    service.act(cluster, AddNode("node-z"), op())
    after = state(cluster)
    service.rewind(cluster, op(), mark)
    service.redo(cluster, op())
    service.redo(cluster, op())
    assert state(cluster) == after


def test_the_moment_after_a_mark_is_of_the_time_that_stands(cluster: Cluster) -> None:
    opened = service.moment_after(cluster, service.mark_of(cluster))
    later(cluster, 60)
    service.act(cluster, AddNode("node-z"), op())
    assert service.moment_after(cluster, service.mark_of(cluster)) == opened + 60_000_001
    service.reset(cluster, op())
    assert service.moment_after(cluster, service.mark_of(cluster)) == opened


def test_a_rewind_that_is_sent_twice_is_done_once(cluster: Cluster) -> None:
    mark, wish = service.mark_of(cluster), op()
    service.act(cluster, PowerOff("node-a"), op())
    service.act(cluster, AddNode("node-z"), op())
    assert service.rewind(cluster, wish, mark) == service.rewind(cluster, wish, mark)
    assert rows(cluster) == ["start", "action", "action", "undo", "undo"]


def test_there_is_nothing_to_rewind_at_the_mark(cluster: Cluster) -> None:
    with pytest.raises(Refusal, match="nothing to take back"):
        service.rewind(cluster, op(), service.mark_of(cluster))


def test_changes_since_a_mark_are_those_that_stand_and_change_something(cluster: Cluster) -> None:
    mark = service.mark_of(cluster)
    service.act(cluster, Delete("Pod", "web-1"), op())
    service.act(cluster, AddNode("node-z"), op())
    service.undo(cluster, op())
    service.act(cluster, Send("default/client", "web:80"), op())
    assert service.changes_since(cluster, mark) == 1
