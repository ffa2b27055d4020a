"""What does `kubectl describe` print?  Which objects it means, and one page for each.

Source: staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import api, documents
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.builder import Found, Wish, find
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.describing import page
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.get import deprecated, none_found, selectors

FLAGS = "all-namespaces/A:switch chunk-size:whole filename/f:list selector/l:text show-events:switch"
NOTHING = 'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.'


def describe(call: Call) -> Program:
    if "filename" in call.flags:
        named = yield from documents.objects(call, call.words)
        pages, found, by_prefix = yield Look(partial(_pages, call, named, False))
    elif call.words:
        pages, found, by_prefix = yield Look(partial(_looked, call))
    else:
        raise Wrong(NOTHING)
    yield from err(deprecated(found))
    if found.error is not None:
        for text in pages:
            yield from out(text)
        raise found.error
    if not pages:
        yield from err(none_found(call.space))
    yield from out("".join(f"{text}\n" for text in pages) if by_prefix else "\n\n".join(pages))
    return 0


def _looked(call: Call, kube: Cluster) -> tuple[list[str], Found, bool]:
    labels, _ = selectors(call.flags)
    found, by_prefix = find(kube, Wish(call.words, call.space, labels, all=True)), False
    if isinstance(found.error, Refusal) and found.error.reason == "NotFound" and len(call.words) == 2 and "/" not in call.words[0]:
        found, by_prefix = _by_prefix(kube, call, found), True
    return _pages(call, found, by_prefix, kube)


def _pages(call: Call, found: Found, by_prefix: bool, kube: Cluster) -> tuple[list[str], Found, bool]:
    infos = found.infos
    events = call.flags.of("show-events", len(infos) == 1 and not by_prefix)
    pages = [page(kube, info.resource, info.document, events) for info in infos]
    return pages, found, by_prefix and found.error is None


def _by_prefix(kube: Cluster, call: Call, found: Found) -> Found:
    """A name that no object has may be the beginning of some."""
    kind: Resource = api.resource(kube, call.words[0])
    infos = [api.Info(kind, each) for each in api.some(kube, kind, call.namespace) if _name(each).startswith(call.words[1])]
    return Found([(kind, infos)]) if infos else found


def _name(document: Any) -> str:
    return str(document["metadata"]["name"])
