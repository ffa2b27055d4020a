"""What does a Node object say?  Its conditions, its taints, its zone; and when its silence is noticed.

Source: pkg/controller/nodelifecycle, staging/src/k8s.io/api/core/v1/well_known_{labels,taints}.go.
Simplified: heartbeats are not stored (see leases). Of all heartbeats only one that stays away can change anything: a kubelet that
falls silent makes `SILENCE` due with the Node's uid and the bootID it had; a Node that has booted since is not silent.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import JSON, Object

SILENCE = "node.silence"
ZONE = "topology.kubernetes.io/zone"
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
UNSCHEDULABLE = "node.kubernetes.io/unschedulable"


def zone(node: Object) -> str:
    return node.labels.get(ZONE, "")


def boot_id(node: Object) -> str:
    return str(node.status.get("nodeInfo", {}).get("bootID", ""))


def is_registered(node: Object) -> bool:
    """A kubelet has registered it: it is more than an object that somebody wrote."""
    return bool(boot_id(node)) and "podCIDR" in node.spec


def condition(thing: Object, type: str) -> JSON:
    """The condition of a type, or an empty one."""
    found: JSON = next((each for each in thing.status.get("conditions", ()) if each["type"] == type), {})
    return found


def is_ready(node: Object) -> bool:
    return condition(node, "Ready").get("status") == "True"


def taints(node: Object) -> list[JSON]:
    found: list[JSON] = node.spec.get("taints", [])
    return found


def with_taints(node: Object, wanted: list[JSON]) -> JSON:
    """The Node's spec with these taints in place of its own."""
    spec: dict[str, Any] = {key: value for key, value in node.spec.items() if key != "taints"}
    return {**spec, "taints": wanted} if wanted else spec
