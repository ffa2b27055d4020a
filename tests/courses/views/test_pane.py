"""What does a learner see and press in the pane, from the prediction to the goal?"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from playground.clusters import library, looks, service, spending, visitors
from playground.clusters.rates import Buckets
from playground.courses import happening, keeping, markdown, seeing
from playground.courses.runs import Run
from playground.courses.words import words as words_of
from playground.curriculum.lesson import Step
from playground.kube.actions import Delete, Send
from tests.courses.conftest import HTMX, Player

GOALS = ["all-answered", "still-local"]


def said(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def events(response: HttpResponse) -> list[dict[str, Any]]:
    return json.loads(response.headers.get("HX-Trigger", '{"lesson-events": {"events": []}}'))["lesson-events"]["events"]


def button(response: HttpResponse, verb: str) -> bool:
    return f'id="press-{verb}"' in said(response)


def solve(player: Player) -> None:
    """Local, and a frontend on the Node that has none."""
    player.predict()
    player.press("act", "switch", htmx=False)
    player.press("show", "repair", htmx=False)
    with keeping_of(player) as record:
        record.showing = None
    player.later(20)


def keeping_of(player: Player) -> Any:
    return keeping.changing(player.cluster.visitor, player.lesson)


# --- coming in


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


# --- predicting


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


# --- acting, and what happened


def test_the_page_is_given_the_lines_to_run_and_the_server_keeps_its_hands_off(player: Player) -> None:
    kept = said(player.predict())
    assert "data-lesson-do=" in kept
    assert "kubectl patch service frontend-svc" in kept
    player.client.post(f"{player.base}lesson/act/?step=switch", {"op": "1", "hands": "page"}, **HTMX)
    assert player.policy() == "Cluster"


def test_a_run_that_did_not_happen_is_not_judged(player: Player) -> None:
    player.predict("drop", "certain")
    with looks.at(player.cluster) as kube:
        kube.submit(Delete("Service", "frontend-svc", "default"))
    for htmx in (True, False):
        pane = said(player.press("act", "switch", htmx=htmx))
        assert "This did not run as the step needs it" in pane
        assert "As you predicted" not in pane
        assert pane.count('id="press-reset-step"') == 1
        assert button(player.pane(), "act")
    own = player.own("switch")
    assert (own.acted, own.right) == ("", None)


def test_a_run_that_failed_is_judged_once_its_step_was_reset_and_run_again(player: Player) -> None:
    player.predict("drop", "certain")
    service.act(player.cluster, Delete("Service", "frontend-svc", "default"), "delete-it")
    assert "reset-step" in said(player.press("act", "switch"))
    player.press("reset-step", "switch")
    assert "As you predicted" in said(player.press("act", "switch"))
    assert player.own("switch").right is True


def test_a_step_without_a_proof_needs_the_objects_that_it_speaks_of(player: Player) -> None:
    unit, step = library.library().units[player.lesson], Step("none", lights=("Service/default/nowhere",))
    run = Run(player.cluster, unit, unit.prose["en"], words_of("en"), player.record, step)
    assert happening.amiss(run) == "Service nowhere is not there."


def test_without_javascript_the_server_runs_the_lines_and_goes_back_to_the_pane(player: Player) -> None:
    player.predict()
    response = player.press("act", "switch", htmx=False)
    assert response.status_code == 302
    assert response["Location"] == f"{player.base}lesson/?step=switch"
    assert player.policy() == "Local"


def test_after_the_run_the_prediction_stands_beside_what_happened(player: Player) -> None:
    player.predict("fall-back", "certain")
    ran = player.press("act", "switch", hands="page")
    assert player.own("switch").right is False
    pane = said(ran)
    assert "Not as you predicted" in pane
    assert "It goes to another Node" in pane
    assert "It was dropped on node-c." in pane
    assert events(ran)[-1]["type"] == "score"


def test_the_first_reason_is_what_counts_and_a_wrong_one_leads_to_the_request_that_shows_it(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    with looks.at(player.cluster) as kube:
        kube.advance(kube.now + 2_000_000)
        kube.submit(Send("default/far", "frontend-svc:80"))
        number = kube.network.last
    wrong = player.press("explain", "switch", reason="no-endpoint")
    assert "It has two, on the other Nodes." in said(wrong)
    assert f'data-rid="{number}"' in said(wrong)
    right = player.press("explain", "switch", reason="not-local")
    assert "Right: the others do not count." in said(right)
    assert player.own("switch").reasons == ["no-endpoint", "not-local"]
    player.press("explain", "switch", reason="no-endpoint")
    assert player.own("switch").reasons == ["no-endpoint", "not-local"]


def test_a_found_reason_stands_with_those_that_were_tried_and_no_others(db: None) -> None:
    player = Player("keep-it-on-my-node")
    player.press("act", "default", hands="page")
    reasons = player_reasons("keep-it-on-my-node", "default")
    tried, found, other = reasons["tried"], reasons["found"], reasons["other"]
    asked = said(player.press("explain", "default", reason=tried[0]))
    assert all(text in asked for _, text in (tried, found, other))
    known = said(player.press("explain", "default", reason=found[0]))
    assert tried[1] in known
    assert found[1] in known
    assert other[1] not in known


def player_reasons(name: str, step: str) -> dict[str, tuple[str, str]]:
    """Ids and words (as they stand in HTML) of the true reason, and of two that are not."""
    unit = library.library().units[name]
    explain, words = unit.lesson.step(step).explain, unit.words("en").steps[step].reasons
    assert explain is not None
    wrong = [each for each in explain.reasons if each != explain.because]
    ids = {"tried": wrong[0], "found": explain.because, "other": wrong[1]}
    return {role: (id, str(markdown.inline(words[id], markdown.nowhere))) for role, id in ids.items()}


def test_a_reason_that_there_is_not_is_asked_for_again(player: Player) -> None:
    assert player.press("explain", "switch", reason="nonsense").status_code == 422


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


@pytest.fixture
def as_if_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an action leads to is another test's business."""
    monkeypatch.setattr(happening, "amiss", lambda run: None)


