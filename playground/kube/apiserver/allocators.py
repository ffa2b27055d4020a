"""Which address, port or network is free?  Nothing is given twice at a time: what is in use is read from the store.

Source: pkg/registry/core/service/{ipallocator,portallocator}, pkg/controller/nodeipam/ipam/cidrset, and the CNI plugin
host-local for Pods.  An address is taken when the object that holds it is stored: store it before asking again.
Simplified: IPv4 only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.chance import Chance

NODE_PORTS = range(30_000, 32_768)


class Full(Exception):
    """Nothing is free; the message is the allocator's own."""

    def __init__(self, message: str = "range is full"):
        super().__init__(message)


class Allocators:
    """All allocators of one cluster; made before any object is put in the store."""

    def __init__(self, machinery: Machinery):
        self.cluster_ips = ServiceAddresses(machinery)
        self.node_ports = NodePorts(machinery)
        self.pod_addresses = PodAddresses(machinery)
        self.node_networks = NodeNetworks(machinery)
        self.node_addresses = NodeAddresses(machinery)

    def state(self) -> dict[str, int]:
        """What does not follow from the store."""
        return self.pod_addresses.state()

    def restore(self, state: dict[str, int]) -> None:
        self.pod_addresses.restore(state)


class ServiceAddresses:
    """The ClusterIPs of `settings.service_network`. Explicit ones are meant to come from its lower band, so that
    automatic ones are drawn from the upper band first (KEP-3070)."""

    def __init__(self, machinery: Machinery):
        self._chance = machinery.chance
        self._network = IPv4Network(machinery.settings.service_network)
        self._used = machinery.store.index("Service", _cluster_ips)
        size = self._network.num_addresses - 2
        self._band = min(max(16, size // 16), 256) if size > 16 else 0
        self._size = size

    def take(self) -> str:
        """A free address, or raises Full."""
        first = int(self._network.network_address) + 1
        return str(IPv4Address(first + _draw(self._chance, self._size, self._band, lambda n: self._free(str(IPv4Address(first + n))))))

    def why_not(self, address: str) -> str | None:
        """Why an address cannot be given to a Service, or None."""
        try:
            inside = IPv4Address(address) in self._network
        except AddressValueError:
            inside = False
        ends = (str(self._network.network_address), str(self._network.broadcast_address))
        if not inside or address in ends:
            return f"the provided IP ({address}) is not in the valid range. The range of valid IPs is {self._network}"
        return None if self._free(address) else "provided IP is already allocated"

    def _free(self, address: str) -> bool:
        return not self._used.count(address)


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
    """The addresses of each Node's Pod network, in turn, so that one is not used again soon; the network's own, the
    gateway's (.1) and the broadcast address are left out."""

    def __init__(self, machinery: Machinery):
        self._store = machinery.store
        self._used = machinery.pods_by_ip
        self._last: dict[str, int] = {}

    def take(self, node: str) -> str:
        """The next free address of a Node's `spec.podCIDR`, or raises Full."""
        first, count = _hosts(self._store.get("Node", "", node).spec["podCIDR"])
        for step in range(count):
            number = (self._last.get(node, -1) + 1 + step) % count
            address = str(IPv4Address(first + number))
            if not self._used.count(address):
                self._last[node] = number
                return address
        raise Full(f"no IP addresses available in range set: {IPv4Address(first)}-{IPv4Address(first + count - 1)}")

    def state(self) -> dict[str, int]:
        """The place of each Node's last address: it does not follow from the store."""
        return dict(sorted(self._last.items()))

    def restore(self, state: dict[str, int]) -> None:
        self._last = dict(state)


@cache
def _hosts(cidr: str) -> tuple[int, int]:
    """The first address for Pods, as a number, and how many there are."""
    network = IPv4Network(cidr)
    return int(network.network_address) + 2, network.num_addresses - 3


class NodeNetworks:
    """The Pod networks of Nodes: the lowest free /`node_prefix` of `pod_network`, counted from 1; free again when its Node goes."""

    def __init__(self, machinery: Machinery):
        settings = machinery.settings
        self._network = IPv4Network(settings.pod_network)
        self._prefix = settings.node_prefix
        self._numbers = Numbers(machinery, self._number_of)

    def take(self) -> str:
        """A free network as a CIDR, or raises Full."""
        shift = 32 - self._prefix
        number = self._numbers.lowest(1)
        if number >= self._network.num_addresses >> shift:
            raise Full("CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range")
        return f"{IPv4Address(int(self._network.network_address) + (number << shift))}/{self._prefix}"

    def _number_of(self, node: Any) -> int | None:
        cidr = node.spec.get("podCIDR")
        return (int(IPv4Network(cidr).network_address) - int(self._network.network_address)) >> (32 - self._prefix) if cidr else None


class NodeAddresses:
    """The addresses of the Nodes themselves: the lowest free one of `node_network`, from .2 (.1 is the gateway)."""

    def __init__(self, machinery: Machinery):
        self._network = IPv4Network(machinery.settings.node_network)
        self._numbers = Numbers(machinery, self._number_of)

    def take(self) -> str:
        """A free address, or raises Full."""
        number = self._numbers.lowest(2)
        if number >= self._network.num_addresses - 1:
            raise Full(f"no Node addresses left in {self._network}")
        return str(self._network.network_address + number)

    def _number_of(self, node: Any) -> int | None:
        address = address_of(node)
        return int(IPv4Address(address)) - int(self._network.network_address) if address else None


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


def address_of(node: Any) -> str:
    """A Node's InternalIP, or ''."""
    listed = node.status.get("addresses", ())
    return next((str(each["address"]) for each in listed if each["type"] == "InternalIP"), "")


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
    return [address for address in service.spec.get("clusterIPs", ()) if address != "None"]


def _node_ports(service: Any) -> list[int]:
    ports = [port["nodePort"] for port in service.spec.get("ports", ()) if port.get("nodePort")]
    health = service.spec.get("healthCheckNodePort")
    return list(dict.fromkeys([*ports, health] if health else ports))
