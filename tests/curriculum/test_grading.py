"""When is a prediction whole, and when is it right?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.curriculum.checks import Traffic
from playground.curriculum.grading import BadPrediction, is_right, measured, spread, understood
from playground.curriculum.lesson import Grid, Histogram, Predict
from tests.curriculum.stagehand import stage, unit

ONE = Predict(options=("a", "b"), right="b")
SEVERAL = Predict(options=("a", "b", "c"), right=("a", "c"), several=True)
GRID = Predict(grid=Grid(("near", "far"), ("Local",), ("all", "none"), {"near/Local": "all", "far/Local": "none"}))
BARS = Predict(histogram=Histogram(("frontend-a", "frontend-b"), Traffic(source="near", to="frontend-svc:80"), within=10))
BLANKS = Predict(blanks={"host": "DB_SERVICE_HOST"})
ORDER = Predict(order=("first", "second", "third"))


@pytest.mark.parametrize(
    ("predict", "right", "wrong"),
    [
        (ONE, "b", "a"),
        (SEVERAL, ["c", "a"], ["a"]),
        (GRID, {"near/Local": "all", "far/Local": "none"}, {"near/Local": "all", "far/Local": "all"}),
        (BLANKS, {"host": " DB_SERVICE_HOST "}, {"host": "db_service_host"}),
        (ORDER, ["first", "second", "third"], ["second", "first", "third"]),
    ],
)
def test_a_prediction_is_compared_with_what_is_right(predict: Predict, right: Any, wrong: Any) -> None:
    assert is_right(predict, understood(predict, right))
    assert not is_right(predict, understood(predict, wrong))


def test_a_histogram_is_right_if_no_bar_is_far_off_what_was_measured() -> None:
    counts = {"frontend-a": 52, "frontend-b": 48}
    assert is_right(BARS, {"frontend-a": 60, "frontend-b": 40}, counts)
    assert not is_right(BARS, {"frontend-a": 100, "frontend-b": 0}, counts)
    assert not is_right(BARS, {"frontend-a": 50, "frontend-b": 50})


def test_what_happened_is_measured_on_a_copy() -> None:
    kube = stage()
    before = kube.hash()
    counts = measured(BARS.histogram, kube)
    assert sum(counts.values()) == 100
    assert min(counts.values()) > 25
    assert kube.hash() == before


def test_bars_may_be_nodes_outcomes_and_beginnings_of_names() -> None:
    to = Traffic(source="near", to="frontend-svc:80", n=40)
    assert sum(measured(Histogram(("node-a", "node-b", "node-c"), to, by="node"), stage()).values()) == 40
    assert measured(Histogram(("ok", "timeout"), to, by="outcome"), stage()) == {"ok": 40, "timeout": 0}
    assert measured(Histogram(("frontend",), to), stage()) == {"frontend": 40}


def test_counts_become_percents() -> None:
    assert spread(40, {"a": 10, "b": 30}) == {"a": 25, "b": 75}
    assert spread(0, {"a": 0}) == {"a": 0}


@pytest.mark.parametrize(
    ("predict", "given"),
    [
        (ONE, None),
        (ONE, "c"),
        (ONE, ["a", "b"]),
        (SEVERAL, []),
        (GRID, {"near/Local": "all"}),
        (GRID, {"near/Local": "all", "far/Local": "some"}),
        (BARS, {"frontend-a": 50}),
        (BARS, {"frontend-a": 50, "frontend-b": 500}),
        (BARS, {"frontend-a": 10, "frontend-b": 10}),
        (BARS, {"frontend-a": "x", "frontend-b": 10}),
        (BLANKS, {"host": " "}),
        (BLANKS, "x"),
        (ORDER, ["first", "second"]),
        (ORDER, ["first", "second", "second"]),
    ],
)
def test_a_prediction_that_is_not_whole_is_refused_with_what_to_do(predict: Predict, given: Any) -> None:
    with pytest.raises(BadPrediction, match=r"choose|set every bar|together|fill in|put every card"):
        understood(predict, given)


def test_the_lessons_own_histogram_fits_its_pods() -> None:
    assert set(measured(unit().lesson.step("repair").predict.histogram, stage())) == {"frontend-a", "frontend-b"}
