"""What becomes of a packet to a Service port?  It is forwarded to one endpoint of a set, dropped, or rejected.

Source: pkg/proxy/iptables/proxier.go (syncProxyRules, writeServiceToEndpointRules).
Simplified: one number u is drawn and the endpoint at floor(u * n) taken, where the kernel draws once for each rule; each has 1/n both ways.
"""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.objects import Endpoint
from playground.kube.kubeproxy.endpoints import Categories, Choice, Part, Piece, categorize, hinted, parts_of
from playground.kube.kubeproxy.serviceports import ServicePort


class Way(msgspec.Struct, frozen=True):
    """Where a Node sends packets to the ClusterIP: `verdict` is forward, DROP or REJECT; `chain` is SVC or SVL; `choice` the endpoints."""

    verdict: str
    chain: str
    choice: Choice
    preferred: str = ""
    leaving: bool = False


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What a Node's kube-proxy did with one packet. No rule: `rules` is None and the packet goes on as it is.

    `drawn` is the number drawn, of 64 bits, or None where there was nothing to draw; `port` is the endpoint's;
    `masquerade`: the endpoint sees the Node's address in place of the sender's. `behind`: this kube-proxy had not heard of the latest change.
    """

    rules: PortRules | None = None
    way: Way | None = None
    drawn: int | None = None
    endpoint: Endpoint | None = None
    port: int = 0
    masquerade: bool = False
    behind: bool = False

    @property
    def verdict(self) -> str:
        """forward, DROP, REJECT, or "" where no rule caught the packet."""
        return self.way.verdict if self.way else ""


NO_RULE = Decision()


class PortRules:
    """One Service port with its endpoints as they were at one time: never changed, shared by all Nodes, worked out when first used.

    `everywhere` is the way that holds on every Node, None as long as it is not known or if it depends on the Node.
    """

    __slots__ = ("_parts", "_ways", "doubled", "everywhere", "pieces", "port")

    def __init__(self, port: ServicePort, pieces: tuple[Piece, ...], doubled: bool):
        self.port = port
        self.pieces = pieces
        self.doubled = doubled
        self.everywhere: Way | None = None
        self._parts: tuple[Part, ...] | None = None
        self._ways: dict[tuple[str, str], Way] = {}

    @property
    def parts(self) -> tuple[Part, ...]:
        if self._parts is None:
            self._parts = parts_of(self.port, self.pieces, self.doubled)
        return self._parts

    def categorize(self, node: str, zone: str) -> Categories:
        return categorize(self.port, self.parts, node, zone)

    def way(self, node: str, zone: str) -> Way:
        """What a Node in a zone does with packets to the ClusterIP; kept once worked out."""
        if self.everywhere is not None:
            return self.everywhere
        found = self._ways.get((node, zone))
        if found is None:
            found = internal_way(self.port, self.categorize(node, zone))
            if self.port.internal_local or hinted(self.parts):
                self._ways[node, zone] = found
            else:
                self.everywhere = found
        return found


def internal_way(port: ServicePort, found: Categories) -> Way:
    """Packets to the ClusterIP go by internalTrafficPolicy alone."""
    chain, choice, leaving = (
        ("SVL", found.local, found.local_leaving) if port.internal_local else ("SVC", found.cluster, found.cluster_leaving)
    )
    if choice is not None and choice.count:
        return Way("forward", chain, choice, "" if port.internal_local else found.preferred, leaving)
    return Way("DROP" if found.has_any else "REJECT", chain, Choice())
