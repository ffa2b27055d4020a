"""Which Nodes does the scheduler look at next, and on which of them are fewest Pods?

Source: pkg/scheduler/schedule_one.go (findNodesThatPassFilters: it goes on where it stopped; selectHost).
Beside the Nodes in their order stands how many Pods each has, so that most Pods find theirs by looking at a piece of that list.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

import msgspec

from playground.kube.apiserver.objects import Object
from playground.kube.apiserver.placement import HostPort
from playground.kube.apiserver.requests import Amounts
from playground.kube.chance import Chance

CLOSED = 1 << 30


class Room(msgspec.Struct):
    """What the scheduler remembers of a Node: how many Pods it has and may have; `open` if nothing keeps plain Pods off it;
    `ports` counts the host ports that its Pods hold; `cpu`, `memory` and `others` are what it has left of its `allocatable`;
    `place` is its place in the ring."""

    name: str
    node: Object
    most: int
    open: bool
    pods: int = 0
    ports: dict[HostPort, int] = {}
    allocatable: Amounts = {}
    cpu: int = 0
    memory: int = 0
    others: Amounts = {}
    place: int = 0

    @property
    def load(self) -> int:
        """How many Pods it has; CLOSED where no plain Pod may come."""
        return self.pods if self.open and self.pods < self.most else CLOSED


class Ring:
    """`rooms` are sorted by name; the scheduler goes on at `next`."""

    def __init__(self) -> None:
        self.rooms: list[Room] = []
        self.next = 0
        self._loads: list[int] | None = None

    @property
    def start(self) -> int:
        return self.next if self.next < len(self.rooms) else 0

    def add(self, room: Room) -> None:
        insort(self.rooms, room, key=lambda each: each.name)
        self._loads = None

    def remove(self, room: Room) -> None:
        self.rooms.remove(room)
        self._loads = None

    def note(self, room: Room) -> None:
        """A room is fuller, or emptier, or has opened or closed."""
        if self._loads is not None:
            self._loads[room.place] = room.load

    def ahead(self, wanted: int) -> list[Room]:
        """The next rooms, as many as wanted."""
        found = self.rooms[self.start : self.start + wanted]
        return found + self.rooms[: wanted - len(found)]

    def advance(self, by: int) -> None:
        self.next = (self.start + by) % max(len(self.rooms), 1)

    def least(self, wanted: int, shunned: Iterable[Room], chance: Chance) -> Room | None:
        """Of the next rooms, one with fewest Pods that is not shunned, drawn by chance where they are several; None, and nothing has
        moved, where one of them is closed or all are shunned."""
        loads, start = self._counted(), self.start
        ahead = loads[start : start + wanted]
        ahead += loads[: wanted - len(ahead)]
        if not ahead or CLOSED in ahead:
            return None
        for room in shunned:
            place = (room.place - start) % len(loads)
            if place < wanted:
                ahead[place] = CLOSED
        fewest = min(ahead)
        if fewest == CLOSED:
            return None
        several = ahead.count(fewest)
        place = _place_of(ahead, fewest, chance.below(several) if several > 1 else 0)
        self.advance(wanted)
        return self.rooms[(start + place) % len(loads)]

    def _counted(self) -> list[int]:
        if self._loads is None:
            for place, room in enumerate(self.rooms):
                room.place = place
            self._loads = [room.load for room in self.rooms]
        return self._loads


def _place_of(values: list[int], value: int, number: int) -> int:
    """Where a value stands for the first time (`number` 0), for the second, ..."""
    place = values.index(value)
    for _ in range(number):
        place = values.index(value, place + 1)
    return place
