"""Where does a Service lead, given what its Pods are made of?  For each port why it leads nowhere, in sentences.

Source: kubernetes.io/docs/concepts/services-networking/service (headless Services).
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import EMPTY, JSON, Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.controllers.slicing import find_port
from playground.kube.kubelet.views import View, view, view_of

# So many Pods of a Service show what they listen on.
LOOKED_AT = 100


class Model(msgspec.Struct, frozen=True):
    """A Pod as it is, or as a template says that it will be."""

    labels: dict[str, str]
    spec: JSON
    view: View


def of_pod(pod: Pod) -> Model:
    return Model(pod.labels, pod.spec, view(pod))


def of_template(workload: Any) -> Model:
    """What a workload makes."""
    template = workload.spec.get("template", {})
    meta, spec = template.get("metadata", {}), template.get("spec", {})
    return Model(meta.get("labels", EMPTY), spec, view_of(spec, meta.get("annotations", EMPTY)))


def pods(machinery: Machinery, namespace: str, selector: dict[str, str]) -> list[Pod]:
    """Those that a selector selects and that are to stay."""
    return [each for each in machinery.pods_matching(namespace, selector) if each.deleting is None and not is_finished(each)]


def templates(machinery: Machinery, namespace: str, selector: dict[str, str], but: str = "") -> list[Model]:
    """Of workloads that nothing else controls, but for the one of this uid."""
    return [of_template(each) for each in machinery.workloads_matching(namespace, selector) if each.uid != but]


def faults(spec: JSON, models: list[Model]) -> dict[int, str]:
    """Of a Service's spec: why a port leads nowhere, by the port's place. Where Pods differ it is enough that one of them listens."""
    told = {index: _fault(spec, f"spec.ports[{index}]", port, models) for index, port in enumerate(spec.get("ports", ()))}
    return {index: text for index, text in told.items() if text}


def _fault(spec: JSON, here: str, port: JSON, models: list[Model]) -> str:
    protocol, target = port.get("protocol", "TCP"), port.get("targetPort", port["port"])
    numbers = [find_port(model.spec, target, protocol) for model in models]
    if not any(numbers):
        return f'{here}.targetPort: no container of the selected Pods has a {protocol} port named "{target}": this port has no endpoints'
    headless = spec.get("clusterIP") == "None"
    wanted = [port["port"]] * len(models) if headless else numbers
    if any((number, protocol) in model.view.ports for number, model in zip(wanted, models, strict=True) if number):
        return ""
    listens = listening("they listen", models)
    if headless:
        where = f"its name leads to the Pods themselves, and at {port['port']}/{protocol} nothing listens"
        return f"{here}.port: a headless Service maps no ports: {where}; {listens}"
    number = next(filter(None, numbers))
    return f"{here}.targetPort: nothing in the selected Pods listens on {number}/{protocol}, so that requests will be refused; {listens}"


def listening(start: str, models: list[Model]) -> str:
    ports = sorted({each for model in models for each in model.view.ports})
    return f"{start} on {', '.join(f'{number}/{name}' for number, name in ports[:3])}" if ports else f"{start} on no port"
