"""How is a session driven on a cluster of one's own, where nobody else is?  To its end, in virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from playground.kube.actions import Action, Receipt
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.terminal.sessions.session import Ended, Reads, Session, Waits, Wrote

LONGEST = 3_600 * SECOND


class Finished(msgspec.Struct, frozen=True):
    """`code` is None if it was still running when the time was over."""

    code: int | None
    out: str
    err: str


class Direct:
    """A Door to a cluster that is in the same hands."""

    def __init__(self, kube: Cluster) -> None:
        self._kube = kube

    def act(self, action: Action) -> Receipt:
        return self._kube.submit(action)

    @contextmanager
    def look(self) -> Iterator[Cluster]:
        yield self._kube


def run(session: Session, kube: Cluster, stdin: str | None = None, longest: int = LONGEST, door: Direct | None = None) -> Finished:
    """Let the session run to its end, at most for so long in virtual microseconds, with all of its input at once."""
    door, over = door or Direct(kube), kube.now + longest
    texts: dict[int, list[str]] = {1: [], 2: []}
    if stdin is not None:
        session.feed(stdin)
    while True:
        step = session.step(door)
        if isinstance(step, Wrote):
            texts[step.fd].append(step.text)
        elif isinstance(step, Reads):
            session.close_input()
        elif isinstance(step, Waits) and step.until <= over:
            kube.advance(step.until)
        else:
            return Finished(step.code if isinstance(step, Ended) else None, "".join(texts[1]), "".join(texts[2]))
