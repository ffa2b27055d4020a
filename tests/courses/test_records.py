"""Is nothing lost when progress is taken along, brought in and put together?"""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.courses import keeping
from playground.courses.records import VERSION, LessonRecord, StepRecord, better, merged
from playground.kube.errors import Refusal

MOMENTS = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-03-01T12:00:00Z"])
MAYBE = st.one_of(st.just(""), MOMENTS)
ANSWERS = st.one_of(st.none(), st.sampled_from(["drop", "refuse"]), st.just(["a", "b"]), st.just({"frontend-a": 40}))
STEPS = st.builds(
    StepRecord,
    prediction=ANSWERS,
    confidence=st.sampled_from(["", "guess", "certain"]),
    committed=MAYBE,
    right=st.sampled_from([None, True, False]),
    acted=MAYBE,
    reasons=st.lists(st.sampled_from(["one", "other"]), max_size=2, unique=True),
    tries=st.integers(0, 5),
    hints=st.integers(0, 4),
    passed=st.dictionaries(st.sampled_from(["goal", "other-goal"]), MOMENTS, max_size=2),
    skipped=st.booleans(),
)
LESSONS = st.builds(LessonRecord, begun=MAYBE, finished=MAYBE, steps=st.dictionaries(st.sampled_from(["first", "second"]), STEPS))


@given(STEPS, STEPS)
def test_the_better_of_two_records_does_not_depend_on_which_comes_first(one: StepRecord, other: StepRecord) -> None:
    assert better(one, other) == better(other, one)


@given(STEPS)
def test_a_record_with_itself_stays_as_it_is(record: StepRecord) -> None:
    assert better(record, record) == record


@given(STEPS, STEPS)
def test_every_goal_that_either_met_is_met_since_the_earlier_moment(one: StepRecord, other: StepRecord) -> None:
    both = better(one, other).passed
    assert both.keys() == one.passed.keys() | other.passed.keys()
    assert all(moment <= min(each.passed.get(goal, "9"), "9") for each in (one, other) for goal, moment in both.items())


@given(LESSONS, LESSONS)
def test_a_lesson_put_together_with_another_loses_no_step_and_no_end(one: LessonRecord, other: LessonRecord) -> None:
    both = merged(one, other)
    assert both.steps.keys() == one.steps.keys() | other.steps.keys()
    assert bool(both.finished) == bool(one.finished or other.finished)
    assert merged(both, other) == both


@given(LESSONS)
def test_a_record_is_read_back_as_it_was_written(record: LessonRecord) -> None:
    assert msgspec.convert(json.loads(msgspec.json.encode(record)), LessonRecord) == record


def brought(text: object) -> str:
    return text if isinstance(text, str) else json.dumps(text)


def test_what_was_exported_can_be_brought_in_elsewhere(db: None) -> None:
    with keeping.changing("anna", "local-means-local") as record:
        record.marks["switch"] = 7
        record.step("switch").passed["goal"] = "2026-01-01T00:00:00Z"
    assert keeping.take_in("bert", keeping.exported("anna").decode()) == 1
    found = keeping.one("bert", "local-means-local")
    assert found.step("switch").passed == {"goal": "2026-01-01T00:00:00Z"}
    assert found.marks == {}


def test_a_worse_result_that_is_brought_in_changes_nothing(db: None) -> None:
    with keeping.changing("anna", "lesson") as record:
        record.step("first").passed["goal"] = "2026-01-01T00:00:00Z"
    before = keeping.one("anna", "lesson")
    keeping.take_in("anna", brought({"version": VERSION, "lessons": {"lesson": {"steps": {"first": {"tries": 3}}}}}))
    assert keeping.one("anna", "lesson").steps == before.steps


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no progress of Switchyard"),
        ("[1, 2", "no progress of Switchyard"),
        ({"version": "v0", "lessons": {}}, 'version: Unsupported value: "v0"'),
        ({"version": VERSION, "lessons": {"a": {"steps": {"b": {"tries": -1}}}}}, "$.lessons[...].steps[...].tries"),
        ({"version": VERSION, "lessons": {"a": {"stepps": {}}}}, "stepps"),
        ({"version": VERSION, "lessons": {"a" * 100: {}}}, "too long for the name of a lesson"),
        ({"version": VERSION, "lessons": {f"l{n}": {} for n in range(201)}}, 'limit "progress_lessons" allows 200'),
        ({"version": VERSION, "lessons": {"a": {"steps": {f"s{n}": {} for n in range(61)}}}}, 'limit "progress_steps" allows 60'),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_what_is_wrong_and_changes_nothing(db: None, text: object, said: str) -> None:
    with keeping.changing("anna", "lesson") as record:
        record.step("first").tries = 1
    with pytest.raises(Refusal) as refused:
        keeping.take_in("anna", brought(text))
    assert said in refused.value.message
    assert list(keeping.of("anna")) == ["lesson"]
