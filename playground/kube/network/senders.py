"""Who sends a request?  A Pod; or a machine: a Node itself, or a client outside of the cluster, known by its address.

Simplified: a machine outside can have any address that is in no network of the cluster's own, and there is only one hop to it.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, ip_address, ip_network

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.errors import bad_request, not_found

NODE, OUTSIDE = "node", "outside"
NEIGHBOUR = "203.0.113.10"


class Machine(msgspec.Struct, frozen=True, gc=False):
    """A sender that is no Pod. `node` is the Node's name, "" of a client outside."""

    ip: str
    node: str = ""

    @property
    def key(self) -> str:
        return f"{NODE}:{self.node}" if self.node else f"{OUTSIDE}:{self.ip}"


Sender = Pod | Machine


def key_of(sender: Sender) -> str:
    """How a sender is named: `namespace/name` of a Pod, `node:NAME`, or `outside:ADDRESS`."""
    return sender.key if isinstance(sender, Machine) else f"{sender.namespace}/{sender.name}"


def leaves_as(sender: Sender) -> str:
    """The address that other machines see of it: what a Pod sends out of the cluster leaves with its Node's."""
    return sender.ip if isinstance(sender, Machine) else sender.host_ip


def is_machine(source: str) -> bool:
    """Whether a sender's name is not that of a Pod: no name of a Pod or Namespace holds a colon."""
    return source == OUTSIDE or source.startswith((f"{NODE}:", f"{OUTSIDE}:"))


class Senders:
    """Finds senders by name."""

    def __init__(self, machinery: Machinery):
        settings = machinery.settings
        self._store = machinery.store
        self._inside = {
            "Service network": ip_network(settings.service_network),
            "Pod network": ip_network(settings.pod_network),
            "Node network": ip_network(settings.node_network),
        }
        if settings.load_balancers.network:
            self._inside["load balancers' network"] = ip_network(settings.load_balancers.network)

    def require(self, source: str) -> Sender:
        """The sender of a name that may be short: a Pod (a name alone is one in default), `node:NAME`, `outside:ADDRESS`
        or `outside` alone. Raises Refusal if there is none."""
        if source == OUTSIDE:
            return Machine(NEIGHBOUR)
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
        listed = node.status.get("addresses") or () if node is not None else ()
        return next((Machine(each["address"], name) for each in listed if each.get("type") == "InternalIP"), None)

    def _outside(self, source: str) -> str:
        text = source.removeprefix(f"{OUTSIDE}:")
        try:
            address = str(IPv4Address(text))
        except AddressValueError:
            raise bad_request(
                f'"{text}" is not an IPv4 address: a client outside is named by its own, as in {OUTSIDE}:{NEIGHBOUR}'
            ) from None
        for name, network in self._inside.items():
            if ip_address(address) in network:
                wrong = f"{address} is in the cluster's {name} ({network})"
                raise bad_request(f"{wrong}: a client outside needs an address of its own, as in {OUTSIDE}:{NEIGHBOUR}")
        return address
