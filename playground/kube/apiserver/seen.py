"""Which objects does a client see?  Those of the store, the Events that components told, which are kept beside it, and the address book of Services."""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import addressbook
from playground.kube.apiserver.machinery import Machinery


def listed(machinery: Machinery, kind: str, namespace: str | None) -> list[Any]:
    """All objects of a kind, of one namespace or (None) of all, sorted by namespace and name."""
    found: list[Any] = machinery.store.list(kind, namespace)
    if kind in addressbook.KINDS:
        beside = addressbook.listed(machinery.settings, machinery.store, kind)
    elif kind == "Event":
        beside = machinery.recorder.objects(namespace)
    else:
        return found
    return sorted([*found, *beside], key=lambda each: each.key)


def single(machinery: Machinery, kind: str, namespace: str, name: str) -> Any:
    """One object, or None."""
    found = machinery.store.get(kind, namespace, name)
    if found is None and kind in addressbook.KINDS:
        return addressbook.single(machinery.settings, machinery.store, kind, name)
    return machinery.recorder.get(namespace, name) if found is None and kind == "Event" else found
