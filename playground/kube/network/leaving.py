"""What becomes of a packet that leaves the cluster?  Under which address it leaves, and what the server outside makes of it.

Source of the masquerading: sigs.k8s.io/kind images/kindnetd/cmd/kindnetd (IPMasqAgent), kubernetes-sigs/ip-masq-agent; of what a server makes of a
strange host: kubernetes.io/docs/concepts/services-networking/service (the caution about ExternalName).
"""

from __future__ import annotations

from typing import Any

from playground.kube import outside
from playground.kube.kubeproxy.chains import address
from playground.kube.network.requests import Hop, Request
from playground.kube.network.senders import Machine, source_of
from playground.kube.network.targets import ICMP, TCP
from playground.kube.network.wire import Beyond, Passage


def leaving_hops(request: Request, passage: Passage, beyond: Beyond) -> list[Hop]:
    """From the Node on; a client outside is there already."""
    server = _server(request, passage, beyond)
    return [_source(request, passage, beyond), server] if request.ruled_by else [server]


def said(request: Request) -> outside.Said | None:
    """What a server outside answers, in HTTP; None where no such server answers, or not in HTTP."""
    beyond = request.beyond
    if beyond is None or request.outcome != "ok" or request.target.protocol != TCP or request.asks:
        return None
    return outside.says(beyond.site, host_of(request), beyond.source)


def host_of(request: Request) -> str:
    """The host that its header Host says, without a port."""
    host, _, port = (request.target.header or request.target.host).rpartition(":")
    return host if host and port.isdigit() and ":" not in host else request.target.header or request.target.host


def speaks_tls(request: Request) -> bool:
    return request.beyond is not None and request.passage is not None and request.passage.port == outside.HTTPS


def _source(request: Request, passage: Passage, beyond: Beyond) -> Hop:
    """The sender's address outside, and why it is that one."""
    node, own = request.ruled_by, source_of(request.source, request.address)
    detail: dict[str, Any] = {"source": beyond.source, "node": node}
    if own == beyond.source:
        why = "Only the addresses of Pods are put behind another one; whoever sends with a Node's own address keeps it."
        return Hop("node", "Source", f"It leaves {node} with the sender's own address, {own}.", why, detail)
    if passage.decision.masquerade:
        why = "kube-proxy's rules masquerade it: the answer must come back through this Node."
    elif isinstance(request.source, Machine):
        why = "What leaves the cluster is masqueraded by the Node that sends it on: the answer must come back through this Node."
    else:
        why = "No rule of kube-proxy does that, but the network plugin's (kindnet, ip-masq-agent and most others): the Pods' network is known inside of the "
        why += f"cluster only, and no answer would find its way back to {own}. So a firewall outside sees Nodes, and cannot tell one Pod from another."
    return Hop("node", "Source", f"It leaves {node} as {beyond.source}: masqueraded.", why, {**detail, "masquerade": True})


def _server(request: Request, passage: Passage, beyond: Beyond) -> Hop:
    site, target = beyond.site, request.target
    where = address(passage.ip, passage.port) if passage.port else passage.ip
    detail: dict[str, Any] = {"server": site.name, "address": where, "source": beyond.source}
    if passage.reach == "filtered":
        what = f"The firewall of {site.name} drops what comes to {passage.port}/{target.protocol}."
        return Hop(
            "outside", "Server", what, "It lets 80/TCP (HTTP), 443/TCP (HTTPS) and pings through, and says nothing to all else.", detail
        )
    answer = said(request)
    if target.protocol == ICMP or answer is None:
        return Hop(
            "outside", "Server", f"The server of {site.name} has {passage.ip}.", "It is outside of the cluster, and answers pings.", detail
        )
    host = host_of(request)
    detail["host"] = host
    if answer.code == outside.FOUND:
        why = f"Each request says in its header Host for whom it is, and this server answers for {site.name} and every name below it."
        return Hop("outside", "Server", f"The server of {site.name} got it, for the host {host}: {answer.code}.", why, detail)
    if speaks_tls(request):
        what = f"The server of {site.name} shows a certificate that is not for {host}: a program that looks at it (curl without -k) ends the connection."
    else:
        what = f"The server of {site.name} got it, for the host {host}, which is none of its names: {answer.code} Not Found."
    return Hop("outside", "Server", what, _strange(request, site), detail)


def _strange(request: Request, site: outside.Site) -> str:
    """Why a server does not know a host that DNS or a Service leads to it."""
    alias = _alias(request).removesuffix(".")
    led, name = "An ExternalName" if alias else "A Service" if request.service else "An address", alias or site.name
    if speaks_tls(request):
        return f"{led} decides only where the packet goes. The certificate must be for the name in the URL: curl https://{name} asks for one that it has."
    told = "The name in the URL stays what it is, and the program says it in the header Host"
    return f"{led} decides only where the packet goes. {told}: curl -H 'Host: {name}' says another."


def _alias(request: Request) -> str:
    """What the name in the URL is another name for."""
    walk = request.resolution.walk if request.resolution else None
    records = walk.queries[-1].ipv4.records if walk else ()
    return next((record.value for record in reversed(records) if record.type == "CNAME"), "")
