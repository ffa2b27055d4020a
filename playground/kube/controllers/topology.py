"""For which zone is each endpoint meant, if its Service asks for topology-aware routing?  For each zone as many as its share of all CPUs.

Source: staging/src/k8s.io/endpointslice/topologycache/{topologycache.go,utils.go}; annotation service.kubernetes.io/topology-mode.
Simplified: hints are worked out afresh when the Service's endpoints change, where Kubernetes leaves slices alone that still
fit; no event tells that they are given or not; of equal zones the first by name gives or receives.
"""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.nodes import is_ready, zone
from playground.kube.apiserver.objects import Endpoint, Object
from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.store import Store

ANNOTATIONS = ("service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode")
EXCLUDED = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")
OVERLOAD = 0.2


def is_topology_aware(service: Object) -> bool:
    """Its annotation says Auto; the older of the two annotations counts if both are there."""
    return next((service.annotations[name] for name in ANNOTATIONS if name in service.annotations), "") in ("Auto", "auto")


class Zones:
    """Thousandths of CPUs by zone of the Nodes that are ready, and how many of these Nodes have no zone or no CPU."""

    def __init__(self, store: Store):
        self._cpus: Counter[str] = Counter()
        self._unknown = 0
        store.follow("Node", self._follow)

    def hinted(self, endpoints: list[Endpoint]) -> list[Endpoint]:
        """The endpoints, with hints if every zone can have its share."""
        ready = [each for each in endpoints if each.ready]
        wanted = self._wanted(len(ready))
        if not wanted or not all(each.zone for each in ready):
            return endpoints
        giving, receiving = _exchange(wanted, Counter(each.zone for each in ready))
        return [replace(each, for_zones=(_meant_for(each.zone, giving, receiving),)) if each.ready else each for each in endpoints]

    def _wanted(self, count: int) -> dict[str, float]:
        """How many of so many endpoints each zone should have; none if that would overload the endpoints of one."""
        total = sum(self._cpus.values())
        if self._unknown or not 2 <= len(self._cpus) <= count:
            return {}
        shares = {name: count * cpus / total for name, cpus in sorted(self._cpus.items())}
        least = {name: ceil(share * (1 / (1 + OVERLOAD))) for name, share in shares.items()}
        return {name: max(share, least[name]) for name, share in shares.items()} if sum(least.values()) <= count else {}

    def _follow(self, old: Any, new: Any) -> None:
        for node, sign in ((old, -1), (new, 1)):
            if node is None or not is_ready(node) or any(label in node.labels for label in EXCLUDED):
                continue
            where, cpus = zone(node), amount(node.status.get("allocatable", {}).get("cpu", "0")) or 0
            if not where or not cpus:
                self._unknown += sign
                continue
            self._cpus[where] += sign * int(cpus * 1000)
            if not self._cpus[where]:
                del self._cpus[where]


def _exchange(wanted: dict[str, float], present: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """How many endpoints zones give to others and receive from them, whole ones, as far as that comes nearer to what is wanted."""
    surplus = {name: present[name] - share for name, share in wanted.items()}
    giving: Counter[str] = Counter()
    receiving: Counter[str] = Counter()
    while True:
        giver, receiver = max(surplus, key=lambda name: surplus[name]), min(surplus, key=lambda name: surplus[name])
        spare, need = surplus[giver], -surplus[receiver]
        if max(spare, need) < 1 or min(spare, need) < 0.5:
            return giving, receiving
        giving[giver] += 1
        receiving[receiver] += 1
        surplus[giver] -= 1
        surplus[receiver] += 1


def _meant_for(own: str, giving: Counter[str], receiving: Counter[str]) -> str:
    """The zone for which the next endpoint of a zone is meant."""
    taker = next((name for name in sorted(receiving) if receiving[name]), "") if giving[own] else ""
    if not taker:
        return own
    giving[own] -= 1
    receiving[taker] -= 1
    return taker
