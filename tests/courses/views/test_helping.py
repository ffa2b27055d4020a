"""What helps a learner who is stuck: hints, a solution that is shown, a way back, a cluster brought to the step?"""

from __future__ import annotations

import pytest
from django.test import Client

from playground.clusters import library, looks
from playground.courses import runs
from tests.courses.conftest import Player
from tests.courses.views.reading import button, said


def test_hints_come_one_by_one_and_are_offered_after_two_failed_checks(player: Player) -> None:
    assert "data-offered" not in said(player.pane("repair"))
    player.press("check", "repair")
    assert "data-offered" in said(player.press("check", "repair"))
    for words in ("Look at node-c", "What does node-c lack?", "Put a frontend on node-c."):
        assert words in said(player.press("hint", "repair"))
    assert said(player.pane("repair")).count('class="rung"') == 1  # the others are folded
    assert button(player.pane("repair"), "show")


def test_a_solution_that_is_shown_does_not_count_and_is_taken_back_exactly(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    player.press("show", "repair", htmx=False)
    player.later(20)
    assert "This is one solution" in said(player.pane("repair"))
    player.press("check", "repair")
    player.tick("repair")
    assert player.own("repair").passed == {}
    player.press("rewind", "repair")
    with looks.at(player.cluster) as kube:
        assert kube.store.get("Pod", "default", "frontend-c") is None
        assert len(looks.history(player.cluster).done) == 2
    assert "This is one solution" not in said(player.pane("repair"))


def test_while_a_solution_is_shown_there_is_nothing_to_press_but_to_take_it_back(player: Player) -> None:
    player.press("skip", "repair")
    player.press("show", "repair", hands="page")
    shown = player.pane("repair")
    assert button(shown, "rewind")
    assert not any(button(shown, verb) for verb in ("check", "next", "hint", "show"))
    assert button(player.press("rewind", "repair"), "check")


def test_a_solution_that_is_shown_is_taken_back_when_another_step_is_opened(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    player.press("show", "repair", htmx=False)
    player.pane("switch")
    with looks.at(player.cluster) as kube:
        assert kube.store.get("Pod", "default", "frontend-c") is None
    assert player.record.showing is None
    assert player.policy() == "Local"


def test_a_step_is_reset_to_where_it_was_opened_and_that_can_be_undone(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    reset = player.press("reset-step", "switch")
    assert "Undo brings it back" in said(reset)
    assert player.policy() == "Cluster"
    assert (player.own("switch").acted, player.own("switch").prediction) == ("", "drop")
    player.press("undo-reset", "switch")
    assert player.policy() == "Local"
    assert player.own("switch").acted


def test_the_lesson_is_reset_and_that_can_be_undone(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    player.press("reset-lesson", "switch")
    assert player.policy() == "Cluster"
    assert not player.own("switch").predicted
    player.press("undo-reset", "switch")
    assert player.policy() == "Local"
    assert player.own("switch").prediction == "drop"


def test_a_later_step_offers_to_bring_the_cluster_there(player: Player) -> None:
    behind = player.pane("repair")
    assert button(behind, "catch-up")
    assert "In this cluster this has not been done yet: Only on my own Node." in said(behind)
    player.press("catch-up", "repair", htmx=False)
    assert player.policy() == "Local"
    assert not button(player.pane("repair"), "catch-up")


def test_a_lesson_that_is_opened_first_at_a_later_step_begins_with_a_cluster_for_it(db: None) -> None:
    player = Player(step="2")
    assert player.policy() == "Local"
    assert 'data-step="repair"' in said(player.pane())
    assert not button(player.pane(), "catch-up")
    assert not runs.is_done(library.find(player.lesson).lesson.step("switch"), player.own("switch"))


def test_who_plays_a_lesson_already_is_offered_to_be_brought_to_the_step_of_the_address(player: Player) -> None:
    found = player.client.get(f"/lessons/{player.lesson}/repair/?lang=en")
    assert found["Location"] == f"{player.base}lesson/?step=repair&lang=en"
    assert player.policy() == "Cluster"
    assert button(player.pane("repair"), "catch-up")


def test_a_lesson_begun_at_a_later_step_is_reset_to_there(db: None) -> None:
    player = Player(step="repair")
    player.press("show", "repair", htmx=False)
    player.press("reset-lesson", "repair", htmx=False)
    assert player.policy() == "Local"
    assert 'data-step="repair"' in said(player.pane())
    assert not button(player.pane(), "catch-up")


@pytest.mark.parametrize("step", ["nowhere", "0", "9"])
def test_a_step_that_there_is_not_is_not_there(db: None, step: str) -> None:
    assert Client().get(f"/lessons/local-means-local/{step}/").status_code == 404
