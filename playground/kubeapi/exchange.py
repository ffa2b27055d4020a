"""What is asked of the API of one cluster?  A request, whose cluster it means, and whether whoever asks may change it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from playground.clusters.models import Cluster
from playground.kube.apiserver.tokens import User
from playground.kubeapi import access
from playground.rest import exchange


class Request(exchange.Request, frozen=True):
    """`user` is another than the key's holder (users.py)."""

    cluster: Cluster
    writes: bool
    user: User | None = None


def request_of(scope: dict[str, Any], body: bytes = b"") -> Request:
    """What came by HTTP, or opened a WebSocket; raises Refusal where the key opens nothing."""
    key, path = access.opened(scope["path"])
    return Request(
        method=scope.get("method", "GET"),
        path=path,
        query=parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
        headers=_headers(scope["headers"]),
        body=body,
        cluster=key.cluster,
        writes=key.writes,
        prefix=f"/w/{key.pk}",
    )


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """One that is given more than once has all its values, with commas between (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for raw, value in pairs:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found
