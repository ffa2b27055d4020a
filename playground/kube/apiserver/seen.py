"""Which objects does a client see?  Those of the store, and the Events that components told, which are kept beside it."""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery


def listed(machinery: Machinery, kind: str, namespace: str | None) -> list[Any]:
    """All objects of a kind, of one namespace or (None) of all, sorted by namespace and name."""
    found: list[Any] = machinery.store.list(kind, namespace)
    if kind != "Event":
        return found
    return sorted([*found, *machinery.recorder.objects(namespace)], key=lambda event: event.key)


def single(machinery: Machinery, kind: str, namespace: str, name: str) -> Any:
    """One object, or None."""
    found = machinery.store.get(kind, namespace, name)
    return machinery.recorder.get(namespace, name) if found is None and kind == "Event" else found
