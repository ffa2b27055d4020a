"""Whose kubelet is at work?  Timers of Pods that are forgotten when their Node loses its power."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import is_registered
from playground.kube.apiserver.objects import Object, Pod


class Power:
    """Which Nodes are off, which are booting, and how often each was cut off: a timer set before a power cut never fires."""

    def __init__(self, machinery: Machinery):
        self._clock = machinery.clock
        self._store = machinery.store
        self._off: dict[str, None] = {}
        self._booting: dict[str, None] = {}
        self._cuts: dict[str, int] = {}
        self._registered: dict[str, None] = {}
        machinery.store.follow("Node", self._follow)

    def works(self, node: str) -> bool:
        """The Node is up, and its object is one that a kubelet has registered."""
        return self.is_up(node) and node in self._registered

    def is_on(self, node: str) -> bool:
        return node not in self._off

    def is_up(self, node: str) -> bool:
        """It is on and has booted."""
        return node not in self._off and node not in self._booting

    def cut(self, node: str) -> None:
        self._off[node] = None
        self._booting.pop(node, None)
        self._cuts[node] = self._cuts.get(node, 0) + 1

    def boot(self, node: str) -> None:
        """It has power again; what ran on it is gone, and nothing runs before it has `booted`."""
        del self._off[node]
        self._booting[node] = None

    def booted(self, node: str) -> bool:
        """It has booted; False if it was not booting."""
        was_booting = node in self._booting
        self._booting.pop(node, None)
        return was_booting

    def forget(self, node: str) -> None:
        """The Node object is gone; should one of that name come again, it is on, and old timers stay dead."""
        self._off.pop(node, None)
        self._booting.pop(node, None)
        self._cuts[node] = self._cuts.get(node, 0) + 1

    def on(self, kind: str, handler: Callable[..., None]) -> None:
        """`handler(pod, *args)` is called with the Pod as it is then, unless it or its Node's power is gone."""
        self._clock.on(kind, partial(self._fire, handler))

    def after(self, delay: int, kind: str, pod: Pod, *args: Any) -> None:
        self._clock.after(delay, kind, pod.uid, self._cuts.get(pod.node, 0), *args)

    def _follow(self, old: Object | None, new: Object | None) -> None:
        if new is not None and is_registered(new):
            self._registered[new.name] = None
        elif old is not None:
            self._registered.pop(old.name, None)

    def _fire(self, handler: Callable[..., None], uid: str, cuts: int, *args: Any) -> None:
        pod = self._store.by_uid(uid)
        if pod is not None and cuts == self._cuts.get(pod.node, 0) and self.works(pod.node):
            handler(pod, *args)

    def state(self) -> list[Any]:
        return [list(self._off), list(self._booting), self._cuts]

    def restore(self, state: list[Any]) -> None:
        off, booting, cuts = state
        self._off, self._booting, self._cuts = dict.fromkeys(off), dict.fromkeys(booting), dict(cuts)
