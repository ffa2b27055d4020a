"""What is told of a Node, and of the Pods on it?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.leases import NAMESPACE as LEASES
from playground.kube.apiserver.resources import KINDS
from playground.kube.apiserver.tables.others import node as cells
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import api
from playground.terminal.kubectl.amounts import bytes_of, milli, shown
from playground.terminal.kubectl.describing.page import Page, marks, moment, since

JSON = dict[str, Any]
UNSET = "<unset>"
SYSTEM = (
    ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"), ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"), ("Operating System", "operatingSystem"), ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"), ("Kubelet Version", "kubeletVersion"),
)  # fmt: skip


def _lease(page: Page, kube: Cluster, name: str) -> None:
    try:
        spec = api.one(kube, KINDS["Lease"], LEASES, name).get("spec", {})
    except Refusal as refusal:
        page.line(0, "Lease:", f"Failed to get lease: {refusal.message}")
        return
    page.raw("Lease:\n")
    page.line(1, "HolderIdentity:", spec.get("holderIdentity", UNSET))
    page.line(1, "AcquireTime:", moment(spec["acquireTime"]) if spec.get("acquireTime") else UNSET)
    page.line(1, "RenewTime:", moment(spec["renewTime"]) if spec.get("renewTime") else UNSET)


def node(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    page.line(0, "Name:", meta["name"])
    page.line(0, "Roles:", cells(document, 0)[2])
    marks(page, document)
    page.line(0, "CreationTimestamp:", moment(meta.get("creationTimestamp")))
    page.several("Taints:", [_taint(each) for each in sorted(spec.get("taints") or (), key=lambda each: (each["effect"], each["key"]))])
    page.line(0, "Unschedulable:", str(bool(spec.get("unschedulable"))).lower())
    _lease(page, kube, meta["name"])
    if status.get("conditions"):
        _conditions(page, status["conditions"])
    page.raw("Addresses:\n")
    for each in status.get("addresses") or ():
        page.line(1, f"{each['type']}:", each["address"])
    for title, name in (("Capacity:", "capacity"), ("Allocatable:", "allocatable")):
        if status.get(name):
            page.raw(f"{title}\n")
            for key, value in sorted(status[name].items()):
                page.line(1, f"{key}:", str(value))
    page.raw("System Info:\n")
    for title, name in SYSTEM:
        page.line(1, f"{title}:", (status.get("nodeInfo") or {}).get(name, ""))
    for title, value in (
        ("PodCIDR:", spec.get("podCIDR")),
        ("PodCIDRs:", ",".join(spec.get("podCIDRs") or ())),
        ("ProviderID:", spec.get("providerID")),
    ):
        if value:
            page.line(0, title, value)
    _pods(page, kube, document)


def _taint(each: JSON) -> str:
    value = f"={each['value']}" if each.get("value") else ""
    return f"{each['key']}{value}:{each['effect']}"


def _conditions(page: Page, conditions: list[JSON]) -> None:
    names = ("Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message")
    page.raw("Conditions:\n")
    page.line(1, *names)
    page.line(1, *("-" * len(name) for name in names))
    for each in conditions:
        times = [moment(each.get("lastHeartbeatTime")), moment(each.get("lastTransitionTime"))]
        cells = [each["type"], each["status"], *times, each.get("reason", ""), each.get("message", "")]
        page.raw("  " + " \t".join(cells) + "\n")


def _pods(page: Page, kube: Cluster, document: JSON) -> None:
    fields = f"spec.nodeName={document['metadata']['name']},status.phase!=Succeeded,status.phase!=Failed"
    pods = api.some(kube, api.resource(kube, "pods"), None, "", fields)
    allocatable = document.get("status", {}).get("allocatable") or {}
    page.line(0, "Non-terminated Pods:", f"({len(pods)} in total)")
    names = ("Namespace", "Name", "", "CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age")
    page.line(1, *names)
    page.line(1, *("-" * len(name) for name in names))
    total: dict[str, list[int]] = {"cpu": [0, 0], "memory": [0, 0], "ephemeral-storage": [0, 0]}
    for pod in pods:
        row = []
        for name in total:
            for place, kind in enumerate(("requests", "limits")):
                amount = _asked(pod, kind, name)
                total[name][place] += amount
                if name != "ephemeral-storage":
                    row.append(_share(name, amount, allocatable))
        meta = pod["metadata"]
        page.line(1, meta["namespace"], meta["name"], "", *row, since(kube, meta["creationTimestamp"]))
    page.raw("Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n")
    page.raw("  Resource\tRequests\tLimits\n  --------\t--------\t------\n")
    for name, (requests, limits) in total.items():
        page.line(1, name, _share(name, requests, allocatable), _share(name, limits, allocatable))


def _asked(pod: JSON, kind: str, name: str) -> int:
    """In thousandths of a CPU, or in bytes: what all containers need, or the greediest init container."""
    read = milli if name == "cpu" else bytes_of
    of = lambda each: read(((each.get("resources") or {}).get(kind) or {}).get(name, 0))  # noqa: E731
    spec = pod.get("spec", {})
    return max([sum(map(of, spec.get("containers") or ())), *map(of, spec.get("initContainers") or ())])


def _share(name: str, amount: int, allocatable: JSON) -> str:
    whole = (milli if name == "cpu" else bytes_of)(allocatable.get(name, 0))
    return f"{shown(name, amount)} ({amount * 100 // whole if whole else 0}%)"
