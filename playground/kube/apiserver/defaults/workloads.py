"""What is filled in for Deployments, ReplicaSets, StatefulSets and DaemonSets?

Source: pkg/apis/apps/v1/defaults.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.defaults.pods import pod_spec

Document = dict[str, Any]


def deployment(document: Document) -> None:
    spec = _spec(document)
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("progressDeadlineSeconds", 600)
    strategy = spec.setdefault("strategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxSurge", "25%")
        rolling.setdefault("maxUnavailable", "25%")


def replica_set(document: Document) -> None:
    _spec(document).setdefault("replicas", 1)


def stateful_set(document: Document) -> None:
    spec = _spec(document)
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("podManagementPolicy", "OrderedReady")
    strategy = spec.setdefault("updateStrategy", {})
    if "type" not in strategy:
        strategy["type"] = "RollingUpdate"
        strategy.setdefault("rollingUpdate", {})
    if strategy["type"] == "RollingUpdate" and "rollingUpdate" in strategy:
        strategy["rollingUpdate"].setdefault("partition", 0)
        strategy["rollingUpdate"].setdefault("maxUnavailable", 1)
    for claim in spec.get("volumeClaimTemplates", ()):
        claim.setdefault("spec", {}).setdefault("volumeMode", "Filesystem")
    retention = spec.setdefault("persistentVolumeClaimRetentionPolicy", {})
    retention.setdefault("whenDeleted", "Retain")
    retention.setdefault("whenScaled", "Retain")


def daemon_set(document: Document) -> None:
    spec = _spec(document)
    spec.setdefault("revisionHistoryLimit", 10)
    strategy = spec.setdefault("updateStrategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxSurge", 0)
        rolling.setdefault("maxUnavailable", 1)


def _spec(document: Document) -> Document:
    spec: Document = document.setdefault("spec", {})
    if "template" in spec:
        pod_spec(spec["template"].setdefault("spec", {}))
    return spec
