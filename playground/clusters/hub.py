"""How do frames reach everyone who watches a cluster?  Encoded once, numbered, handed to each event loop once.

A seat is one watcher. It belongs to its event loop's thread, and so does the audience that it sits in; the ticker hands
over a message with one `call_soon_threadsafe` for each loop. Numbers count what was told: a frame that begins after
the number last seen has a gap before it. A seat that has too much in flight is passed over, and is given one picture
when it acknowledges again: what waits for a stalled browser is bounded by `frames_in_flight` and `IN_FLIGHT_BYTES`.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import deque
from typing import NamedTuple

from django.conf import settings

IN_FLIGHT_BYTES = 524_288
NOT_ACKNOWLEDGED = 4009


class Message(NamedTuple):
    """What is sent: the number that its acknowledgement carries, and the text."""

    number: int
    text: str


class Seat:
    """One watcher. `queue` holds the texts to send, and at last a close code."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self.loop = loop
        self.queue: asyncio.Queue[str | int] = asyncio.Queue()
        self.current = False
        self._flying: deque[tuple[int, int, float]] = deque()
        self._bytes = 0
        self._picture = 0

    @property
    def full(self) -> bool:
        """Whether as much is in flight as may be."""
        return len(self._flying) >= settings.LIMITS.frames_in_flight or self._bytes >= IN_FLIGHT_BYTES

    def offer(self, message: Message) -> None:
        """A frame: sent, or passed over if this seat waits for a picture or has too much in flight."""
        if self.current and not self.full:
            self._send(message)
        else:
            self.current = False

    def show(self, message: Message) -> None:
        """A picture; of those, at most one is in flight."""
        if not self._picture_flies():
            self.current = True
            self._picture = message.number
            self._send(message)

    def acknowledge(self, number: int) -> bool:
        """All up to this number has arrived; False if nothing of that was in flight."""
        before = len(self._flying)
        while self._flying and self._flying[0][0] <= number:
            self._bytes -= self._flying.popleft()[1]
        return len(self._flying) < before

    def overdue(self) -> bool:
        """Whether the oldest thing in flight has been there too long."""
        return bool(self._flying) and self.loop.time() - self._flying[0][2] > settings.LIMITS.acknowledge_seconds

    def _picture_flies(self) -> bool:
        return bool(self._flying) and self._flying[0][0] <= self._picture

    def _send(self, message: Message) -> None:
        self._flying.append((message.number, len(message.text), self.loop.time()))
        self._bytes += len(message.text)
        self.queue.put_nowait(message.text)


class Audience:
    """The seats of one event loop, in its thread; other threads may ask whether `wanting` is empty."""

    def __init__(self) -> None:
        self.seats: dict[Seat, None] = {}
        self.wanting: dict[Seat, None] = {}

    def add(self, seat: Seat) -> None:
        self.seats[seat] = None
        self.wanting[seat] = None

    def remove(self, seat: Seat) -> None:
        self.seats.pop(seat, None)
        self.wanting.pop(seat, None)

    def offer(self, message: Message) -> None:
        for seat in self.seats:
            seat.offer(message)

    def show(self, message: Message) -> None:
        wanting, self.wanting = self.wanting, {}
        for seat in wanting:
            seat.show(message)

    def restart(self) -> None:
        """The history of frames was broken: each seat needs a picture."""
        for seat in self.seats:
            seat.current = False
            if not seat.full:
                self.wanting[seat] = None

    def sweep(self) -> None:
        """Send away whoever does not acknowledge."""
        for seat in [seat for seat in self.seats if seat.overdue()]:
            self.remove(seat)
            seat.queue.put_nowait(NOT_ACKNOWLEDGED)

    def dismiss(self, code: int) -> None:
        for seat in list(self.seats):
            self.remove(seat)
            seat.queue.put_nowait(code)


class Hub:
    """The watchers of one cluster. `run` names one unbroken history of frames; `number` is the last number told."""

    def __init__(self) -> None:
        self.run = secrets.token_hex(4)
        self.number = 0
        self._audiences: dict[asyncio.AbstractEventLoop, Audience] = {}
        self._lock = threading.Lock()

    # --- in the thread of the seat's loop

    def join(self, seat: Seat) -> None:
        with self._lock:
            self._audiences.setdefault(seat.loop, Audience()).add(seat)

    def leave(self, seat: Seat) -> None:
        with self._lock:
            audience = self._audiences.get(seat.loop)
            if audience is not None:
                audience.remove(seat)
                if not audience.seats:
                    del self._audiences[seat.loop]

    def acknowledge(self, seat: Seat, number: int) -> bool:
        """See Seat.acknowledge; a seat that was passed over is given a picture soon."""
        useful = seat.acknowledge(number)
        if useful and not seat.current and not seat.full:
            self.resync(seat)
        return useful

    def resync(self, seat: Seat) -> None:
        """The watcher found a gap: it is given a picture soon."""
        seat.current = False
        audience = self._audiences.get(seat.loop)
        if audience is not None and seat in audience.seats:
            audience.wanting[seat] = None

    # --- in the thread of the ticker, or of whoever holds the cluster's lock

    @property
    def watched(self) -> bool:
        return bool(self._audiences)

    @property
    def wants_picture(self) -> bool:
        return any(audience.wanting for audience in self._all().values())

    def restart(self) -> None:
        """Begin a new history of frames."""
        self.run = secrets.token_hex(4)
        self._hand("restart")

    def numbers(self, count: int) -> tuple[int, int]:
        """The first and the last number of a frame that tells `count` things."""
        first, self.number = self.number + 1, self.number + max(count, 1)
        return first, self.number

    def offer(self, text: str) -> None:
        self._hand("offer", Message(self.number, text))

    def show(self, text: str) -> None:
        self._hand("show", Message(self.number, text))

    def sweep(self) -> None:
        self._hand("sweep")

    def dismiss(self, code: int) -> None:
        """Close every watcher's socket with this code."""
        self._hand("dismiss", code)

    def _all(self) -> dict[asyncio.AbstractEventLoop, Audience]:
        with self._lock:
            return dict(self._audiences)

    def _hand(self, what: str, *args: Message | int) -> None:
        for loop, audience in self._all().items():
            try:
                loop.call_soon_threadsafe(getattr(audience, what), *args)
            except RuntimeError:  # its loop is closed: nobody sits there any more
                with self._lock:
                    self._audiences.pop(loop, None)
