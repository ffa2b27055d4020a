"""What does the subresource `scale` show of an object with replicas?

Source: k8s.io/api/autoscaling/v1 (Scale); pkg/registry/apps/deployment/storage/storage.go (scaleFromDeployment).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import jsonpatch
from playground.kube.apiserver.patches import merge
from playground.kube.apiserver.scales import scale
from playground.kubeapi import bodies, forms, reading
from playground.kubeapi.discovery import SCALED
from playground.kubeapi.exchange import Answer, Request, answer, not_there
from playground.kubeapi.paths import Target

JSON = dict[str, Any]


def answered(request: Request, kube: Any, target: Target) -> Answer:
    """A get of the subresource; raises Refusal."""
    form, found = forms.of(request), scale_of(kube, target)
    if form.style != "table":
        return answer(found)
    return answer(forms.table(form, "Scale", [found], found["metadata"].get("resourceVersion", ""), forms.seconds(kube), {}, True))


def scale_of(kube: Any, target: Target) -> JSON:
    """The Scale of a stored object; raises Refusal."""
    if target.resource.kind not in SCALED:
        raise not_there()
    return scale(kube.server.encode(reading.found(kube, target)))


def patched(before: JSON, patch: Any, style: str) -> JSON:
    """A Scale has no lists, so a strategic patch is a merge patch."""
    return jsonpatch.patched(before, patch) if style == "json" else bodies.an_object(merge(before, patch), "Scale")