def test_parts_of_an_answer_are_folded_once_a_reason_is_chosen(db: None, as_if_run: None) -> None:
    player = Player("seven-variables")
    player.press("predict", "seven", confidence="guess", **{f"blank:{each}": "x" for each in blanks("seven-variables", "seven")})
    assert '<details class="parts" open>' in said(player.press("act", "seven", hands="page"))
    assert '<details class="parts">' in said(
        player.press("explain", "seven", reason=player_reasons("seven-variables", "seven")["tried"][0])
    )


def blanks(name: str, step: str) -> list[str]:
    predict = library.library().units[name].lesson.step(step).predict
    assert predict is not None
    return list(predict.blanks)


def test_going_on_opens_the_next_step(player: Player) -> None:
    on = player.press("next", "switch")
    assert "Repair it" in said(on)
    assert player.record.at == "repair"
    assert {"type": "step", "lesson": "local-means-local", "step": "repair"} in events(on)


# --- the goal


def test_a_check_says_what_was_seen_and_a_known_wrong_answer_has_its_own_words(player: Player) -> None:
    checked = player.press("check", "repair")
    assert "That delivers, but requests cross Nodes again." in said(checked)
    assert "requests from near" in said(checked)
    assert player.own("repair").tries == 1


def test_a_goal_that_holds_is_kept_and_told_once(player: Player) -> None:
    solve(player)
    first = player.press("check", "repair")
    assert "Done. All of it holds." in said(first)
    assert [each["type"] for each in events(first)] == ["check-passed", "score"]
    assert sorted(player.own("repair").passed) == GOALS
    assert events(player.press("check", "repair")) == []


def test_a_goal_waits_for_the_action_and_for_the_reason(db: None, as_if_run: None) -> None:
    player, step = Player("the-address-that-is-nowhere"), "replace"
    task = "Make the requests of client-b arrive again"
    assert task not in said(player.pane(step))
    player.press("predict", step, answer="both", confidence="guess")
    assert task not in said(player.press("act", step, hands="page"))
    assert "goal-list" not in said(player.pane(step))
    told = said(player.press("explain", step, reason=player_reasons(player.lesson, step)["found"][0]))
    assert task in told
    assert "goal-list" in told


def test_a_check_says_each_thing_once_though_a_copy_shows_it_too(db: None) -> None:
    player = Player("five-owners-one-idea")
    checked = said(player.press("check", "each-its-own"))
    assert checked.count("There is no Service db.</li>") == 1
    assert "<summary>More</summary>" in checked  # three are said, the others are folded


