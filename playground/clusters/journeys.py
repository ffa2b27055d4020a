"""How does one request look in a frame?  A line of facts and a sentence; its hops are asked for when somebody clicks it."""

from __future__ import annotations

from typing import Any

from playground.clusters.picture import rule_key
from playground.clusters.wording import sender
from playground.kube.kubeproxy.portrules import FIREWALL, REJECT, Way
from playground.kube.kubeproxy.routing import CLUSTER_IP
from playground.kube.kubeproxy.serviceports import ServicePort
from playground.kube.network.leaving import host_of, said, speaks_tls
from playground.kube.network.requests import Request
from playground.kube.outside import FOUND

SENTENCES = {
    ("ok", "pod"): "{endpoint} on {node} answered",
    ("refused", "pod"): "{endpoint} refused: nothing listens on that port",
    ("refused", "proxy"): "a rule on {here} rejected it: {service} has no endpoint to use",
    ("refused", "dns"): "no DNS server took the question",
    ("timeout", "pod"): "{endpoint} took the connection and said nothing: its process hangs",
    ("timeout", "proxy"): "a rule on {here} dropped it: the policy of {service} leaves no endpoint on this Node",
    ("timeout", "network"): "no answer came: nothing is alive at the other end",
    ("timeout", "dns"): "no DNS server answered",
    ("nxdomain", "dns"): "the name does not exist",
    ("reset", "pod"): "the kept connection was reset: {endpoint} is not the process it was",
    ("unreachable", "network"): "there is no way to that address",
}

CUT = {
    "balancer": "no answer came over the kept connection: its load balancer is gone",
    "off": "no answer came over the kept connection: {through}, through which it came, is off",
    "booted": "the kept connection was reset: {through}, through which it came, has started anew and forgotten it",
}
KEPT_OUT = "a rule on {here} dropped it: the sender is in none of the loadBalancerSourceRanges of {service}"
NOBODY = "no answer came: nobody outside has that address"
UNHEARD = "a rule on {here} rejected it, as {service} has no endpoint to use; SCTP does not take that for an answer"

Flow = tuple[str, str, str | None, str]


def entry(request: Request) -> list[Any]:
    """[id, us, from, the Node whose kube-proxy decided, to, Service or None, outcome, where, endpoint or None (`outside:NAME` of a server outside),
    its Node or None (that server's address), sentence, reused,
    the Service whose load balancer it went through or None], and `more` at the end"""
    who, what = request.sender, [request.target.text, request.service, request.outcome, request.where]
    whom = [request.receiver, request.passage.ip if request.passage and request.beyond else request.endpoint_node]
    return [
        request.number,
        request.time,
        who,
        request.ruled_by,
        *what,
        *whom,
        sentence(request),
        int(request.reused),
        request.balancer,
        *more(request),
    ]


def more(request: Request) -> list[str]:
    """`IPv6` of a request that went by IPv6; of one that came to another address of its Service than the ClusterIP: its family, and
    the picture's key of the rule that decided, "" if that rule is none of the picture's."""
    family, decision = "IPv6" if ":" in request.address else "IPv4", request.passage.decision if request.passage else None
    if decision is None or decision.door in ("", CLUSTER_IP):
        return [family] if family == "IPv6" else []
    rules, way = decision.rules, decision.way
    if rules is None or way is None or not _is_outward(rules.port, way):
        return [family, ""]
    return [family, rule_key(rules.port, outside=True)]


def _is_outward(port: ServicePort, way: Way) -> bool:
    """Whether it is the way that packets from outside go: with externalTrafficPolicy Local a Pod's and the Node's own go another."""
    return way.verdict == REJECT or way.chain == ("SVL" if port.external_local else "SVC")


def flow(request: Request) -> Flow:
    """What requests that are counted together have in common."""
    return request.sender, request.service or request.target.text, request.receiver, request.outcome


def succeeded(request: Request) -> bool:
    return request.outcome == "ok"


def sentence(request: Request) -> str:
    """`client to frontend-svc:80: frontend-7d9f-b4 on node-b answered`"""
    asks = f" for {request.asks}" if request.asks else ""
    return f"{sender(request.sender)} to {request.target.text}{asks}: {_what(request)}"


def _what(request: Request) -> str:
    """What became of it."""
    if request.beyond is not None and not request.asks:
        return _from_outside(request, request.beyond.site.name)
    service, endpoint = _short(request.service) or request.target.text, _short(request.endpoint)
    through = request.connection.through if request.connection is not None else ""
    return _words(request).format(endpoint=endpoint, node=request.endpoint_node, here=request.ruled_by, service=service, through=through)


def _words(request: Request) -> str:
    """Those of its kind of end; of ends that look alike, by what decided them."""
    passage = request.passage
    if request.cut:
        return CUT[request.cut]
    if request.outcome == "ok" and request.endpoint is None:
        return f"the machine at {request.address} answered"
    if request.outcome == "timeout" and passage is not None:
        if passage.reach == "outside":
            return NOBODY
        if passage.decision.way is not None and passage.decision.way.chain == FIREWALL.chain:
            return KEPT_OUT
        if passage.reach == "REJECT":
            return UNHEARD
    return SENTENCES.get((request.outcome, request.where), f"{request.outcome}, decided at {request.where}")


def _from_outside(request: Request, name: str) -> str:
    """What a server outside did: one that does not know the host in the URL answers so."""
    answer = said(request)
    if request.outcome != "ok":
        return f"{name}, outside, lets nothing through to that port"
    if answer is None or answer.code == FOUND:
        return f"{name}, outside, answered"
    if speaks_tls(request):
        return f"{name}, outside, has no certificate for {host_of(request)}"
    return f"{name}, outside, answered {answer.code}: it does not know the host {host_of(request)}"


def _short(key: str | None) -> str:
    return (key or "").removeprefix("default/")
