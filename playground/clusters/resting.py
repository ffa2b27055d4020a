"""What is kept in memory of a cluster that nobody uses just now?  Its moment, compressed; it is made live again when somebody asks for it.

As a snapshot does, it holds everything that the future depends on; requests that were answered are not part of it: a replay makes them anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import msgspec

from playground.clusters import engine
from playground.clusters.narration import Say
from playground.kube.cluster import Cluster as Kube


class Resting(msgspec.Struct, frozen=True, gc=False):
    """A cluster at one moment, after the log's row `head`, and what was said of it lately."""

    head: int
    _blob: bytes
    _says: bytes

    @classmethod
    def of(cls, kube: Kube, head: int, says: Iterable[Say]) -> Resting:
        return cls(head, engine.freeze(kube), zlib.compress(msgspec.json.encode(list(says)), 1))

    def wake(self) -> Kube:
        return engine.thaw(self._blob)

    def says(self) -> list[Say]:
        return msgspec.json.decode(zlib.decompress(self._says), type=list[Say])
