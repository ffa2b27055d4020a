"""The list, the summary, the teacher's page: what do they say, and to whom?"""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.core import signing
from django.test import Client

from playground.clusters import visitors
from playground.courses import keeping, slips
from tests.courses.conftest import HTMX, Player
from tests.pages.test_every_page import Reader

PAGES = ["/lessons/", "/lessons/?lang=de", "/lessons/summary/", "/lessons/summary/?lang=de", "/teachers/", "/teachers/?lang=de"]
PANES = ["lesson/", "lesson/?step=repair", "lesson/summary/"]


def text(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


@pytest.mark.parametrize("path", PAGES)
def test_html_is_sound_and_headings_are_in_order(player: Player, path: str) -> None:
    player.predict()
    player.press("act", "switch", hands="page")
    read = Reader(player.client.get(path).content.decode())
    assert read.wrong == []
    assert len(set(read.ids)) == len(read.ids)
    assert read.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(read.headings, read.headings[1:], strict=False))


@pytest.mark.parametrize("path", PANES)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_panes_html_is_sound(player: Player, path: str, headers: dict[str, str]) -> None:
    player.press("check", "repair")
    read = Reader(player.client.get(player.base + path, **headers).content.decode())
    assert read.wrong == []
    assert len(set(read.ids)) == len(read.ids)
    assert [each for each in read.named if each[1].get("id") not in read.labelled and "aria-label" not in each[1]] == []
    for form in read.forms if headers else []:
        assert form["action"]
        assert form["method"] != "post" or {"op", "csrfmiddlewaretoken"} <= form["names"]


@pytest.mark.parametrize("path", [*PAGES, "/lessons/progress.json"])
def test_every_answer_has_the_headers_that_protect(player: Player, path: str) -> None:
    response = player.client.get(path)
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_the_list_tells_minutes_needs_beliefs_and_how_far_one_is(player: Player) -> None:
    fresh = text(Client(), "/lessons/")
    assert "New here? Begin with" in fresh
    assert "4 min" in fresh
    assert "Local prefers a local Pod and falls back to others." in fresh
    player.predict()
    player.press("act", "switch", hands="page")
    player.press("explain", "switch", reason="not-local")
    assert "1 of 2 steps" in text(player.client, "/lessons/")


def test_the_list_speaks_german_where_it_is_asked_to(db: None) -> None:
    assert "Wohin Anfragen dürfen" in text(Client(), "/lessons/?lang=de")
    assert "Türen und Namen" in text(Client(), "/lessons/?lang=de")


def test_the_next_lesson_is_the_first_that_is_not_finished(player: Player) -> None:
    assert player.client.get("/lessons/next/")["Location"] == "/lessons/local-means-local/"
    with keeping.changing(player.cluster.visitor, player.lesson) as record:
        record.finished = keeping.moment()
    assert player.client.get("/lessons/next/")["Location"] == "/lessons/ports-and-names/"


def test_what_was_begun_last_goes_on_before_what_was_never_begun(player: Player) -> None:
    other = Player("ports-and-names")
    other.client = player.client
    with keeping.changing(player.cluster.visitor, "ports-and-names") as record:
        record.begun = "2100-01-01T00:00:00Z"
    assert player.client.get("/lessons/next/")["Location"] == "/lessons/ports-and-names/"


def test_a_lesson_that_there_is_not_is_not_there(db: None) -> None:
    assert Client().get("/lessons/nonsense/").status_code == 404


def test_a_first_time_visitor_is_offered_a_lesson_and_not_forced(db: None) -> None:
    client = Client()
    home = client.get("/")["Location"]
    assert 'href="/lessons/next/"' in text(client, home)


def test_the_summary_tells_what_was_predicted_what_happened_and_what_is_known_now(player: Player) -> None:
    player.predict("fall-back", "certain")
    player.press("act", "switch", hands="page")
    player.press("explain", "switch", reason="not-local")
    summary = text(player.client, "/lessons/summary/")
    for words in (
        "It goes to another Node",
        "It is dropped and times out",
        "Not as you predicted",
        "Certain",
        "With Local a request finds",
    ):
        assert words in summary


def framed(player: Player) -> dict[str, str]:
    """What a frame shows to be let in."""
    return {"HTTP_AUTHORIZATION": f"Bearer {visitors.token(visitors.Asker(player.cluster.visitor, player.cluster.pk))}"}


def test_a_frame_leads_to_a_summary_of_its_own(db: None) -> None:
    player = Player("ports-and-names")
    own = f'hx-get="{player.base}lesson/summary/?step=heavy"'
    assert own not in text(player.client, f"{player.base}lesson/?step=heavy")
    response = Client().get(f"{player.base}lesson/?step=heavy", **HTMX, **framed(player))
    assert own in response.content.decode()


def test_a_frame_shows_what_was_predicted_and_leads_to_what_can_be_printed_without_a_cookie(player: Player) -> None:
    player.predict("fall-back", "certain")
    player.press("act", "switch", hands="page")
    shown = Client().get(f"{player.base}lesson/summary/", **HTMX, **framed(player)).content.decode()
    assert "It goes to another Node" in shown
    address = re.search(r'href="(/lessons/summary/[^"]+)"', shown)
    assert address is not None
    printed = Client().get(unescape(address[1]))
    assert "It goes to another Node" in printed.content.decode()
    assert not printed.cookies


@pytest.mark.parametrize("slip", ["nonsense", "a.b.c"])
def test_an_address_of_a_summary_that_is_not_signed_leads_nowhere(db: None, slip: str) -> None:
    assert Client().get(f"/lessons/summary/{slip}/").status_code == 404


def test_an_address_of_a_summary_ends_after_half_a_day(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(signing.time, "time", lambda: 1_000_000_000)
        old = slips.written(player.cluster.visitor, player.lesson)
    assert Client().get(f"/lessons/summary/{old}/").status_code == 404


def test_the_summary_does_not_give_away_what_has_not_been_run(player: Player) -> None:
    player.predict("fall-back", "certain")
    assert "It is dropped and times out" not in text(player.client, "/lessons/summary/")


def test_the_teachers_page_has_the_hour_with_beliefs_and_questions(db: None) -> None:
    page = text(Client(), "/teachers/")
    for words in ("A one-hour plan", "Local means local", "falls back to others", "What becomes of far", "check_lessons"):
        assert words in page


def test_progress_is_taken_along_and_brought_into_another_browser(player: Player, stranger: Player) -> None:
    player.predict()
    response = player.client.get("/lessons/progress.json")
    assert "attachment" in response["Content-Disposition"]
    assert json.loads(response.content)["lessons"]["local-means-local"]["steps"]["switch"]["prediction"] == "drop"
    brought = stranger.client.post("/lessons/progress/", {"text": response.content.decode()})
    assert "Progress of 1 lesson was added" in brought.content.decode()
    assert "You have begun" in brought.content.decode()
    assert stranger.own("switch").prediction == "drop"


def test_a_file_that_is_none_is_refused(player: Player) -> None:
    response = player.client.post("/lessons/progress/", {"text": "nonsense"})
    assert response.status_code == 422
    assert "no progress of Switchyard" in response.content.decode()
