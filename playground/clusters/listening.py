"""Who else is told when a cluster has changed?  Listeners, at once, in the thread that moved it, under its lock.

The page's watchers get frames from the hub; a listener reads what it wants from the store's history itself. As long as
there is one, somebody is watching: the clock runs. While nothing changes, none is called.
"""

from __future__ import annotations

import logging
from typing import Protocol

from playground.kube.cluster import Cluster as Kube

logger = logging.getLogger(__name__)


class Listener(Protocol):
    def hear(self, kube: Kube, run: str) -> None:
        """Objects have changed since the last call, or requests were sent, or (`run` is another) the past is another. Be quick."""


class Listeners:
    """The listeners of one cluster."""

    def __init__(self) -> None:
        self._all: dict[Listener, None] = {}
        self._heard = ("", -1, -1)

    def __bool__(self) -> bool:
        return bool(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def join(self, listener: Listener) -> None:
        self._all[listener] = None

    def leave(self, listener: Listener) -> None:
        self._all.pop(listener, None)

    def tell(self, kube: Kube, run: str) -> None:
        """Call every listener if there is something new. One that fails is dropped; the others go on."""
        now = run, kube.network.last, kube.store.revision
        if now == self._heard:
            return
        self._heard = now
        for listener in list(self._all):
            try:
                listener.hear(kube, run)
            except Exception:
                logger.exception("a listener is dropped")
                self.leave(listener)
