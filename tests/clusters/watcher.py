"""What does a browser know that applied every frame?  A small client, to be compared with the engine."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from playground.clusters.picture import picture_hash

SINGLES = ("clock", "history", "cluster")


class Watcher:
    """Takes messages as text; `answers` are what a browser would send back."""

    def __init__(self) -> None:
        self.picture: dict[str, Any] = {}
        self.flows: Counter[tuple[Any, ...]] = Counter()
        self.requests: list[Any] = []
        self.says: list[str] = []
        self.frames = self.pictures = 0
        self.hash = ""
        self._run: str | None = None
        self._last: int | None = None

    def take(self, text: str) -> dict[str, Any]:
        """The answer to one message: an acknowledgement, or the wish for a picture."""
        message = json.loads(text)
        return self._take_picture(message) if message["type"] == "picture" else self._take_frame(message)

    @property
    def reckoned(self) -> str:
        """The hash of what this client holds."""
        return picture_hash({name: known for name, known in self.picture.items() if name not in SINGLES})

    def _take_picture(self, message: dict[str, Any]) -> dict[str, Any]:
        self.pictures += 1
        self.picture = message["picture"]
        self._run, self._last, self.hash = message["run"], message["seq"], message["hash"]
        return {"type": "ack", "seq": self._last}

    def _take_frame(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["run"] != self._run or self._last is None or message["first"] != self._last + 1:
            self._last = None
            return {"type": "resync"}
        self.frames += 1
        self._last, self.hash = message["last"], message["hash"]
        for section, key, value in message["changes"]:
            if section in SINGLES:
                self.picture[section] = value
            elif value is None:
                del self.picture[section][key]
            else:
                self.picture[section][key] = value
        for *flow, count in message["flows"]:
            self.flows[tuple(flow)] += count
        self.requests += message["requests"]
        self.says += [text for _, text, _ in message["says"]]
        return {"type": "ack", "seq": self._last}
