"""Does a page without JavaScript hear once what the last action did?"""

from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory

from playground.pages import notes


def asked_with(cookie: str):
    request = RequestFactory().get("/")
    request.COOKIES[notes.COOKIE] = cookie
    return request


def test_lines_come_back_as_they_were_left() -> None:
    left = notes.leave(HttpResponse(), ["pod/web deleted", "Warning: slow"]).cookies[notes.COOKIE]
    assert notes.read(asked_with(left.value)) == ["pod/web deleted", "Warning: slow"]
    assert left["httponly"]
    assert left["max-age"] == notes.SECONDS


def test_a_forged_note_is_not_shown() -> None:
    assert notes.read(asked_with(signing.dumps("you have won", salt="another"))) == []
    assert notes.read(asked_with("rubbish")) == []


def test_what_is_too_long_for_a_cookie_is_cut() -> None:
    left = notes.leave(HttpResponse(), ["x" * 10_000]).cookies[notes.COOKIE]
    assert len(left.value) < 4_000


def test_it_is_taken_away_once_shown() -> None:
    response = notes.take_away(asked_with("anything"), HttpResponse())
    assert response.cookies[notes.COOKIE]["max-age"] == 0
