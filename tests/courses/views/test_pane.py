"""What does a learner find in the pane of a lesson, who may press there, and in which language does it speak?"""

from __future__ import annotations

import pytest
from django.test import Client

from playground.clusters import visitors
from tests.courses.conftest import HTMX, Player
from tests.courses.views.reading import said


def test_a_lesson_is_begun_on_a_cluster_of_its_own_and_gone_on_with_there(player: Player) -> None:
    assert player.cluster.scene == "lesson/local-means-local"
    again = player.client.get("/lessons/local-means-local/")
    assert again["Location"] == player.base


def test_the_playground_of_a_lesson_has_a_place_for_its_pane(player: Player) -> None:
    page = player.client.get(player.base).content.decode()
    assert '<div id="lesson"' in page
    assert f'hx-get="{player.base}lesson/"' in page


def test_another_cluster_has_no_pane(player: Player) -> None:
    shop = player.client.get("/clusters/")
    response = player.client.post("/clusters/", {"scene": "shop", "op": "x"})
    assert shop.status_code == 200
    assert 'id="lesson"' not in player.client.get(response["Location"]).content.decode()
    assert player.client.get(f"{response['Location']}lesson/").status_code == 404


def test_the_pane_is_a_fragment_and_a_page_of_its_own(player: Player) -> None:
    assert "<html" not in said(player.pane())
    whole = said(player.pane(htmx=False))
    assert "<html" in whole
    assert 'id="lesson-pane"' in whole
    assert "<switch-yard" in whole


def test_the_pane_says_where_one_is(player: Player) -> None:
    pane = said(player.pane())
    assert "Lesson 1 of" in pane
    assert "Traffic policies" in pane
    assert 'aria-current="step"' in pane


@pytest.mark.parametrize("path", ["lesson/", "lesson/?step=repair"])
def test_a_stranger_finds_nothing(player: Player, stranger: Player, path: str) -> None:
    assert stranger.client.get(player.base + path).status_code == 404


def test_a_stranger_presses_nothing(player: Player, stranger: Player) -> None:
    before = player.record
    for verb in ("predict", "act", "reset-lesson", "goals"):
        assert stranger.client.post(f"{player.base}lesson/{verb}/", {"op": "x"}).status_code == 404
    assert player.record == before


def test_a_press_without_a_token_is_refused(player: Player) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = player.client.cookies
    assert careful.post(f"{player.base}lesson/predict/?step=switch", {"op": "x"}, **HTMX).status_code == 403


def test_who_may_only_look_sees_the_pane_and_presses_nothing(player: Player) -> None:
    reader = {"HTTP_AUTHORIZATION": f"Bearer {visitors.token(visitors.Asker(player.cluster.visitor, player.cluster.pk, acts=False))}"}
    assert Client().get(f"{player.base}lesson/", **HTMX, **reader).status_code == 200
    refused = Client().post(f"{player.base}lesson/predict/?step=switch", {"answer": "drop", "confidence": "guess"}, **HTMX, **reader)
    assert refused.status_code >= 400
    assert not player.own("switch").predicted


def test_who_looks_on_by_a_share_link_does_not_play_there(player: Player) -> None:
    watcher = {"HTTP_AUTHORIZATION": f"Bearer {visitors.token(visitors.Asker('w' * 22, player.cluster.pk, share='x' * 22))}"}
    assert Client().get(f"{player.base}lesson/", **HTMX, **watcher).status_code == 404


def test_any_step_can_be_opened_at_any_time(player: Player) -> None:
    assert "Let every request arrive" in said(player.pane("repair"))
    assert player.record.at == "repair"
    assert "Requests from far are dropped" in said(player.pane())


def test_a_selector_lights_each_object_that_it_matches_now(db: None) -> None:
    pane = said(Player("ports-and-names").pane("look-around"))
    assert 'data-lights="Pod/default/frontend-a Pod/default/frontend-b"' in pane
    assert 'data-ref="Pod/default/frontend-a"' in pane
    assert "and nobody." in pane


def test_the_lesson_speaks_the_language_it_was_opened_in(db: None) -> None:
    player = Player("ports-and-names", lang="de")
    german = said(player.client.get(f"{player.base}lesson/?lang=de", **HTMX))
    assert 'lang="de"' in german
    assert "Türen und Namen" in german
    assert "lang=de" in german
    assert "Türen und Namen" in said(player.pane())


def test_a_lesson_without_that_language_is_read_in_english(player: Player) -> None:
    pane = said(player.client.get(f"{player.base}lesson/?lang=de", **HTMX))
    assert "Local means local" in pane
    assert 'lang="en"' in pane


def test_a_verb_that_there_is_not_is_not_there(player: Player) -> None:
    assert player.press("fly", "switch").status_code == 404


def test_a_wish_that_is_sent_twice_is_done_once(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    player.press("reset-step", "switch", op="once")
    player.press("undo-reset", "switch", op="back")
    assert player.policy() == "Local"
