"""Who sends requests all the time?  Streams, each from one sender to one target at a steady rate."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal, bad_request, over_limit
from playground.kube.events import TrafficChanged
from playground.kube.network.network import Network
from playground.kube.network.requests import Kept
from playground.kube.network.senders import key_of
from playground.kube.network.targets import target

SLOWEST = 0.01


class Stream(msgspec.Struct):
    """Requests from `source` (the full name of a sender, see senders) to `to`, `rate` a second. `waiting` says why it is silent, or is "".
    `keep_alive`: over one connection, or from one UDP socket, `kept` from one request to the next.

    It belongs to the name, not to the Pod: when a Pod of that name comes back, it goes on.
    """

    id: str
    source: str
    to: str
    rate: float
    keep_alive: bool
    waiting: str = ""
    kept: Kept | None = None

    @property
    def protocol(self) -> str:
        return target(self.to).protocol

    @property
    def interval(self) -> int:
        """Microseconds from one request to the next."""
        return round(SECOND / self.rate)


class Traffic:
    def __init__(self, machinery: Machinery, network: Network):
        self._machinery = machinery
        self._network = network
        self._streams: dict[str, Stream] = {}
        self._started = 0
        machinery.clock.on("traffic.send", self._send)

    def start(self, source: str, to: str, rate: float, keep_alive: bool) -> str:
        """Start a stream; its id. `source` is the name of a sender. Raises Refusal."""
        source = key_of(self._network.senders.require(source))
        target(to)
        self._check_limits(rate)
        self._started += 1
        stream = Stream(f"stream-{self._started}", source, to, float(rate), keep_alive)
        self._streams[stream.id] = stream
        self._machinery.clock.after(self._machinery.chance.below(stream.interval), "traffic.send", stream.id)
        self._machinery.tell(TrafficChanged(self._machinery.now, stream.id))
        return stream.id

    def stop(self, id: str) -> None:
        """Stop a stream. Raises Refusal if there is none of that id."""
        if self._streams.pop(id, None) is None:
            raise Refusal(404, "NotFound", f'stream "{id}" not found')
        self._machinery.tell(TrafficChanged(self._machinery.now, id))

    def streams(self) -> list[Stream]:
        """All streams, in the order in which they were started."""
        return list(self._streams.values())

    def stream(self, id: str) -> Stream | None:
        return self._streams.get(id)

    def _check_limits(self, rate: float) -> None:
        limits = self._machinery.settings.limits
        if not SLOWEST <= rate <= limits.requests_per_second:
            raise bad_request(f"rate {rate:g}: expected {SLOWEST:g} to {limits.requests_per_second} requests a second")
        if len(self._streams) >= limits.streams:
            raise over_limit(f'{len(self._streams)} streams run already: limit "streams" allows {limits.streams}')
        total = rate + sum(stream.rate for stream in self._streams.values())
        if total > limits.requests_per_second:
            raise over_limit(
                f'{total:g} requests a second over all streams are too many: limit "requests_per_second" allows {limits.requests_per_second}'
            )

    def _send(self, id: str) -> None:
        """The next request of a stream is due; one that was stopped is forgotten."""
        stream = self._streams.get(id)
        if stream is None:
            return
        self._machinery.clock.after(stream.interval, "traffic.send", id)
        sender = self._network.senders.find(stream.source)
        waiting = self._network.senders.missing(stream.source) if sender is None else self._network.why_silent(sender)
        if waiting != stream.waiting:
            stream.waiting = waiting
            self._machinery.tell(TrafficChanged(self._machinery.now, id))
        if sender is None or waiting:
            stream.kept = None
            return
        request = self._network.ask(sender, target(stream.to), stream.kept, stream.keep_alive)
        stream.kept = self._network.kept(request) if stream.keep_alive else None

    # --- saving

    def state(self) -> dict[str, Any]:
        return {"started": self._started, "streams": [msgspec.to_builtins(stream) for stream in self._streams.values()]}

    def restore(self, state: dict[str, Any]) -> None:
        self._started = state["started"]
        self._streams = {saved["id"]: msgspec.convert(saved, Stream) for saved in state["streams"]}
