"""The clock does what is due in order of time, then of asking, and its state can be carried elsewhere."""

import json

import pytest

from playground.kube.clock import Clock


class NotingClock(Clock):
    __slots__ = ("done",)

    def __init__(self):
        super().__init__()
        self.done = []
        self.on("note", lambda word: self.done.append((self.now, word)))


@pytest.fixture
def clock():
    return NotingClock()


def test_due_things_happen_in_order_of_time_then_of_asking(clock):
    for time, word in [(20, "third"), (10, "first"), (10, "second")]:
        clock.at(time, "note", word)
    clock.run_until(30)
    assert clock.done == [(10, "first"), (10, "second"), (20, "third")]
    assert clock.now == 30


def test_what_is_due_later_waits(clock):
    clock.at(31, "note", "later")
    assert clock.run_until(30)
    assert clock.done == []
    assert clock.next_time() == 31


def test_a_budget_stops_in_the_middle_and_the_next_run_goes_on(clock):
    for time in (10, 20, 30):
        clock.at(time, "note", "x")
    assert not clock.run_until(40, at_most=2)
    assert clock.now == 20
    assert clock.run_until(40, at_most=2)
    assert [time for time, _ in clock.done] == [10, 20, 30]


def test_nothing_is_due_in_the_past(clock):
    clock.run_until(100)
    clock.at(50, "note", "late")
    clock.run_until(100)
    assert clock.done == [(100, "late")]


def test_a_saved_clock_goes_on_as_the_first_would(clock):
    for time, word in [(20, "b"), (10, "a"), (10, "c")]:
        clock.at(time, "note", word)
    other = NotingClock()
    other.restore(json.loads(json.dumps(clock.state())))
    for each in (clock, other):
        each.at(10, "note", "d")
        each.run_until(25)
    assert other.done == clock.done
    assert other.state() == clock.state()


def test_a_kind_of_due_thing_has_one_handler(clock):
    with pytest.raises(ValueError, match="note has a handler already"):
        clock.on("note", print)


def test_what_is_asked_for_at_this_very_time_is_done_after_all_that_was_asked_for_before(clock):
    clock.on("ask", lambda: clock.after(0, "note", "asked for last"))
    clock.at(10, "ask")
    clock.at(10, "note", "asked for first")
    clock.run_until(10)
    assert clock.done == [(10, "asked for first"), (10, "asked for last")]


def test_a_thing_that_fails_is_not_done_again_and_what_is_due_after_it_is(clock):
    clock.on("fail", lambda: 1 // 0)
    for kind, args in (("note", ("before",)), ("fail", ()), ("note", ("after",))):
        clock.at(10, kind, *args)
    with pytest.raises(ZeroDivisionError):
        clock.run_until(10)
    assert clock.run_until(10)
    assert clock.done == [(10, "before"), (10, "after")]
