"""What is kept of a request?  What was decided, in references to values that are shared; its words are made when somebody asks.

Source of what an ICMP message does to a sender: tcp_v4_err (net/ipv4/tcp_ipv4.c) and __udp4_lib_err (net/ipv4/udp.c) end the
wait, sctp_v4_err (net/sctp/input.c) takes it for an error "only on timeout": to SCTP a REJECT is silence.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.objects import Pod
from playground.kube.kubeproxy.conntrack import Flow
from playground.kube.network.lookups import Resolution
from playground.kube.network.senders import OUTSIDE, Machine, Sender, key_of
from playground.kube.network.targets import Target
from playground.kube.network.wire import Beyond, Passage

# How a packet's end becomes the request's outcome, and where it was decided.
ENDINGS = {
    "accepts": ("ok", "pod"),
    "refuses": ("refused", "pod"),
    "hangs": ("timeout", "pod"),
    "dead": ("timeout", "network"),
    "REJECT": ("refused", "proxy"),
    "DROP": ("timeout", "proxy"),
    "nobody": ("timeout", "network"),
    "outside": ("timeout", "network"),
    "filtered": ("timeout", "network"),
    "unrouted": ("unreachable", "network"),
    "no source": ("unreachable", "network"),
    "closed": ("timeout", "network"),
}
CALLED = {"TCP": "connection", "UDP": "datagram", "SCTP": "association", "ICMP": "echo request"}  # what a request makes, by protocol
# The kernel of whoever has the address replies to an echo, whatever its processes do.
ICMP_ENDINGS = {**ENDINGS, "refuses": ("ok", "pod"), "hangs": ("ok", "pod")}
SCTP_ENDINGS = {**ENDINGS, "REJECT": ("timeout", "proxy")}


Process = tuple[int, int]  # the place of a container in its Pod, and how often it was started again
ALWAYS: Process = (0, 0)


class Connection(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="connection"):
    """A kept-alive connection: the request that opened it, when, and both ends. It ends with either process, whatever becomes of rules or readiness;
    and with what stands between: the load balancer, and the Node `through` which it came, if that
    is at neither end: its conntrack knows the connection until its next `boot`."""

    opened: int
    time: int
    service: str
    ip: str
    port: int
    uid: str
    name: str
    node: str
    process: Process
    client: str
    client_process: Process
    balanced: bool = False
    through: str = ""
    boot: int = 0


class Socket(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="socket"):
    """A UDP socket that is kept open: the request that opened it, when, what its name stood for then, and whose it is. It ends with its process.

    Simplified: source ports are given in turn, the kernel draws them; a socket is known by the request that opened it.
    """

    opened: int
    time: int
    ip: str
    client: str
    client_process: Process

    @property
    def port(self) -> int:
        """Its port at the sender, one of net.ipv4.ip_local_port_range."""
        return 32_768 + self.opened % 28_232


Kept = Connection | Socket


class Request(msgspec.Struct, frozen=True, gc=False):
    """One request. `source` is who sent it and `pod` the Pod that got it, as they were; `address` is what the name stood for; a request over a
    kept-alive connection has `connection` and neither `resolution` nor `passage`; `socket` is the open one that a datagram left from;
    `other` is how the address of the other family fared, if both were tried; `asks` is what it asked a DNS server for: it is a program's own query.
    `cut` says what between the ends broke an open connection: "balancer" (is gone), "off" or "booted" (the Node that passed it on).

    `outcome`: ok refused timeout nxdomain reset unreachable; `where` that was decided: dns proxy network pod.
    """

    number: int
    time: int
    source: Sender
    target: Target
    outcome: str
    where: str
    address: str = ""
    resolution: Resolution | None = None
    passage: Passage | None = None
    connection: Connection | None = None
    pod: Pod | None = None
    socket: Socket | None = None
    other: Request | None = None
    asks: str = ""
    cut: str = ""

    @property
    def sender(self) -> str:
        return key_of(self.source)

    @property
    def ruled_by(self) -> str:
        """The Node whose kube-proxy decided: the sender's own, or the one whose address was asked."""
        return self.passage.node or self.source.node if self.passage else self.source.node

    @property
    def reused(self) -> bool:
        """It went over an open connection, or the way of a flow that its Node knew."""
        return self.connection is not None or self.flow is not None

    @property
    def flow(self) -> Flow | None:
        """What the Node that decided knew of earlier datagrams from the same socket."""
        return self.passage.decision.flow if self.passage else None

    @property
    def service(self) -> str | None:
        """`namespace/name` of the Service whose rule, or whose load balancer, caught it."""
        if self.connection is not None:
            return self.connection.service or None
        rules = self.passage.decision.rules if self.passage else None
        if rules is not None:
            return rules.port.service
        return self.flow.service if self.flow is not None and self.flow.service else self.balancer

    @property
    def balancer(self) -> str | None:
        """`namespace/name` of the Service whose load balancer it went through."""
        if self.connection is not None:
            return self.connection.service if self.connection.balanced else None
        balanced = self.passage.balanced if self.passage else None
        return balanced.service if balanced else None

    @property
    def endpoint(self) -> str | None:
        """`namespace/name` of the Pod that it was sent to."""
        if self.pod is not None:
            return f"{self.pod.namespace}/{self.pod.name}"
        if self.connection is not None:
            return self.connection.name
        chosen, service = self.passage.decision.endpoint if self.passage else None, self.service
        return f"{service.partition('/')[0]}/{chosen.pod}" if chosen and chosen.pod and service else None

    @property
    def beyond(self) -> Beyond | None:
        """The server outside of the cluster that it came to."""
        return self.passage.beyond if self.passage else None

    @property
    def receiver(self) -> str | None:
        """The endpoint, or `outside:NAME` of a server outside of the cluster."""
        return f"{OUTSIDE}:{self.beyond.site.name}" if self.beyond is not None else self.endpoint

    @property
    def endpoint_node(self) -> str | None:
        if self.pod is not None:
            return self.pod.node
        if self.connection is not None:
            return self.connection.node
        chosen = self.passage.decision.endpoint if self.passage else None
        return chosen.node or None if chosen else None


class Hop(msgspec.Struct, frozen=True):
    """One step of a request, in words: where, what happened, why; `detail` holds the facts behind it."""

    place: str
    title: str
    what: str
    why: str
    detail: dict[str, Any]


def sending_process(sender: Sender) -> Process:
    """The process that sends: that of a Pod's first container which runs. A machine's never ends.

    Simplified: which of a Pod's containers sends is not asked.
    """
    if isinstance(sender, Machine):
        return ALWAYS
    return next(((place, each.restarts) for place, each in enumerate(sender.state.containers) if each.state == "running"), ALWAYS)
