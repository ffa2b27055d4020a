"""What does a kubelet say of its Node?  The Node object as it registers it, and its status after a boot.

Source: pkg/kubelet/kubelet_node_status.go, pkg/kubelet/nodestatus/setters.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Object
from playground.kube.apiserver.served import VERSION
from playground.kube.apiserver.shared import shared
from playground.kube.apiserver.timestamps import timestamp

KERNEL = "6.12.0"
PODS = 110
HEALTHY = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)
SYSTEM = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64"}


def node_object(machinery: Machinery, allocators: Allocators, name: str, labels: dict[str, str]) -> Object:
    """A new Node, Ready; not stored yet. Raises Full when there is no network or address left."""
    cidrs, own = [each.take() for each in allocators.node_networks], [each.take() for each in allocators.node_addresses]
    capacity = shared({"cpu": "4", "memory": "8Gi", "ephemeral-storage": "100Gi", "pods": str(PODS)})
    return Object(
        kind="Node",
        namespace="",
        name=name,
        uid=machinery.store.new_uid(),
        version=0,
        created=machinery.now,
        labels={**SYSTEM, "kubernetes.io/hostname": name, **labels},
        spec={"podCIDR": cidrs[0], "podCIDRs": cidrs},
        status={
            "addresses": [*({"type": "InternalIP", "address": each} for each in own), {"type": "Hostname", "address": name}],
            "allocatable": capacity,
            "capacity": capacity,
            "conditions": healthy(machinery, ()),
            "nodeInfo": _info(machinery.store.new_uid()),
        },
    )


def booted(machinery: Machinery, node: Object) -> JSON:
    """The Node's status after it has booted again."""
    conditions = healthy(machinery, node.status.get("conditions", ()))
    return {**node.status, "conditions": conditions, "nodeInfo": _info(machinery.store.new_uid())}


def healthy(machinery: Machinery, before: Any) -> list[JSON]:
    """Good conditions; a transition time moves only where the status does."""
    now, known = timestamp(machinery.settings, machinery.now), {each["type"]: each for each in before}
    made = []
    for type, status, reason, message in HEALTHY:
        same = known.get(type, {}).get("status") == status
        since = known[type].get("lastTransitionTime", now) if same else now
        made.append(
            {"type": type, "status": status, "lastHeartbeatTime": now, "lastTransitionTime": since, "reason": reason, "message": message}
        )
    return shared(made)


def _info(boot: str) -> JSON:
    return {
        "architecture": "amd64",
        "bootID": boot,
        "containerRuntimeVersion": "containerd://2.1.5",
        "kernelVersion": KERNEL,
        "kubeletVersion": VERSION[2],
        "operatingSystem": "linux",
        "osImage": "Switchyard (simulated)",
    }
