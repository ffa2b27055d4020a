"""Which endpoints may a packet to a Service port be sent to, with this Node's policies?

Source: pkg/proxy/iptables/proxier.go (syncProxyRules, writeServiceToEndpointRules).
Simplified: one number u is drawn and the endpoint at floor(u * n) taken, where the kernel draws once for each rule; each has 1/n both ways.
"""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.objects import Endpoint
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.conntrack import Flow
from playground.kube.kubeproxy.endpoints import Categories, Choice, Part, Piece, categorize, hinted, parts_of
from playground.kube.kubeproxy.serviceports import ServicePort

FORWARD, DROP, REJECT, ACCEPT = "forward", "DROP", "REJECT", "ACCEPT"


class Way(msgspec.Struct, frozen=True):
    """Where a Node sends packets to a Service port: `verdict` is forward, DROP, REJECT or ACCEPT (of a health check's port);
    `choice` the endpoints, of the chain SVC (on any Node) or SVL (on this one); chain FW: kept out by loadBalancerSourceRanges."""

    verdict: str
    chain: str
    choice: Choice
    preferred: str = ""
    leaving: bool = False


FIREWALL = Way(DROP, "FW", Choice())
ANSWERED = Way(ACCEPT, "NODEPORTS", Choice())


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What a Node's kube-proxy did with one packet. No rule: `rules` is None and the packet goes on as it is.

    `drawn` is the number drawn, of 64 bits, or None where there was nothing to draw; `port` is the endpoint's;
    `masquerade`: the endpoint sees the Node's address in place of the sender's. `behind`: this kube-proxy had not heard of the latest change.
    `door` says how the packet came, as in routing; `sticky`: the endpoint is the one that this sender had before;
    `stopped`: since when this kube-proxy was stopped, None if it ran. `flow`: the Node knew the way from an earlier datagram.
    """

    rules: PortRules | None = None
    way: Way | None = None
    drawn: int | None = None
    endpoint: Endpoint | None = None
    port: int = 0
    masquerade: bool = False
    behind: bool = False
    door: str = ""
    sticky: bool = False
    stopped: int | None = None
    flow: Flow | None = None

    @property
    def verdict(self) -> str:
        """forward, DROP, REJECT, ACCEPT, or "" where no rule caught the packet."""
        return self.way.verdict if self.way else ""


NO_RULE = Decision()


class PortRules:
    """One Service port with its endpoints as they were at one time: never changed, shared by all Nodes, worked out when first used.

    `everywhere` is the way to the ClusterIP that holds on every Node, None as long as it is not known or if it depends on the Node.
    """

    __slots__ = ("_hinted", "_parts", "_ways", "doubled", "everywhere", "pieces", "port")

    def __init__(self, port: ServicePort, pieces: tuple[Piece, ...], doubled: bool):
        self.port = port
        self.pieces = pieces
        self.doubled = doubled
        self.everywhere: Way | None = None
        self._parts: tuple[Part, ...] | None = None
        self._hinted: bool | None = None
        self._ways: dict[tuple[str, str, bool], Way] = {}

    @property
    def parts(self) -> tuple[Part, ...]:
        if self._parts is None:
            self._parts = parts_of(self.port, self.pieces, self.doubled)
        return self._parts

    def categorize(self, config: ProxyConfig) -> Categories:
        return categorize(self.port, self.parts, config.node, config.zone, config.node_hints)

    def internal(self, config: ProxyConfig) -> Way:
        """What a Node does with packets to the ClusterIP: they go by internalTrafficPolicy alone."""
        if self.everywhere is not None:
            return self.everywhere
        local = self.port.internal_local
        found = self.way(config, local)
        if not local and not self._depends:
            self.everywhere = found
        return found

    def outward(self, config: ProxyConfig) -> Way:
        """What a Node does with packets from outside to a node port, a load balancer's or an external address: by externalTrafficPolicy."""
        anywhere = self.way(config, False)
        return self.way(config, True) if self.port.external_local and anywhere.verdict != REJECT else anywhere

    def way(self, config: ProxyConfig, local: bool) -> Way:
        """By a policy that is Local or Cluster, on one Node; kept once worked out."""
        key = (config.node, config.zone, local) if local or self._depends else ("", "", False)
        if key not in self._ways:
            self._ways[key] = (local_way if local else cluster_way)(self.categorize(config))
        return self._ways[key]

    @property
    def _depends(self) -> bool:
        """Whether hints make the choice of all endpoints depend on the Node."""
        if self._hinted is None:
            self._hinted = hinted(self.parts)
        return self._hinted


def cluster_way(found: Categories) -> Way:
    if found.cluster is not None and found.cluster.count:
        return Way(FORWARD, "SVC", found.cluster, found.preferred, found.cluster_leaving)
    return Way(REJECT, "SVC", Choice())


def local_way(found: Categories) -> Way:
    if found.local is not None and found.local.count:
        return Way(FORWARD, "SVL", found.local, "", found.local_leaving)
    return Way(DROP if found.has_any else REJECT, "SVL", Choice())
