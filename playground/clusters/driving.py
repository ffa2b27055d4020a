"""How does a session of simulated programs run on a cluster that others use too?  It acts through the one door, and waits for the cluster's time.

For `kubectl exec` and for the page's console alike: they differ in where input comes from and where output goes.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from playground.clusters import looks, service
from playground.clusters.models import Cluster
from playground.clusters.workers import in_thread
from playground.kube.actions import Action, Receipt
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster as Kube
from playground.terminal.sessions import Ended, Opens, Reads, Session, Waits, Wrote

SHORTEST, LONGEST = 0.02, 0.5
Write = Callable[[int, str], Awaitable[None]]
Open = Callable[[Opens], None]


class Door:
    """What a session does to the cluster, as anybody else's actions. `limits` are those that they count for."""

    def __init__(self, cluster: Cluster, limits: Sequence[str]):
        self._cluster = cluster
        self._limits = limits

    def act(self, action: Action) -> Receipt:
        return service.act(self._cluster, action, secrets.token_urlsafe(12), self._limits)

    def look(self) -> AbstractContextManager[Kube]:
        return looks.at(self._cluster)


class Input(Protocol):
    """Whence input comes, in the event loop."""

    def feed(self, session: Session) -> None:
        """Give the session what has come. What it raises ends the driving."""

    async def wait(self, seconds: float | None) -> None:
        """Until something has come, at most for so long; None: the program wants input."""


async def drive(session: Session, door: Door, typed: Input, write: Write, open: Open | None = None) -> int:
    """Let a session run to its end; its exit code. Each step is made in a thread of its own. `open` shows an object in an editor."""
    while True:
        typed.feed(session)
        step = await in_thread(session.step, door)
        if isinstance(step, Wrote):
            await write(step.fd, step.text)
        elif isinstance(step, Opens) and open is not None:
            open(step)
        elif isinstance(step, Waits):
            await typed.wait(await in_thread(wall_seconds, door, step.until))
        elif isinstance(step, Reads):
            await typed.wait(None)
        elif isinstance(step, Ended):
            return step.code


def wall_seconds(door: Door, until: int) -> float:
    """How long it takes at most until virtual time has come so far; a clock that stands is looked at now and then."""
    with door.look() as kube:
        return min(max((until - kube.now) / SECOND, SHORTEST), LONGEST)
