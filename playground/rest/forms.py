"""In which form does a client want its objects: whole, as rows of a Table, or only their metadata?

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/{negotiation,response.go}; apimachinery apis/meta/v1 (Table, PartialObjectMetadata).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.served import with_status
from playground.kube.apiserver.tables import printing
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal, bad_request
from playground.rest.exchange import Request

JSON = dict[str, Any]
META = "meta.k8s.io/v1"
ACCEPTED = ("application/json", "application/*", "*/*", "application/json;stream=watch")


class Form(msgspec.Struct, frozen=True):
    """`style` is whole, table or partial; `include` what a Table's rows hold of their objects: Metadata, Object or None."""

    style: str = "whole"
    include: str = "Metadata"


def of(request: Request) -> Form:
    """The first form asked for that we can give; raises Refusal."""
    include = request.asked("includeObject") or "Metadata"
    if include not in ("Metadata", "Object", "None"):
        raise bad_request(f"unsupported includeObject value: {include!r}")
    for wanted in (request.headers.get("accept") or "*/*").split(","):
        type, *parameters = (part.strip() for part in wanted.split(";"))
        chosen = dict(part.split("=", 1) for part in parameters if "=" in part)
        if type not in ACCEPTED:
            continue
        if chosen.get("as") == "Table" and chosen.get("g") == "meta.k8s.io":
            return Form("table", include)
        if chosen.get("as") in ("PartialObjectMetadata", "PartialObjectMetadataList") and chosen.get("g") == "meta.k8s.io":
            return Form("partial")
        if "as" not in chosen:
            return Form()
    message = "only the following media types are accepted: application/json"
    raise Refusal(406, "NotAcceptable", message)


def one(form: Form, resource: Resource, document: JSON, now: int, columns: bool = True) -> JSON:
    """A single object, also of a watch: only its first event tells a Table's columns. `now` in seconds since 1970."""
    document = with_status(resource, document)
    if form.style == "whole":
        return document
    if form.style == "partial":
        return _partial(document)
    return table(form, resource.kind, [document], document["metadata"].get("resourceVersion", ""), now, {}, columns)


def many(form: Form, resource: Resource, documents: Iterable[JSON], revision: int, now: int, more: JSON) -> JSON:
    """A list; `more` is what its metadata says of a next page."""
    documents = [with_status(resource, each) for each in documents]
    if form.style == "table":
        return table(form, resource.kind, documents, str(revision), now, more, True)
    meta = {"resourceVersion": str(revision), **more}
    if form.style == "partial":
        return {"kind": "PartialObjectMetadataList", "apiVersion": META, "metadata": meta, "items": [_partial(each) for each in documents]}
    items = [{key: value for key, value in each.items() if key not in ("apiVersion", "kind")} for each in documents]
    return {"kind": f"{resource.word}List", "apiVersion": resource.api_version, "metadata": meta, "items": items}


def seconds(kube: Any) -> int:
    """A cluster's own time, in whole seconds since 1970."""
    return int(kube.settings.epoch + kube.now // SECOND)


def table(form: Form, kind: str, documents: Iterable[JSON], revision: str, now: int, more: JSON, columns: bool) -> JSON:
    rows = [{"cells": printing.cells(kind, each, now), **_object(form, each)} for each in documents]
    return {
        "kind": "Table",
        "apiVersion": META,
        "metadata": {"resourceVersion": revision, **more},
        "columnDefinitions": printing.definitions(kind) if columns else None,
        "rows": rows,
    }


def _object(form: Form, document: JSON) -> JSON:
    return {} if form.include == "None" else {"object": document if form.include == "Object" else _partial(document)}


def _partial(document: JSON) -> JSON:
    return {"kind": "PartialObjectMetadata", "apiVersion": META, "metadata": document["metadata"]}
