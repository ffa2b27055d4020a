"""Who sends a request?  A Pod; or a machine: a Node itself, or a client outside of the cluster, known by its address.

Simplified: a machine outside can have any address that is in no network of the cluster's own, and there is only one hop to it;
it has one address, and so one family.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

import msgspec

from playground.kube import outside
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.names import parse_ip
from playground.kube.apiserver.nodes import addresses
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.errors import bad_request, not_found
from playground.kube.network.targets import LOOPBACK
from playground.kube.settings import ClusterSettings

NODE, OUTSIDE = "node", "outside"
NEIGHBOURS = {"IPv4": "203.0.113.10", "IPv6": "2001:db8:203::10"}


class Machine(msgspec.Struct, frozen=True, gc=False):
    """A sender that is no Pod. `node` is the Node's name, "" of a client outside; `other_ip` a Node's address of the other family."""

    ip: str
    node: str = ""
    other_ip: str = ""

    @property
    def key(self) -> str:
        return f"{NODE}:{self.node}" if self.node else f"{OUTSIDE}:{self.ip}"


Sender = Pod | Machine


def runtime_of(node: str) -> Machine:
    """The container runtime of a Node, as it stands inside of a Pod's network and connects to `localhost` there."""
    return Machine(LOOPBACK, node)


def is_runtime(sender: Sender) -> bool:
    return isinstance(sender, Machine) and sender.ip == LOOPBACK


Network = IPv4Network | IPv6Network


def key_of(sender: Sender) -> str:
    """How a sender is named: `namespace/name` of a Pod, `node:NAME`, or `outside:ADDRESS`."""
    return sender.key if isinstance(sender, Machine) else f"{sender.namespace}/{sender.name}"


def source_of(sender: Sender, ip: str) -> str:
    """The address that it sends from to another one: its own of that family, if it has one."""
    return sender.ip if (":" in sender.ip) == (":" in ip) else sender.other_ip


def has_family(sender: Sender, ip: str) -> bool:
    """Whether it has an address of the family of another one."""
    return (":" in sender.ip) == (":" in ip) or bool(sender.other_ip)


def is_machine(source: str) -> bool:
    """Whether a sender's name is not that of a Pod: no name of a Pod or Namespace holds a colon."""
    return source == OUTSIDE or source.startswith((f"{NODE}:", f"{OUTSIDE}:"))


class Senders:
    """Finds senders by name."""

    def __init__(self, machinery: Machinery):
        settings = machinery.settings
        self._store = machinery.store
        self._inside = _named_networks(settings)
        self.neighbours = tuple(NEIGHBOURS[each] for each in settings.families)

    def require(self, source: str) -> Sender:
        """The sender of a name that may be short: a Pod (a name alone is one in default), `node:NAME`, `outside:ADDRESS`
        or `outside` alone. Raises Refusal if there is none."""
        if source == OUTSIDE:
            return Machine(self.neighbours[0])
        if source.startswith(f"{OUTSIDE}:"):
            return Machine(self._outside(source))
        namespace, _, name = source.rpartition("/")
        full = source if source.startswith(f"{NODE}:") else f"{namespace or 'default'}/{name}"
        found = self.find(full)
        if found is None:
            raise not_found("nodes", full.removeprefix(f"{NODE}:")) if full.startswith(f"{NODE}:") else not_found("pods", name)
        return found

    def find(self, full: str) -> Sender | None:
        """The sender of a full name, if it is there now."""
        if full.startswith(f"{OUTSIDE}:"):
            return Machine(full.removeprefix(f"{OUTSIDE}:"))
        if full.startswith(f"{NODE}:"):
            return self._node(full.removeprefix(f"{NODE}:"))
        namespace, _, name = full.partition("/")
        pod: Pod | None = self._store.get("Pod", namespace, name)
        return pod

    def missing(self, full: str) -> str:
        """That nobody has this name now."""
        return f"{'Node' if full.startswith(f'{NODE}:') else 'Pod'} {full.removeprefix(f'{NODE}:')} does not exist"

    def _node(self, name: str) -> Machine | None:
        node: Object | None = self._store.get("Node", "", name)
        own = addresses(node) if node is not None else ()
        return Machine(own[0], name, "".join(own[1:2])) if own else None

    def _outside(self, source: str) -> str:
        text, own = source.removeprefix(f"{OUTSIDE}:"), f"as in {OUTSIDE}:{self.neighbours[0]}"
        address = parse_ip(text)
        if address is None:
            raise bad_request(f'"{text}" is not an IP address: a client outside is named by its own, {own}')
        for name, network in self._inside:
            if address in network:
                wrong = f"{address} is in the cluster's {name} ({network})"
                raise bad_request(f"{wrong}: a client outside needs an address of its own, {own}")
        site = outside.at(str(address))
        if site is not None:
            raise bad_request(f"{address} is the address of {site.name}: a client outside needs an address of its own, {own}")
        return str(address)


def _named_networks(settings: ClusterSettings) -> list[tuple[str, Network]]:
    """The cluster's own networks, in which no machine outside can be."""
    named = {
        "Service network": settings.service_networks,
        "Pod network": settings.pod_networks,
        "Node network": settings.node_networks,
        "load balancers' network": settings.balancer_networks,
    }
    return [(name, ip_network(cidr)) for name, listed in named.items() for cidr in listed]
