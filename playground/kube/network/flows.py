"""What does a Node remember of a socket that is kept open, and how does that decide where its datagrams go?

Source: as in kubeproxy/conntrack.py and kubeproxy/cleanup.py.
"""

from __future__ import annotations

from playground.kube.clock import SECOND
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.conntrack import STREAM, UNREPLIED, Flow
from playground.kube.network.requests import Hop, Request, Socket
from playground.kube.network.wire import Passage

RULES_ARE_NOT_ASKED = "The nat rules see only the first datagram of a flow. conntrack sends the others the same way, as long as they come"


def socket_hop(request: Request, socket: Socket) -> Hop:
    """The socket was there already: its address was looked up when it was opened."""
    age = (request.time - socket.time) / SECOND
    what = (
        f"The datagram leaves from the socket that request {socket.opened} opened {age:.2f} s before: port {socket.port}, to {socket.ip}."
    )
    why = "Its name was looked up then, once. It is open until its process ends, whatever is answered."
    return Hop("pod", "Open socket", what, why, {"opened_by": f"request {socket.opened}", "source_port": socket.port})


def new_flow_hop(request: Request, socket: Socket) -> Hop:
    """A rule has led the first datagram to an endpoint."""
    what = f"{request.ruled_by} remembers where datagrams from port {socket.port} to this address go."
    why = f"{RULES_ARE_NOT_ASKED}: {UNREPLIED // SECOND} s without an answer and for a start, then {STREAM // SECOND} s."
    return Hop("node", "Flow", what, why, {"node": request.ruled_by, "source_port": socket.port})


def flow_hop(request: Request, passage: Passage, flow: Flow) -> Hop:
    """The Node knew the way."""
    node, age = request.ruled_by, (request.time - flow.began) / SECOND
    asked = address(request.address, request.target.port)
    if flow.endpoint is None:
        where, since = f"{asked}, as it is", "no rule caught it"
        why = "It began when this Node had no rule that led to an endpoint. The rules of now are not asked, until kube-proxy deletes it."
    else:
        where, since = address(flow.endpoint.ip, flow.port), "a rule led it there"
        where += f" ({flow.endpoint.pod})" if flow.endpoint.pod else ""
        why = f"{RULES_ARE_NOT_ASKED}, even when the endpoint has left: kube-proxy deletes such flows when it hears of it"
        why += ", if the Service has another endpoint that serves."
    if passage.decision.stopped is not None:
        gone = (request.time - passage.decision.stopped) / SECOND
        why += f" But the kube-proxy of {node} was stopped {gone:.1f} s before, and nobody else deletes it."
    what = f"{node} knows this flow: it goes on to {where}. It began {age:.2f} s before, when {since}."
    return Hop("node", "Flow", what, why, {"node": node, "service": flow.service, "answered": flow.replied})
