"""What is filled in for the kinds that are stored: volumes and their classes, limits, autoscalers, policies, bindings?

Source: pkg/apis/{core,storage,autoscaling,networking,rbac,scheduling}/*/defaults.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.defaults.pods import pod_spec

Document = dict[str, Any]
CPU = 80
_RBAC = "rbac.authorization.k8s.io"
_UP: Document = {
    "stabilizationWindowSeconds": 0,
    "selectPolicy": "Max",
    "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}, {"type": "Percent", "value": 100, "periodSeconds": 15}],
}
_DOWN: Document = {"selectPolicy": "Max", "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}]}


def claim(document: Document) -> None:
    document.setdefault("spec", {}).setdefault("volumeMode", "Filesystem")


def volume(document: Document) -> None:
    spec = document.setdefault("spec", {})
    spec.setdefault("persistentVolumeReclaimPolicy", "Retain")
    spec.setdefault("volumeMode", "Filesystem")
    if "hostPath" in spec:
        spec["hostPath"].setdefault("type", "")


def storage_class(document: Document) -> None:
    document.setdefault("reclaimPolicy", "Delete")
    document.setdefault("volumeBindingMode", "Immediate")


def limit_range(document: Document) -> None:
    """Of containers: the most is the usual limit, which is the usual request, and else the least is."""
    for item in document.setdefault("spec", {}).get("limits", ()):
        if item.get("type") == "Container":
            limits = {**item.get("max", {}), **item.get("default", {})}
            requests = {**item.get("min", {}), **limits, **item.get("defaultRequest", {})}
            item.update(({"default": limits} if limits else {}) | ({"defaultRequest": requests} if requests else {}))


def autoscaler(document: Document) -> None:
    spec = document.setdefault("spec", {})
    spec.setdefault("minReplicas", 1)
    if document.get("apiVersion") != "autoscaling/v2":
        return
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": CPU}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    if "behavior" in spec:
        spec["behavior"]["scaleUp"] = {**_UP, **spec["behavior"].get("scaleUp", {})}
        spec["behavior"]["scaleDown"] = {**_DOWN, **spec["behavior"].get("scaleDown", {})}


def network_policy(document: Document) -> None:
    spec = document.setdefault("spec", {})
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress"] + (["Egress"] if spec.get("egress") else [])
    for rule in (*spec.get("ingress", ()), *spec.get("egress", ())):
        for port in rule.get("ports", ()):
            port.setdefault("protocol", "TCP")


def ingress_class(document: Document) -> None:
    parameters = document.get("spec", {}).get("parameters")
    if parameters is not None:
        parameters.setdefault("scope", "Cluster")


def binding(document: Document) -> None:
    """Of a Role or a ClusterRole."""
    document.setdefault("roleRef", {}).setdefault("apiGroup", _RBAC)
    for subject in document.get("subjects", ()):
        if subject.get("kind") in ("User", "Group"):
            subject.setdefault("apiGroup", _RBAC)


def priority_class(document: Document) -> None:
    document.setdefault("preemptionPolicy", "PreemptLowerPriority")


def replication_controller(document: Document) -> None:
    spec = document.setdefault("spec", {})
    spec.setdefault("replicas", 1)
    labels = (spec.get("template") or {}).get("metadata", {}).get("labels")
    if labels:
        spec.setdefault("selector", dict(labels))
        if not document["metadata"].get("labels"):
            document["metadata"]["labels"] = dict(labels)
    pod_template(spec)


def pod_template(document: Document) -> None:
    if "template" in document:
        pod_spec(document["template"].setdefault("spec", {}))
