"""What is told of a Deployment, a ReplicaSet, a StatefulSet and a DaemonSet?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables import layout
from playground.kube.apiserver.tables.storage import storage_class_of
from playground.kube.cluster import Cluster
from playground.kube.controllers.revisions import revision_of
from playground.terminal.kubectl import api
from playground.terminal.kubectl.describing.page import NONE, Page, head, marks, moment, owner
from playground.terminal.kubectl.describing.template import template

JSON = dict[str, Any]


def deployment(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    head(page, document)
    page.line(0, "CreationTimestamp:", moment(meta.get("creationTimestamp")))
    marks(page, document)
    page.line(0, "Selector:", layout.selector(spec.get("selector")))
    counts = (("desired", spec.get("replicas", 0)), *((name, status.get(field, 0)) for name, field in _COUNTS))
    page.line(0, "Replicas:", " | ".join(f"{count} {name}" for name, count in counts))
    strategy = spec.get("strategy") or {}
    page.line(0, "StrategyType:", strategy.get("type", ""))
    page.line(0, "MinReadySeconds:", str(spec.get("minReadySeconds", 0)))
    if strategy.get("rollingUpdate"):
        rolling = strategy["rollingUpdate"]
        page.line(0, "RollingUpdateStrategy:", f"{rolling.get('maxUnavailable')} max unavailable, {rolling.get('maxSurge')} max surge")
    template(page, spec.get("template") or {})
    if status.get("conditions"):
        page.raw("Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------\n")
        for each in status["conditions"]:
            page.raw(f"  {each['type']} \t{each['status']}\t{each.get('reason', '')}\n")
    old, new = _replica_sets(kube, document)
    page.line(0, "OldReplicaSets:", old)
    page.line(0, "NewReplicaSet:", new)


def replica_set(page: Page, kube: Cluster, document: JSON) -> None:
    spec, status = document.get("spec", {}), document.get("status", {})
    head(page, document)
    page.line(0, "Selector:", layout.selector(spec.get("selector")))
    marks(page, document)
    owner(page, document["metadata"])
    page.line(0, "Replicas:", f"{status.get('replicas', 0)} current / {spec.get('replicas', 0)} desired")
    page.raw("Pods Status:\t" + _pods(kube, document) + "\n")
    template(page, spec.get("template") or {})
    if status.get("conditions"):
        page.raw("Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------\n")
        for each in status["conditions"]:
            page.raw(f"  {each['type']} \t{each['status']}\t{each.get('reason', '')}\n")


def replication_controller(page: Page, kube: Cluster, document: JSON) -> None:
    spec, status = document.get("spec", {}), document.get("status", {})
    head(page, document)
    page.line(0, "Selector:", layout.labels(spec.get("selector")))
    marks(page, document)
    page.line(0, "Replicas:", f"{status.get('replicas', 0)} current / {spec.get('replicas', 0)} desired")
    page.raw("Pods Status:\t" + _pods(kube, document) + "\n")
    template(page, spec.get("template") or {})


def stateful_set(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    head(page, document)
    page.line(0, "CreationTimestamp:", moment(meta.get("creationTimestamp")))
    page.line(0, "Selector:", layout.selector(spec.get("selector")))
    marks(page, document)
    if spec.get("serviceName"):
        page.line(0, "Service Name:", spec["serviceName"])
    page.line(0, "Pod Management Policy:", spec.get("podManagementPolicy", ""))
    page.line(0, "Replicas:", f"{spec.get('replicas', 0)} desired | {status.get('replicas', 0)} total")
    strategy = spec.get("updateStrategy") or {}
    page.line(0, "Update Strategy:", strategy.get("type", ""))
    rolling = strategy.get("rollingUpdate") or {}
    if "partition" in rolling:
        page.line(1, "Partition:", str(rolling["partition"]))
        if "maxUnavailable" in rolling:
            page.line(1, "MaxUnavailable:", str(rolling["maxUnavailable"]))
    if spec.get("persistentVolumeClaimRetentionPolicy"):
        page.raw("Persistent Volume Claim Retention Policy:\n")
        for title, name in (("WhenDeleted:", "whenDeleted"), ("WhenScaled:", "whenScaled")):
            page.line(1, title, spec["persistentVolumeClaimRetentionPolicy"].get(name, ""))
    page.line(0, "Pods Status:", _pods(kube, document))
    template(page, spec.get("template") or {})
    _claims(page, spec.get("volumeClaimTemplates") or [])


def _claims(page: Page, templates: list[JSON]) -> None:
    if not templates:
        return page.line(0, "Volume Claims:", NONE)
    page.raw("Volume Claims:\n")
    for each in templates:
        meta, spec = each.get("metadata", {}), each.get("spec", {})
        page.line(1, "Name:", meta.get("name", ""))
        page.line(1, "StorageClass:", storage_class_of(each))
        page.labels("Labels:", meta.get("labels"), "  ")
        page.labels("Annotations:", meta.get("annotations"), "  ")
        page.line(1, "Capacity:", str(((spec.get("resources") or {}).get("requests") or {}).get("storage", "<default>")))
        page.line(1, "Access Modes:", f"[{' '.join(spec.get('accessModes') or ())}]")
    return None


def daemon_set(page: Page, kube: Cluster, document: JSON) -> None:
    spec, status = document.get("spec", {}), document.get("status", {})
    head(page, document)
    page.line(0, "Selector:", layout.selector(spec.get("selector")))
    page.line(0, "Node-Selector:", layout.labels(((spec.get("template") or {}).get("spec") or {}).get("nodeSelector")))
    marks(page, document)
    for title, name in _SCHEDULED:
        page.line(0, f"{title}: {status.get(name, 0)}")
    page.line(0, "Pods Status:", _pods(kube, document))
    template(page, spec.get("template") or {})


_SCHEDULED = (
    ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
    ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
    ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
    ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
    ("Number of Nodes Misscheduled", "numberMisscheduled"),
)
_COUNTS = (
    ("updated", "updatedReplicas"),
    ("total", "replicas"),
    ("available", "availableReplicas"),
    ("unavailable", "unavailableReplicas"),
)


def owned(kube: Cluster, document: JSON) -> list[Any]:
    """The ReplicaSets of a Deployment, the oldest first."""
    found = [each for each in kube.store.owned(document["metadata"]["uid"]) if each.kind == "ReplicaSet"]
    return sorted(found, key=lambda each: (each.created, each.name))


def _replica_sets(kube: Cluster, document: JSON) -> tuple[str, str]:
    """The one of the newest revision is the new one."""
    sets = owned(kube, document)
    newest = max(sets, key=revision_of, default=None)
    old = ", ".join(_said(each) for each in sets if each is not newest)
    return old or NONE, _said(newest) if newest is not None else NONE


def _said(each: Any) -> str:
    return f"{each.name} ({each.status.get('replicas', 0)}/{each.spec.get('replicas', 0)} replicas created)"


def _pods(kube: Cluster, document: JSON) -> str:
    phases = {"Running": 0, "Pending": 0, "Succeeded": 0, "Failed": 0}
    for each in kube.store.owned(document["metadata"]["uid"]):
        if each.kind == "Pod":
            phase = api.shown(kube, api.resource(kube, "pods"), each)["status"]["phase"]
            phases[phase] = phases.get(phase, 0) + 1
    return f"{phases['Running']} Running / {phases['Pending']} Waiting / {phases['Succeeded']} Succeeded / {phases['Failed']} Failed"
