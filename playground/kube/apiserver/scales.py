"""Which Scale stands for an object with replicas?  The subresource `scale`.

Source: k8s.io/api/autoscaling/v1 (Scale); pkg/registry/apps/deployment/storage/storage.go (scaleFromDeployment).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables import layout

JSON = dict[str, Any]


def scale(document: JSON) -> JSON:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    kept = {key: meta[key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp") if key in meta}
    selector = spec.get("selector", {}) if document["kind"] != "ReplicationController" else {"matchLabels": spec.get("selector", {})}
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": kept,
        "spec": {"replicas": spec.get("replicas", 0)},
        "status": {"replicas": status.get("replicas", 0), "selector": layout.selector(selector)},
    }
