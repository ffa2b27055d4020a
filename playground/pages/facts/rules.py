"""What do the kube-proxies do with a Service's address, Node by Node, or one Node's with every address?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.kube.network.hostports import mappings
from playground.pages.facts.values import DROP, READY, WARN, Badge

MEANING = {
    "REJECT": "no endpoint anywhere can be used: the sender is refused at once",
    "DROP": "this Node has no endpoint of its own, and the policy is Local: the packet is thrown away, the sender waits",
}

OUTSIDE_DROP = (
    "from outside, externalTrafficPolicy is Local, and this Node has no endpoint of its own: the packet is thrown away, the sender waits"
)
OUTSIDE_LOCAL = "externalTrafficPolicy is Local: only endpoints on this Node; Pods and the Node itself may also go to others"

PROGRAMS = {"IPv4": "iptables", "IPv6": "ip6tables"}


@dataclass(frozen=True)
class RuleRow:
    """One rule of one Node. `behind` says that the Node has not yet heard of the newest endpoints."""

    node: str
    service: str
    service_ref: str
    address: str
    outside: bool
    badge: Badge
    why: str
    endpoints: tuple[str, ...]
    more: int
    behind: bool


@dataclass(frozen=True)
class Program:
    """What one family's rules are called and written in: iptables or ip6tables, and its tables as (name, text)."""

    family: str
    name: str
    tables: tuple[tuple[str, str], ...]


def shown(running: Any, thing: Any) -> tuple[RuleRow, ...]:
    """Of a Node: all its rules. Of a Service: those for its addresses on every Node."""
    if thing.kind == "Node":
        return tuple(_row(thing.name, rule) for rule in running.proxies.rules(thing.name))
    names = running.proxies.names(thing.namespace, thing.name)
    nodes = [node.name for node in running.store.list("Node")]
    return tuple(_row(node, rule) for node in nodes for rule in running.proxies.rules(node, names))


def host_ports(running: Any, thing: Any) -> tuple[str, ...]:
    """The host ports of a Node's Pods, each with the Pod that it leads to: by rules that are not kube-proxy's, and not shown."""
    if thing.kind != "Node":
        return ()
    pods = running.store.find(running.machinery.pods_by_node, thing.name)
    return tuple(f"{each.outside}/{each.protocol} to Pod {pod.name}" for pod in pods for each in mappings(pod))


def text(running: Any, node: str, family: str) -> str:
    """What `iptables-save`, or for IPv6 `ip6tables-save`, prints on a Node; "" before its kube-proxy has written anything."""
    held = running.proxies.iptables(node, family)
    return held.save() if held else ""


def tables(running: Any, node: str) -> tuple[Program, ...]:
    """The same by table, for each family that the cluster has."""
    return tuple(Program(family, PROGRAMS[family], _by_name(text(running, node, family))) for family in running.settings.families)


def _by_name(whole: str) -> tuple[tuple[str, str], ...]:
    parts = whole.split("COMMIT\n")[:-1]
    named = ((part[part.index("*") + 1 :].partition("\n")[0], f"{part}COMMIT\n") for part in parts)
    return tuple(sorted(named, key=lambda each: each[0] != "nat"))


def _address(rule: Any) -> str:
    """`172.17.0.5:80/TCP`; of what comes from outside all addresses, and the node port: `198.51.100.1:80, node port 30080/TCP`."""
    written = [rule.address] if rule.address else []
    written += [f"node port {rule.node_port}"] if rule.node_port else []
    return f"{', '.join(written)}/{rule.protocol}"


def _why(rule: Any) -> str:
    if rule.verdict != "forward":
        return OUTSIDE_DROP if rule.outside and rule.verdict == "DROP" else MEANING.get(rule.verdict, "")
    why = "each new connection goes there"
    if rule.count > 1:
        which = f"goes to one of these, each with chance 1/{rule.count}"
        again = f"the first connection of a sender {which}; until {rule.sticky} s have passed without one, its next ones go to the same"
        why = again if rule.sticky else f"each new connection {which}"
    return f"{why}; {OUTSIDE_LOCAL}" if rule.local else why


def _row(node: str, rule: Any) -> RuleRow:
    count = rule.count
    forwards = rule.verdict == "forward"
    return RuleRow(
        node=node,
        service=rule.name,
        service_ref=f"Service/{rule.name.partition(':')[0]}",
        address=_address(rule),
        outside=rule.outside,
        badge=Badge(WARN if rule.behind else READY, f"1 of {count}") if forwards else Badge(DROP, rule.verdict),
        why=_why(rule),
        endpoints=rule.endpoints,
        more=count - len(rule.endpoints),
        behind=rule.behind,
    )
