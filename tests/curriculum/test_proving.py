"""Is a lesson that does not work told from one that does?"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from playground.clusters import engine
from playground.curriculum.checks import Apply, Check, Field
from playground.curriculum.lesson import Step
from playground.curriculum.proving import prove
from tests.curriculum.stagehand import unit

CLUSTER = """kubectl patch service frontend-svc -p '{"spec":{"internalTrafficPolicy":"Cluster"}}'"""


def flaws(index: int, **changes: Any) -> list[str]:
    """Of the lesson with one step changed: those said of that step."""
    steps = list(unit().lesson.steps)
    steps[index] = msgspec.structs.replace(steps[index], **changes)
    changed = msgspec.structs.replace(unit(), lesson=msgspec.structs.replace(unit().lesson, steps=tuple(steps)))
    return [f"{each.field}: {each.message}" for each in prove(changed, engine.schema())]


def step(index: int) -> Step:
    return unit().lesson.steps[index]


def test_a_lesson_that_works_has_no_flaws_with_any_of_three_seeds() -> None:
    assert [prove(unit(), engine.schema(), seed) for seed in (1, 2, 3)] == [[], [], []]


def test_a_goal_that_is_reached_at_once_is_told() -> None:
    easy = (Check(id="easy", field=Field("Service/default/frontend-svc", "metadata.name", "frontend-svc")),)
    assert "spec.steps[1].goal: it is reached before anything has been done for it" in flaws(1, goal=easy)


def test_a_solution_that_does_not_reach_the_goal_is_told_with_what_was_seen() -> None:
    told = flaws(1, solution=("kubectl get pods",))
    assert any(each.startswith("spec.steps[1].solution: it does not reach the goal: 100 of 100 requests from far") for each in told), told


def test_a_solution_whose_line_fails_is_told() -> None:
    told = flaws(1, solution=(Apply("more.yaml"), "kubectl get pod nobody"))
    assert told == ['spec.steps[1].solution: kubectl get pod nobody fails (1): Error from server (NotFound): pods "nobody" not found']


def test_an_alternative_that_misses_the_goal_is_told() -> None:
    assert flaws(1, alternatives={"nothing": ()})[0].startswith("spec.steps[1].alternatives.nothing: it does not reach the goal")


def test_a_wrong_answer_that_reaches_the_goal_is_told() -> None:
    right = msgspec.structs.replace(step(1).wrong[0], do=(Apply("more.yaml"),))
    assert "spec.steps[1].wrong: back-to-cluster: it reaches the goal" in flaws(1, wrong=(right,))


def test_a_wrong_answer_that_is_not_known_by_its_own_words_is_told() -> None:
    never = msgspec.structs.replace(step(1).wrong[0], when=(Check(field=Field("Pod/default/nobody", "spec.nodeName", "x")),))
    assert flaws(1, wrong=(never,)) == [
        "spec.steps[1].wrong: back-to-cluster: it is taken for none of the known answers. There is no Pod nobody."
    ]


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (
            "refuse",
            ["predict.proof.drop: it is said to be false, but it holds", "predict.proof.refuse: it is said to be true, but: 100 of 100"],
        )
    ],
)
def test_a_prediction_whose_right_answer_is_wrong_is_told(right: str, told: list[str]) -> None:
    found = flaws(0, predict=msgspec.structs.replace(step(0).predict, right=right))
    assert [each for each in found if any(words in each for words in told)] == found
    assert len(found) == 2


def test_an_action_that_fails_is_told_unless_it_is_meant_to() -> None:
    failing = (*step(0).do, "kubectl get pod nobody")
    assert any("do: kubectl get pod nobody fails (1)" in each for each in flaws(0, do=failing))
    assert flaws(0, do=failing, fails=True) == []
    assert flaws(0, fails=True) == ["spec.steps[0].fails: no line fails"]


def test_an_object_that_a_step_speaks_of_and_that_its_run_takes_away_is_told_where_no_proof_judges_the_run() -> None:
    lights = (*step(0).lights, "Pod/default/nobody")
    unproven = msgspec.structs.replace(step(0).predict, proof={})
    assert flaws(0, lights=lights, predict=unproven) == ["spec.steps[0].lights: Pod/default/nobody is not there once the step has been run"]
    assert flaws(0, lights=lights) == []


def test_a_stage_that_does_not_open_at_rest_is_told() -> None:
    restless = msgspec.structs.replace(unit().scene, opens_at=500_000)
    told = prove(msgspec.structs.replace(unit(), scene=restless), engine.schema())
    assert any(each.message.startswith("it does not open at rest: Pod/default/") for each in told)


def test_a_stage_that_cannot_be_made_is_told() -> None:
    broken = msgspec.structs.replace(unit().scene, actions=[*unit().scene.actions, *unit().scene.actions[:1]])
    (told,) = prove(msgspec.structs.replace(unit(), scene=broken), engine.schema())
    assert told.message.startswith("the cluster cannot be made:")


def test_bars_that_nothing_comes_to_are_told() -> None:
    lost = msgspec.structs.replace(step(1).predict.histogram, bars=("backend",))
    told = flaws(1, predict=msgspec.structs.replace(step(1).predict, histogram=lost))
    assert told == ["spec.steps[1].predict.histogram: nothing comes to any of its bars: backend"]
