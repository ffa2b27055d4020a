"""Which Pods stand behind a Service?  EndpointSlices that follow its selector; only Pods that changed are looked at again.

Source: pkg/controller/endpointslice/endpointslice_controller.go, k8s.io/endpointslice reconciler.go.
A book of where each Pod's endpoint is belongs to each Service: it is derived from the slices, and made again when it is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import zone
from playground.kube.apiserver.objects import Endpoint, EndpointSlice, Object, Pod, slice_meta
from playground.kube.apiserver.pods import is_finished
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.matching import Selectors
from playground.kube.controllers.packing import LARGEST, Piece, fill, finalize
from playground.kube.controllers.slicing import (
    DISTRIBUTIONS,
    MANAGED_BY,
    MANAGER,
    SERVICE_NAME,
    Ports,
    address_in,
    endpoint_of,
    families,
    follows,
    is_eligible,
    is_served,
    ports_of,
    slice_labels,
)
from playground.kube.controllers.topology import Zones, is_topology_aware
from playground.kube.controllers.triggertimes import TriggerTimes, annotated
from playground.kube.queue import Key, WorkQueue

SELF_HEALING = SECOND
MOST_RETRIES = 15


class Book(msgspec.Struct):
    """A Service's slices of one address family by name, and the slice's name for each Pod's uid."""

    family: str
    slices: dict[str, EndpointSlice]
    places: dict[str, str]