def test_goals_tick_while_one_plays_and_say_the_same_only_once(player: Player) -> None:
    first = player.tick("repair")
    signature = re.search(r'name="seen" value="([^"]*)"', first.content.decode())
    assert signature is not None
    assert 'data-met="no"' in said(first)
    assert player.tick("repair", seen=unescape(signature[1])).status_code == 204
    solve(player)
    ticked = player.tick("repair", seen=unescape(signature[1]))
    assert said(ticked).count('data-met="yes"') == 2
    assert "data-reload" in said(ticked)
    assert sorted(player.own("repair").passed) == GOALS


def test_what_takes_long_is_tried_only_by_check(db: None) -> None:
    player = Player("ports-and-names")
    assert 'data-met="unknown"' in said(player.tick("heavy"))
    assert player.own("heavy").passed == {}
    assert "Done. All of it holds." in said(player.press("check", "heavy"))


def test_too_many_checks_are_told_to_wait(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "lesson_checks_per_minute", Buckets(1, 60))
    player.press("check", "repair")
    again = player.press("check", "repair")
    assert again.status_code == 422
    assert "Checked too often" in said(again)


def test_too_many_looks_are_answered_with_nothing(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "lesson_looks_per_minute", Buckets(1, 60))
    player.tick("repair")
    assert player.tick("repair").status_code == 204


def test_the_budget_counts_changes_since_the_step_was_opened(db: None) -> None:
    player = Player("ports-and-names")
    player.pane("heavy")
    player.client.post(f"{player.base}actions/send/", {"op": "a", "source": "default/near", "to": "frontend-svc:80", "count": "1"}, **HTMX)
    assert "Done" in said(player.press("check", "heavy"))
    player.client.post(f"{player.base}actions/delete/", {"op": "b", "kind": "Pod", "namespace": "default", "name": "frontend-b"}, **HTMX)
    assert "Changes made: 1; at most 0" in said(player.press("check", "heavy"))


def test_a_request_that_was_really_made_since_the_step_was_opened_reaches_a_goal(db: None) -> None:
    player = Player("a-name-and-a-port")
    player.pane("repair")
    assert "No request from app=client to frontend-svc:80 was answered" in said(player.press("check", "repair"))
    with looks.at(player.cluster) as kube:
        (client,) = (each.name for each in kube.store.list("Pod", "default") if each.labels.get("app") == "client")
    player.client.post(
        f"{player.base}actions/send/", {"op": "a", "source": f"default/{client}", "to": "frontend-svc:80", "count": "1"}, **HTMX
    )
    assert "No request from app=client" not in said(player.press("check", "repair"))


def test_a_lesson_with_another_seed_is_compared_with_how_that_one_opened(db: None) -> None:
    """Else an embed's seed would make every address of its own look new."""
    player = Player("a-list-that-keeps-itself")
    with looks.at(player.cluster) as kube:
        assert seeing._opened(player.lesson, kube.settings.seed).settings.seed == kube.settings.seed
        first, other = (seeing._opened(player.lesson, seed) for seed in (kube.settings.seed, 77))
    names = [[each.name for each in found.store.list("Pod", "default")] for found in (first, other)]
    assert names[0] != names[1]


def test_what_check_has_told_stays_until_the_cluster_changes(db: None) -> None:
    player = Player("a-name-and-a-port")
    player.pane("repair")
    player.press("check", "repair")
    assert said(player.tick("repair")).count('data-met="unknown"') == 0
    player.client.post(
        f"{player.base}actions/delete/", {"op": "b", "kind": "Service", "namespace": "default", "name": "frontend-svc"}, **HTMX
    )
    assert said(player.tick("repair")).count('data-met="unknown"') == 1


def test_the_draft_is_there_to_be_completed_and_applied(db: None) -> None:
    pane = said(Player("ports-and-names").pane("heavy"))
    assert "actions/apply/" in pane
    assert "kind: Pod" in pane


# --- hints


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


# --- back to the beginning


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


def test_a_wish_that_is_sent_twice_is_done_once(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    player.press("reset-step", "switch", op="once")
    player.press("undo-reset", "switch", op="back")
    assert player.policy() == "Local"


# --- what lights up, and in which language


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
