"""When is a step's goal reached, and what do its checks say until then?"""

from __future__ import annotations

import re
from html import unescape

import pytest

from playground.clusters import looks, spending
from playground.clusters.rates import Buckets
from playground.courses import seeing
from tests.courses.conftest import HTMX, Player
from tests.courses.views.reading import GOALS, events, reasons_of, said, solve


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


def test_a_goal_waits_for_the_action_and_for_the_reason(db: None) -> None:
    player, step = Player("the-address-that-is-nowhere", step="replace"), "replace"
    task = "Make the requests of client-b arrive again"
    assert task not in said(player.pane(step))
    player.press("predict", step, answer="both", confidence="guess")
    assert task not in said(player.press("act", step, hands="page"))
    assert "goal-list" not in said(player.pane(step))
    told = said(player.press("explain", step, reason=reasons_of(player.lesson, step)["found"][0]))
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
