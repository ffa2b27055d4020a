"""Which object does a document mean, or an address of the API?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import addressbook
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.resources import Resource
from playground.kube.errors import not_found

JSON = dict[str, Any]


def found(machinery: Machinery, resource: Resource, document: JSON) -> Any:
    """The stored object of the document's name, or None."""
    meta = document["metadata"]
    return machinery.store.get(resource.kind, meta.get("namespace", "") if resource.namespaced else "", meta.get("name", ""))


def get(machinery: Machinery, resource: Resource, namespace: str, name: str) -> Any:
    """The stored object; raises Refusal where there is none, or it is of the address book."""
    thing = machinery.store.get(resource.kind, (namespace or "default") if resource.namespaced else "", name)
    if thing is None:
        raise addressbook.kept(resource.word, name) if is_kept(machinery, resource, name) else not_found(resource.qualified, name)
    return thing


def is_kept(machinery: Machinery, resource: Resource, name: str) -> bool:
    """Whether it is of the address book, which nobody writes."""
    book = (machinery.settings, machinery.store, resource.kind)
    return resource.kind in addressbook.KINDS and addressbook.single(*book, name) is not None
