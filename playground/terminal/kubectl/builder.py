"""Which objects do a command's words mean?  `pods`, `pod a b`, `svc,ep a`, `pod/a svc/b`, with -l and --field-selector.

Source: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go and its errors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.resources import KINDS, Resource
from playground.kube.apiserver.served import IN_ALL
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import api
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.errors import Wrong, together

NOTHING_NAMED = (
    "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'"
)
SEPARATE = (
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
    "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
)


class Wish(msgspec.Struct):
    """What is looked for: `namespace` None is all. `all`: without a name every object of a kind is meant, as `get` and --all have it;
    `gets`: of a name that is not there it is asked whether its Namespace is, as Info.Get does."""

    words: list[str]
    namespace: str | None
    labels: str | None = None
    fields: str | None = None
    all: bool = False
    patient: bool = True
    one_kind: bool = False
    gets: bool = True


class Found(msgspec.Struct):
    """`groups` are the lists that were asked for, one for each kind, and by name one for each object; `error` is what went wrong beside;
    `single`: one object was meant."""

    groups: list[tuple[Resource, list[Info]]]
    single: bool = False
    error: Exception | None = None

    @property
    def infos(self) -> list[Info]:
        return [info for _, infos in self.groups for info in infos]


def find(kube: Cluster, wish: Wish) -> Found:
    """Raises Wrong, and Refusal where nothing else was found."""
    words = _spread(wish.words)
    if any("/" in word for word in words):
        return _tuples(kube, wish, [_pair(word) for word in words])
    kinds = list(dict.fromkeys(words[0].split(","))) if words else []
    names = words[1:]
    if wish.labels is not None or wish.fields is not None or (wish.all and (len(words) == 1 or not words)):
        return _selected(kube, wish, kinds, names)
    if names:
        resources = _resources(kube, kinds)
        if len(resources) > 1:
            raise Wrong("you must specify only one resource")
        return _named(kube, wish, [(resources[0], name) for name in names])
    if kinds:
        _resources(kube, kinds)
        raise Wrong("resource(s) were provided, but no name was specified")
    raise Wrong(NOTHING_NAMED)


def _spread(words: list[str]) -> list[str]:
    """`svc,ep a` is `svc/a ep/a`."""
    if len(words) > 1:
        kinds = list(dict.fromkeys(words[0].split(",")))
        if len(kinds) > 1:
            return [f"{kind}/{name}" for kind in kinds for name in words[1:]]
    return words


def _pair(word: str) -> tuple[str, str]:
    if "/" not in word:
        raise Wrong(SEPARATE)
    kind, _, name = word.partition("/")
    if "/" in name:
        raise Wrong("arguments in resource/name form may not have more than one slash")
    if not kind or not name:
        raise Wrong("arguments in resource/name form must have a single resource and name")
    return kind, name


def _tuples(kube: Cluster, wish: Wish, pairs: list[tuple[str, str]]) -> Found:
    if wish.labels is not None or wish.fields is not None:
        raise Wrong("selectors and the all flag cannot be used when passing resource/name arguments")
    return _named(kube, wish, [(api.resource(kube, kind), name) for kind, name in pairs])


def _named(kube: Cluster, wish: Wish, pairs: list[tuple[Resource, str]]) -> Found:
    if wish.namespace is None and any(kind.namespaced for kind, _ in pairs):
        raise Wrong("a resource cannot be retrieved by name across all namespaces")
    groups: list[tuple[Resource, list[Info]]] = []
    errors: list[Exception] = []
    for kind, name in pairs:
        try:
            groups.append((kind, [Info(kind, api.one(kube, kind, wish.namespace or "", name))]))
        except Refusal as refusal:
            errors.append(api.nowhere(kube, kind, wish.namespace or "", refusal) if wish.gets else refusal)
            if not wish.patient:
                break
    return Found(groups, len(pairs) == 1, together(errors))


def _selected(kube: Cluster, wish: Wish, kinds: list[str], names: list[str]) -> Found:
    if names:
        raise Wrong("name cannot be provided when a selector is specified")
    if not kinds:
        raise Wrong("at least one resource must be specified to use a selector")
    groups: list[tuple[Resource, list[Info]]] = []
    errors: list[Exception] = []
    for kind in _resources(kube, kinds):
        try:
            documents = api.some(kube, kind, wish.namespace, wish.labels or "", wish.fields or "")
        except Refusal as refusal:
            errors.append(refusal)
            continue
        groups.append((kind, [Info(kind, each) for each in documents]))
    return Found(groups, False, together(errors))


def _resources(kube: Cluster, kinds: list[str]) -> list[Resource]:
    found = [each for kind in kinds for each in (_of_category() if kind == "all" else [api.resource(kube, kind)])]
    return list({each.kind: each for each in found}.values())


def _of_category() -> list[Resource]:
    """In the order of discovery: the core group first, then by group and name."""
    return sorted((each for each in KINDS.values() if each.kind in IN_ALL), key=lambda each: (each.group, each.plural))


def looking(wish: Wish) -> Callable[[Cluster], Any]:
    return lambda kube: find(kube, wish)
