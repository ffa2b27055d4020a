"""How does a page without JavaScript say what the last action did?  In a signed cookie that the next page takes away."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "note"
SALT = "playground.pages.note"
SECONDS = 60
LONGEST = 1_500


def leave(response: HttpResponse, lines: list[str]) -> HttpResponse:
    """Say these lines on the next page; what is too long for a cookie is cut."""
    value = signing.dumps("\n".join(lines)[:LONGEST], salt=SALT)
    response.set_cookie(COOKIE, value, max_age=SECONDS, httponly=True, samesite="Lax")
    return response


def read(request: HttpRequest) -> list[str]:
    """The lines that the last action left, or none."""
    try:
        text = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return []
    return str(text).splitlines()


def take_away(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """They have been shown."""
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
