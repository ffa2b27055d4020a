"""What do the watchers of a cluster have to be told?  One frame of all that happened since the last one, or a whole picture.

Requests are many: a frame shows some (failures first), and counts all of them in its flows.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from typing import Any

import msgspec

from playground.clusters import journeys
from playground.clusters.greeting import greeting
from playground.clusters.hub import Hub
from playground.clusters.narration import Narrator, Say
from playground.clusters.picture import Picture
from playground.kube.events import Changed, Event, Recorded, RequestEnded

SHOWN_REQUESTS = 60
SHOWN_OTHERS = 200
PICTURED = ("Node", "Pod", "Service")
RECENT_REQUESTS = 60
_encode = msgspec.json.Encoder().encode


class Reporter:
    """Tells a hub about one running kube cluster. `singles` are `clock`, `history` and `cluster`, as they were last told.

    `says` are the sentences of the past, which outlive the reporter: it adds to them, and greets where there are none.
    """

    def __init__(self, kube: Any, hub: Hub, singles: dict[str, Any], says: deque[Say]):
        kube.events()
        self._kube = kube
        self._hub = hub
        self._told = singles
        self._ended: list[int] = []
        self._others: dict[str, None] = {}
        self._requests = deque(map(journeys.entry, reversed(kube.network.recent(RECENT_REQUESTS))), RECENT_REQUESTS)
        self.picture = Picture(kube)
        self._narrator = Narrator(kube, self.picture.sections["rules"])
        self._says = says
        if not says:
            says.extend(greeting(self.picture.sections, kube.now))

    def hear(self, happened: Iterable[Event]) -> None:
        """Take what has happened; it is told in the next frame."""
        for event in happened:
            if isinstance(event, RequestEnded):
                self._ended.append(event.number)
            else:
                self.picture.mark(event)
                self._narrator.hear(event)
                self._note_other(event)

    def frame(self, singles: dict[str, Any], heartbeat: bool) -> bool:
        """Hand a frame to the hub if there is something to tell, or if its time alone is worth telling; whether there was one."""
        changes = [*self.picture.changes(), *self._changed(singles)]
        requests, flows = self._traffic()
        says = self._narrator.take(changes)
        others, self._others = list(self._others)[:SHOWN_OTHERS], {}
        if not (changes or flows or says or others or heartbeat):
            return False
        self._requests.extend(requests)
        self._says.extend(says)
        first, last = self._hub.numbers(len(changes) + len(requests) + len(says))
        told = {"changes": changes, "requests": requests, "flows": flows, "says": says, "others": others, "hash": self.picture.hash}
        self._hub.offer(_text({"type": "frame", "run": self._hub.run, "first": first, "last": last, "now": self._kube.now, **told}))
        return True

    def show(self, singles: dict[str, Any]) -> None:
        """Hand the whole picture to the hub, for whoever wants one. To be called right after `frame`."""
        picture = {**self.picture.sections, **singles, "clock": {"now": self._kube.now, **singles["clock"]}}
        recent = {"requests": list(self._requests), "says": list(self._says), "hash": self.picture.hash}
        self._hub.show(_text({"type": "picture", "run": self._hub.run, "seq": self._hub.number, "picture": picture, **recent}))

    def _note_other(self, event: Event) -> None:
        """An object that the picture does not hold has changed: whoever shows it in words has to ask again."""
        if isinstance(event, Changed):
            thing = event.new if event.new is not None else event.old
            if thing.kind not in PICTURED:  # type: ignore[union-attr]
                self._others[thing.ref] = None  # type: ignore[union-attr]

    def _changed(self, singles: dict[str, Any]) -> list[tuple[str, str, Any]]:
        old, self._told = self._told, singles
        now = {"now": self._kube.now}
        return [(name, "", {**now, **value} if name == "clock" else value) for name, value in singles.items() if old[name] != value]

    def _traffic(self) -> tuple[list[Any], list[Any]]:
        ended, self._ended = self._ended, []
        found = [request for number in ended if (request := self._kube.network.request(number)) is not None]
        counts = Counter(map(journeys.flow, found))
        chosen = sorted(found, key=journeys.succeeded)[:SHOWN_REQUESTS]
        shown = sorted(chosen, key=lambda request: request.number)
        return [journeys.entry(each) for each in shown], [[*flow, count] for flow, count in counts.items()]


def is_drawn(event: Event) -> bool:
    """Whether a watcher may see that it happened."""
    if isinstance(event, Changed):
        return (event.new if event.new is not None else event.old).kind in ("Node", "Pod", "Service", "EndpointSlice")  # type: ignore[union-attr]
    return not isinstance(event, Recorded)


def is_change(event: Event) -> bool:
    """Whether a Node, a Pod, a Service or its endpoints are another than before."""
    return isinstance(event, Changed) and is_drawn(event)


def _text(message: dict[str, Any]) -> str:
    return _encode(message).decode()
