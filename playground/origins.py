"""May the page that opens this WebSocket do so? Only a page of our own origin, or of one that the operator trusts.

Browsers send cookies with a WebSocket from any site, and neither CSRF tokens nor Django's check of `Host` cover it:
so scheme, host and port of `Origin` must be those of the request itself, and `Host` one that we serve. A sandboxed frame has no origin
and sends `null`, as anybody can: it comes in by its token alone, and cookies are not read where there is one.
"""

from collections.abc import Collection
from typing import Any

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from playground.clusters.visitors import BadToken, asker_of


class OriginCheck:
    """ASGI middleware for WebSockets: answers 403 where `is_allowed` says no."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        allowed = is_allowed(
            _header(scope, b"origin"),
            _header(scope, b"host"),
            scheme="https" if settings.HTTPS else "http",
            hosts=settings.ALLOWED_HOSTS,
            trusted=settings.CSRF_TRUSTED_ORIGINS,
        )
        if not allowed and _header(scope, b"origin") == "null":
            allowed = _shows_a_token(scope)
        answer = self.application if allowed else WebsocketDenier()
        return await answer(scope, receive, send)


def is_allowed(origin: str, host: str, *, scheme: str, hosts: Collection[str], trusted: Collection[str]) -> bool:
    """Whether `Origin` equals `scheme://Host`, and `Host` matches `hosts`; or is one of `trusted`, written in full (`https://course.example`).

    Both headers come as browsers write them, lower case and without a default port, so equal origins are equal strings.
    """
    if origin in trusted:
        return True
    domain, _ = split_domain_port(host)
    return origin == f"{scheme}://{host}" and bool(domain) and validate_host(domain, hosts)


def _shows_a_token(scope: dict[str, Any]) -> bool:
    try:
        return asker_of(scope).cluster != ""
    except BadToken:
        return False


def _header(scope: dict[str, Any], name: bytes) -> str:
    """The header's one value; empty if it is absent or was sent twice."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""
