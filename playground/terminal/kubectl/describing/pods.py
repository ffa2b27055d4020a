"""What is told of a Pod?"""

from __future__ import annotations

from typing import Any

from playground.kube.cluster import Cluster
from playground.terminal.kubectl.describing.page import Page, head, marks, moment, owner, since
from playground.terminal.kubectl.describing.template import containers, spread, tolerations, volumes

JSON = dict[str, Any]


def pod(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    head(page, document)
    _where(page, spec, status)
    marks(page, document)
    _phase(page, kube, meta, status)
    page.line(0, "IP:", status.get("podIP", ""))
    _addresses(page, status)
    owner(page, meta)
    if spec.get("initContainers"):
        containers(page, "Init Containers", spec["initContainers"], status.get("initContainerStatuses") or [], meta, "")
    containers(page, "Containers", spec.get("containers") or [], status.get("containerStatuses") or [], meta, "")
    _gates(page, spec, status)
    _conditions(page, status.get("conditions") or [])
    volumes(page, spec.get("volumes") or [], "")
    if status.get("qosClass"):
        page.line(0, "QoS Class:", status["qosClass"])
    page.labels("Node-Selectors:", spec.get("nodeSelector"))
    tolerations(page, spec, "")
    spread(page, spec, "")


def _where(page: Page, spec: JSON, status: JSON) -> None:
    if spec.get("priority") is not None:
        page.line(0, "Priority:", str(spec["priority"]))
    for title, name in (("Priority Class Name:", "priorityClassName"), ("Runtime Class Name:", "runtimeClassName"),
                        ("Service Account:", "serviceAccountName")):  # fmt: skip
        if spec.get(name):
            page.line(0, title, spec[name])
    page.line(0, "Node:", f"{spec['nodeName']}/{status.get('hostIP', '')}" if spec.get("nodeName") else "<none>")
    if status.get("startTime"):
        page.line(0, "Start Time:", moment(status["startTime"]))


def _phase(page: Page, kube: Cluster, meta: JSON, status: JSON) -> None:
    if meta.get("deletionTimestamp") and status.get("phase") not in ("Succeeded", "Failed"):
        page.line(0, "Status:", f"Terminating (lasts {since(kube, meta['deletionTimestamp'])})")
        page.line(0, "Termination Grace Period:", f"{meta.get('deletionGracePeriodSeconds', 0)}s")
    else:
        page.line(0, "Status:", status.get("phase", ""))
    for title, name in (("Reason:", "reason"), ("Message:", "message")):
        if status.get(name):
            page.line(0, title, status[name])


def _addresses(page: Page, status: JSON) -> None:
    if not status.get("podIPs"):
        return page.line(0, "IPs:", "<none>")
    page.raw("IPs:\n")
    for each in status["podIPs"]:
        page.line(1, "IP:", each["ip"])
    return None


def _gates(page: Page, spec: JSON, status: JSON) -> None:
    found = {each["type"]: each["status"] for each in status.get("conditions") or ()}
    if spec.get("readinessGates"):
        page.raw("Readiness Gates:\n  Type\tStatus\n")
    for gate in spec.get("readinessGates") or ():
        page.raw(f"  {gate['conditionType']} \t{found.get(gate['conditionType'], '<none>')} \n")


def _conditions(page: Page, conditions: list[JSON]) -> None:
    if conditions:
        page.raw("Conditions:\n  Type\tStatus\n")
        for each in conditions:
            page.raw(f"  {each['type']} \t{each['status']} \n")
