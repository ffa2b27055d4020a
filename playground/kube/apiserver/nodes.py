"""What does a Node object say?  Its conditions, its taints, its zone; and when its silence is noticed.

Source: pkg/controller/nodelifecycle, staging/src/k8s.io/api/core/v1/well_known_{labels,taints}.go.
Simplified: heartbeats are not stored (see leases). Of all heartbeats only one that stays away can change anything: a kubelet that
falls silent makes `SILENCE` due with the Node's uid and the bootID it had; a Node that has booted since is not silent.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import JSON, Object
from playground.kube.settings import family_of

SILENCE = "node.silence"
ZONE = "topology.kubernetes.io/zone"
REGION = "topology.kubernetes.io/region"
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"


def zone(node: Object) -> str:
    return node.labels.get(ZONE, "")


def place(node: Object) -> tuple[str, str]:
    """Its region and zone."""
    return node.labels.get(REGION, ""), zone(node)


def boot_id(node: Object) -> str:
    return str(node.status.get("nodeInfo", {}).get("bootID", ""))


def is_registered(node: Object) -> bool:
    """A kubelet has registered it: it is more than an object that somebody wrote."""
    return bool(boot_id(node)) and "podCIDR" in node.spec


def addresses(node: Object) -> tuple[str, ...]:
    """A Node's own addresses, the first of its primary family."""
    listed: list[JSON] = node.status.get("addresses") or []
    return tuple([str(each["address"]) for each in listed if each.get("type") == "InternalIP"])


def address_of(node: Object, family: str = "") -> str:
    """A Node's own address, of a family or the first; "" if it has none."""
    return next((each for each in addresses(node) if not family or family_of(each) == family), "")


def pod_networks(node: Object) -> tuple[str, ...]:
    """The networks of its Pods, the first of its primary family."""
    return tuple(node.spec.get("podCIDRs") or ([node.spec["podCIDR"]] if node.spec.get("podCIDR") else ()))


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
