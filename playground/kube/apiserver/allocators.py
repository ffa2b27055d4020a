"""Which address, port or network is free?  Nothing is given twice at a time: what is in use is read from the store.

Source: pkg/registry/core/service/{ipallocator,portallocator}, pkg/controller/nodeipam/ipam/cidrset, and the CNI plugin
host-local for Pods.  An address is taken when the object that holds it is stored: store it before asking again.
In a dual-stack cluster there is an allocator for each family, and none knows of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.names import parse_ip
from playground.kube.apiserver.nodes import address_of, pod_networks
from playground.kube.chance import Chance
from playground.kube.settings import family_of

MISMATCHED = "the provided network does not match the current range"
NODE_PORTS = range(30_000, 32_768)
MOST_IPV6 = 65_536


class Full(Exception):
    """Nothing is free; the message is the allocator's own."""

    def __init__(self, message: str = "range is full"):
        super().__init__(message)


class Allocators:
    """All allocators of one cluster; made before any object is put in the store."""

    def __init__(self, machinery: Machinery):
        settings = machinery.settings
        self.cluster_ips = {family_of(each): ServiceAddresses(machinery, each) for each in settings.service_networks}
        self.node_ports = NodePorts(machinery)
        self.pod_addresses = PodAddresses(machinery)
        pods = zip(settings.pod_networks, settings.node_prefixes, strict=True)
        self.node_networks = tuple(NodeNetworks(machinery, network, prefix) for network, prefix in pods)
        self.node_addresses = tuple(NodeAddresses(machinery, network) for network in settings.node_networks)

    def state(self) -> dict[str, int]:
        """What does not follow from the store."""
        return self.pod_addresses.state()

    def restore(self, state: dict[str, int]) -> None:
        self.pod_addresses.restore(state)


