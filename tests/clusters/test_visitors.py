"""Who is asking?"""

from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from playground.clusters.visitors import COOKIE, remember, visitor_of


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
