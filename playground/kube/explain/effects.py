"""What would a teacher say of a Pod, a workload or an EndpointSlice that was just written?  That a Service leads nowhere by it, and why.

These hints are the playground's own, as those about Services (`hints`). They tell only what is so since this write: what was wrong before is not
said again, and a Service that is written in the same action speaks for itself.
Source: kubernetes.io/docs/concepts/services-networking/endpoint-slices (labels, ports), configure-liveness-readiness-startup-probes;
pkg/proxy/endpointschangetracker.go, endpointslicecache.go (service-name, ports by their names).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.resources import WORKLOADS
from playground.kube.apiserver.server import Outcome
from playground.kube.controllers.matching import Selectors
from playground.kube.controllers.slicing import SERVICE_NAME
from playground.kube.explain import leading
from playground.kube.explain.hints import HINT
from playground.kube.explain.leading import LOOKED_AT, Model
from playground.kube.explain.reached import NO_ADDRESS, OTHER_FAMILY, PORTLESS, obstacle

COUNTED = ("Deployment", "ReplicaSet", "StatefulSet")
NOBODY = -1


class Effects:
    """Make it before any object is put in: it finds the Services that select a Pod."""

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._services = Selectors(machinery.store, "Service")

    def of(self, outcomes: Iterable[Outcome]) -> list[str]:
        listed = [each for each in outcomes if each.verb != "deleted"]
        written = [each.thing.uid for each in listed if each.thing.kind == "Service"]
        return [hint for each in listed for hint in self._of_one(each.thing, each.old, written)]

    def _of_one(self, thing: Any, old: Any, written: list[str]) -> Iterator[str]:
        if thing.kind == "EndpointSlice" and (old is None or (old.labels, old.ports) != (thing.labels, thing.ports)):
            yield from self._of_slice(thing)
        if thing.kind not in (*WORKLOADS, "Pod") or (old is not None and old.spec is thing.spec and old.labels is thing.labels):
            return
        new, was = leading.of(thing), None if old is None else leading.of(old)
        yield from _probes(thing.kind, new, was)
        for service in self._selecting(thing.namespace, new, was):
            if service.uid not in written and service.spec.get("type") != "ExternalName":
                yield from self._of_service(service, thing, new, was)
                yield from self._of_policies(service, thing, old, new)

    def _selecting(self, namespace: str, new: Model, was: Model | None) -> list[Any]:
        found = list(self._services.matching(namespace, new.labels))
        more = self._services.matching(namespace, was.labels) if was is not None else []
        return found + [each for each in more if each not in found]

    # --- whether it leads somewhere

    def _of_service(self, service: Any, thing: Any, new: Model, was: Model | None) -> Iterator[str]:
        selector = service.spec.get("selector") or {}
        if not selector or (thing.kind == "Pod" and self._crowd(service.namespace, selector) > LOOKED_AT):
            return
        after = _faults(service, [new])
        if not after:
            return
        others = self._others(service, thing)
        after = _faults(service, [new, *others])
        before = _faults(service, [*([was] if was is not None else []), *others])
        for place, text in after.items():
            if place not in before:
                yield _told(service, thing, place, text)

    def _crowd(self, namespace: str, selector: dict[str, str]) -> int:
        return min(self._machinery.pods_by_label.count((namespace, key, value)) for key, value in selector.items())

    def _others(self, service: Any, thing: Any) -> list[Model]:
        """The Pods that a Service selects, and the templates, without those of what was written."""
        selector = service.spec["selector"]
        found = [each for each in leading.pods(self._machinery, service.namespace, selector) if not self._belongs(each, thing)]
        models = [leading.of_pod(each) for each in found[:LOOKED_AT]]
        return models + leading.templates(self._machinery, service.namespace, selector, thing.uid)

    def _belongs(self, pod: Pod, thing: Any) -> bool:
        owner = pod.controller
        if owner is None:
            return bool(pod.uid == thing.uid)
        above = self._machinery.store.by_uid(owner.uid)
        top = above.controller if above is not None else None
        return thing.uid in (pod.uid, owner.uid, "" if top is None else top.uid)

    # --- Nodes from which it leads nowhere

    def _of_policies(self, service: Any, thing: Any, old: Any, new: Model) -> Iterator[str]:
        fields = [field for field in ("externalTrafficPolicy", "internalTrafficPolicy") if service.spec.get(field) == "Local"]
        nodes, count = self._machinery.store.count("Node"), thing.spec.get("replicas", 1)
        fewer = old is None or old.spec.get("replicas", 1) > count
        if not fields or thing.kind not in COUNTED or not fewer or not 0 < count < nodes or not _selects(service, new):
            return
        if not self._others(service, thing):
            said = f"{count} Pod{'s' if count > 1 else ''} cannot be on {nodes} Nodes"
            yield f'{HINT}Service "{service.name}": {said}, and with Local for spec.{" and spec.".join(fields)} the Nodes without one lead nowhere'

    # --- EndpointSlices

    def _of_slice(self, piece: Any) -> Iterator[str]:
        name = piece.labels.get(SERVICE_NAME)
        if not name:
            yield f"{HINT}metadata.labels: without the label {SERVICE_NAME} this EndpointSlice belongs to no Service, and nothing is sent to its endpoints"
            return
        service = self._machinery.store.get("Service", piece.namespace, name)
        if service is None:
            where = f'there is no Service "{name}" in the namespace "{piece.namespace}"'
            yield f"{HINT}metadata.labels[{SERVICE_NAME}]: {where}, so that nothing is sent to the endpoints"
            return
        if service.spec.get("type") == "ExternalName":
            why = f'the Service "{name}" is an ExternalName, which has no endpoints: nothing is sent to them'
            yield f"{HINT}metadata.labels[{SERVICE_NAME}]: {why}"
            return
        hindered = obstacle(service, piece)
        if hindered:
            yield f"{HINT}{_obstacles(service, piece)[hindered]}"


def _obstacles(service: Any, piece: Any) -> dict[str, str]:
    """Why nothing is sent to the endpoints of a Service's slice."""
    end, ports = "so that nothing is sent to the endpoints", service.spec.get("ports", ())
    named = any(port.name == each.get("name", "") for port in piece.ports for each in ports)
    what = "the name and the protocol" if named else "the name"
    known = ", ".join(f'"{each.get("name", "")}"' + (f" {each.get('protocol', 'TCP')}" if named else "") for each in ports)
    names = "a Service of type ExternalName stands for a name"
    return {
        PORTLESS: f'ports: no port has {what} of a port of the Service "{service.name}" ({known}), {end}',
        OTHER_FAMILY: f'addressType: the Service "{service.name}" has no address of the family {piece.address_type}, {end}',
        NO_ADDRESS: f"addressType: kube-proxy goes by addresses only, {end}; {names}",
    }


