"""How much may pile up between a browser and the server, and how large may one message be? A connection that passes a bound is cut.

A browser that sends faster than its consumer reads fills the consumer's queue, and one that never reads fills the
transport's buffer, both without end (django/daphne#170). And the largest message that Daphne accepts is, in Autobahn, also the
largest it sends: a picture of a large cluster would never arrive, and nobody would be told. An answer over HTTP that goes on, as a watch of the
Kubernetes API does, piles up alike. This touches private parts of Daphne, so a test pins its version.
"""

from typing import Any

from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketProtocol

from playground.limits import Limits


def install(limits: Limits) -> None:
    """Make Daphne's connections keep `socket_unread_messages`, `socket_unsent_bytes`, and `api_unsent_bytes` of an answer that goes on. Once a process."""
    WebSocketProtocol.onMessage = _bounded_receive(WebSocketProtocol.onMessage, limits.socket_unread_messages)
    WebSocketProtocol.serverSend = _bounded_send(WebSocketProtocol.serverSend, limits.socket_unsent_bytes)
    WebRequest.handle_reply = _bounded_reply(WebRequest.handle_reply, limits.api_unsent_bytes)


def _bounded_receive(receive: Any, most: int) -> Any:
    def onMessage(protocol: Any, payload: bytes, isBinary: bool) -> None:
        if protocol.application_queue.qsize() >= most:
            protocol.transport.abortConnection()
        else:
            receive(protocol, payload, isBinary)

    return onMessage


def _bounded_send(send: Any, most: int) -> Any:
    def serverSend(protocol: Any, content: Any, binary: bool = False) -> None:
        if _unsent(protocol.transport) > most:
            protocol.transport.abortConnection()
            return
        accepted, protocol.maxMessagePayloadSize = protocol.maxMessagePayloadSize, 0
        try:
            send(protocol, content, binary)
        finally:
            protocol.maxMessagePayloadSize = accepted

    return serverSend


def _bounded_reply(reply: Any, most: int) -> Any:
    def handle_reply(request: Any, message: dict[str, Any]) -> None:
        goes_on = message.get("more_body") and request.channel is not None
        if goes_on and _unsent(request.channel.transport) > most:
            request.channel.transport.abortConnection()
        else:
            reply(request, message)

    return handle_reply


def _unsent(transport: Any) -> int:
    """Bytes that the operating system has not taken yet (twisted/internet/abstract.py, FileDescriptor)."""
    return len(transport.dataBuffer) - transport.offset + transport._tempDataLen
