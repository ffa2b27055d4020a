"""Which Nodes' kube-proxies sync together, and what have they not heard of yet?

Nodes stand in PHASES phases, spread over the sync period (minSyncPeriod 1 s, pkg/proxy/apis/config/v1alpha1/defaults.go).
A phase keeps only what it has not heard of yet, as it was before, beside the table of what is true now.
"""

from __future__ import annotations

from typing import Any

from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.kubeproxy.portrules import PortRules
from playground.kube.kubeproxy.saving import Writer
from playground.kube.kubeproxy.serviceports import Key
from playground.kube.kubeproxy.table import Held, Table

PHASES = 20
SYNC_PERIOD = SECOND
APART = 50 * MILLISECOND


class Phase:
    """Nodes whose kube-proxies sync at the same ticks. `stale` holds, by address, the rules that they still have and that are not true any more
    (empty: none yet); `changed` the Service ports to take over at the next tick; `waiting` the Nodes that take over everything then.
    `cleans`: endpoints of a UDP port are among what has changed. `stopped` is when the kube-proxy of its one Node was stopped; None for a
    phase whose Nodes sync."""

    __slots__ = ("changed", "cleans", "due", "nodes", "number", "stale", "stopped", "waiting")

    def __init__(self, number: int):
        self.number = number
        self.due = False
        self.cleans = False
        self.stopped: int | None = None
        self.nodes: dict[str, None] = {}
        self.waiting: dict[str, None] = {}
        self.changed: dict[str, None] = {}
        self.stale: dict[Key, Held] = {}

    def find(self, key: Key, table: Table) -> Held:
        """What its Nodes hold under a key."""
        return self.stale[key] if key in self.stale else table.find(key)

    def holding(self, table: Table) -> dict[Key, Held]:
        """All that its Nodes hold."""
        return {**table.held, **self.stale}

    def tick(self, now: int) -> int:
        """When its Nodes sync next."""
        tick = now - now % SYNC_PERIOD + self.number * APART
        return tick if tick > now else tick + SYNC_PERIOD

    def without_proxy(self, node: str, now: int) -> Phase:
        """A phase for one of its Nodes, whose kube-proxy is stopped: it keeps the rules of this moment, and its tick never comes."""
        alone = Phase(self.number)
        alone.due, alone.stopped = True, now
        if node in self.nodes:
            alone.nodes, alone.changed, alone.stale = {node: None}, dict(self.changed), dict(self.stale)
        return alone

    def heard(self) -> None:
        """Its Nodes have taken over what is true now."""
        self.stale, self.changed, self.cleans = {}, {}, False

    # --- saving

    def state(self, writer: Writer) -> dict[str, Any]:
        return {
            "number": self.number,
            "due": self.due,
            "cleans": self.cleans,
            "stopped": self.stopped,
            "nodes": list(self.nodes),
            "waiting": list(self.waiting),
            "changed": list(self.changed),
            "stale": [[list(key), [writer.write(rules) for rules in held]] for key, held in self.stale.items()],
        }

    def restore(self, saved: dict[str, Any], rules: list[PortRules]) -> None:
        self.due, self.cleans, self.stopped = saved["due"], saved["cleans"], saved["stopped"]
        self.nodes, self.waiting, self.changed = (dict.fromkeys(saved[part]) for part in ("nodes", "waiting", "changed"))
        self.stale = {tuple(key): tuple(rules[place] for place in held) for key, held in saved["stale"]}
