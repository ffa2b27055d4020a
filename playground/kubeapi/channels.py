"""How do several streams share one WebSocket?  Each message begins with a byte that names its channel.

Source: staging/src/k8s.io/streaming and apiserver pkg/util/remotecommand, kubelet pkg/cri/streaming/remotecommand/websocket.go:
subprotocols v5.channel.k8s.io and v4.channel.k8s.io.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.errors import Refusal
from playground.rest import statuses

JSON = dict[str, Any]
SPOKEN = ("v5.channel.k8s.io", "v4.channel.k8s.io")
STDIN, ERROR, RESIZE, CLOSE = 0, 3, 4, 255


def choose(offered: list[str]) -> str:
    """The newest subprotocol that both sides speak, or ''."""
    return next((each for each in SPOKEN if each in offered), "")


def message(channel: int, data: bytes) -> bytes:
    return bytes([channel]) + data


def ended(code: int) -> bytes:
    """The last message: how the command ended."""
    if not code:
        return message(ERROR, msgspec.json.encode({"metadata": {}, "status": "Success"}))
    causes = [{"reason": "ExitCode", "message": str(code)}]
    told = {"status": "Failure", "reason": "NonZeroExitCode", "message": f"command terminated with exit code {code}"}
    return message(ERROR, msgspec.json.encode({"metadata": {}, **told, "details": {"causes": causes}}))


def failed(why: str) -> bytes:
    """The last message where the command could not be run at all."""
    return message(ERROR, msgspec.json.encode(statuses.failure(Refusal(500, "InternalError", f"Internal error occurred: {why}"))))
