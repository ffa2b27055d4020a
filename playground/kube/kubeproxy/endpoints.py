"""Which endpoints may a Node use for a Service port?  Sorted once for each EndpointSlice, then joined.

Source: pkg/proxy/topology.go (CategorizeEndpoints), pkg/proxy/endpointslicecache.go.
Simplified: where a Service has several EndpointSlices, its endpoints are drawn in order slice by slice; `in_order` is the order of the rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

import msgspec

from playground.kube.apiserver.objects import Endpoint, EndpointSlice
from playground.kube.kubeproxy.addresses import canonical
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.serviceports import ServicePort

Run = tuple[Endpoint, ...]
NOBODY: tuple[Run, Run] = ((), ())
ODD_ZERO = re.compile(r"0(?<=[ .:]0)[0-9]")  # begins with what is rare, so that it is found fast


class Choice(msgspec.Struct, frozen=True):
    """Endpoints to choose from, in runs: those of run i listen on `ports[i]` and end before `ends[i]`."""

    count: int = 0
    runs: tuple[Run, ...] = ()
    ports: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    @classmethod
    def of(cls, runs: tuple[Run, ...], parts: tuple[Part, ...]) -> Choice:
        """One run from each part; a run may be empty."""
        ends = tuple(accumulate(map(len, runs)))
        return cls(ends[-1] if ends else 0, runs, tuple(part.port for part in parts), ends)

    def pick(self, place: int) -> tuple[Endpoint, int]:
        """The endpoint at a place (0 .. count-1) and the port it listens on; the work is the logarithm of the number of runs."""
        which = bisect_right(self.ends, place)
        return self.runs[which][place - self.ends[which]], self.ports[which]

    def find(self, ip: str, port: int) -> Endpoint | None:
        """The endpoint at `ip:port`, if it may be chosen; the work is the logarithm of each run's length."""
        wanted = address(ip, port)
        for run, number in zip(self.runs, self.ports, strict=True):
            if (
                number == port
                and (place := bisect_left(run, wanted, key=lambda each: address(each.ip, port))) < len(run)
                and run[place].ip == ip
            ):
                return run[place]
        return None

    def in_order(self) -> list[tuple[Endpoint, int]]:
        """As the rules list them: kube-proxy sorts `ip:port` as text, so that 10.1.1.11:80 comes before 10.1.1.1:80."""
        return sorted(self, key=lambda pair: address(pair[0].ip, pair[1]))

    def __iter__(self) -> Iterator[tuple[Endpoint, int]]:
        return ((endpoint, port) for run, port in zip(self.runs, self.ports, strict=True) for endpoint in run)


class Categories(msgspec.Struct, frozen=True):
    """The endpoints that one Node uses for one Service port. A set that the port never uses is None.

    `has_any`: some endpoint anywhere is usable, whether or not this Node may use it. `preferred` is the topology that
    narrows `cluster`: "node", "zone" or "". `cluster_leaving`, `local_leaving`: the set is the last resort, endpoints
    that are terminating but still serve.
    """

    cluster: Choice | None = None
    local: Choice | None = None
    has_any: bool = False
    preferred: str = ""
    cluster_leaving: bool = False
    local_leaving: bool = False

    def reachable(self) -> list[tuple[Endpoint, int]]:
        """Every endpoint that the Node has a chain for, in the order of the rules."""
        both = {address(each.ip, port): (each, port) for choice in (self.cluster, self.local) if choice for each, port in choice}
        return [both[text] for text in sorted(both)]


class Part:
    """What one EndpointSlice gives to one Service port: its endpoints sorted into ready and leaving (terminating, still serving).

    `by_node` and `by_zone` hold the ready endpoints by their hints, or None unless every one of them has such a hint.
    """

    __slots__ = ("_local", "by_node", "by_zone", "endpoints", "leaving", "port", "ready")

    def __init__(self, endpoints: Iterable[Endpoint], port: int):
        self.port = port
        self.endpoints: Run = sorted_run(endpoints)
        self.ready: Run = tuple(each for each in self.endpoints if each.ready is not False)
        self.leaving: Run = tuple(each for each in self.endpoints if each.ready is False and _leaving(each))
        self.by_node = _hinted([(each, each.for_nodes) for each in self.ready])
        self.by_zone = _hinted([(each, each.for_zones) for each in self.ready])
        self._local: dict[str, tuple[Run, Run]] | None = None

    def local(self, node: str) -> tuple[Run, Run]:
        """The ready and the leaving endpoints on a Node; the table of Nodes is made when it is first asked for."""
        if self._local is None:
            self._local = {}
            for state, run in enumerate((self.ready, self.leaving)):
                for each in run:
                    both = self._local.get(each.node, NOBODY)
                    self._local[each.node] = ((*both[0], each), both[1]) if state == 0 else (both[0], (*both[1], each))
        return self._local.get(node, NOBODY)


