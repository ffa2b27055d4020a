"""What does every component of the cluster stand on?  The settings, the clock, chance, the store, and a place to tell what happened."""

from __future__ import annotations

from collections import deque
from typing import Any

from playground.kube.apiserver.balancing import addresses_of
from playground.kube.apiserver.objects import Object
from playground.kube.apiserver.store import Index, Store
from playground.kube.chance import Chance
from playground.kube.clock import Clock
from playground.kube.events import Changed, Event, Recorded
from playground.kube.settings import ClusterSettings

RECORDS_KEPT = 500


class Machinery:
    """Shared by all components of one cluster. `pods_by_label` holds keys (namespace, label key, label value),
    `pods_by_node` Node names, `pods_by_ip` addresses of every family, `slices_by_service` (namespace, Service name),
    `services_by_balancer` load balancers' addresses. `recorded` is what
    components said of objects lately; as in Kubernetes that is kept for a while only, and no snapshot holds it."""

    def __init__(self, settings: ClusterSettings):
        self.settings = settings
        self.clock = Clock()
        self.chance = Chance(settings.seed)
        self.store = Store(settings.seed, settings.limits.changes_remembered)
        self.events: list[Event] = []
        self.recorded: deque[Recorded] = deque(maxlen=RECORDS_KEPT)
        self.pods_by_label: Index = self.store.index("Pod", _labels_of)
        self.pods_by_node: Index = self.store.index("Pod", lambda pod: (pod.node,) if pod.node else ())
        self.pods_by_ip: Index = self.store.index("Pod", _addresses_of_pod)
        self.slices_by_service: Index = self.store.index("EndpointSlice", _service_of)
        self.services_by_balancer: Index = self.store.index("Service", addresses_of)
        self.store.listen(self._changed)

    @property
    def now(self) -> int:
        return self.clock.now

    def tell(self, event: Event) -> None:
        """Say that something has happened; the façade hands it on."""
        self.events.append(event)

    def record(self, thing: Object, type: str, reason: str, message: str, component: str) -> None:
        """Say why a component did something to an object, as `kubectl get events` shows it."""
        said = Recorded(self.now, thing.kind, thing.namespace, thing.name, type, reason, message, component)
        self.recorded.append(said)
        self.tell(said)

    def pods_matching(self, namespace: str, selector: dict[str, str]) -> list[Any]:
        """The Pods of a namespace whose labels hold every pair of a selector (an empty one matches none), sorted by name."""
        if not selector:
            return []
        pairs = [(namespace, key, value) for key, value in selector.items()]
        rarest = min(pairs, key=self.pods_by_label.count)
        return [pod for pod in self.store.find(self.pods_by_label, rarest) if selector.items() <= pod.labels.items()]

    def _changed(self, old: Any, new: Any) -> None:
        self.events.append(Changed(self.clock.now, old, new))


def _addresses_of_pod(pod: Any) -> tuple[str, ...]:
    if pod.other_ip:
        return pod.ip, pod.other_ip
    return (pod.ip,) if pod.ip else ()


def _labels_of(pod: Any) -> list[tuple[str, str, str]]:
    return [(pod.namespace, key, value) for key, value in pod.labels.items()]


def _service_of(piece: Any) -> tuple[tuple[str, str], ...]:
    service = piece.labels.get("kubernetes.io/service-name")
    return ((piece.namespace, service),) if service else ()
