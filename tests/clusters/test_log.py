"""What do rows add up to?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.clusters.log import ClockSetting, Log, Row

START = Row(1, "start", 10, "Start")


def log_of(*kinds: str) -> Log:
    """A log whose rows come 10 microseconds apart; an action's title is its seq."""
    log = Log([START])
    for kind in kinds:
        add(log, kind)
    return log


def add(log: Log, kind: str) -> None:
    seq = log.head + 1
    log.add(Row(seq, kind, log.moment + 10, str(seq), ClockSetting(2.0, True) if kind == "clock" else None))


CASES = {
    "a new cluster stands at its start": ((), [1], 10),
    "actions stand in order": (("action", "action"), [1, 2, 3], 30),
    "undo takes the last action away, and goes back to its moment": (("action", "action", "undo"), [1, 2], 30),
    "two undos take two away": (("action", "action", "undo", "undo"), [1], 20),
    "redo puts it back at its own moment": (("action", "action", "undo", "undo", "redo"), [1, 2], 20),
    "an action after an undo takes the place of what was undone": (("action", "undo", "action"), [1, 4], 30),
    "reset keeps the start": (("action", "action", "reset"), [1], 10),
    "actions after a reset stand on the start": (("action", "reset", "action"), [1, 4], 20),
    "undo of a reset brings everything back": (("action", "reset", "undo"), [1, 2], 30),
    "redo of a reset is the start again": (("action", "reset", "undo", "redo"), [1], 10),
    "the clock's rows are no actions, but say how late it is": (("action", "clock"), [1, 2], 30),
    "undo passes over the clock's rows": (("action", "clock", "undo"), [1], 20),
}


@pytest.mark.parametrize(("kinds", "timeline", "moment"), CASES.values(), ids=CASES.keys())
def test_fold(kinds: tuple[str, ...], timeline: list[int], moment: int) -> None:
    log = log_of(*kinds)
    assert [row.seq for row in log.timeline] == timeline
    assert log.moment == moment


def test_what_can_be_undone_and_redone_is_named() -> None:
    log = log_of("action", "action", "undo")
    assert (log.undo.title, log.redo.title) == ("2", "3")


def test_a_new_action_forgets_what_could_be_redone() -> None:
    assert log_of("action", "undo", "action").redo is None


def test_the_clock_keeps_its_setting_through_undo() -> None:
    assert log_of("action", "clock", "undo").setting == ClockSetting(2.0, True)


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_nothing_to_take_back_is_an_error_that_changes_nothing(kind: str) -> None:
    log = Log([START])
    with pytest.raises(ValueError, match="nothing"):
        add(log, kind)
    assert (log.head, log.moment, log.timeline) == (1, 10, [START])


def test_a_gap_in_the_rows_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot follow"):
        Log([START, Row(3, "action", 20)])


def possible(log: Log) -> list[str]:
    return ["action", "reset", "clock", *(["undo"] if log.undo else []), *(["redo"] if log.redo else [])]


@given(st.data())
def test_laws_of_any_history(data: st.DataObject) -> None:
    """Times never decrease; a tip names one timeline; undo then redo is identity; folding again gives the same."""
    log, rows, by_tip = Log([START]), [START], {}
    for _ in range(data.draw(st.integers(0, 30))):
        kind = data.draw(st.sampled_from(possible(log)))
        row = Row(log.head + 1, kind, log.moment + data.draw(st.integers(0, 5)), kind, ClockSetting() if kind == "clock" else None)
        before = list(log.timeline), log.moment
        log.add(row)
        rows.append(row)
        timeline = log.timeline
        assert [each.at for each in timeline] == sorted(each.at for each in timeline)
        assert timeline[-1].at <= log.moment
        assert by_tip.setdefault(log.tip, timeline) == timeline
        if kind in ("action", "reset"):
            twin = Log([*rows, Row(row.seq + 1, "undo", row.at)])
            assert (twin.timeline, twin.moment) == (before[0], row.at)
            twin.add(Row(row.seq + 2, "redo", row.at))
            assert (twin.timeline, twin.moment) == (timeline, log.moment)
    assert Log(rows).timeline == log.timeline
