"""How does a page's console reach its shell?  A socket for one page: lines and keys in, what is shown out.

Who may come in, and whence, is asked as for the socket that streams the cluster. What is sent waits for its page: a console keeps
what it shows for those who come back, and tells a slow page several pieces at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from django.conf import settings

from playground.clusters import ownership
from playground.clusters.errors import NoSuchCluster, TooMany
from playground.clusters.models import Cluster
from playground.clusters.rates import Bucket
from playground.clusters.visitors import Asker, BadToken
from playground.clusters.workers import in_thread
from playground.live import codes, consoles
from playground.live.consoles import Console
from playground.live.entrance import enter
from playground.live.seating import Full, place

logger = logging.getLogger(__name__)
TELL_EVERY = 0.05

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Name = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{8,64}\Z")]
PlaceName = Annotated[str, msgspec.Meta(max_length=800)]


class Open(msgspec.Struct, tag_field="type", tag="open"):
    """The first message: the console that the page made a name for, and the last entry that it has seen."""

    console: Name
    seen: int = 0


class Go(msgspec.Struct, tag_field="type", tag="go"):
    """Be at this place (see `terminal.console.places`)."""

    place: PlaceName


class Line(msgspec.Struct, tag_field="type", tag="line"):
    """A line that was typed; sent again with the same number, it is not taken again."""

    number: int
    text: str


class Interrupt(msgspec.Struct, tag_field="type", tag="interrupt"):
    """Ctrl-C."""


class End(msgspec.Struct, tag_field="type", tag="end"):
    """Ctrl-D."""


class Clear(msgspec.Struct, tag_field="type", tag="clear"):
    """An empty screen."""


_decode = msgspec.json.Decoder(Open | Go | Line | Interrupt | End | Clear).decode
_encode = msgspec.json.Encoder().encode


class _Closed(Exception):
    """The talk is over; `code` is None if the page has gone."""

    def __init__(self, code: int | None):
        super().__init__()
        self.code = code


async def terminal(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application at `/clusters/<id>/terminal`."""
    await receive()
    try:
        asker = await enter(scope, send)
        with place(f"{asker.visitor}/terminal"):
            cluster = await in_thread(_open_up, asker, scope["url_route"]["kwargs"]["id"])
            code = await _serve(cluster, receive, send)
    except BadToken:
        code = codes.NOT_ADMITTED
    except Full:
        code = codes.TOO_MANY
    except NoSuchCluster:
        code = codes.NO_SUCH_CLUSTER
    except asyncio.CancelledError:  # the server is going down
        await _close(send, codes.COME_BACK)
        raise
    except Exception:
        logger.exception("a console's socket ends")
        code = codes.COME_BACK
    if code is not None:
        await _close(send, code)


def _open_up(asker: Asker, id: str) -> Cluster:
    """What runs in a console may change the cluster: who may only look has none."""
    if asker.share or not asker.acts:
        raise NoSuchCluster(id)
    return ownership.open_up(asker, id)


async def _serve(cluster: Any, receive: Receive, send: Send) -> int | None:
    """Until the page leaves (None), or there is a reason to close (its code)."""
    bucket = Bucket(settings.LIMITS.socket_messages_per_second, settings.LIMITS.socket_messages_in_burst, asyncio.get_running_loop().time())
    try:
        asked = await _next(receive, bucket)
        if not isinstance(asked, Open):
            return codes.NOT_UNDERSTOOD
        view = asyncio.Event()
        try:
            console = consoles.join(cluster, asked.console, view)
        except TooMany as no:
            await _say(send, {"type": "refused", "message": no.message})
            return codes.TOO_MANY
        showing = asyncio.create_task(_show(console, view, min(asked.seen, console.last), send))
        try:
            while True:
                _do(console, await _next(receive, bucket))
        finally:
            showing.cancel()
            consoles.leave(console, view)
    except _Closed as closed:
        return closed.code


async def _next(receive: Receive, bucket: Bucket) -> Any:
    """The next message. Raises _Closed."""
    message = await receive()
    if message["type"] == "websocket.disconnect":
        raise _Closed(None)
    text = message.get("text")
    if text is None:
        raise _Closed(codes.NOT_UNDERSTOOD)
    if len(text) > settings.LIMITS.socket_message_bytes:
        raise _Closed(codes.TOO_BIG)
    if bucket.take(asyncio.get_running_loop().time()):
        raise _Closed(codes.TOO_FAST)
    try:
        return _decode(text)
    except msgspec.DecodeError as error:
        logger.info("a console was sent what is not understood: %s", error)
        raise _Closed(codes.NOT_UNDERSTOOD) from None


def _do(console: Console, asked: Any) -> None:
    match asked:
        case Go():
            console.go(asked.place)
        case Line():
            console.type(asked.number, asked.text)
        case Interrupt():
            console.interrupt()
        case End():
            console.end()
        case Clear():
            console.clear()
        case _:
            raise _Closed(codes.NOT_UNDERSTOOD)


async def _show(console: Console, view: asyncio.Event, seen: int, send: Send) -> None:
    """Tell what is new, now and whenever there is more."""
    while True:
        view.clear()
        entries = console.after(seen)
        seen = entries[-1].number if entries else console.last
        told = {"place": console.place, "busy": console.busy, "taken": console.taken, "last": console.last}
        await _say(send, {"type": "shown", "entries": entries, **told})
        await asyncio.sleep(TELL_EVERY)
        if seen == console.last:
            await view.wait()


async def _say(send: Send, message: dict[str, Any]) -> None:
    await send({"type": "websocket.send", "text": _encode(message).decode()})


async def _close(send: Send, code: int) -> None:
    await send({"type": "websocket.close", "code": code})
