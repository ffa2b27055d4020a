"""What happens next, and when?  Virtual time in integer microseconds, and a queue of things due, as plain data.

A due thing is `(time, number, kind, args)`: the number keeps the order of asking among equals, so the order is total;
kind and args are data, not closures, so that the queue can be saved. While a thing is done it is still the first of the heap, and
what is asked for next takes its place there: most things ask for one, and to replace the first costs less than to take it out and put
one in. The last of the heap never comes.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush, heapreplace
from itertools import repeat
from typing import Any

MICROSECOND = 1
MILLISECOND = 1_000
SECOND = 1_000_000

Due = tuple[int, int, str, tuple[Any, ...]]
Handler = Callable[..., None]
NEVER: Due = (1 << 62, 0, "", ())


class Clock:
    """Virtual time. `now` only moves in `run_until`; handlers are named once, before anything is due."""

    __slots__ = ("_due", "_first_is_done", "_handlers", "_number", "now")

    def __init__(self, now: int = 0):
        self.now = now
        self._number = 0
        self._due = [NEVER]
        self._first_is_done = False
        self._handlers: dict[str, Handler] = {}

    def on(self, kind: str, handler: Handler) -> None:
        """Name the handler of a kind of due thing; it is called with the args given to `at`."""
        if kind in self._handlers:
            raise ValueError(f"{kind} has a handler already")
        self._handlers[kind] = handler

    def at(self, time: int, kind: str, *args: Any) -> None:
        """Make a thing due at a time (not before now). Args are strings, integers, booleans, None."""
        self.after(max(time - self.now, 0), kind, *args)

    def after(self, delay: int, kind: str, *args: Any) -> None:
        """Make a thing due after a delay (not negative)."""
        self._number = number = self._number + 1
        if self._first_is_done:
            self._first_is_done = False
            heapreplace(self._due, (self.now + delay, number, kind, args))
        else:
            heappush(self._due, (self.now + delay, number, kind, args))

    def next_time(self) -> int | None:
        """When the next thing is due, or None; not to be asked by a handler."""
        first = self._due[0]
        return None if first is NEVER else first[0]

    def run_until(self, time: int, at_most: int | None = None) -> bool:
        """Do what is due up to and including `time`, at most `at_most` things; True when all of it is done.

        When it stops early, `now` is the time of the last thing done, so that a later call goes on from there.
        """
        due, handlers = self._due, self._handlers
        try:
            for _ in repeat(None) if at_most is None else range(at_most):
                at, _, kind, args = due[0]
                if at > time:
                    break
                if at != self.now:  # so that what is noted at one moment shares one integer
                    self.now = at
                self._first_is_done = True
                handlers[kind](*args)
                if self._first_is_done:
                    self._first_is_done = False
                    heappop(due)
        finally:
            if self._first_is_done:  # and it failed
                self._first_is_done = False
                heappop(due)
        if due[0][0] <= time:
            return False
        self.now = max(self.now, time)
        return True

    def state(self) -> list[Any]:
        return [self.now, self._number, sorted(self._due)[:-1]]

    def restore(self, state: list[Any]) -> None:
        self.now, self._number, due = state
        self._due = [*((time, number, kind, tuple(args)) for time, number, kind, args in due), NEVER]
