"""Who is asking?"""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from playground.clusters.visitors import (
    BEARER,
    COOKIE,
    SALT,
    SUBPROTOCOL,
    TOKEN_SECONDS,
    YEAR,
    Asker,
    BadToken,
    asker_of,
    read_resume_code,
    read_token,
    remember,
    resume_code,
    token,
    visitor_of,
)


def first_visit(secure: bool = False) -> tuple[str, HttpResponse]:
    request = RequestFactory().get("/", secure=secure)
    return visitor_of(request), remember(request, HttpResponse())


def test_a_new_visitor_is_given_a_cookie_that_scripts_cannot_read() -> None:
    visitor, response = first_visit()
    cookie = response.cookies[COOKIE]
    assert len(visitor) == 22
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["max-age"]) == (True, "Lax", "", 31_536_000)


def test_over_https_the_cookie_stays_there() -> None:
    _, response = first_visit(secure=True)
    assert response.cookies[COOKIE]["secure"] is True


def test_one_request_is_one_visitor_however_often_it_is_asked() -> None:
    request = RequestFactory().get("/")
    assert visitor_of(request) == visitor_of(request)


def test_a_visitor_who_comes_again_is_known_to_pages_and_sockets() -> None:
    visitor, response = first_visit()
    again = RequestFactory().get("/", headers={"cookie": f"{COOKIE}={response.cookies[COOKIE].value}"})
    assert visitor_of(again) == visitor
    assert COOKIE not in remember(again, HttpResponse()).cookies
    assert visitor_of({"headers": [(b"cookie", f"a=b; {COOKIE}={response.cookies[COOKIE].value}".encode())]}) == visitor


def test_a_forged_cookie_is_nobody() -> None:
    visitor, response = first_visit()
    forged = visitor + response.cookies[COOKIE].value[len(visitor) :]
    assert visitor_of({"headers": [(b"cookie", f"{COOKIE}={forged}".encode())]}) == ""
    with override_settings(SECRET_KEY="another"):
        assert visitor_of({"headers": [(b"cookie", f"{COOKIE}={response.cookies[COOKIE].value}".encode())]}) == ""


def test_a_socket_without_a_cookie_is_nobody() -> None:
    assert visitor_of({"headers": []}) == ""
    assert visitor_of({"headers": [(b"cookie", b"\xff=;;\x00")]}) == ""


# --- tokens


def by_token(text: str) -> dict[str, object]:
    """The scope of a WebSocket that shows it."""
    return {"headers": [], "subprotocols": [SUBPROTOCOL, BEARER + text]}


@pytest.mark.parametrize("asker", [Asker("v" * 22, "c" * 22), Asker("v", "c", share="s", acts=False)])
def test_who_shows_a_token_is_known_by_it_to_pages_and_sockets(asker: Asker) -> None:
    shown = token(asker)
    assert asker_of(RequestFactory().get("/", headers={"authorization": f"Bearer {shown}"})) == asker
    assert asker_of(by_token(shown)) == asker


def test_a_token_can_be_the_name_of_a_subprotocol() -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token(Asker("v" * 22, "c" * 22, share="s" * 22)))


def test_a_token_counts_and_not_the_cookie_beside_it() -> None:
    _, response = first_visit()
    cookie = f"{COOKIE}={response.cookies[COOKIE].value}"
    request = RequestFactory().get("/", headers={"cookie": cookie, "authorization": f"Bearer {token(Asker('v', 'c'))}"})
    assert asker_of(request).visitor == "v"
    assert COOKIE not in remember(request, HttpResponse()).cookies
    assert asker_of({**by_token(token(Asker("v", "c"))), "headers": [(b"cookie", cookie.encode())]}).visitor == "v"


NO_TOKENS = {
    "nothing": "",
    "a letter": "x",
    "three parts": "a.b.c",
    "no ASCII": "é",
    "far too long": "a" * 5_000,
    "a resume code": resume_code("v", "c"),
    "something else that was signed": signing.dumps("v", salt=SALT),
}


@pytest.mark.parametrize("text", NO_TOKENS.values(), ids=NO_TOKENS)
def test_what_is_no_token_lets_nobody_in(text: str) -> None:
    with pytest.raises(BadToken):
        asker_of(by_token(text))


def test_a_token_ends_after_half_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = token(Asker("v", "c"))
    later = signing.time.time() + TOKEN_SECONDS + 5
    monkeypatch.setattr(signing.time, "time", lambda: later)
    with pytest.raises(BadToken):
        read_token(shown)


def test_a_resume_code_lasts_a_year_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    code, now = resume_code("v", "c"), signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + YEAR - 5)
    assert read_resume_code(code) == ("v", "c")
    monkeypatch.setattr(signing.time, "time", lambda: now + YEAR + 5)
    assert read_resume_code(code) == ("", "")
