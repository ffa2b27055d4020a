"""How is a socket accepted?  First, so that a browser learns the code with which it is closed; and who asks is found out then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from playground.clusters.visitors import SUBPROTOCOL, Asker, asker_of

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def enter(scope: dict[str, Any], send: Send) -> Asker:
    """Who asks. A browser that offers subprotocols wants one of them back: ours, never the one that is its token. Raises BadToken."""
    chosen = SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None
    await send({"type": "websocket.accept", "subprotocol": chosen})
    return asker_of(scope)