class Piece:
    """An EndpointSlice as kube-proxy holds it: each of its parts is made once, when it is first used."""

    __slots__ = ("_parts", "slice")

    def __init__(self, slice: EndpointSlice):
        self.slice = slice
        self._parts: dict[tuple[str, str], Part | None] = {}

    def part(self, port_name: str, protocol: str) -> Part | None:
        """What it gives to a Service port; None if it has no port of that name and protocol."""
        key = port_name, protocol
        if key not in self._parts:
            number = self.number(port_name, protocol)
            self._parts[key] = Part(winners(self.slice.endpoints), number) if number else None
        return self._parts[key]

    def number(self, port_name: str, protocol: str) -> int | None:
        """The number behind a Service port: kube-proxy joins by name and protocol and never looks at targetPort."""
        return next((each.port for each in self.slice.ports if (each.name, each.protocol) == (port_name, protocol)), None)


def parts_of(port: ServicePort, pieces: Iterable[Piece], doubled: bool) -> tuple[Part, ...]:
    """The parts that make up a Service port, of slices of its family; `doubled` says that some address stands in several pieces."""
    name, protocol, family = port.port_name, port.protocol, port.family
    pieces = [piece for piece in pieces if piece.slice.address_type == family]
    if not doubled:
        return tuple([part for piece in pieces if (part := piece.part(name, protocol)) is not None])
    counted = [(piece, number) for piece in pieces if (number := piece.number(name, protocol))]
    kept: dict[tuple[str, int], tuple[int, Endpoint]] = {}
    for place, (piece, number) in enumerate(counted):
        for each in readable(piece.slice.endpoints):
            if (each.ip, number) not in kept or not each.terminating:
                kept[each.ip, number] = place, each
    return tuple(
        Part([each for (_, port_number), (where, each) in kept.items() if where == place and port_number == number], number)
        for place, (_, number) in enumerate(counted)
    )


def winners(endpoints: Iterable[Endpoint]) -> Iterable[Endpoint]:
    """One endpoint for each address: a later one takes the place of an earlier, unless it is terminating."""
    kept: dict[str, Endpoint] = {}
    for each in readable(endpoints):
        if each.ip not in kept or not each.terminating:
            kept[each.ip] = each
    return kept.values()


def sorted_run(endpoints: Iterable[Endpoint]) -> Run:
    """Endpoints on one port, sorted as kube-proxy sorts them: by `ip:port` or `[ip]:port` as text."""
    found = list(endpoints)
    end = "]" if found and ":" in found[0].ip else ":"
    return tuple(sorted(found, key=lambda each: each.ip + end))


def readable(endpoints: Iterable[Endpoint]) -> Iterable[Endpoint]:
    """The endpoints with their addresses as Kubernetes prints them, where some were written with leading zeros."""
    found = tuple(endpoints)
    if not ODD_ZERO.search(" ".join(["", *[each.ip for each in found]])):
        return found
    return [msgspec.structs.replace(each, ip=canonical(each.ip)) for each in found]


def categorize(port: ServicePort, parts: tuple[Part, ...], node: str, zone: str, node_hints: bool = True) -> Categories:
    """Sort a Service port's endpoints for one Node. The work is proportional to the number of EndpointSlices.
    `node_hints` False: hints that name Nodes are not read, as before Kubernetes 1.35."""
    if not any(part.endpoints for part in parts):
        return Categories()
    cluster = local = None
    preferred, cluster_leaving, local_leaving = "", False, False
    if port.uses_cluster:
        preferred, cluster = _preferred(parts, node if node_hints else "", zone)
        if cluster_leaving := not cluster.count:
            cluster = Choice.of(tuple([part.leaving for part in parts]), parts)
    if port.uses_local:
        local = Choice.of(tuple([part.local(node)[0] for part in parts]), parts)
        if local_leaving := not local.count:
            local = Choice.of(tuple([part.local(node)[1] for part in parts]), parts)
    usable = any(part.ready or part.leaving for part in parts)
    return Categories(cluster, local, usable, preferred, cluster_leaving, local_leaving)


def hinted(parts: tuple[Part, ...]) -> bool:
    """Whether the ready endpoints have hints that may narrow what a Node uses."""
    return any(table for mode in ("by_node", "by_zone") for table in _tables(parts, mode))


def _preferred(parts: tuple[Part, ...], node: str, zone: str) -> tuple[str, Choice]:
    """The ready endpoints that the hints allow this Node: its own, else its zone's, else all."""
    for mode, place in (("node", node), ("zone", zone)):
        tables = _tables(parts, f"by_{mode}")
        if place and any(place in table for table in tables):
            return mode, Choice.of(tuple([table.get(place, ()) for table in tables]), parts)
    return "", Choice.of(tuple([part.ready for part in parts]), parts)


def _tables(parts: tuple[Part, ...], mode: str) -> list[dict[str, Run]]:
    """Each part's table of hints; none at all if one ready endpoint anywhere has no hint of that kind."""
    tables: list[dict[str, Run]] = []
    for part in parts:
        table = getattr(part, mode)
        if table is None:
            return []
        tables.append(table)
    return tables


def _hinted(hints: list[tuple[Endpoint, tuple[str, ...]]]) -> dict[str, Run] | None:
    if not all(places for _, places in hints):
        return None
    found: dict[str, Run] = {}
    for endpoint, places in hints:
        for place in places:
            found[place] = (*found.get(place, ()), endpoint)
    return found


def _leaving(endpoint: Endpoint) -> bool:
    return endpoint.serving is not False and bool(endpoint.terminating)