class EndpointSliceController:
    """Reconciles Services by (namespace, name). `largest` is how many endpoints a slice may have (--max-endpoints-per-slice),
    `distributions` are the values of trafficDistribution that it knows (feature gate PreferSameTrafficDistribution)."""

    name = "endpointslice"

    def __init__(self, machinery: Machinery, largest: int = LARGEST, distributions: tuple[str, ...] = DISTRIBUTIONS):
        self._machinery = machinery
        self._largest = largest
        self._distributions = distributions
        self._store = machinery.store
        self._services = Selectors(machinery.store, "Service")
        self._zones = Zones(machinery.store)
        self._books: dict[Key, tuple[Book, ...]] = {}
        self._dirty: dict[Key, dict[str, None]] = {}
        self._whole: dict[Key, None] = {}
        self._tries: dict[Key, int] = {}
        self._times = TriggerTimes()
        self._writing = False
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("Service", self._service_changed)
        self._store.watch("Pod", self._pod_changed)
        self._store.watch("Node", self._node_changed)
        self._store.watch("EndpointSlice", self._slice_changed)

    def _reconcile(self, key: Key) -> None:
        uids, whole = self._dirty.pop(key, {}), key in self._whole
        self._whole.pop(key, None)
        service = self._store.get("Service", *key)
        if service is None or not is_served(service) or service.deleting is not None:
            self._books.pop(key, None)
            return
        if whole:
            self._books.pop(key, None)
        books = self._books.get(key) or self._open(service)
        pods = self._selected(service) if whole else self._among(service, uids)
        told = self._triggered(service, pods, books)
        if is_topology_aware(service) and not whole:
            whole, pods = True, self._selected(service)
        for book in books:
            pieces = self._all_pods(service, book, pods) if whole else self._some_pods(service, book, list(uids), pods)
            self._write(service, book, pieces, told)
        self._look_again(service, pods)

    def _look_again(self, service: Object, pods: list[Pod]) -> None:
        """Pods whose Node does not exist are left out with a complaint, and looked for again and again, later each time."""
        called, tries = "/".join(service.key), self._tries.pop(service.key, 0)
        lost = [pod for pod in pods if is_eligible(pod) and not self._may_be_told(service, self._store.get("Node", "", pod.node))]
        if not lost:
            return
        complaints = [f"skipping Pod {pod.name} for Service {called}: Node {pod.node} Not Found" for pod in lost]
        said = complaints[0] if len(complaints) == 1 else f"[{', '.join(complaints)}]"
        said = f"Error updating Endpoint Slices for Service {called}: {said}"
        self._machinery.record(service, "Warning", "FailedToUpdateEndpointSlices", said, "endpoint-slice-controller")
        self._whole[service.key] = None
        if tries < MOST_RETRIES:
            self._tries[service.key] = tries + 1
            self._queue.add_after(SECOND << tries, *service.key)

    def _triggered(self, service: Object, pods: list[Pod], books: tuple[Book, ...]) -> str:
        """What the slices that are written now are to tell of when their change began."""
        known = [(pod, any(pod.uid in book.places for book in books)) for pod in pods]
        time = self._times.of(service, known, self._machinery.now)
        return "" if time is None else timestamp(self._machinery.settings, time)

    # --- working out the slices

    def _all_pods(self, service: Object, book: Book, pods: list[Pod]) -> list[Piece]:
        """Look at every Pod that the Service selects and every slice."""
        wanted = self._wanted(service, book.family, pods)
        pieces = [Piece(each, each.ports) for _, each in sorted(book.slices.items())]
        for piece in pieces:
            stored: Any = piece.stored
            kept = [wanted.pop(each.uid)[1] for each in stored.endpoints if each.uid in wanted and wanted[each.uid][0] == stored.ports]
            if not kept or is_topology_aware(service) or not follows(stored.labels, service) or kept != list(stored.endpoints):
                piece.endpoints = kept
        self._place(pieces, wanted)
        return pieces

    def _some_pods(self, service: Object, book: Book, uids: list[str], pods: list[Pod]) -> list[Piece]:
        """Look at the Pods that changed, of which `pods` are selected, and at the slices they are in; at the sizes of the others only if a
        place is needed."""
        wanted = self._wanted(service, book.family, pods)
        touched: dict[str, Piece] = {}
        for uid in uids:
            name = book.places.get(uid)
            if name is not None:
                piece = touched.setdefault(name, Piece(book.slices[name], book.slices[name].ports))
                self._replace(piece, uid, wanted)
        pieces = list(touched.values())
        if wanted:
            roomy = [each for name, each in book.slices.items() if name not in touched and len(each.endpoints) < self._largest]
            pieces += [_closed(each) for each in sorted(roomy, key=lambda each: each.name)]
        if len(pieces) < len(book.slices):
            known = {piece.stored.name for piece in pieces if piece.stored is not None}
            other = next(each for name, each in book.slices.items() if name not in known)
            pieces.append(Piece(other, other.ports))
        self._place(pieces, wanted)
        return pieces

    def _selected(self, service: Object) -> list[Pod]:
        selector = service.spec["selector"]
        return self._machinery.pods_matching(service.namespace, selector) if selector else self._store.list("Pod", service.namespace)

    def _among(self, service: Object, uids: Iterable[str]) -> list[Pod]:
        """Those of these Pods that are there and that the Service selects."""
        return [pod for uid in uids if (pod := self._store.by_uid(uid)) is not None and _selects(service, pod)]

    def _replace(self, piece: Piece, uid: str, wanted: dict[str, tuple[Ports, Endpoint]]) -> None:
        """Put a Pod's endpoint of now in the place of the one in its slice, or take that out."""
        present = piece.endpoints if piece.endpoints is not None else (piece.stored.endpoints if piece.stored else ())
        index = next(index for index, each in enumerate(present) if each.uid == uid)
        ports, endpoint = wanted.get(uid, ((), None))
        if endpoint is None or ports != piece.ports:
            del piece.opened()[index]
            return
        del wanted[uid]
        if endpoint != present[index]:
            piece.opened()[index] = endpoint

    def _wanted(self, service: Object, family: str, pods: list[Pod]) -> dict[str, tuple[Ports, Endpoint]]:
        """Ports and endpoint by uid of the Pods that should be endpoints of an address family."""
        found = {}
        for pod in pods:
            node = self._store.get("Node", "", pod.node)
            if is_eligible(pod) and address_in(pod, family) and self._may_be_told(service, node):
                found[pod.uid] = ports_of(service, pod), endpoint_of(service, pod, node, family, self._distributions)
        return found

    def _may_be_told(self, service: Object, node: Object | None) -> bool:
        """A Pod whose Node does not exist is left out, unless its Service publishes all."""
        return node is not None or bool(service.spec.get("publishNotReadyAddresses"))

    def _place(self, pieces: list[Piece], wanted: dict[str, tuple[Ports, Endpoint]]) -> None:
        by_ports: dict[Ports, list[Endpoint]] = {}
        for ports, endpoint in wanted.values():
            by_ports.setdefault(ports, []).append(endpoint)
        for ports, endpoints in by_ports.items():
            fill(pieces, ports, endpoints, self._largest)

    # --- writing them

    def _write(self, service: Object, book: Book, pieces: list[Piece], told: str) -> None:
        """Only slices that change otherwise get the annotation `told`, so that it is no write of its own."""
        created, updated, unwanted = finalize(pieces)
        if is_topology_aware(service):
            self._give_hints([*created, *updated])
        labels, self._writing = slice_labels(service), True
        for each in unwanted:
            self._strike(book, each)
            delete(self._machinery, each)
        for piece in updated:
            old: Any = piece.stored
            endpoints = tuple(piece.endpoints or ())
            if (old.endpoints, old.ports, old.labels) == (endpoints, piece.ports, labels):
                continue
            annotations = annotated(old.annotations, told)
            fields = {"endpoints": endpoints, "ports": piece.ports, "labels": labels, "annotations": annotations, "meta": slice_meta(old)}
            new = self._store.replace(old, **fields)
            if _uids(old) == _uids(new):
                book.slices[new.name] = new
            else:
                self._strike(book, old)
                self._enter(book, new)
        for piece in created:
            self._enter(book, self._store.create(self._new(service, piece, labels, book.family, told)))
        self._writing = False

    def _give_hints(self, pieces: list[Piece]) -> None:
        hinted = iter(self._zones.hinted([endpoint for piece in pieces for endpoint in piece.opened()]))
        for piece in pieces:
            piece.endpoints = [next(hinted) for _ in piece.opened()]

    def _strike(self, book: Book, piece: EndpointSlice) -> None:
        del book.slices[piece.name]
        for each in piece.endpoints:
            if book.places.get(each.uid) == piece.name:
                del book.places[each.uid]

    def _enter(self, book: Book, piece: EndpointSlice) -> None:
        book.slices[piece.name] = piece
        for each in piece.endpoints:
            book.places[each.uid] = piece.name

    def _new(self, service: Object, piece: Piece, labels: dict[str, str], family: str, told: str) -> EndpointSlice:
        return EndpointSlice(
            kind="EndpointSlice",
            namespace=service.namespace,
            name=self._free_name(service),
            uid=self._store.new_uid(),
            version=0,
            created=self._machinery.now,
            labels=labels,
            annotations=annotated({}, told),
            owners=owned_by(service),
            meta={"generateName": f"{service.name}-", "generation": 1},
            address_type=family,
            endpoints=tuple(piece.endpoints or ()),
            ports=piece.ports,
        )

    def _free_name(self, service: Object) -> str:
        while True:
            name = f"{service.name}-{self._machinery.chance.suffix()}"
            if self._store.get("EndpointSlice", service.namespace, name) is None:
                return name

    def _open(self, service: Object) -> tuple[Book, ...]:
        """Read a Service's own slices; those of an earlier Service of that name, or of another address type, are deleted."""
        books = {family: Book(family, {}, {}) for family in families(service)}
        self._books[service.key] = tuple(books.values())
        self._writing = True
        for each in self._store.find(self._machinery.slices_by_service, service.key):
            if each.labels.get(MANAGED_BY) != MANAGER:
                continue
            if each.controller is not None and each.controller.uid == service.uid and each.address_type in books:
                self._enter(books[each.address_type], each)
            elif each.deleting is None:
                delete(self._machinery, each)
        self._writing = False
        return self._books[service.key]

    # --- what has changed

    def _service_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._books.pop(old.key, None)
            self._times.forget(old.key)
        elif old is None or old.spec is not new.spec or old.labels is not new.labels or old.annotations is not new.annotations:
            self._look_at_all(new.key)

    def _look_at_all(self, key: Key) -> None:
        self._whole[key] = None
        self._queue.add(*key)

    def _pod_changed(self, old: Any, new: Any) -> None:
        if not ((new is not None and new.ip) or (old is not None and old.ip)):
            return
        if old is not None and new is not None and _seen(old) == _seen(new):
            if old.labels is not new.labels:
                self._relabelled(old, new)
            return
        for thing in (old, new) if old is None or new is None or old.labels is not new.labels else (new,):
            if thing is not None:
                self._mark(thing, self._services.matching(thing.namespace, thing.labels))

    def _relabelled(self, old: Pod, new: Pod) -> None:
        before = self._services.matching(old.namespace, old.labels)
        after = self._services.matching(new.namespace, new.labels)
        self._mark(new, [each for each in before if each not in after] + [each for each in after if each not in before])

    def _mark(self, pod: Pod, services: list[Any]) -> None:
        for service in services:
            if is_served(service):
                self._dirty.setdefault(service.key, {})[pod.uid] = None
                self._queue.add(*service.key)

    def _node_changed(self, old: Any, new: Any) -> None:
        """No Service is looked at for it; who is looked at next for another reason is looked at as a whole (updateNode, deleteNode)."""
        if old is not None and new is not None and zone(old) == zone(new):
            return
        for pod in self._store.find(self._machinery.pods_by_node, (new or old).name):
            self._whole |= {each.key: None for each in self._services.matching(pod.namespace, pod.labels) if is_served(each)}

    def _slice_changed(self, old: Any, new: Any) -> None:
        """Someone else changed a slice of ours, or made one of it or no longer one: look after a second."""
        if self._writing:
            return
        for thing in (old, new):
            service = "" if thing is None or thing.labels.get(MANAGED_BY) != MANAGER else thing.labels.get(SERVICE_NAME)
            if service:
                key = thing.namespace, service
                self._books.pop(key, None)
                self._whole[key] = None
                self._queue.add_after(SELF_HEALING, *key)

    def state(self) -> list[Any]:
        dirty = [[list(key), list(names)] for key, names in self._dirty.items()]
        tries = [[list(key), count] for key, count in self._tries.items()]
        return [self._queue.state(), dirty, [list(key) for key in self._whole], tries, self._times.state()]

    def restore(self, state: list[Any]) -> None:
        queue, dirty, whole, tries, times = state
        self._queue.restore(queue)
        self._dirty = {tuple(key): dict.fromkeys(names) for key, names in dirty}
        self._whole = {tuple(key): None for key in whole}
        self._tries = {tuple(key): count for key, count in tries}
        self._times.restore(times)


def _closed(piece: EndpointSlice) -> Piece:
    """A slice that is not to be touched, unless it is empty: then its place is free."""
    return Piece(piece, piece.ports, None if piece.endpoints else [])


def _uids(piece: EndpointSlice) -> list[str]:
    return [each.uid for each in piece.endpoints]


def _selects(service: Object, pod: Pod) -> bool:
    selector: dict[str, str] = service.spec["selector"]
    return pod.namespace == service.namespace and selector.items() <= pod.labels.items()


def _seen(pod: Pod) -> tuple[Any, ...]:
    """What of a Pod shows in its endpoint."""
    return pod.ip, pod.other_ip, pod.node, pod.state.ready, pod.deleting is not None, is_finished(pod)
