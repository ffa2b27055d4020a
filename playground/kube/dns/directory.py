"""What does CoreDNS know of the cluster?  Namespaces, Services, ready endpoints and Pods, as its watches bring them.

Source: coredns plugin/kubernetes/controller.go and object/{endpoint,service,pod}.go: an endpoint whose condition ready
is not set counts as ready; a Pod that has ended or is on its way out is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint, EndpointSlice, Object, Pod
from playground.kube.dns.addresses import endpoint_name
from playground.kube.dns.corefile import Corefile
from playground.kube.dns.message import Dependency

NO_PORTS = (("", "tcp", -1),)
ANY_ADDRESS: Dependency = ("addresses",)
Listener = Callable[[Dependency], None]
Port = tuple[str, str, int]


class Piece(msgspec.Struct, frozen=True):
    """A slice as CoreDNS keeps it: ready endpoints by their names, and the ports as (name, protocol, number) in lower
    case; without any port one that is -1 stands for them."""

    namespace: str
    service: str
    named: dict[str, tuple[Endpoint, ...]]
    ports: tuple[Port, ...]

    @property
    def endpoints(self) -> Iterator[tuple[str, Endpoint]]:
        return ((name, endpoint) for name, endpoints in self.named.items() for endpoint in endpoints)


class Directory:
    """Reads the store; `listen` hears of each thing that an answer may need when it changes."""

    def __init__(self, machinery: Machinery, corefile: Corefile):
        self._machinery = machinery
        self._store = machinery.store
        self._corefile = corefile
        self._pieces: dict[str, Piece] = {}
        self._holders: dict[str, list[Piece]] | None = None
        self._services: dict[str, Object] | None = None
        self._listeners: list[Listener] = []
        self._store.follow("Service", self._service_changed)
        self._store.follow("Namespace", lambda old, new: self._changed("namespace", (new or old).name))
        self._store.follow("EndpointSlice", self._slice_changed)
        self._minds_pods = False
        if corefile.pods == "verified":
            self.mind_pods()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def mind_pods(self) -> None:
        """From now on tell of Pods too."""
        if not self._minds_pods:
            self._minds_pods = True
            self._store.follow("Pod", self._pod_changed)

    def exposes(self, namespace: str) -> bool:
        """The namespace exists and its names may be told."""
        return self._allows(namespace) and self._store.get("Namespace", "", namespace) is not None

    def service(self, namespace: str, name: str) -> Object | None:
        found: Object | None = self._store.get("Service", namespace, name)
        return found

    def slices(self, namespace: str, service: str) -> list[Piece]:
        """The slices of a Service, whether or not there is a Service of that name."""
        return [self._piece(each) for each in self._store.find(self._machinery.slices_by_service, (namespace, service))]

    def pods(self, ip: str) -> list[Pod]:
        """The Pods whose first address is written like this."""
        return [pod for pod in self._store.find(self._machinery.pods_by_ip, ip) if pod.ip == ip and _is_listed(pod)]

    def service_at(self, ip: str) -> Object | None:
        """The first Service that has this cluster IP."""
        if self._services is None:
            self._services = {}
            for service in self._store.list("Service"):
                for address in cluster_ips(service) if self._allows(service.namespace) else ():
                    self._services.setdefault(address, service)
        return self._services.get(ip)

    def slices_at(self, ip: str) -> list[Piece]:
        """The slices in which this address is ready."""
        if self._holders is None:
            self._holders = {}
            for each in self._store.list("EndpointSlice"):
                piece = self._piece(each)
                for address in {endpoint.ip: None for _, endpoint in piece.endpoints} if piece.service else ():
                    self._holders.setdefault(address, []).append(piece)
        return [piece for piece in self._holders.get(ip, ()) if self._allows(piece.namespace)]

    def _allows(self, namespace: str) -> bool:
        return self._corefile.namespaces is None or namespace in self._corefile.namespaces

    def _piece(self, thing: EndpointSlice) -> Piece:
        """Made once for each slice as it is."""
        piece = self._pieces.get(thing.uid)
        if piece is None:
            named: dict[str, tuple[Endpoint, ...]] = {}
            for endpoint in thing.endpoints:
                if endpoint.ready is not False:
                    name = endpoint_name(endpoint, self._corefile.endpoint_pod_names)
                    named[name] = (*named.get(name, ()), endpoint)
            ports = tuple((port.name.lower(), port.protocol.lower(), -1 if port.port is None else port.port) for port in thing.ports)
            service = thing.labels.get("kubernetes.io/service-name", "")
            piece = self._pieces[thing.uid] = Piece(thing.namespace, service, named, ports or NO_PORTS)
        return piece

    def _service_changed(self, old: Any, new: Any) -> None:
        self._services = None
        self._changed("service", *(new or old).key)
        self._changed(*ANY_ADDRESS)

    def _slice_changed(self, old: Any, new: Any) -> None:
        self._holders = None
        for piece in (old, new):
            if piece is not None:
                self._pieces.pop(piece.uid, None)
                if service := piece.labels.get("kubernetes.io/service-name"):
                    self._changed("endpoints", piece.namespace, service)
        self._changed(*ANY_ADDRESS)

    def _pod_changed(self, old: Any, new: Any) -> None:
        for ip in {pod.ip: None for pod in (old, new) if pod is not None and pod.ip}:
            self._changed("pod", ip)

    def _changed(self, *need: str) -> None:
        for listener in self._listeners:
            listener(need)


def cluster_ips(service: Object) -> list[str]:
    """The virtual addresses of a Service; none if it is headless or an external name."""
    found = service.spec.get("clusterIPs") or [service.spec.get("clusterIP")]
    return [address for address in found if address and address != "None"]


def is_headless(service: Object) -> bool:
    return "None" in (service.spec.get("clusterIP"), *(service.spec.get("clusterIPs") or ())[:1])


def _is_listed(pod: Pod) -> bool:
    return pod.deleting is None and pod.state.phase not in ("Succeeded", "Failed", "Unknown")
