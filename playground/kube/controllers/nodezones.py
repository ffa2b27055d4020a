"""How well is each zone?  Of too many Nodes that fall silent together, the network is to blame rather than the Nodes.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go (ComputeZoneState, handleDisruption, ReducedQPSFunc).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from playground.kube.apiserver.nodes import is_ready, place
from playground.kube.apiserver.objects import Object
from playground.kube.apiserver.store import Store

Place = tuple[str, str]
FEW = 2
UNHEALTHY = 55
LARGE = 50


class NodeZones:
    """Counts Nodes that are ready and that are not, by region and zone."""

    def __init__(self, store: Store):
        self._ready: Counter[Place] = Counter()
        self._unready: Counter[Place] = Counter()
        self._stopped: dict[Place, None] = {}
        store.follow("Node", self._follow)

    @property
    def lost(self) -> bool:
        """No Node of the cluster is ready."""
        return not self._ready.total() and self._unready.total() > 0

    def stopped(self, node: Object) -> bool:
        """Most Nodes of its zone are not ready, which is not large: nobody else of it is evicted."""
        return place(node) in self._stopped

    def moods(self) -> tuple[bool, list[Place]]:
        """What Nodes that are not ready depend on: whether all are lost, and the places where nobody else is evicted."""
        return self.lost, sorted(self._stopped)

    def _follow(self, old: Any, new: Any) -> None:
        for node, sign in ((old, -1), (new, 1)):
            if node is not None:
                (self._ready if is_ready(node) else self._unready)[place(node)] += sign
        for where in {place(node): None for node in (old, new) if node is not None}:
            self._stopped.pop(where, None)
            if self._is_stopped(self._ready[where], self._unready[where]):
                self._stopped[where] = None

    def _is_stopped(self, ready: int, unready: int) -> bool:
        return 0 < ready <= LARGE - unready and unready > FEW and unready * 100 >= UNHEALTHY * (ready + unready)
