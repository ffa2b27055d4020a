"""What do the rows of a cluster's log add up to?  A timeline of actions, what can be undone and redone, how its clock runs.

Kinds of rows: `start` (the first row: the scene's own actions, and those that led to where it opened), `action`, `undo`, `redo`, `reset`, `clock` (pause,
speed).
An undo takes the last action (or reset) away and the clock back to the moment before it; a redo puts it back at its own
moment; a new action or reset forgets what could be redone; a reset keeps the start and drops the rest, and can be undone.
Rows of the clock are settings: they are never undone, and they say how late it had become.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class ClockSetting(msgspec.Struct, frozen=True):
    """How fast virtual time passes beside the wall clock, and whether it passes at all."""

    speed: float = 1.0
    paused: bool = False


class Row(msgspec.Struct, frozen=True):
    """A row without its payload; `clock` is set in rows of the clock. `at` is virtual microseconds."""

    seq: int
    kind: str
    at: int
    title: str = ""
    clock: ClockSetting | None = None


class Log:
    """The sum of the rows added so far. `moment` is the time that the log knows to have been reached."""

    def __init__(self, rows: Iterable[Row] = ()):
        self.head = 0
        self.moment = 0
        self.setting = ClockSetting()
        self.done: list[Row] = []
        self.undone: list[Row] = []
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """Rows come in order of seq; a row that cannot follow raises ValueError."""
        if row.seq != self.head + 1:
            raise ValueError(f"row {row.seq} cannot follow row {self.head}")
        getattr(self, f"_{row.kind}")(row)
        self.head = row.seq

    @property
    def timeline(self) -> list[Row]:
        """The start and the actions that stand, in order; their times never decrease."""
        resets = [place for place, row in enumerate(self.done) if row.kind == "reset"]
        return [self.done[0], *self.done[(resets[-1] if resets else 0) + 1 :]]

    @property
    def tip(self) -> int:
        """The seq of the timeline's last row. It names the whole timeline: what is before it never changes."""
        return self.timeline[-1].seq

    @property
    def undo(self) -> Row | None:
        """What an undo would take away."""
        return self.done[-1] if len(self.done) > 1 else None

    @property
    def redo(self) -> Row | None:
        """What a redo would put back."""
        return self.undone[-1] if self.undone else None

    def _start(self, row: Row) -> None:
        self.done = [row]
        self.moment = row.at

    def _action(self, row: Row) -> None:
        self.done.append(row)
        self.undone.clear()
        self.moment = row.at

    def _reset(self, row: Row) -> None:
        self.done.append(row)
        self.undone.clear()
        self.moment = self.done[0].at

    def _undo(self, row: Row) -> None:
        if self.undo is None:
            raise ValueError(f"row {row.seq} undoes nothing")
        self.undone.append(self.done.pop())
        self.moment = self.undone[-1].at

    def _redo(self, row: Row) -> None:
        if self.redo is None:
            raise ValueError(f"row {row.seq} redoes nothing")
        self.done.append(self.undone.pop())
        self.moment = self.done[0].at if self.done[-1].kind == "reset" else self.done[-1].at

    def _clock(self, row: Row) -> None:
        self.setting = row.clock or self.setting
        self.moment = row.at
