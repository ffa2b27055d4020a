"""Which environment does each container have?  The one it was started with: a process's environment never changes while it runs.

Source: pkg/kubelet/kubelet_pods.go (GenerateRunContainerOptions): it is made each time a container is started.
"""

from __future__ import annotations

from base64 import b64decode
from functools import partial
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Object, Pod
from playground.kube.kubelet.envvars import MASTER, Variable, from_services, merged, own_variables, visible
from playground.kube.kubelet.fieldrefs import container_resource, pod_field
from playground.kube.kubelet.volumes import Source

Variables = tuple[Variable, ...]
Held = tuple[Variables, Variables]
SHARED = 1_000


class Environments:
    """By Pod and slot what a container was started with: (its own variables, those of Services), shared where equal."""

    def __init__(self, machinery: Machinery):
        self._store = machinery.store
        self._held: dict[str, dict[int, Held]] = {}
        self._shared: dict[Variables, Variables] = {}
        self._of_services: dict[tuple[str, bool], Variables] = {}
        self._store.follow("Service", self._service_changed)

    def take(self, pod: Pod, slot: int) -> None:
        """The container of a Pod's slot (its init containers come first) is started now. Raises Missing, and then it cannot be."""
        container: JSON = (*pod.spec.get("initContainers", ()), *pod.spec.get("containers", ()))[slot]
        services = self._services(pod)
        own: Variables = ()
        if container.get("env") or container.get("envFrom"):
            own = self._own(pod, container, services)
        self._held.setdefault(pod.uid, {})[slot] = own, services

    def of(self, pod: Pod, slot: int) -> Variables:
        """The variables of a container as it was last started, none if it never was."""
        return merged(*self._held.get(pod.uid, {}).get(slot, ((), ())))

    def of_services(self, pod: Pod, slot: int) -> Variables:
        """Those of Services among them, also such as the container sets itself."""
        return self._held.get(pod.uid, {}).get(slot, ((), ()))[1]

    def forget(self, pod: Pod) -> None:
        self._held.pop(pod.uid, None)

    def _services(self, pod: Pod) -> Variables:
        """Made once for all Pods of a namespace until a Service changes that they see."""
        key = pod.namespace, pod.spec.get("enableServiceLinks") is not False
        found = self._of_services.get(key)
        if found is None:
            master = self._store.get("Service", *MASTER)
            services = [*self._store.list("Service", pod.namespace), *([] if master is None else [master])]
            found = self._of_services[key] = from_services(visible(services, *key))
        return found

    def _own(self, pod: Pod, container: JSON, services: Variables) -> Variables:
        data = {"config_map": partial(self._config_map, pod.namespace), "secret": partial(self._secret, pod.namespace)}
        own = own_variables(container, services, pod.namespace, **data, field=partial(_field, pod, container))
        if len(self._shared) >= SHARED:
            self._shared.clear()
        return self._shared.setdefault(own, own)

    def held_by(self, pod: Pod, source: Source) -> dict[str, str] | None:
        """What a ConfigMap or Secret holds that a volume takes something from."""
        if source.kind == "Secret":
            return self._secret(pod.namespace, {"name": source.name})
        found: Object | None = self._store.get("ConfigMap", pod.namespace, source.name)
        return None if found is None else {**(found.rest.get("data") or {}), **(found.rest.get("binaryData") or {})}

    def _config_map(self, namespace: str, reference: JSON) -> dict[str, str] | None:
        found: Object | None = self._store.get("ConfigMap", namespace, str(reference.get("name", "")))
        return None if found is None else {str(key): str(value) for key, value in (found.rest.get("data") or {}).items()}

    def _secret(self, namespace: str, reference: JSON) -> dict[str, str] | None:
        found: Object | None = self._store.get("Secret", namespace, str(reference.get("name", "")))
        if found is None:
            return None
        data = {str(key): _decoded(str(value)) for key, value in (found.rest.get("data") or {}).items()}
        return data | {str(key): str(value) for key, value in (found.rest.get("stringData") or {}).items()}

    def _service_changed(self, old: Any, new: Any) -> None:
        service = new if new is not None else old
        if service.key == MASTER:
            self._of_services.clear()
        else:
            for links in (True, False):
                self._of_services.pop((service.namespace, links), None)

    def state(self) -> list[Any]:
        """Each distinct list of variables once, and by Pod and slot which two of them a container has."""
        numbers: dict[Variables, int] = {}
        known: dict[int, int] = {}
        for slots in self._held.values():
            for variables in (variables for pair in slots.values() for variables in pair):
                if id(variables) not in known:
                    known[id(variables)] = numbers.setdefault(variables, len(numbers))
        held = {uid: [[slot, *(known[id(each)] for each in pair)] for slot, pair in slots.items()] for uid, slots in self._held.items()}
        return [[[list(each) for each in variables] for variables in numbers], held]

    def restore(self, state: list[Any]) -> None:
        listed, held = state
        known = [tuple((name, value) for name, value in variables) for variables in listed]
        self._held = {uid: {slot: (known[own], known[services]) for slot, own, services in slots} for uid, slots in held.items()}


def _field(pod: Pod, container: JSON, source: JSON) -> str:
    if "fieldRef" in source:
        return pod_field(pod, str(source["fieldRef"].get("fieldPath", "")))
    return container_resource(pod, container, source["resourceFieldRef"]) if "resourceFieldRef" in source else ""


def _decoded(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode(errors="replace")
    except ValueError:
        return ""
