"""What does a watch tell, and when?  Every change of the objects chosen, as soon as the cluster has moved on; until then it costs nothing.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/watch.go, pkg/storage/cacher; KEP-3157 (initial events);
kubernetes.io/docs/reference/using-api/api-concepts (watch, bookmarks).
A change is encoded once, however many watches tell it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from playground.kube.apiserver.resources import Resource
from playground.kube.errors import Cause, Refusal, invalid
from playground.kubeapi.exchange import Request
from playground.kubeapi.streams import Stream
from playground.rest import choosing, forms, statuses
from playground.rest.choosing import Choice
from playground.rest.forms import Form
from playground.rest.paths import Target
from playground.rest.reading import gone, revision_of

JSON = dict[str, Any]
ENCODED_AT_MOST = 2_000
_encode = msgspec.json.Encoder().encode
_encoded: dict[Any, bytes] = {}


class Watch(Stream):
    """One open watch."""

    def __init__(self, request: Request, kube: Any, target: Target, loop: asyncio.AbstractEventLoop):
        """To be made inside of `looks.alone`; raises Refusal."""
        super().__init__(request.cluster, loop, request.number("timeoutSeconds"))
        self._resource: Resource = target.resource
        self._columns = True
        self._revision = kube.store.revision
        try:
            self._choice: Choice = choosing.of(request, target)
            self._form: Form = forms.of(request)
            self._bookmarks = request.flag("allowWatchBookmarks")
            self._first = self._begin(request, kube)
        except Refusal:
            self.close()
            raise

    def quiet(self) -> bytes:
        return self._bookmark(self._revision) if self._bookmarks else b""

    # --- in whichever thread holds the cluster

    def hear(self, kube: Any, run: str) -> None:
        if self._revision == kube.store.revision and run == self._run:
            return
        changes = kube.store.since(self._revision) if run == self._run else None
        if changes is None:
            self._end(gone(f"too old resource version: {self._revision} ({kube.store.revision})"))
            return
        lines = [line for change in changes if (line := self._change(kube, change))]
        if self._choice.kind == "Event":
            lines += self._heard(kube)
        self._revision = kube.store.revision
        if lines:
            self.hand(b"".join(lines))

    def _end(self, refusal: Refusal) -> None:
        self.hand(_line("ERROR", _encode(statuses.failure(refusal))))
        self.hand(None)
        self._run = ""

    # --- what is told

    def _begin(self, request: Request, kube: Any) -> bytes:
        """The lines told at once: of what is there already, where that is asked for."""
        asked, now = revision_of(request), kube.store.revision
        initial = request.asked("sendInitialEvents")
        if initial and request.asked("resourceVersionMatch") != "NotOlderThan":
            why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
            raise invalid("ListOptions.meta.k8s.io", "", (Cause("resourceVersionMatch", "FieldValueForbidden", f"Forbidden: {why}"),))
        if request.flag("sendInitialEvents"):
            self._revision = now
            return self._all(kube) + (self._bookmark(now, {"k8s.io/initial-events-end": "true"}) if self._bookmarks else b"")
        if asked is None:
            self._revision = now
            return b"" if initial else self._all(kube)
        changes = kube.store.since(asked) if asked <= now else None
        if changes is None:
            raise gone(f"too old resource version: {asked} ({now})")
        self._revision = now
        return b"".join(line for change in changes if (line := self._change(kube, change)))

    def _all(self, kube: Any) -> bytes:
        chosen = self._choice.among(kube)
        kept = [thing for thing in chosen if self._choice.fields.matches(self._document(kube, thing))]
        return b"".join(self._told(kube, "ADDED", thing, thing.version) for thing in kept)

    def _change(self, kube: Any, change: Any) -> bytes:
        """The line that tells a change, if it concerns what was chosen: leaving the choice is a deletion, entering it an addition."""
        revision, old, new = change
        was, now = self._fits(kube, old), self._fits(kube, new)
        if now:
            return self._told(kube, "MODIFIED" if was else "ADDED", new, revision)
        return self._told(kube, "DELETED", old if new is None else new, revision) if was else b""

    def _heard(self, kube: Any) -> list[bytes]:
        """What components told since: no change of the store, but counted with its changes."""
        told = [each for each in kube.machinery.recorder.objects(self._choice.namespace) if each.version > self._revision]
        fresh = sorted((each for each in told if self._fits(kube, each)), key=lambda event: event.version)
        return [self._told(kube, "ADDED" if each.rest.get("count", 1) == 1 else "MODIFIED", each, each.version) for each in fresh]

    def _fits(self, kube: Any, thing: Any) -> bool:
        if thing is None or not self._choice.fits(thing):
            return False
        plain = all(field == "metadata.name" for field, *_ in self._choice.fields.terms)
        return plain or self._choice.fields.matches(self._document(kube, thing))

    def _told(self, kube: Any, type: str, thing: Any, revision: int) -> bytes:
        key = (self._run, thing.kind, thing.uid, revision, self._form, self._columns)
        known = _encoded.get(key)
        if known is None:
            document = self._document(kube, msgspec.structs.replace(thing, version=revision))
            if len(_encoded) >= ENCODED_AT_MOST:
                _encoded.clear()
            shown = forms.one(self._form, self._resource, document, forms.seconds(kube), self._columns)
            known = _encoded[key] = _encode(shown)
        self._columns = False
        return _line(type, known)

    def _document(self, kube: Any, thing: Any) -> JSON:
        return kube.server.encode(thing)  # type: ignore[no-any-return]

    def _bookmark(self, revision: int, annotations: JSON | None = None) -> bytes:
        meta = {"resourceVersion": str(revision), "creationTimestamp": None, **({"annotations": annotations} if annotations else {})}
        document = {"kind": self._resource.word, "apiVersion": self._resource.api_version, "metadata": meta}
        if self._form.style == "table":
            document = forms.one(self._form, self._resource, {"metadata": meta}, 0, False) | {"rows": [{"cells": [], "object": document}]}
        elif self._form.style == "partial":
            document |= {"kind": "PartialObjectMetadata", "apiVersion": forms.META}
        return _line("BOOKMARK", _encode(document))


def _line(type: str, shown: bytes) -> bytes:
    return b'{"type":"%s","object":%s}\n' % (type.encode(), shown)
