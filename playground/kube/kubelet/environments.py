"""Which environment does each container have?  The one it was started with: a process's environment never changes while it runs.

Source: pkg/kubelet/kubelet_pods.go (GenerateRunContainerOptions): it is made each time a container is started.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from functools import partial
from itertools import chain
from typing import Any

from playground.kube.apiserver.distinct import Distinct
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import addresses
from playground.kube.apiserver.objects import JSON, Object, Pod
from playground.kube.apiserver.pods import containers_of
from playground.kube.kubelet.envfiles import Unparsed, value_of
from playground.kube.kubelet.envvars import MASTER, Missing, Variable, from_services, merged, own_variables, visible
from playground.kube.kubelet.fieldrefs import container_resource, pod_field
from playground.kube.kubelet.files import Files
from playground.kube.kubelet.volumes import Source

Variables = tuple[Variable, ...]
Seen = tuple[Variables, ...]
Held = tuple[Variables, Seen]
Slots = tuple[Held, ...]
NEVER: Held = (), ()
SHARED = 1_000
EMPTY_DIR = "/var/lib/kubelet/pods/{}/volumes/kubernetes.io~empty-dir/{}"


class Environments:
    """By Pod and slot what a container was started with: (its own variables, those of each Service), shared where equal:
    one more Service gives the containers started from then on one more entry, and the variables of the others are theirs too."""

    def __init__(self, machinery: Machinery, files: Files):
        self._store = machinery.store
        self._files = files
        self._held: dict[str, Slots] = {}
        self._shared: dict[Variables, Variables] = {}
        self._shared_slots: dict[tuple[int, ...], Slots] = {}
        self._of_service: dict[str, Variables] = {}
        self._seen: dict[tuple[str, bool], Seen] = {}
        self._store.follow("Service", self._service_changed)

    def take(self, pod: Pod, slot: int) -> None:
        """The container of a Pod's slot (its init containers come first) is started now. Raises Missing, and then it cannot be."""
        container = containers_of(pod.spec)[slot]
        seen = self._services(pod)
        own: Variables = ()
        if container.get("env") or container.get("envFrom"):
            own = self._own(pod, container, chain.from_iterable(seen))
        before = self._held.get(pod.uid, ())
        before += (NEVER,) * (slot - len(before))
        self._held[pod.uid] = self._slots((*before[:slot], (own, seen), *before[slot + 1 :]))

    def of(self, pod: Pod, slot: int) -> Variables:
        """The variables of a container as it was last started, none if it never was."""
        own, seen = self._of(pod, slot)
        return merged(own, chain.from_iterable(seen))

    def of_services(self, pod: Pod, slot: int) -> Variables:
        """Those of Services among them, also such as the container sets itself."""
        return tuple(chain.from_iterable(self._of(pod, slot)[1]))

    def held_by(self, pod: Pod, source: Source) -> dict[str, str] | None:
        """What a ConfigMap or Secret holds that a volume takes something from."""
        if source.kind == "Secret":
            return self._secret(pod.namespace, {"name": source.name})
        found: Object | None = self._store.get("ConfigMap", pod.namespace, source.name)
        return None if found is None else {**(found.rest.get("data") or {}), **(found.rest.get("binaryData") or {})}

    def forget(self, pod: Pod) -> None:
        self._held.pop(pod.uid, None)

    def _of(self, pod: Pod, slot: int) -> Held:
        slots = self._held.get(pod.uid, ())
        return slots[slot] if slot < len(slots) else NEVER

    def _slots(self, slots: Slots) -> Slots:
        """One tuple for all Pods whose containers have the very same environments."""
        if len(self._shared_slots) >= SHARED:
            self._shared_slots.clear()
        return self._shared_slots.setdefault(tuple(id(each) for held in slots for each in held), slots)

    def _services(self, pod: Pod) -> Seen:
        """Made once for all Pods of a namespace until a Service changes that they see."""
        key = pod.namespace, pod.spec.get("enableServiceLinks") is not False
        found = self._seen.get(key)
        if found is None:
            master = self._store.get("Service", *MASTER)
            services = [*self._store.list("Service", pod.namespace), *([] if master is None else [master])]
            found = self._seen[key] = tuple(self._variables(each) for each in visible(services, *key))
        return found

    def _variables(self, service: Object) -> Variables:
        found = self._of_service.get(service.uid)
        if found is None:
            found = self._of_service[service.uid] = from_services([service])
        return found

    def _own(self, pod: Pod, container: JSON, services: Iterable[Variable]) -> Variables:
        data = {"config_map": partial(self._config_map, pod.namespace), "secret": partial(self._secret, pod.namespace)}
        own = own_variables(container, services, pod.namespace, **data, field=partial(self._field, pod, container))
        if len(self._shared) >= SHARED:
            self._shared.clear()
        return self._shared.setdefault(own, own)

    def _field(self, pod: Pod, container: JSON, source: JSON) -> str | None:
        if "fileKeyRef" in source:
            return self._file(pod, source["fileKeyRef"])
        if "fieldRef" in source:
            node: Object | None = self._store.get("Node", "", pod.node)
            return pod_field(pod, str(source["fieldRef"].get("fieldPath", "")), addresses(node) if node is not None else ())
        return container_resource(pod, container, source["resourceFieldRef"]) if "resourceFieldRef" in source else ""

    def _file(self, pod: Pod, reference: JSON) -> str | None:
        """What a file in an emptyDir says; one that is not there or wrong is an error even where the key is optional."""
        volume, path, key = str(reference["volumeName"]), str(reference["path"]), str(reference["key"])
        text = self._files.in_volume(pod, volume, path)
        try:
            value = None if text is None else value_of(text, key)
        except Unparsed:
            value = None
        if value is None:
            raise Missing("couldn't parse env file")
        if not value and not reference.get("optional"):
            raise Missing(f'environment variable key "{key}" not found in file "{EMPTY_DIR.format(pod.uid, volume)}/{path}"')
        return value or None

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
        self._of_service.pop(service.uid, None)
        if service.key == MASTER:
            self._seen.clear()
        else:
            for links in (True, False):
                self._seen.pop((service.namespace, links), None)

    def state(self) -> list[Any]:
        """Each distinct list of variables once; of which of them each distinct environment of Services is made; which two
        each slot has, for each distinct row of slots; and by Pod its row."""
        lists = Distinct(lambda variables: variables)
        seen = Distinct(lambda services: tuple(map(lists.number, services)))
        slots = Distinct(lambda held: tuple((lists.number(own), seen.number(services)) for own, services in held))
        held = {uid: slots.number(each) for uid, each in self._held.items()}
        made_of = [list(map(lists.number, services)) for services in seen.listed]
        pairs = [[[lists.number(own), seen.number(services)] for own, services in each] for each in slots.listed]
        return [[[list(each) for each in variables] for variables in lists.listed], made_of, pairs, held]

    def restore(self, state: list[Any]) -> None:
        listed, made_of, pairs, held = state
        lists: list[Variables] = [tuple((name, value) for name, value in variables) for variables in listed]
        seen: list[Seen] = [tuple(map(lists.__getitem__, numbers)) for numbers in made_of]
        slots: list[Slots] = [tuple((lists[own], seen[services]) for own, services in each) for each in pairs]
        self._held = {uid: slots[number] for uid, number in held.items()}


def _decoded(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode(errors="replace")
    except ValueError:
        return ""
