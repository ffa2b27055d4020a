"""How does a component work off what changed?  It keeps a queue of keys and reconciles one key at a time.

Source: staging/src/k8s.io/client-go/util/workqueue: a key waiting is not queued twice; one added while it is being
worked on is worked on again.
Simplified: a wake-up, `delay` after the first key came, works off all keys that wait then, in order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.clock import Clock

Key = tuple[str, ...]


class WorkQueue:
    """`reconcile(key)` is called at virtual times; `name` is unique in the cluster and names the clock's handlers."""

    __slots__ = ("_clock", "_delay", "_keys", "_reconcile", "name")

    def __init__(self, clock: Clock, name: str, delay: int, reconcile: Callable[[Key], None]):
        self._clock = clock
        self._delay = delay
        self._reconcile = reconcile
        self._keys: dict[Key, None] = {}
        self.name = name
        clock.on(name, self._wake)
        clock.on(f"{name}.add", self._add_args)

    def add(self, *key: str) -> None:
        """Ask for this key to be reconciled soon."""
        if not self._keys:
            self._clock.after(self._delay, self.name)
        self._keys[key] = None

    def add_after(self, delay: int, *key: str) -> None:
        """Ask for this key to be reconciled after a delay in microseconds."""
        self._clock.after(delay, f"{self.name}.add", *key)

    def state(self) -> list[Key]:
        return list(self._keys)

    def restore(self, state: list[list[str]]) -> None:
        self._keys = {tuple(key): None for key in state}

    def _wake(self) -> None:
        keys, self._keys = self._keys, {}
        for key in keys:
            self._reconcile(key)

    def _add_args(self, *key: Any) -> None:
        self.add(*key)
