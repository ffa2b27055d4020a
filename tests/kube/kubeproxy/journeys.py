"""What becomes of a connection from anywhere to anywhere, over one Node or two, by the simulation's verdicts?"""

from __future__ import annotations

from typing import NamedTuple

from playground.kube.kubeproxy.portrules import DROP, FORWARD
from playground.kube.kubeproxy.routing import Packet
from tests.kube.kubeproxy.scenarios import CLIENTS, GATEWAYS, NODES, PODS, Scenario, address_of, node_of

NAMES = {ip: pod for pod, ip in PODS.items()}
OWNERS = {ip: node for node, ip in NODES.items()}


class Journey(NamedTuple):
    """`outcome` is ok, refused or timeout; `seen` says for each Pod that may answer which addresses it may see as the sender's.
    `sticky`: the sender keeps its endpoint."""

    outcome: str
    seen: dict[str, frozenset[str]]
    sticky: bool = False


REFUSED, TIMEOUT = Journey("refused", {}), Journey("timeout", {})


def journey(made: Scenario, place: str, ip: str, port: int) -> Journey:
    """From a Pod, Node or client to `ip:port`, TCP. An address of another Node is left to that Node; a Pod arrives there as its own Node,
    as the network of Pods masquerades what leaves it."""
    node = OWNERS.get(ip, node_of(place)) if place in CLIENTS else node_of(place)
    source = "127.0.0.1" if ip.startswith("127.") else address_of(place)
    found = made.ruling(node, Packet(source, ip, "TCP", port))
    if not found.verdict and not found.unreached and OWNERS.get(ip, node) != node:
        source, node = NODES[node], OWNERS[ip]
        found = made.ruling(node, Packet(source, ip, "TCP", port))
    if found.verdict == FORWARD and found.rules is not None and found.way is not None:
        own = frozenset((NODES[node], GATEWAYS[node]))
        seen = {NAMES[each.ip]: own if found.masquerades(source, each.ip) else frozenset((source,)) for each, _ in found.way.choice}
        return Journey("ok", seen, found.rules.port.sticky > 0)
    if found.verdict == DROP:
        return TIMEOUT
    nobody = not found.verdict and ip not in OWNERS and not ip.startswith("127.")
    return TIMEOUT if nobody else REFUSED
