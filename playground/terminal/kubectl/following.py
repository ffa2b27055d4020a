"""What has changed since?  As a watch tells it; asked again and again, until something has.

Source: staging/src/k8s.io/apiserver/pkg/storage/cacher; as `kubeapi/watching` tells it to others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.asks import Look, Steps
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.programs.asks import Wait

LOOKS = 0.1
JSON = dict[str, Any]
Fits = Callable[[JSON], bool]


def changes(kind: Resource, since: int, fits: Fits) -> Steps:
    """Wait for changes after a revision: the newest revision, the time in seconds, and (ADDED, MODIFIED or DELETED, the object) each.
    Leaving what fits is a deletion, entering it an addition."""
    while True:
        since, now, found = yield Look(partial(_looked, kind, since, fits))
        if found:
            return since, now, found
        yield Wait(LOOKS)


def _looked(kind: Resource, since: int, fits: Fits, kube: Cluster) -> tuple[int, int, list[tuple[str, JSON]]]:
    return kube.store.revision, api.seconds(kube), _since(kube, kind, since, fits)


def _since(kube: Cluster, kind: Resource, since: int, fits: Fits) -> list[tuple[str, JSON]]:
    changes = kube.store.since(since)
    if changes is None:
        raise Wrong(f"too old resource version: {since} ({kube.store.revision})")
    found: list[tuple[str, JSON]] = []
    for _, old, new in changes:
        if (old or new).kind != kind.kind:
            continue
        was, now = (None if each is None else api.shown(kube, kind, each) for each in (old, new))
        before, after = was is not None and fits(was), now is not None and fits(now)
        if after:
            found.append(("MODIFIED" if before else "ADDED", now))  # type: ignore[arg-type]
        elif before:
            found.append(("DELETED", now or was))  # type: ignore[arg-type]
    return found + (_told(kube, kind, since, fits) if kind.kind == "Event" else [])


def _told(kube: Cluster, kind: Resource, since: int, fits: Fits) -> list[tuple[str, JSON]]:
    """What components told since: no change of the store, but counted with its changes."""
    fresh = sorted((each for each in kube.machinery.recorder.objects(None) if each.version > since), key=lambda event: event.version)
    documents = [api.shown(kube, kind, each) for each in fresh]
    return [("ADDED" if each.get("count", 1) == 1 else "MODIFIED", each) for each in documents if fits(each)]
