"""Which endpoint had this sender before?  sessionAffinity ClientIP, remembered by each Node for each Service port.

Source: pkg/proxy/iptables/proxier.go (writeServiceToEndpointRules); net/netfilter/xt_recent.c: each new connection renews the
stamp, so the time slides; a list is gone when no rule names it any more.
Simplified: a list of the kernel holds 100 senders unless it is told otherwise; here it holds all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from playground.kube.apiserver.objects import Endpoint
from playground.kube.clock import SECOND
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.endpoints import Choice
from playground.kube.kubeproxy.serviceports import ServicePort

Where = tuple[str, int]
Stamps = dict[str, dict[Where, int]]


class Recent:
    """By Service port's name and Node: for each sender the endpoints (address and port) it went to, with the time of its last connection."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, Stamps]] = {}

    def find(self, node: str, port: ServicePort, source: str, choice: Choice, now: int) -> tuple[Endpoint, int] | None:
        """The endpoint that a sender sticks to; the first in the order of the rules, if there are several."""
        stamps = self._lists.get(port.name, {}).get(node, {}).get(source, {})
        for where in [where for where, last in stamps.items() if now - last > port.sticky * SECOND]:
            del stamps[where]
        for ip, number in sorted(stamps, key=lambda where: address(*where)):
            endpoint = choice.find(ip, number)
            if endpoint is not None:
                return endpoint, number
        return None

    def stamp(self, node: str, port: ServicePort, source: str, ip: str, number: int, now: int) -> None:
        """A connection of a sender was led to an endpoint."""
        self._lists.setdefault(port.name, {}).setdefault(node, {}).setdefault(source, {})[ip, number] = now

    def known(self, names: Iterable[str]) -> list[str]:
        """Those of these Service ports that any Node remembers senders of."""
        return [name for name in names if name in self._lists]

    def prune(self, name: str, nodes: Iterable[str], kept: Callable[[str], set[Where]]) -> None:
        """The rules of a Service port were written anew on these Nodes: only lists of the endpoints that `kept` gives for a Node go on."""
        lists = self._lists.get(name, {})
        for node in [node for node in nodes if node in lists]:
            remaining = kept(node)
            lists[node] = {
                source: left for source, held in lists[node].items() if (left := {w: t for w, t in held.items() if w in remaining})
            }

    def forget(self, node: str) -> None:
        """A Node is gone, or has booted."""
        for lists in self._lists.values():
            lists.pop(node, None)

    # --- saving

    def state(self) -> list[Any]:
        """One entry for each stamp: name of the Service port, Node, sender, address, port, time."""
        return [
            [name, node, source, ip, number, last]
            for name, lists in self._lists.items()
            for node, stamps in lists.items()
            for source, held in stamps.items()
            for (ip, number), last in held.items()
        ]

    def restore(self, state: list[Any]) -> None:
        self._lists = {}
        for name, node, source, ip, number, last in state:
            self._lists.setdefault(name, {}).setdefault(node, {}).setdefault(source, {})[ip, number] = last
