"""Who is asking?  A visitor is a random token in a signed cookie: no sign-up, no name, no address.

Simplified: whoever loses the cookie loses the clusters; a share link or an account is another room's business.
"""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "visitor"
SALT = "playground.visitor"
YEAR = 365 * 24 * 3600


def visitor_of(asker: HttpRequest | dict[str, Any]) -> str:
    """The visitor's token, from a request or from the scope of a WebSocket.

    A request without a good cookie gets a new token, which `remember` gives to the browser; a scope without one is "".
    """
    if isinstance(asker, HttpRequest):
        known = getattr(asker, "visitor", None) or _read(asker.COOKIES.get(COOKIE, ""))
        asker.visitor = known or secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        return asker.visitor  # type: ignore[attr-defined]
    return _read(_cookie(asker))


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the browser its cookie if it was met for the first time; the same response."""
    visitor = visitor_of(request)
    if _read(request.COOKIES.get(COOKIE, "")) != visitor:
        secure = request.is_secure() or settings.SESSION_COOKIE_SECURE
        value = signing.dumps(visitor, salt=SALT)
        response.set_cookie(COOKIE, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _cookie(scope: dict[str, Any]) -> str:
    for name, value in scope.get("headers", ()):
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                continue
            if found:
                return found.value
    return ""


def _read(value: str) -> str:
    try:
        visitor = signing.loads(value, salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return ""
    return visitor if isinstance(visitor, str) else ""
