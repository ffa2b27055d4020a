"""How do several sessions run on a cluster of one's own, each beside the others, while its time passes?"""

from __future__ import annotations

import msgspec

from playground.kube.cluster import Cluster
from playground.terminal.sessions.direct import Direct
from playground.terminal.sessions.session import Ended, Reads, Session, Waits, Wrote


class Run(msgspec.Struct):
    """A session, what it has written, when it goes on, and its exit code when it has ended."""

    session: Session
    out: str = ""
    err: str = ""
    wakes: int = 0
    code: int | None = None


class Beside:
    def __init__(self, kube: Cluster) -> None:
        self._kube = kube
        self._door = Direct(kube)
        self._going: list[Run] = []

    def begin(self, session: Session) -> Run:
        """Let it go on until it waits."""
        run = Run(session)
        self._go_on(run)
        return run

    def advance(self, until: int) -> list[Run]:
        """Let time pass, and whoever waits for it go on; those that have ended by then."""
        ended: list[Run] = []
        while self._going and (first := min(self._going, key=lambda run: run.wakes)).wakes <= until:
            self._going.remove(first)
            self._kube.advance(max(first.wakes, self._kube.now))
            self._go_on(first)
            ended += [first] if first.code is not None else []
        self._kube.advance(max(until, self._kube.now))
        return ended

    def _go_on(self, run: Run) -> None:
        while True:
            step = run.session.step(self._door)
            match step:
                case Wrote(1, text):
                    run.out += text
                case Wrote(_, text):
                    run.err += text
                case Reads():
                    run.session.close_input()
                case Waits(until):
                    run.wakes = until
                    self._going.append(run)
                    return
                case Ended(code):
                    run.code = code
                    return
