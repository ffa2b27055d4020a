"""Which objects does an address mean?

Source: staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import resources
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.served import custom
from playground.rest.exchange import not_there


class Target(msgspec.Struct, frozen=True):
    """`namespace` is None where all are meant, '' for what has none; `name` and `subresource` may be ''."""

    resource: Resource
    namespace: str | None
    name: str
    subresource: str

    @property
    def found_in(self) -> str:
        """The namespace to look a single object up in."""
        return self.namespace or ""


def target(path: str, kube: Any) -> Target:
    """Of `api/v1/...` or `apis/<group>/<version>/...`; raises Refusal if there is no such resource."""
    steps = path.split("/")
    group = "" if steps[0] == "api" else steps[1] if len(steps) > 1 else ""
    version, rest = (steps[1:2], steps[2:]) if steps[0] == "api" else (steps[2:3], steps[3:])
    if steps[0] not in ("api", "apis") or not version or not rest or "" in steps:
        raise not_there()
    namespace: str | None = None
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    found = _resource(group, version[0], rest[0], kube)
    name, subresource, *more = [*rest[1:], "", ""][: max(2, len(rest) - 1)]
    single_of_all = found is not None and found.namespaced and name and namespace is None
    if found is None or more or single_of_all or (namespace is not None and not found.namespaced):
        raise not_there()
    return Target(found, namespace if found.namespaced else "", name, subresource)


def _resource(group: str, version: str, plural: str, kube: Any) -> Resource | None:
    built_in = _BY_PLACE.get((group, version, plural))
    if built_in is not None:
        return built_in
    return next((each for each in custom(kube.store) if (each.group, each.version, each.plural) == (group, version, plural)), None)


_BY_PLACE = {(each.group, each.version, each.plural): each for each in resources.KINDS.values()}
