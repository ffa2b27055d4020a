"""Who is asking, and how far may they go?  A visitor is a random name: in a signed cookie, or in a token where no cookie goes.

A cookie opens all clusters of its visitor. A token opens one cluster for half a day, and says whether its holder may change
it; it travels in the `Authorization` header or in the list of a WebSocket's subprotocols, never in an address. Who shows a
token is known by the token alone: cookies that come with it are ignored, so no other site can act by them.

Simplified: whoever loses the cookie loses the clusters; an account is another room's business.
"""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from playground.clusters import signed

COOKIE = "visitor"
SALT = "playground.visitor"
YEAR = 365 * 24 * 3600
TOKEN_SALT = "playground.token"
TOKEN_SECONDS = 12 * 3600
RESUME_SALT = "playground.resume"
SUBPROTOCOL = "switchyard"
BEARER = "bearer."


class Asker(NamedTuple):
    """`visitor` is "" for nobody. A token names the one `cluster` that it opens, and `share`, the link by which its holder looks at
    another's. `acts`: whether they may change anything."""

    visitor: str
    cluster: str = ""
    share: str = ""
    acts: bool = True


NOBODY = Asker("")


class BadToken(Exception):
    """A token was shown, and it is forged, mangled or too old."""


def new_visitor() -> str:
    """128 random bits: nobody guesses them."""
    return secrets.token_urlsafe(16)


def asker_of(asker: HttpRequest | dict[str, Any]) -> Asker:
    """Who asks, from a request or from the scope of a WebSocket. BadToken.

    A request without token and without a good cookie gets a new visitor, whom `remember` gives to the browser; a scope is NOBODY's.
    """
    if isinstance(asker, HttpRequest):
        known = getattr(asker, "asker", None) or _asker_of_request(asker)
        asker.asker = known  # type: ignore[attr-defined]
        return known
    for protocol in asker.get("subprotocols", ()):
        if protocol.startswith(BEARER):
            return read_token(protocol.removeprefix(BEARER))
    return Asker(_read(_cookie(asker)))


def visitor_of(asker: HttpRequest | dict[str, Any]) -> str:
    """The name of who asks; see `asker_of`."""
    return asker_of(asker).visitor


def has_token(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").startswith("Bearer ")


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the browser its cookie if it was met for the first time; the same response."""
    visitor = visitor_of(request)
    if not has_token(request) and _read(request.COOKIES.get(COOKIE, "")) != visitor:
        secure = request.is_secure() or settings.SESSION_COOKIE_SECURE
        value = signing.dumps(visitor, salt=SALT)
        response.set_cookie(COOKIE, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


# --- tokens


def token(asker: Asker) -> str:
    """What its holder shows to be this asker. Of letters, digits, `-`, `_` and `.`, as a subprotocol's name must be."""
    return signing.TimestampSigner(salt=TOKEN_SALT, sep=".").sign_object(list(asker))


def read_token(text: str) -> Asker:
    """The inverse of `token`, for half a day. BadToken."""
    try:
        return Asker(*signing.TimestampSigner(salt=TOKEN_SALT, sep=".").unsign_object(text, max_age=TOKEN_SECONDS))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadToken from error


def resume_code(visitor: str, cluster: str) -> str:
    """What a frame keeps to find its cluster again, for a year."""
    return signed.written(visitor, cluster, RESUME_SALT)


def read_resume_code(text: str) -> tuple[str, str]:
    """The visitor and the cluster; both "" if the code is not good any more."""
    return signed.read(text, RESUME_SALT, YEAR)


def _asker_of_request(request: HttpRequest) -> Asker:
    if has_token(request):
        return read_token(request.headers["Authorization"].removeprefix("Bearer "))
    return Asker(_read(request.COOKIES.get(COOKIE, "")) or new_visitor())


# --- the cookie


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
