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

from playground.clusters import looks, ownership, service, spending, statements
from playground.clusters.errors import TooFast, Unavailable
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.clusters.runtime import Runtime
from playground.kube.actions import AddNode, Apply, Delete, PowerOff, Send
from playground.kube.errors import Refusal
from tests.clusters import scene
from tests.clusters.conftest import op
from tests.clusters.states import later, rows, sleep, state

pytestmark = pytest.mark.django_db


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
    monkeypatch.setitem(spending.RATES, "applies_per_minute", Buckets(1, 60))
    service.act(cluster, Apply([scene.pod("one")]), op())
    with pytest.raises(TooFast, match="applies_per_minute") as refused:
        service.act(cluster, Apply([scene.pod("two")]), op())
    assert 0 < refused.value.wait <= 60
    service.act(cluster, AddNode("node-b"), op())


def test_a_retry_costs_nothing(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "actions_per_minute", Buckets(1, 60))
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
    with looks.at(cluster) as kube:
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


def test_speed_and_pause_are_settings_that_undo_does_not_touch(cluster: Cluster) -> None:
    service.act(cluster, AddNode("node-b"), op())
    service.set_clock(cluster, op(), speed=10)
    service.set_clock(cluster, op(), paused=True)
    service.undo(cluster, op())
    setting = looks.history(cluster).setting
    assert (setting.speed, setting.paused) == (10, True)


def test_a_step_pauses_and_stands_at_the_next_thing_to_be_seen(cluster: Cluster) -> None:
    service.act(cluster, Delete("Pod", "web-1"), op())
    with looks.at(cluster) as kube:
        before = kube.now
    service.step(cluster, "step")
    with looks.at(cluster) as kube:
        after = kube.now
        assert after > before
    assert looks.history(cluster).setting.paused
    service.step(cluster, "step")
    with looks.at(cluster) as kube:
        assert kube.now == after


def test_a_skip_goes_to_the_next_change_of_an_object_and_leaves_the_clock_running(cluster: Cluster) -> None:
    later(cluster, 60)
    service.act(cluster, Delete("Pod", "web-1"), op())
    receipt = service.skip(cluster, "skip")
    assert receipt.lines[0].startswith("skipped 0.")
    assert not looks.history(cluster).setting.paused
    with looks.at(cluster) as kube:
        after = kube.now
    assert service.skip(cluster, "skip") == receipt
    with looks.at(cluster) as kube:
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
    with looks.at(cluster) as kube:
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


# --- laws of any history

ASKS = st.sampled_from(["delete", "apply", "node", "send", "undo", "redo", "reset", "pause", "step", "retry"])


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(ASKS, st.floats(0, 3)), max_size=12))
def test_replay_equals_live_byte_for_byte(here: Runtime, elsewhere: Callable[..., Runtime], history: list[tuple[str, float]]) -> None:
    cluster = ownership.new_cluster(op(), "small", op())
    for number, (what, seconds) in enumerate(history):
        later(cluster, seconds)
        ask(cluster, what, number)
    service.set_clock(cluster, op(), paused=True)
    with looks.at(cluster) as kube:
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
    mark = looks.mark_of(cluster)
    before = later(cluster, 2)
    service.act(cluster, PowerOff("node-a"), op())
    later(cluster, 3)
    service.act(cluster, AddNode("node-z"), op())
    service.rewind(cluster, op(), mark)
    assert state(cluster) == before
    assert looks.mark_of(cluster) == mark


def test_what_was_rewound_can_be_put_back_one_by_one(cluster: Cluster) -> None:
    mark = looks.mark_of(cluster)
    service.act(cluster, PowerOff("node-a"), op())
    later(cluster, 3)
    service.act(cluster, AddNode("node-z"), op())
    after = state(cluster)
    service.rewind(cluster, op(), mark)
    service.redo(cluster, op())
    service.redo(cluster, op())
    assert state(cluster) == after


def test_a_rewind_that_is_sent_twice_is_done_once(cluster: Cluster) -> None:
    mark, wish = looks.mark_of(cluster), op()
    service.act(cluster, PowerOff("node-a"), op())
    service.act(cluster, AddNode("node-z"), op())
    assert service.rewind(cluster, wish, mark) == service.rewind(cluster, wish, mark)
    assert rows(cluster) == ["start", "action", "action", "undo", "undo"]


def test_there_is_nothing_to_rewind_at_the_mark(cluster: Cluster) -> None:
    with pytest.raises(Refusal, match="nothing to take back"):
        service.rewind(cluster, op(), looks.mark_of(cluster))
