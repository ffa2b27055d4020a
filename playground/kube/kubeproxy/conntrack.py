"""Where do the later datagrams of a flow go?  Where the first one went: each Node's conntrack remembers it, and no rule is asked again.

Source: Linux net/netfilter/nf_nat_core.c (the nat table sees only the first packet of a flow), nf_conntrack_proto_udp.c: 30 s
(nf_conntrack_udp_timeout) while nothing has come back and in the first two seconds, then 120 s (nf_conntrack_udp_timeout_stream).
Simplified: only flows of sockets that are kept open are remembered; from the port of any other nothing ever comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Endpoint
from playground.kube.clock import SECOND

UNREPLIED = 30 * SECOND
STREAM = 120 * SECOND
STREAM_AFTER = 2 * SECOND

FlowKey = tuple[str, int, str, int]


class Flow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One entry: datagrams go on to `endpoint` at `port`; without one to where they are addressed, as no rule caught the first.
    `service` is `namespace/name` of the Service whose rule did, `door` how they came to it; it `expires` unless another one passes."""

    began: int
    expires: int
    replied: bool = False
    endpoint: Endpoint | None = None
    port: int = 0
    masquerade: bool = False
    service: str = ""
    door: str = ""


class Flows:
    """The entries of all Nodes, by (source address, number of the socket there, address, port) as the Node saw the first datagram."""

    def __init__(self) -> None:
        self._nodes: dict[str, dict[FlowKey, Flow]] = {}

    def find(self, node: str, key: FlowKey, now: int) -> Flow | None:
        """The flow that a datagram belongs to; it is refreshed by it."""
        flow = self._nodes.get(node, {}).get(key)
        if flow is None or flow.expires <= now:
            return None
        lasts = STREAM if flow.replied and now > flow.began + STREAM_AFTER else UNREPLIED
        self._nodes[node][key] = msgspec.structs.replace(flow, expires=now + lasts)
        return flow

    def begin(self, node: str, key: FlowKey, flow: Flow) -> None:
        """A first datagram has passed a Node; what has expired there by then is forgotten."""
        kept = {each: held for each, held in self._nodes.get(node, {}).items() if held.expires > flow.began}
        self._nodes[node] = {**kept, key: flow}

    def answered(self, node: str, key: FlowKey) -> None:
        """An answer came back through a Node."""
        flow = self._nodes.get(node, {}).get(key)
        if flow is not None and not flow.replied:
            self._nodes[node][key] = msgspec.structs.replace(flow, replied=True)

    def known(self, nodes: Iterable[str]) -> list[str]:
        """Those of these Nodes that remember any flow."""
        return [node for node in nodes if self._nodes.get(node)]

    def delete(self, node: str, is_stale: Callable[[FlowKey, Flow], bool]) -> None:
        """Forget the flows of a Node that are stale."""
        self._nodes[node] = {key: flow for key, flow in self._nodes[node].items() if not is_stale(key, flow)}

    def forget(self, node: str) -> None:
        """A Node is gone, or has booted."""
        self._nodes.pop(node, None)

    # --- saving

    def state(self) -> list[Any]:
        """One entry for each flow: Node, key, flow."""
        return [[node, list(key), msgspec.to_builtins(flow)] for node, flows in self._nodes.items() for key, flow in flows.items()]

    def restore(self, state: list[Any]) -> None:
        self._nodes = {}
        for node, (source, socket, ip, port), flow in state:
            self._nodes.setdefault(node, {})[source, socket, ip, port] = msgspec.convert(flow, Flow)