def _selects(service: Any, model: Model) -> bool:
    selector: dict[str, str] = service.spec.get("selector", {})
    return all(model.labels.get(key) == value for key, value in selector.items())


def _faults(service: Any, models: list[Model]) -> dict[int, str]:
    selected = [each for each in models if _selects(service, each)]
    return leading.faults(service.spec, selected) if selected else {NOBODY: ""}


def _told(service: Any, thing: Any, place: int, text: str) -> str:
    if place != NOBODY:
        made = "" if thing.kind == "Pod" else " and the Pods of this template"
        return f'{HINT}Service "{service.name}"{made}: {text}'
    labels = ",".join(f"{key}={value}" for key, value in sorted(service.spec["selector"].items()))
    if thing.kind == "Pod":
        return f'{HINT}Service "{service.name}" selects {labels}, which no Pod has any more, nor the template of a workload: it has no endpoints'
    return f'{HINT}Service "{service.name}" selects {labels}, which the Pods of this template will not have: when the old ones are gone, it has no endpoints'


# --- probes


def _probes(kind: str, new: Model, was: Model | None) -> Iterator[str]:
    """Readiness probes that cannot pass, and could before, or were not there."""
    failed = {} if was is None else _failing(was)
    for place, text in _failing(new).items():
        if place not in failed:
            yield f"{HINT}spec.{'' if kind == 'Pod' else 'template.spec.'}containers[{place}].readinessProbe: {text}"


def _failing(model: Model) -> dict[int, str]:
    """Why a container's readiness probe cannot pass, by the container's place."""
    found = {}
    for place, container in enumerate(model.spec.get("containers", ())):
        probe = model.view.containers[model.view.inits + place].probes.get("readiness")
        if probe is None or probe.port is None or container["readinessProbe"].get(probe.how, {}).get("host"):
            continue
        if (probe.port, "TCP") not in model.view.ports:
            found[place] = _why(container["readinessProbe"][probe.how], probe.port, model)
    return found


def _why(asked: JSON, port: int, model: Model) -> str:
    end = "so that the Pod never becomes ready, and Services leave it out"
    if not port:
        return f'the container has no port named "{asked.get("port")}", {end}'
    return f"nothing in the Pod listens on {port}/TCP, {end}; {leading.listening('it listens', [model])}"
