"""What does every component of the cluster stand on?  The settings, the clock, chance, the store, and a place to tell what happened."""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.balancing import addresses_of
from playground.kube.apiserver.objects import EMPTY
from playground.kube.apiserver.recorder import Recorder
from playground.kube.apiserver.resources import WORKLOADS
from playground.kube.apiserver.store import Index, Store
from playground.kube.chance import Chance
from playground.kube.clock import Clock
from playground.kube.events import Changed, Event, Recorded
from playground.kube.settings import ClusterSettings


class Machinery:
    """Shared by all components of one cluster. `pods_by_label` holds keys (namespace, label key, label value), `workloads_by_label`
    those of the templates of workloads that nothing controls, `pods_by_node` Node names, `pods_by_ip` addresses of every family,
    `slices_by_service` (namespace, Service name), `services_by_balancer` load balancers' addresses. `events` is what happened since
    somebody took it, `recorder` holds what components said of objects lately."""

    def __init__(self, settings: ClusterSettings):
        self.settings = settings
        self.clock = Clock()
        self.chance = Chance(settings.seed)
        self.store = Store(settings.seed, settings.limits.changes_remembered)
        self.events: list[Event] = []
        self.recorder = Recorder(settings, self.store, self.clock)
        self.pods_by_label: Index = self.store.index("Pod", _labels_of, of=("labels",))
        self.workloads_by_label: Index = self.store.index(WORKLOADS, _labels_of_template, of=("spec", "owners"))
        self.pods_by_node: Index = self.store.index("Pod", lambda pod: (pod.node,) if pod.node else (), of=("node",))
        self.pods_by_ip: Index = self.store.index("Pod", _addresses_of_pod, of=("ip", "other_ip"))
        self.slices_by_service: Index = self.store.index("EndpointSlice", _service_of, of=("labels",))
        self.services_by_balancer: Index = self.store.index("Service", addresses_of)
        self.store.listen(self._changed)

    @property
    def now(self) -> int:
        return self.clock.now

    def tell(self, event: Event) -> None:
        """Say that something has happened; the façade hands it on."""
        self.events.append(event)

    def record(self, thing: Any, type: str, reason: str, message: str, component: str, field: str = "") -> None:
        """Say why a component did something to an object, as `kubectl get events` shows it; `field` is the part of the object."""
        host = "" if component != "kubelet" else thing.node if thing.kind == "Pod" else thing.name
        version = self.store.tick()
        said = Recorded(
            self.clock.now, version, thing.kind, thing.namespace, thing.name, thing.uid, type, reason, message, component, host, field
        )
        self.recorder.keep(said)
        self.events.append(said)

    def pods_matching(self, namespace: str, selector: dict[str, str]) -> list[Any]:
        """The Pods of a namespace whose labels hold every pair of a selector (an empty one matches none), sorted by name."""
        return [pod for pod in self._rarest(self.pods_by_label, namespace, selector) if selector.items() <= pod.labels.items()]

    def workloads_matching(self, namespace: str, selector: dict[str, str]) -> list[Any]:
        """The workloads that nothing controls, and whose template has these labels, sorted by name."""
        found = self._rarest(self.workloads_by_label, namespace, selector)
        return [each for each in found if selector.items() <= _template_labels(each).items()]

    def _rarest(self, index: Index, namespace: str, selector: dict[str, str]) -> list[Any]:
        """The objects that have the pair of a selector that the fewest have."""
        pairs = [(namespace, key, value) for key, value in selector.items()]
        return self.store.find(index, min(pairs, key=index.count)) if pairs else []

    def _changed(self, old: Any, new: Any) -> None:
        self.events.append(Changed(self.clock.now, old, new))


def _addresses_of_pod(pod: Any) -> tuple[str, ...]:
    if pod.other_ip:
        return pod.ip, pod.other_ip
    return (pod.ip,) if pod.ip else ()


def _labels_of(pod: Any) -> list[tuple[str, str, str]]:
    return [(pod.namespace, key, value) for key, value in pod.labels.items()]


def _labels_of_template(workload: Any) -> list[tuple[str, str, str]]:
    pairs = _template_labels(workload) if workload.controller is None else EMPTY
    return [(workload.namespace, key, value) for key, value in pairs.items()]


def _template_labels(workload: Any) -> dict[str, str]:
    found: dict[str, str] = workload.spec.get("template", EMPTY).get("metadata", EMPTY).get("labels", EMPTY)
    return found


def _service_of(piece: Any) -> tuple[tuple[str, str], ...]:
    service = piece.labels.get("kubernetes.io/service-name")
    return ((piece.namespace, service),) if service else ()
