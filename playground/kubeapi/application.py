"""How does a request reach the API, and its answer the client?  A plain ASGI application at `/w/<key>/...`.

No page's middlewares stand before it: no cookie, no session and no CSRF token counts here, the key alone does. What is answered is
JSON always, and a Status where it is no. Bodies are never compressed but for the large documents that say so, so that a
watch is sent line by line.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from playground.clusters.errors import NoSuchCluster
from playground.clusters.workers import in_thread
from playground.kube.errors import Refusal
from playground.kubeapi.exchange import Request, request_of
from playground.kubeapi.handling import handle
from playground.kubeapi.streams import Stream
from playground.rest import statuses
from playground.rest.exchange import Answer, not_there

logger = logging.getLogger(__name__)
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def api(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application for HTTP."""
    body = await _body(scope, receive)
    if body is None:
        return
    loop = asyncio.get_running_loop()
    # Shielded: a watch that was made has to be closed, even if its client has left meanwhile.
    answered = await asyncio.shield(asyncio.ensure_future(in_thread(_answer, scope, body, loop)))
    if isinstance(answered, Answer):
        await _send(answered, scope["method"], send)
    else:
        await _stream(answered, receive, send)


def _answer(scope: dict[str, Any], body: bytes, loop: asyncio.AbstractEventLoop) -> Answer | Stream:
    """In a worker thread: never raises."""
    try:
        return handle(_request(scope, body), loop)
    except Refusal as refusal:
        return statuses.refused(refusal)
    except NoSuchCluster:
        return statuses.refused(not_there())
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
        return statuses.refused(Refusal(503, "ServiceUnavailable", "the server cannot reach its database just now"))
    except Exception:
        logger.exception("a request of the API fails: %s", scope["method"])
        return statuses.refused(
            Refusal(500, "InternalError", "Internal error occurred: the simulated API server failed; this is a defect of the playground")
        )


def _request(scope: dict[str, Any], body: bytes) -> Request:
    """Raises Refusal where the key opens nothing, or the body is too large."""
    request, most = request_of(scope, body), settings.LIMITS.api_body_bytes
    if len(body) > most:
        raise Refusal(413, "RequestEntityTooLarge", f'Request entity too large: limit is {most}: limit "api_body_bytes"')
    return request


async def _body(scope: dict[str, Any], receive: Receive) -> bytes | None:
    """The whole body, but not much more than is allowed; None if the client has left."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += len(message.get("body", b""))
        if size <= settings.LIMITS.api_body_bytes + len(message.get("body", b"")):
            parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(answered: Answer, method: str, send: Send) -> None:
    headers = [("Content-Type", answered.type), ("Content-Length", str(len(answered.body))), ("Cache-Control", "no-cache, private")]
    own = {name for name, _ in answered.headers}
    headers = [pair for pair in headers if pair[0] not in own] + list(answered.headers)
    headers += _warnings(answered)
    await send({"type": "http.response.start", "status": answered.status, "headers": _encoded(headers)})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answered.body})


async def _stream(stream: Stream, receive: Receive, send: Send) -> None:
    """Until the stream ends, or the client leaves. The headers go at once: a client waits for them."""
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": _encoded([("Content-Type", stream.type), ("Cache-Control", "no-cache, private"), *_warnings(stream)]),
        }
    )
    await send({"type": "http.response.body", "body": b"", "more_body": True})
    sending = asyncio.ensure_future(_send_all(stream, send))
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        stream.close()


async def _send_all(stream: Stream, send: Send) -> None:
    async for chunk in stream.chunks():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _warnings(answered: Answer | Stream) -> list[tuple[str, str]]:
    return [("Warning", f"299 - {_quoted(warning)}") for warning in answered.warnings]


def _quoted(text: str) -> str:
    """A warning as a quoted string of RFC 7230, in one line."""
    plain = " ".join(text.split()).encode("ascii", "replace").decode()
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _encoded(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers]
