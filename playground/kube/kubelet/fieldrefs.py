"""What does a container learn of its own Pod?  The values that fieldRef and resourceFieldRef stand for.

Source: pkg/kubelet/kubelet_pods.go (podFieldSelectorRuntimeValue), pkg/api/v1/resource/helpers.go (ExtractContainerResourceValue).
Simplified: a resource without a limit is what a Node of ours has in all.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import containers_of
from playground.kube.apiserver.quantity import amount

CAPACITY = {"cpu": Decimal(4), "memory": Decimal(8 * 1024**3), "ephemeral-storage": Decimal(100 * 1024**3)}
KEYED = re.compile(r"metadata\.(labels|annotations)\['(.+)'\]")


def pod_field(pod: Pod, path: str, hosts: tuple[str, ...] = ()) -> str:
    """The value of a fieldPath, "" for one that is not set; `hosts` are the addresses of the Pod's Node."""
    keyed = KEYED.fullmatch(path)
    if keyed is not None:
        held: dict[str, str] = getattr(pod, keyed[1])
        return held.get(keyed[2], "")
    return {
        "metadata.name": pod.name,
        "metadata.namespace": pod.namespace,
        "metadata.uid": pod.uid,
        "metadata.labels": _lines(pod.labels),
        "metadata.annotations": _lines(pod.annotations),
        "spec.nodeName": pod.node,
        "spec.serviceAccountName": str(pod.spec.get("serviceAccountName") or ""),
        "status.hostIP": pod.host_ip,
        "status.hostIPs": ",".join(hosts) or pod.host_ip,
        "status.podIP": pod.ip,
        "status.podIPs": ",".join(ip for ip in (pod.ip, pod.other_ip) if ip),
    }.get(path, "")


def container_resource(pod: Pod, container: JSON, reference: JSON) -> str:
    """A limit or request as a whole number of `divisor`s, rounded up."""
    kind, _, name = str(reference.get("resource", "")).partition(".")
    named = reference.get("containerName")
    of: JSON = next((each for each in containers_of(pod.spec) if each["name"] == named), container) if named else container
    resources = of.get("resources") or {}
    held = (resources.get(kind) or {}).get(name)
    if held is None and kind == "requests":
        held = (resources.get("limits") or {}).get(name)
    found = amount(held) if held is not None else CAPACITY.get(name, Decimal(0)) if kind == "limits" else Decimal(0)
    divisor = amount(reference.get("divisor") or "1") or Decimal(1)
    return str(((found or Decimal(0)) / divisor).to_integral_value(ROUND_CEILING))


def _lines(held: dict[str, str]) -> str:
    return "\n".join(f'{key}="{value}"' for key, value in sorted(held.items()))
