"""What does kube-proxy remember of a Service between two changes?  Its ports, and its EndpointSlices in the order of their names.

Source: pkg/proxy/endpointschangetracker.go; the label selector of cmd/kube-proxy/app/server.go.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from playground.kube.apiserver.objects import EndpointSlice
from playground.kube.kubeproxy.addresses import IPV4, IPV6
from playground.kube.kubeproxy.endpoints import Piece
from playground.kube.kubeproxy.serviceports import HEADLESS_LABEL, PROXY_NAME_LABEL, ServicePort

SERVICE_LABEL = "kubernetes.io/service-name"


def service_of(slice: EndpointSlice | None) -> tuple[str, str] | None:
    """The namespace and name of the Service whose endpoints these are; None if kube-proxy does not watch the slice."""
    if slice is None or slice.address_type not in (IPV4, IPV6) or PROXY_NAME_LABEL in slice.labels or HEADLESS_LABEL in slice.labels:
        return None
    name = slice.labels.get(SERVICE_LABEL)
    return (slice.namespace, name) if name else None


class WatchedService:
    """One Service's ports and pieces. The work of a change is that of the slice that changed, and of listing the others."""

    __slots__ = ("_addresses", "_names", "_pieces", "_repeated", "key", "ports")

    def __init__(self, key: tuple[str, str]):
        self.key = key
        self.ports: tuple[ServicePort, ...] = ()
        self._names: list[str] = []
        self._pieces: dict[str, Piece] = {}
        self._addresses: dict[str, int] = {}
        self._repeated = 0

    @property
    def empty(self) -> bool:
        return not self.ports and not self._pieces

    @property
    def doubled(self) -> bool:
        """Whether some address stands in more than one slice."""
        return self._repeated > 0

    def pieces(self) -> tuple[Piece, ...]:
        return tuple(self._pieces[name] for name in self._names)

    def piece(self, name: str) -> Piece | None:
        return self._pieces.get(name)

    def put_in(self, slice: EndpointSlice) -> None:
        """A slice is new, or takes the place of the one of the same name."""
        before = self._pieces.get(slice.name)
        if before is None:
            insort(self._names, slice.name)
        self._pieces[slice.name] = Piece(slice)
        self._count(before.slice if before else None, slice)

    def take_out(self, slice: EndpointSlice) -> None:
        del self._pieces[slice.name]
        del self._names[bisect_left(self._names, slice.name)]
        self._count(slice, None)

    def _count(self, old: EndpointSlice | None, new: EndpointSlice | None) -> None:
        """Keep count of how many slices hold each address, where there are several slices."""
        if len(self._pieces) < 2:
            self._addresses, self._repeated = {}, 0
            return
        if not self._addresses:
            for piece in self._pieces.values():
                self._note(piece.slice, 1)
            return
        if old is not None:
            self._note(old, -1)
        if new is not None:
            self._note(new, 1)

    def _note(self, slice: EndpointSlice, change: int) -> None:
        for ip in dict.fromkeys(each.ip for each in slice.endpoints):
            before = self._addresses.get(ip, 0)
            self._addresses[ip] = before + change
            self._repeated += (before + change >= 2) - (before >= 2)
            if not before + change:
                del self._addresses[ip]
