"""How do frames reach one browser?  A socket for one watcher of one cluster: frames out, acknowledgements in, nothing else.

A plain ASGI application and no Channels consumer: that one changes to another thread for each message it receives, and
a browser acknowledges every frame.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
from channels.db import DatabaseSyncToAsync
from django.conf import settings

from playground.clusters import looks, ownership
from playground.clusters.errors import NoSuchCluster
from playground.clusters.hub import Seat
from playground.clusters.models import Cluster
from playground.clusters.rates import Bucket
from playground.clusters.visitors import Asker, BadToken
from playground.live.codes import COME_BACK, NO_SUCH_CLUSTER, NOT_ADMITTED, NOT_UNDERSTOOD, TOO_BIG, TOO_FAST, TOO_MANY
from playground.live.entrance import enter
from playground.live.seating import Full, place

logger = logging.getLogger(__name__)
ASK_AGAIN = 5.0

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Ack(msgspec.Struct, tag_field="type", tag="ack"):
    """All up to number `seq` has arrived."""

    seq: int


class Resync(msgspec.Struct, tag_field="type", tag="resync"):
    """There is a gap: a whole picture, please."""


_decode = msgspec.json.Decoder(Ack | Resync).decode


async def live(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application at `/clusters/<id>/live`."""
    await receive()
    try:
        asker = await enter(scope, send)
        with place(asker.visitor, asker.share):
            code = await _serve(asker, scope["url_route"]["kwargs"]["id"], receive, send)
    except BadToken:
        code = NOT_ADMITTED
    except Full:
        code = TOO_MANY
    except NoSuchCluster:
        code = NO_SUCH_CLUSTER
    except asyncio.CancelledError:  # the server is going down
        await _close(send, COME_BACK)
        raise
    except Exception:
        logger.exception("a socket ends")
        code = COME_BACK
    if code is not None:
        await _close(send, code)


async def _serve(asker: Asker, id: str, receive: Receive, send: Send) -> int | None:
    """Until the browser leaves (None), or there is a reason to close (its code)."""
    cluster = await _in_thread(ownership.open_up)(asker, id)
    seat = Seat(asyncio.get_running_loop())
    running = looks.watch(cluster, seat)
    tasks = [asyncio.create_task(_send_all(seat, send))]
    if asker.share:
        tasks.append(asyncio.create_task(_ask_again(asker, id, seat)))
    try:
        return await _listen(cluster, seat, running.hub, receive)
    finally:
        running.hub.leave(seat)
        for task in tasks:
            task.cancel()


async def _ask_again(asker: Asker, id: str, seat: Seat) -> None:
    """A share link may be withdrawn while somebody looks."""
    with suppress(NoSuchCluster):
        while True:
            await asyncio.sleep(ASK_AGAIN)
            await _in_thread(ownership.admit)(asker, id)
    seat.queue.put_nowait(NO_SUCH_CLUSTER)


async def _send_all(seat: Seat, send: Send) -> None:
    while isinstance(told := await seat.queue.get(), str):
        await send({"type": "websocket.send", "text": told})
    await _close(send, told)


async def _listen(cluster: Cluster, seat: Seat, hub: Any, receive: Receive) -> int | None:
    """What is useful is free; the rest is counted, so that nobody can keep the server busy."""
    limits = settings.LIMITS
    bucket = Bucket(limits.socket_messages_per_second, limits.socket_messages_in_burst, seat.loop.time())
    while (message := await receive())["type"] != "websocket.disconnect":
        text = message.get("text")
        if text is None or len(text) > limits.socket_message_bytes:
            return NOT_UNDERSTOOD if text is None else TOO_BIG
        try:
            asked = _decode(text)
        except msgspec.DecodeError as error:
            logger.info("a watcher of %s sent what is not understood: %s", cluster.pk[:6], error)
            return NOT_UNDERSTOOD
        if isinstance(asked, Ack) and hub.acknowledge(seat, asked.seq):
            continue
        if bucket.take(seat.loop.time()):
            return TOO_FAST
        if isinstance(asked, Resync):
            hub.resync(seat)
    return None


def _in_thread(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    return DatabaseSyncToAsync(function, thread_sensitive=False)


async def _close(send: Send, code: int) -> None:
    await send({"type": "websocket.close", "code": code})
