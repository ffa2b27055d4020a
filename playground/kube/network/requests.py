"""What is kept of a request?  What was decided, in references to values that are shared; its words are made when somebody asks."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.objects import Pod
from playground.kube.network.resolver import Resolution
from playground.kube.network.senders import Machine, Sender, key_of
from playground.kube.network.targets import Target
from playground.kube.network.wire import Passage

# How a packet's end becomes the request's outcome, and where it was decided.
ENDINGS = {
    "accepts": ("ok", "pod"),
    "refuses": ("refused", "pod"),
    "dead": ("timeout", "network"),
    "REJECT": ("refused", "proxy"),
    "DROP": ("timeout", "proxy"),
    "nobody": ("timeout", "network"),
    "outside": ("unreachable", "network"),
    "unrouted": ("unreachable", "network"),
    "no source": ("unreachable", "network"),
    "closed": ("timeout", "network"),
}


class Connection(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A kept-alive connection: the request that opened it, when, and both ends. It ends with either process, whatever becomes of rules or readiness."""

    opened: int
    time: int
    service: str
    ip: str
    port: int
    uid: str
    name: str
    node: str
    starts: int
    client: str
    client_starts: int
    balanced: bool = False


class Request(msgspec.Struct, frozen=True, gc=False):
    """One request. `source` is who sent it and `pod` the Pod that got it, as they were; `address` is what the name stood for; a request over a
    kept-alive connection has `connection` and neither `resolution` nor `passage`. `other` is how the address of the other family
    fared, if both were tried.

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
    other: Request | None = None

    @property
    def sender(self) -> str:
        return key_of(self.source)

    @property
    def ruled_by(self) -> str:
        """The Node whose kube-proxy decided: the sender's own, or the one whose address was asked."""
        return self.passage.node or self.source.node if self.passage else self.source.node

    @property
    def reused(self) -> bool:
        return self.connection is not None

    @property
    def service(self) -> str | None:
        """`namespace/name` of the Service whose rule, or whose load balancer, caught it."""
        if self.connection is not None:
            return self.connection.service or None
        rules = self.passage.decision.rules if self.passage else None
        return rules.port.service if rules else self.balancer

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


def starts(sender: Sender) -> int:
    """Which start of its containers a Pod is at: processes of an earlier one have ended. A machine's never do.

    Simplified: a restart of one container ends the connections to all of the Pod's.
    """
    return 0 if isinstance(sender, Machine) else sum(container.restarts for container in sender.state.containers)
