"""What comes of a prediction, from what is chosen to how it stands beside what happened?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.clusters import library
from tests.courses.conftest import Player
from tests.courses.views.reading import button, events, said


def test_the_action_appears_when_the_prediction_is_kept(player: Player) -> None:
    assert not button(player.pane(), "act")
    kept = player.predict("fall-back", "guess")
    assert button(kept, "act")
    assert (player.own("switch").prediction, player.own("switch").confidence) == ("fall-back", "guess")
    assert events(kept) == [
        {"type": "prediction", "lesson": "local-means-local", "step": "switch", "prediction": "fall-back", "confidence": "guess"}
    ]


def test_a_prediction_that_is_kept_stands(player: Player) -> None:
    player.predict("fall-back")
    player.predict("drop")
    assert player.own("switch").prediction == "fall-back"


def test_whether_it_is_right_is_not_told_before_the_run(player: Player) -> None:
    kept = said(player.predict("drop"))
    assert "As you predicted" not in kept
    assert "It was dropped" not in kept
    assert player.own("switch").right is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"confidence": "guess"}, "Choose an answer first"),
        ({"answer": "nonsense", "confidence": "guess"}, "Choose an answer first"),
        ({"answer": "drop"}, "Say how sure you are"),
        ({"answer": "drop", "confidence": "100 %"}, "Say how sure you are"),
    ],
)
def test_half_a_prediction_is_asked_for_again_and_what_was_chosen_stays(player: Player, fields: dict[str, str], words: str) -> None:
    response = player.press("predict", "switch", **fields)
    assert response.status_code == 422
    assert words in said(response)
    assert ('value="drop" checked' in said(response)) == (fields.get("answer") == "drop")
    assert not player.own("switch").predicted


def test_who_will_not_predict_can_go_on(player: Player) -> None:
    assert button(player.press("skip", "switch"), "act")
    assert "You went on without predicting" in said(player.press("act", "switch", hands="page"))


def test_a_histogram_is_held_against_what_was_measured(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    player.later(5)
    response = player.press("predict", "repair", **{"bar:frontend-a": "60", "bar:frontend-b": "40", "confidence": "fairly"})
    own = player.own("repair")
    assert own.happened == {"frontend-a": 100, "frontend-b": 0}
    assert own.right is False
    assert "100 %" in said(response)
    assert "Not as you predicted" in said(response)


def test_a_histogram_that_is_not_about_100_percent_is_asked_for_again(player: Player) -> None:
    response = player.press("predict", "repair", **{"bar:frontend-a": "20", "bar:frontend-b": "20", "confidence": "fairly"})
    assert response.status_code == 422
    assert "about 100 %" in said(response)
    assert 'name="bar:frontend-a" value="20"' in said(response)


@pytest.mark.parametrize(
    ("step", "fields", "right"),
    [
        ("doors", {"blank:port": "80", "blank:target": "5000"}, True),
        ("doors", {"blank:port": "5000", "blank:target": "80"}, False),
        ("ways", {"card": ["name", "address", "rule", "pod"]}, True),
        ("ways", {"card": ["pod", "address", "rule", "name"]}, False),
        ("grid", {f"cell:{row}/{column}": "found" for row in ("near", "far") for column in ("short", "full")}, True),
        ("several", {"answer": ["near", "far"]}, True),
        ("several", {"answer": ["near"]}, False),
    ],
)
def test_every_form_of_prediction_is_kept_and_graded(db: None, step: str, fields: dict[str, Any], right: bool) -> None:
    player = Player("ports-and-names")
    assert player.pane(step).status_code == 200
    response = player.press("predict", step, confidence="certain", **fields)
    assert response.status_code == 200
    assert player.own(step).right is right


def test_cards_stand_in_their_true_order_with_the_place_where_they_were_laid(db: None) -> None:
    player = Player("ports-and-names")
    told = said(player.press("predict", "ways", card=["address", "name", "rule", "pod"], confidence="guess"))
    assert '1. The name <span class="soft">(you said 2)</span>' in told
    assert "3. The rule</span>" in told
    assert "2 of 4 right" in told


def test_an_answer_in_a_blank_that_means_the_same_counts(db: None) -> None:
    player = Player("door-80-room-5000")
    typed = {"blank:selector": "app: frontend", "blank:port": '"80"', "blank:target-port": "5000 "}
    step = next(each.id for each in library.library().units[player.lesson].lesson.steps if each.predict and each.predict.blanks)
    player.press("predict", step, confidence="guess", **typed)
    told = said(player.press("act", step, hands="page"))
    assert "As you predicted" in told
    assert "3 of 3 right" in told
    assert player.own(step).right is True
