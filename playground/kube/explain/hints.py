"""What would a teacher say of a Service that was just written?  That it leads nowhere, and why; said as warnings, which kubectl prints.

These hints are the playground's own: a real API server says nothing. Each is true of the cluster at this moment, and silent where the template of a
workload shows that Pods are to come.
Source: kubernetes.io/docs/concepts/services-networking/service (headless Services, ExternalName), virtual-ips (traffic policies);
pkg/api/pod/util.go (FindPort).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.names import parse_ip
from playground.kube.apiserver.objects import EMPTY, JSON, Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.kubelet.views import View, view, view_of

WORKLOADS = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
# So many Pods of a Service show what they listen on.
LOOKED_AT = 100
HINT = "hint: "


class Model(msgspec.Struct, frozen=True):
    """A Pod as it is, or as a template says that it will be."""

    spec: JSON
    view: View


def of_service(machinery: Machinery, service: Any) -> tuple[str, ...]:
    """The hints about a Service as it is stored."""
    spec = service.spec
    if spec.get("type") == "ExternalName":
        return tuple(HINT + each for each in _external_name(spec))
    selector = spec.get("selector")
    if not selector:
        return ()
    pods = [each for each in machinery.pods_matching(service.namespace, selector) if each.deleting is None and not is_finished(each)]
    models = [Model(each.spec, view(each)) for each in pods[:LOOKED_AT]] or _templates(machinery, service.namespace, selector)
    if not models:
        return (HINT + _nobody(machinery, service.namespace, selector),)
    ports = [each for index, port in enumerate(spec.get("ports", ())) for each in _port(spec, index, port, models)]
    return tuple(HINT + each for each in [*ports, *_policies(machinery, spec, pods)])


# --- whom it selects


def _templates(machinery: Machinery, namespace: str, selector: dict[str, str]) -> list[Model]:
    """What workloads would make."""
    found = []
    for kind in WORKLOADS:
        for each in machinery.store.list(kind, namespace):
            template = each.spec.get("template", {})
            meta = template.get("metadata", {})
            if selector.items() <= meta.get("labels", {}).items():
                spec = template.get("spec", {})
                found.append(Model(spec, view_of(spec, meta.get("annotations", EMPTY))))
    return found


def _nobody(machinery: Machinery, namespace: str, selector: dict[str, str]) -> str:
    labels = ",".join(f"{key}={value}" for key, value in sorted(selector.items()))
    said = f'spec.selector: no Pod in the namespace "{namespace}" has the labels {labels}, nor has the template of a workload: '
    said += "the Service has no endpoints"
    for other in machinery.store.list("Namespace"):
        if other.name != namespace and machinery.pods_matching(other.name, selector):
            return f'{said}; Pods in the namespace "{other.name}" have them, but a Service selects in its own namespace only'
    return said


# --- where it leads


def _port(spec: JSON, index: int, port: JSON, models: list[Model]) -> Iterator[str]:
    """About one port. Where Pods differ it is enough that one of them listens."""
    protocol, target, here = port.get("protocol", "TCP"), port.get("targetPort", port["port"]), f"spec.ports[{index}]"
    numbers = [_number(model, target, protocol) for model in models]
    if not any(numbers):
        yield f'{here}.targetPort: no container of the selected Pods has a {protocol} port named "{target}": this port has no endpoints'
        return
    headless = spec.get("clusterIP") == "None"
    wanted = [port["port"]] * len(models) if headless else numbers
    if any((number, protocol) in model.view.ports for number, model in zip(wanted, models, strict=True) if number):
        return
    others = sorted({each for model in models for each in model.view.ports})
    listens = f"they listen on {', '.join(f'{number}/{name}' for number, name in others[:3])}" if others else "they listen on no port"
    if headless:
        where = f"its name leads to the Pods themselves, and at {port['port']}/{protocol} nothing listens"
        yield f"{here}.port: a headless Service maps no ports: {where}; {listens}"
    else:
        number = next(filter(None, numbers))
        yield f"{here}.targetPort: nothing in the selected Pods listens on {number}/{protocol}, so that requests will be refused; {listens}"


def _number(model: Model, target: Any, protocol: str) -> int:
    """The number that a targetPort is for a Pod; 0 if it has no port of this name."""
    if isinstance(target, int):
        return target
    ports = (port for container in model.spec.get("containers", ()) for port in container.get("ports", ()))
    return next((int(port["containerPort"]) for port in ports if port.get("name") == target and port.get("protocol", "TCP") == protocol), 0)


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
        yield f"spec.externalTrafficPolicy: with Local, {where} answer nothing at this Service's node port or to its load balancer: no selected Pod runs there"
    if spec.get("internalTrafficPolicy") == "Local":
        yield f"spec.internalTrafficPolicy: with Local, Pods on {where} reach nothing through this Service: no selected Pod runs there"


def _external_name(spec: JSON) -> Iterator[str]:
    name = spec.get("externalName", "")
    if parse_ip(name) is not None:
        instead = "a Service without selector and an EndpointSlice lead to an address"
        yield f'spec.externalName: "{name}" looks like an address, but is taken for a DNS name, which nobody resolves; {instead}'
