"""What is told of a Deployment and of a ReplicaSet?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables import layout
from playground.kube.cluster import Cluster
from playground.kube.controllers.revisions import revision_of
from playground.terminal.kubectl import api
from playground.terminal.kubectl.describing.page import NONE, Page, head, marks, moment
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
    for each in document["metadata"].get("ownerReferences") or ():
        if each.get("controller"):
            page.line(0, "Controlled By:", f"{each['kind']}/{each['name']}")
    page.line(0, "Replicas:", f"{status.get('replicas', 0)} current / {spec.get('replicas', 0)} desired")
    page.raw("Pods Status:\t" + _pods(kube, document) + "\n")
    template(page, spec.get("template") or {})
    if status.get("conditions"):
        page.raw("Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------\n")
        for each in status["conditions"]:
            page.raw(f"  {each['type']} \t{each['status']}\t{each.get('reason', '')}\n")


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
