"""What is answered to `kubectl logs`?

Source: pkg/registry/core/pod/rest/log.go.
"""

from __future__ import annotations

import asyncio
from typing import Any

from playground.kube.apiserver.objects import Pod
from playground.kube.network import containerlogs
from playground.kubeapi.exchange import Request
from playground.kubeapi.streams import Stream
from playground.rest import logs, reading
from playground.rest.exchange import Answer
from playground.rest.paths import Target


class Follow(Stream):
    """What a container prints from now on, until it ends."""

    type = logs.TEXT

    def __init__(self, request: Request, kube: Any, pod: Pod, slot: int, first: bytes, loop: asyncio.AbstractEventLoop):
        super().__init__(request.cluster, loop)
        self._first = first
        self._uid, self._slot = pod.uid, slot
        self._restarts = containerlogs.states(pod)[slot].restarts
        self._stamped = request.flag("timestamps")
        self._seen = containerlogs.mark(kube)

    def hear(self, kube: Any, run: str) -> None:
        pod = kube.store.by_uid(self._uid)
        if run == self._run and pod is not None and containerlogs.mark(kube) != self._seen:
            lines = containerlogs.later(kube, pod, self._slot, self._seen)
            self._seen = containerlogs.mark(kube)
            if lines:
                self.hand(containerlogs.text(kube, lines, self._stamped).encode())
        if run != self._run or pod is None or self._is_over(pod):
            self.hand(None)

    def _is_over(self, pod: Pod) -> bool:
        state = containerlogs.states(pod)[self._slot]
        return state.state != "running" or state.restarts != self._restarts


def log(request: Request, kube: Any, target: Target, loop: asyncio.AbstractEventLoop) -> Answer | Follow:
    """Raises Refusal."""
    said = logs.log(request, kube, target)
    if request.flag("follow") and containerlogs.states(said.pod)[said.slot].state == "running":
        return Follow(request, kube, said.pod, said.slot, said.text, loop)
    return Answer(said.text, type=logs.TEXT)


def follow(request: Request, kube: Any, target: Target, loop: asyncio.AbstractEventLoop) -> Follow:
    """What a container prints from now on; raises Refusal."""
    pod = reading.found(kube, target)
    return Follow(request, kube, pod, containerlogs.slot(pod, request.asked("container")), b"", loop)