class ServiceAddresses:
    """The ClusterIPs of a service network. Explicit ones are meant to come from its lower band, so that automatic ones are
    drawn from the upper band first (KEP-3070). Of an IPv6 network only the first 65,536 addresses are given, the network's own
    is left out, and there is no broadcast address."""

    def __init__(self, machinery: Machinery, network: str):
        self._chance = machinery.chance
        self._network = ip_network(network)
        self._used = machinery.store.index("Service", _cluster_ips)
        size = self._network.num_addresses - 2 if self._network.version == 4 else min(self._network.num_addresses, MOST_IPV6) - 1
        self._band = min(max(16, size // 16), 256) if size > 16 else 0
        self._size = size

    def take(self) -> str:
        """A free address, or raises Full."""
        number = _draw(self._chance, self._size, self._band, lambda n: not self._used.count(str(self._network[n + 1])))
        return str(self._network[number + 1])

    def why_not(self, address: str) -> str | None:
        """Why an address cannot be given to a Service, or None."""
        wanted = parse_ip(address)
        place = int(wanted) - int(self._network[0]) if wanted and wanted.version == self._network.version else 0
        if not 0 < place <= self._size:
            return MISMATCHED
        return "provided IP is already allocated" if self._used.count(str(wanted)) else None


class NodePorts:
    """The ports of NODE_PORTS that Services open on every Node, with a lower band for explicit ones (KEP-3668)."""

    def __init__(self, machinery: Machinery):
        self._chance = machinery.chance
        self._used = machinery.store.index("Service", _node_ports)

    def take(self, reserved: Iterable[int] = ()) -> int:
        """A free port that is not among `reserved`, or raises Full."""
        size, taken = len(NODE_PORTS), set(reserved)
        band = min(max(16, size // 32), 128)
        return NODE_PORTS[_draw(self._chance, size, band, lambda n: NODE_PORTS[n] not in taken and self.free(NODE_PORTS[n]))]

    def free(self, port: int) -> bool:
        return not self._used.count(port)


class PodAddresses:
    """The addresses of each Node's Pod networks, in turn, so that one is not used again soon; the network's own, the
    gateway's (.1) and the broadcast address of IPv4 are left out."""

    def __init__(self, machinery: Machinery):
        self._store = machinery.store
        self._used = machinery.pods_by_ip
        self._last: dict[str, int] = {}

    def take(self, node: str) -> tuple[str, ...]:
        """The next free address of each of a Node's `spec.podCIDRs`, or raises Full."""
        spec = self._store.get("Node", "", node).spec
        cidrs = spec.get("podCIDRs") or [spec["podCIDR"]]
        found = [self._next(node if not place else f"{node}/{place}", cidr) for place, cidr in enumerate(cidrs)]
        self._last.update((key, number) for key, number, _ in found)
        return tuple(address for _, _, address in found)

    def _next(self, key: str, cidr: str) -> tuple[str, int, str]:
        network, first, count = _hosts(cidr)
        for step in range(count):
            number = (self._last.get(key, -1) + 1 + step) % count
            address = _dotted(first + number) if network.version == 4 else str(network[number + 2])
            if not self._used.count(address):
                return key, number, address
        raise Full(f"no IP addresses available in range set: {network[2]}-{network[count + 1]}")

    def state(self) -> dict[str, int]:
        """The place of each Node's last address (of its second network under `NODE/1`): it does not follow from the store."""
        return dict(sorted(self._last.items()))

    def restore(self, state: dict[str, int]) -> None:
        self._last = dict(state)


@cache
def _hosts(cidr: str) -> tuple[IPv4Network | IPv6Network, int, int]:
    """The network, its first address for Pods, which is the third, and how many it has from there on."""
    network = ip_network(cidr)
    return network, int(network[2]), network.num_addresses - (3 if network.version == 4 else 2)


def _dotted(address: int) -> str:
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"


class NodeNetworks:
    """The Pod networks of Nodes in one family: the lowest free /`prefix` of a network, counted from 1; free again when its Node goes."""

    def __init__(self, machinery: Machinery, network: str, prefix: int):
        self._network = ip_network(network)
        self._prefix = prefix
        self._shift = self._network.max_prefixlen - prefix
        self._numbers = Numbers(machinery, self._number_of)

    def take(self) -> str:
        """A free network as a CIDR, or raises Full."""
        number = self._numbers.lowest(1)
        if number >= self._network.num_addresses >> self._shift:
            raise Full("CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range")
        return f"{self._network[number << self._shift]}/{self._prefix}"

    def _number_of(self, node: Any) -> int | None:
        cidr = next((each for each in pod_networks(node) if family_of(each) == f"IPv{self._network.version}"), None)
        return (int(ip_network(cidr)[0]) - int(self._network[0])) >> self._shift if cidr else None


class NodeAddresses:
    """The addresses of the Nodes themselves in one family: the lowest free one of a network, from .2 (.1 is the gateway)."""

    def __init__(self, machinery: Machinery, network: str):
        self._network = ip_network(network)
        self._numbers = Numbers(machinery, self._number_of)

    def take(self) -> str:
        """A free address, or raises Full."""
        number = self._numbers.lowest(2)
        if number >= self._network.num_addresses - 1:
            raise Full(f"no Node addresses left in {self._network}")
        return str(self._network[number])

    def _number_of(self, node: Any) -> int | None:
        address = address_of(node, f"IPv{self._network.version}")
        return int(ip_address(address)) - int(self._network[0]) if address else None


class Numbers:
    """Which small numbers do the Nodes hold?  `number_of(node)` gives a Node's, or None."""

    def __init__(self, machinery: Machinery, number_of: Callable[[Any], int | None]):
        self._number_of = number_of
        self._held: dict[int, int] = {}
        self._low = 0
        machinery.store.follow("Node", self._follow)

    def lowest(self, start: int) -> int:
        """The lowest number from `start` on that no Node holds."""
        self._low = max(self._low, start)
        while self._low in self._held:
            self._low += 1
        return self._low

    def _follow(self, old: Any, new: Any) -> None:
        before = None if old is None else self._number_of(old)
        after = None if new is None else self._number_of(new)
        if before == after:
            return
        if after is not None:
            self._held[after] = self._held.get(after, 0) + 1
        if before is not None:
            self._held[before] -= 1
            if not self._held[before]:
                del self._held[before]
                self._low = min(self._low, before)


def _draw(chance: Chance, size: int, band: int, free: Callable[[int], bool]) -> int:
    """A free number from band .. size-1, drawn evenly and then the next free one; from the lower band when there is none."""
    for low, high in ((band, size), (0, band)):
        if low == high:
            continue
        start = chance.below(high - low)
        for step in range(high - low):
            number = low + (start + step) % (high - low)
            if free(number):
                return number
    raise Full


def _cluster_ips(service: Any) -> list[str]:
    listed = (parse_ip(address) for address in service.spec.get("clusterIPs", ()))
    return [str(address) for address in listed if address is not None]


def _node_ports(service: Any) -> list[int]:
    ports = [port["nodePort"] for port in service.spec.get("ports", ()) if port.get("nodePort")]
    health = service.spec.get("healthCheckNodePort")
    return list(dict.fromkeys([*ports, health] if health else ports))
