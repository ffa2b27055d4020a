"""How much may one playground hold?  A breach is refused with a sentence that names the limit, what is asked and what is allowed."""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.errors import over_limit

Document = dict[str, Any]
_BY_KIND = {"Pod": ("pods", "Pods"), "Service": ("services", "Services"), "Node": ("nodes", "Nodes")}


class Guard:
    """Keeps the count of endpoints; everything else the store counts."""

    def __init__(self, machinery: Machinery):
        self._store = machinery.store
        self._limits = machinery.settings.limits
        self._endpoints = 0
        machinery.store.follow("EndpointSlice", self._follow, of=("endpoints",))

    def admit(self, document: Document, kind: str, before: int = 0) -> None:
        """Refuse a new object, or a changed one that held `before` endpoints, that is too much."""
        limit, called = _BY_KIND.get(kind, ("", ""))
        allowed = getattr(self._limits, limit) if limit else 0
        if limit and self._store.count(kind) >= allowed:
            raise over_limit(f'this playground holds at most {allowed} {called}: limit "{limit}" reached')
        if self._store.total() >= self._limits.objects:
            raise over_limit(f'this playground holds at most {self._limits.objects} objects: limit "objects" reached')
        self.sizes(document, before)

    def sizes(self, document: Document, before: int = 0) -> None:
        """Refuse a document that asks for too many replicas or endpoints."""
        spec = document.get("spec")
        self.replicas(spec.get("replicas", 0) if isinstance(spec, dict) else 0)
        asked = self._endpoints - before + len(document.get("endpoints", ())) if document["kind"] == "EndpointSlice" else 0
        if document["kind"] == "Endpoints":
            asked = sum(len(subset.get(name, ())) for subset in document.get("subsets", ()) for name in ("addresses", "notReadyAddresses"))
        if asked > self._limits.endpoints:
            raise over_limit(f'{asked} endpoints are too many: limit "endpoints" allows {self._limits.endpoints}')

    def replicas(self, asked: Any) -> None:
        if isinstance(asked, int) and asked > self._limits.replicas:
            raise over_limit(f'{asked} replicas are too many: limit "replicas" allows {self._limits.replicas}')

    def _follow(self, old: Any, new: Any) -> None:
        self._endpoints += (len(new.endpoints) if new is not None else 0) - (len(old.endpoints) if old is not None else 0)
