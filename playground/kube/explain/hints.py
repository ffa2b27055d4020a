"""What would a teacher say of a Service that was just written?  That it leads nowhere, and why; said as warnings, which kubectl prints.

These hints are the playground's own: a real API server says nothing. Each is true of the cluster at this moment, and silent where the template of a
workload shows that Pods are to come.
Source: kubernetes.io/docs/concepts/services-networking/service (ExternalName), virtual-ips (traffic policies).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.names import parse_ip
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.explain import leading
from playground.kube.explain.leading import LOOKED_AT
from playground.kube.network.naming import is_nowhere
from playground.kube.outside import THE_WORLD

DOORS = {"ClusterIP": "external addresses", "NodePort": "node port"}
HINT = "hint: "


def of_service(machinery: Machinery, service: Any) -> tuple[str, ...]:
    """The hints about a Service as it is stored."""
    spec = service.spec
    if spec.get("type") == "ExternalName":
        return tuple(HINT + each for each in _external_name(machinery, spec))
    selector = spec.get("selector")
    if not selector:
        return ()
    pods = leading.pods(machinery, service.namespace, selector)
    models = [leading.of_pod(each) for each in pods[:LOOKED_AT]] or leading.templates(machinery, service.namespace, selector)
    if not models:
        return (HINT + _nobody(machinery, service.namespace, selector),)
    return tuple(HINT + each for each in [*leading.faults(spec, models).values(), *_policies(machinery, spec, pods)])


def _nobody(machinery: Machinery, namespace: str, selector: dict[str, str]) -> str:
    labels = ",".join(f"{key}={value}" for key, value in sorted(selector.items()))
    said = f'spec.selector: no Pod in the namespace "{namespace}" has the labels {labels}, nor has the template of a workload: '
    said += "the Service has no endpoints"
    for other in machinery.store.list("Namespace"):
        if other.name != namespace and machinery.pods_matching(other.name, selector):
            return f'{said}; Pods in the namespace "{other.name}" have them, but a Service selects in its own namespace only'
    return said


def _policies(machinery: Machinery, spec: JSON, pods: list[Pod]) -> Iterator[str]:
    """About Nodes from which Local leads nowhere; nothing before the Pods have Nodes."""
    if "Local" not in (spec.get("externalTrafficPolicy"), spec.get("internalTrafficPolicy")):
        return
    nodes = [node.name for node in machinery.store.list("Node")]
    here = dict.fromkeys(pod.node for pod in pods if pod.node)
    without = [node for node in nodes if node not in here]
    if not here or not without:
        return
    where = f"{len(without)} of {len(nodes)} Nodes ({', '.join(without[:3])}{', ...' if len(without) > 3 else ''})"
    if spec.get("externalTrafficPolicy") == "Local":
        door = DOORS.get(spec.get("type", "ClusterIP"), "node port or to its load balancer")
        yield f"spec.externalTrafficPolicy: with Local, {where} answer nothing at this Service's {door}: no selected Pod runs there"
    if spec.get("internalTrafficPolicy") == "Local":
        yield f"spec.internalTrafficPolicy: with Local, Pods on {where} reach nothing through this Service: no selected Pod runs there"


def _external_name(machinery: Machinery, spec: JSON) -> Iterator[str]:
    name = spec.get("externalName", "")
    if parse_ip(name) is not None:
        instead = "a Service without selector and an EndpointSlice lead to an address"
        yield f'spec.externalName: "{name}" looks like an address, but is taken for a DNS name, which nobody resolves; {instead}'
    elif "." not in name.removesuffix("."):
        yield f'spec.externalName: "{name}" is asked for as it is, without the search list, and nobody has it (NXDOMAIN); a Service has its full name'
    elif is_nowhere(name, machinery.settings):
        yield f'spec.externalName: nobody has "{name}" (NXDOMAIN): {THE_WORLD}'
