"""For test_daphne_bounds: it never hears what it is told at /deaf, never stops talking at /talkative (nor over HTTP), sends one large message at /picture."""

import asyncio

from playground import daphne_bounds
from playground.limits import Limits

daphne_bounds.install(Limits(socket_unread_messages=8, socket_unsent_bytes=100_000, api_unsent_bytes=100_000))


async def application(scope, receive, send):
    await receive()
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await go_on(receive, lambda: send({"type": "http.response.body", "body": b"x" * 10_000, "more_body": True}))
        return
    await send({"type": "websocket.accept"})
    await {"/deaf": deaf, "/talkative": talkative, "/echo": echo, "/picture": picture}[scope["path"]](receive, send)


async def deaf(receive, send):
    await asyncio.Event().wait()


async def talkative(receive, send):
    await go_on(receive, lambda: send({"type": "websocket.send", "text": "x" * 10_000}))


async def go_on(receive, send):
    """Prints whether the connection was cut, or stops at 40 MB if nobody cuts it."""
    gone, sent = asyncio.create_task(receive()), 0
    while not gone.done() and sent < 40_000_000:
        await send()
        sent += 10_000
        await asyncio.sleep(0)
    print("cut" if gone.done() else "not cut", flush=True)


async def picture(receive, send):
    await send({"type": "websocket.send", "text": "x" * 50_000})
    await receive()


async def echo(receive, send):
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})
