"""What does kubectl find in the cluster?  Resources by the words for them, objects by name or by selectors.

Source: k8s.io/cli-runtime pkg/resource (mappingFor, Info, Selector, EnhanceListError); apimachinery RESTMapper.
Every function is a question for `Look`: it is given the cluster, and raises Refusal or Wrong.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import fieldselectors, seen, selectors
from playground.kube.apiserver.resources import KINDS, Resource
from playground.kube.apiserver.served import custom, with_status
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal, not_found
from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]


def resource(kube: Cluster, word: str) -> Resource:
    """Of `svc`, `deployments.apps`, `deployments.v1.apps`, `Pod`."""
    asked = word.lower()
    for each in (*KINDS.values(), *custom(kube.store)):
        if asked in _words(each):
            return each
    name, _, group = word.partition(".")
    if group:
        raise Wrong(f'the server doesn\'t have a resource type "{name}" in group "{group}"')
    raise Wrong(f'the server doesn\'t have a resource type "{word}"')


def _words(each: Resource) -> list[str]:
    plain = [each.plural, each.singular, *each.short]
    group = [f"{word}.{each.group}" for word in plain] + [f"{word}.{each.version}.{each.group}" for word in plain]
    return plain + (group if each.group else [f"{word}.{each.version}." for word in plain])


def one(kube: Cluster, kind: Resource, namespace: str, name: str) -> JSON:
    found = seen.single(kube.machinery, kind.kind, namespace if kind.namespaced else "", name)
    if found is None:
        raise not_found(kind.qualified, name)
    return shown(kube, kind, found)


def nowhere(kube: Cluster, kind: Resource, namespace: str, refusal: Refusal) -> Refusal:
    """What is said of an object that is not there: that its Namespace is not there either, where it is not. Source: pkg/resource/visitor.go (Info.Get)."""
    unasked = refusal.reason != "NotFound" or not kind.namespaced or namespace in ("", "default")
    return refusal if unasked or kube.store.get("Namespace", "", namespace) is not None else not_found("namespaces", namespace)


def some(kube: Cluster, kind: Resource, namespace: str | None, labels: str = "", fields: str = "") -> list[JSON]:
    """`namespace` is None for all."""
    try:
        chosen, wanted = selectors.parse(labels), fieldselectors.parse(fields, kind.kind)
    except Refusal as refusal:
        where = f"{kind.group}/{kind.version}, Resource={kind.plural}"
        why = f'Unable to find "{where}" that match label selector "{labels}", field selector "{fields}": {refusal.message}'
        raise Refusal(refusal.code, refusal.reason, why) from None
    things = seen.listed(kube.machinery, kind.kind, namespace if kind.namespaced else None)
    found = [shown(kube, kind, each) for each in things if chosen.matches(each.labels)]
    return [each for each in found if wanted.matches(each)]


def shown(kube: Cluster, kind: Resource, thing: Any) -> JSON:
    return with_status(kind, kube.server.encode(thing))


def seconds(kube: Cluster) -> int:
    """The cluster's time, in whole seconds since 1970: here it is kubectl's too."""
    return kube.settings.epoch + kube.now // SECOND


class Info(msgspec.Struct):
    """One object that was found; `source` is the file that named it."""

    resource: Resource
    document: JSON
    source: str = ""

    @property
    def name(self) -> str:
        return str(self.document["metadata"]["name"])

    @property
    def namespace(self) -> str:
        return str(self.document["metadata"].get("namespace", ""))

    @property
    def spoken(self) -> str:
        return self.resource.spoken(self.name)
