"""What does `kubectl apply` make of what is there, what was applied last, and what is applied now?

Source: staging/src/k8s.io/kubectl/pkg/cmd/apply/{apply,patcher}.go and pkg/util/apply.go.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.documents import fresh
from playground.kube.apiserver.patches import Merger
from playground.kube.apiserver.resources import Resource

JSON = dict[str, Any]
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def with_last_applied(wanted: JSON) -> JSON:
    """A copy of the document that remembers itself, as kubectl writes it."""
    meta = wanted["metadata"]
    annotations = {key: value for key, value in meta.get("annotations", {}).items() if key != LAST_APPLIED}
    plain = {**wanted, "metadata": {**meta, "annotations": annotations}}
    text = msgspec.json.encode(plain, order="sorted").decode() + "\n"
    copy: JSON = fresh(plain)
    copy["metadata"]["annotations"] = {**annotations, LAST_APPLIED: text}
    return copy


def merged_with(merger: Merger, last: str | None, document: JSON, applied: JSON, current: JSON) -> JSON:
    """The three-way merge, free to be changed. `document` is as it came, for its nulls: they remove."""
    meta = document.get("metadata") or {}
    modified = {**document, "metadata": {**meta, **applied["metadata"]}}
    merged: JSON = fresh(merger.three_way(_parsed(last), modified, current))
    merged["metadata"].pop("resourceVersion", None)
    if meta.get("resourceVersion"):
        merged["metadata"]["resourceVersion"] = meta["resourceVersion"]
    return merged


def missing(resource: Resource, name: str) -> str:
    """kubectl's warning of an object that was not applied before."""
    return (
        f"resource {resource.plural}/{name} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. "
        "kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. "
        "The missing annotation will be patched automatically."
    )


def _parsed(text: str | None) -> JSON:
    try:
        parsed = msgspec.json.decode(text or "{}")
    except msgspec.DecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
