"""Where does what a session writes go?  Into the containers that it writes in, by an action, so that others find it there.

It is done when the program next asks for anything but to say something, so before any time passes.
Simplified: what a container's own command appends between a session's reading and its writing is overwritten.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from playground.kube.actions import Action, Receipt, WriteFiles
from playground.kube.cluster import Cluster
from playground.kube.kubelet.files import Held
from playground.terminal.programs.container import Container, is_gone
from playground.terminal.programs.files import Files
from playground.terminal.programs.limits import Limits


class Door(Protocol):
    """What a session asks of the outside."""

    def act(self, action: Action) -> Receipt:
        """Do something to the cluster now. Raises Refusal."""

    def look(self) -> AbstractContextManager[Cluster]:
        """The running cluster, to be read only and quickly."""


class Written:
    """`door` has to be there before a program reads a file."""

    def __init__(self, limits: Limits) -> None:
        self.door: Door | None = None
        self._limits = limits
        self._files: list[tuple[Container, Files]] = []
        self._seen: dict[str, Held] = {}

    def of(self, place: Container) -> Files:
        """The files of a container, or of a machine, which are its session's own."""
        if place.machine:
            return Files(place, self._limits)
        files = Files(place, self._limits, lambda: self._kept(place))
        self._files.append((place, files))
        return files

    def look_again(self) -> None:
        """A program goes on: what it reads next may be another by now."""
        self._seen.clear()

    def keep(self, door: Door) -> None:
        """Let the cluster have what was written. Raises Refusal."""
        for place, files in self._files:
            changes = files.changes()
            if changes:
                door.act(WriteFiles(place.pod, place.namespace, place.name, changes.removed, changes.written))

    def _kept(self, place: Container) -> Held:
        key = f"{place.uid}/{place.slot}"
        if key not in self._seen:
            assert self.door is not None
            with self.door.look() as kube:
                pod = kube.store.by_uid(place.uid)
                self._seen[key] = {} if pod is None or is_gone(kube, place) else kube.kubelet.files(pod, place.slot)
        return self._seen[key]
