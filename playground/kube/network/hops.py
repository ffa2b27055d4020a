"""Why did a request go where it went?  Its hops in words, made from what was kept of it.

Source of the chain names and their order: pkg/proxy/iptables/proxier.go (syncProxyRules).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import Endpoint
from playground.kube.clock import SECOND
from playground.kube.kubeproxy.chains import address, endpoint_chain, service_chain
from playground.kube.kubeproxy.portrules import Decision, PortRules, Way
from playground.kube.network.destinations import reason
from playground.kube.network.doors import balancer_hop, entrance, health_hop, service_hop, source_hop
from playground.kube.network.requests import Connection, Hop, Request
from playground.kube.network.resolver import Resolution
from playground.kube.network.senders import Machine
from playground.kube.network.unruled import unruled_hop
from playground.kube.network.wire import Kubelets, Passage
from playground.kube.network.words import printed
from playground.kube.settings import ClusterSettings

SHOWN = 20
SERVERS = {
    "REJECT": "kube-proxy rejected the query: the DNS Service has no usable endpoint",
    "DROP": "kube-proxy dropped the query: the DNS Service has no usable endpoint on this Node",
    "refuses": "the CoreDNS Pod is there, but nothing listens on its port 53",
    "dead": "the CoreDNS Pod that was chosen does not answer",
    "nobody": "nobody has this address",
    "outside": "this address is outside of the cluster, and there is no world outside",
    "unrouted": "no way leads to this address",
    "closed": "the load balancer with this address has no such port",
    "no source": "the Pod has no address of this family",
}
TRIED = {"refused": "it was refused", "timeout": "nothing answered", "unreachable": "there is no way to it"}


def explain(request: Request, kubelet: Kubelets, settings: ClusterSettings, lines: tuple[str, ...] = (), leaves_as: str = "") -> list[Hop]:
    """The hops in the order in which they happened; the last one says what the program prints. `lines` are the rules that it
    passed, `leaves_as` the address with which the sender's packets leave its Node."""
    hops: list[Hop] = []
    if request.connection is not None:
        hops.append(_open_connection(request, request.connection))
    if request.resolution is not None:
        hops.append(_name(request, request.resolution))
    if request.passage is not None:
        if request.other is not None:
            hops.append(_other_family(request, request.other))
        hops += _way(request, request.passage, settings, lines, leaves_as)
    return [*hops, _end(request, kubelet)]


# --- before the packet


def _open_connection(request: Request, connection: Connection) -> Hop:
    return Hop(
        "pod",
        "Open connection",
        f"The request goes over the connection to {connection.name} ({address(connection.ip, connection.port)}) that is open already.",
        f"Request {connection.opened} opened it {(request.time - connection.time) / SECOND:.2f} s before. "
        "Names, rules and readiness count only when a connection is made; this one lasts until the process at one of its ends does.",
        {"opened_by": f"request {connection.opened}", "endpoint": address(connection.ip, connection.port)},
    )


def _name(request: Request, resolution: Resolution) -> Hop:
    """Each name that was asked, with its answers, and who answered."""
    conf, walk = resolution.conf, resolution.walk
    queries = [
        {"name": query.name, "A": _said(query.ipv4.word, query.ipv4.addresses), "AAAA": _said(query.ipv6.word, query.ipv6.addresses)}
        for query in (walk.queries if walk else ())
    ]
    attempts = [_attempt(server, passage) for server, passage in zip(conf.servers * conf.attempts, resolution.attempts, strict=False)]
    detail: dict[str, Any] = {
        "nameservers": list(conf.servers),
        "search": list(conf.searches),
        "options": list(conf.options),
        "attempts": attempts,
        "queries": queries,
    }
    return Hop("dns", "Name", _found(request, resolution), _search(request, resolution) + _preference(request, resolution), detail)


def _found(request: Request, resolution: Resolution) -> str:
    name = request.target.host
    if resolution.walk is None:
        return f"Could not resolve {name}: no DNS server answered."
    if not resolution.addresses:
        return f"{name} has no address: the answer is NXDOMAIN."
    several = len(resolution.addresses)
    return f"{name} is {request.address}" + (f", one of {several} addresses." if several > 1 else ".")


def _search(request: Request, resolution: Resolution) -> str:
    """Why these names were asked, in this order."""
    name = request.target.host
    if isinstance(request.source, Machine):
        return "Only Pods ask the cluster's DNS. A machine's own name server does not know the names of Services."
    conf, walk = resolution.conf, resolution.walk
    if walk is None:
        last = resolution.attempts[-1].reach if resolution.attempts else ""
        return SERVERS[last].capitalize() + "." if last else "The Pod's /etc/resolv.conf names no server."
    dots, asked = name.count("."), len(walk.queries)
    if name.endswith("."):
        return "It ends with a dot, so it was asked as it is."
    if dots >= conf.ndots:
        return f"It has {dots} dots, and ndots is {conf.ndots}: it was asked as it is first. {asked} asked in all."
    hit = "the last one exists" if resolution.addresses else "none exists"
    return f"It has fewer dots ({dots}) than ndots ({conf.ndots}), so the search list came first: {asked} asked, {hit}."


def _preference(request: Request, resolution: Resolution) -> str:
    """Why this family came first, of a name that has both."""
    walk = resolution.walk
    return f" {reason(walk, request.source, resolution.musl)}" if walk is not None and walk.ipv4 and walk.ipv6 else ""


def _attempt(server: str, passage: Passage) -> dict[str, Any]:
    reached = "answered" if passage.reach == "accepts" else SERVERS[passage.reach]
    pod = f"{passage.pod.namespace}/{passage.pod.name}" if passage.pod else ""
    return {"server": server, "endpoint": address(passage.ip, passage.port), "pod": pod, "result": reached}


def _said(word: str, addresses: tuple[str, ...]) -> str:
    return ", ".join(addresses) if addresses else word


# --- the packet


def _other_family(request: Request, other: Request) -> Hop:
    """How the address of the other family fared, which was tried as well."""
    asked = address(other.address, other.target.port)
    what = f"{asked} was tried too: {TRIED[other.outcome]}."
    why = "A program like curl tries one address of each family (Happy Eyeballs): the second at once where the first is refused, "
    why += f"and 200 ms later where it is silent. What follows is how {address(request.address, request.target.port)} fared."
    service = other.service or ""
    return Hop("network", "Other family", what, why, {"address": asked, "service": service, "outcome": other.outcome})


def _way(request: Request, passage: Passage, settings: ClusterSettings, lines: tuple[str, ...], leaves_as: str) -> list[Hop]:
    decision, entry = passage.decision, passage.entry
    hops = [balancer_hop(request, entry, entry.balanced)] if entry and entry.balanced else []
    if decision.rules is None or decision.way is None:
        return [*hops, unruled_hop(request, passage, settings)]
    if passage.health is not None:
        return [*hops, health_hop(request, passage.health, lines)]
    hops += [service_hop(request, passage, decision.rules, decision.way), _rule(decision, decision.rules, decision.way, lines)]
    if decision.endpoint is not None:
        hops += [_endpoint(decision, decision.rules, decision.way, decision.endpoint), source_hop(request, passage, leaves_as)]
    return hops


def _rule(decision: Decision, rules: PortRules, way: Way, lines: tuple[str, ...]) -> Hop:
    """The chains that the packet ran through, and what was drawn."""
    port = rules.port
    if way.verdict != "forward":
        return _stopped(way, lines)
    chosen = decision.endpoint
    chains = [*entrance(decision.door, port), service_chain(way.chain, port.name, port.protocol)]
    if chosen is not None:
        chains.append(endpoint_chain(port.name, port.protocol, chosen.ip, decision.port))
    count = way.choice.count
    place, why = 0, "There is one endpoint, so nothing is drawn."
    if decision.sticky:
        why = f"Its sessionAffinity is ClientIP: this sender was here within the last {port.sticky} s, and is sent to the same endpoint again."
    if decision.drawn is not None:
        place = decision.drawn * count >> 64
        fraction = decision.drawn / 2**64
        why = f"Each of {count} endpoints has 1/{count}. The number drawn is {fraction:.4f}: times {count} it is {fraction * count:.2f}, endpoint {place + 1}."
    probability = f"{1 / (count - place):.10f}" if place < count - 1 else ""
    detail: dict[str, Any] = {"chains": chains, "count": count}
    if not decision.sticky:
        detail |= {"place": place + 1, "probability": probability}
    if decision.drawn is not None:
        detail["drawn"] = round(decision.drawn / 2**64, 6)
    return Hop("proxy", "Rule", " → ".join(chains), why, {**detail, "rules": list(lines)})


def _stopped(way: Way, lines: tuple[str, ...]) -> Hop:
    """A rule that lets nothing through."""
    seen = "the sender hears at once that the connection is refused" if way.verdict == "REJECT" else "the sender hears nothing"
    if way.chain == "FW":
        where = "the sender's address is in none of its loadBalancerSourceRanges"
    else:
        where = "it has no usable endpoint anywhere" if way.verdict == "REJECT" else "it has usable endpoints, but none on this Node"
    why = f"{where[0].upper()}{where[1:]}: {seen}."
    return Hop("proxy", "Rule", f"The rule for it is {way.verdict}.", why, {"verdict": way.verdict, "rules": list(lines)})


def _endpoint(decision: Decision, rules: PortRules, way: Way, chosen: Endpoint) -> Hop:
    """The endpoint, and why the others could not be chosen."""
    usable = dict.fromkeys((each.ip, number) for each, number in way.choice)
    everyone = [(each, part.port) for part in rules.parts for each in part.endpoints]
    others = [
        {"endpoint": address(each.ip, number), "pod": each.pod, "node": each.node, "state": state(each), "why": _unusable(each, way)}
        for each, number in everyone
        if (each.ip, number) not in usable
    ]
    what = (
        f"{address(chosen.ip, decision.port)}"
        + (f", Pod {chosen.pod}" if chosen.pod else "")
        + (f" on Node {chosen.node}." if chosen.node else ".")
    )
    why = f"{way.choice.count} of {len(everyone)} endpoints could be chosen."
    if way.leaving:
        why += " None was ready, so those that are terminating but still serve were used."
    detail: dict[str, Any] = {
        "endpoint": address(chosen.ip, decision.port),
        "pod": chosen.pod,
        "node": chosen.node,
        "state": state(chosen),
        "unusable": others[:SHOWN],
        "unusable_count": len(others),
    }
    return Hop("proxy", "Endpoint", what, why, detail)


def state(endpoint: Endpoint) -> str:
    """ready, serving (terminating, still serving), terminating, or not-ready."""
    if endpoint.ready is not False:
        return "ready"
    if endpoint.terminating:
        return "serving" if endpoint.serving is not False else "terminating"
    return "not-ready"


def _unusable(endpoint: Endpoint, way: Way) -> str:
    word = state(endpoint)
    if word == "ready" or (word == "serving" and way.leaving):
        return "it is on another Node" if way.chain == "SVL" else "the hints name other Nodes or zones"
    if word == "serving":
        return "it is terminating, and others are ready"
    return "it is not ready" if word == "not-ready" else "it is terminating and does not serve any more"


# --- the end


def _end(request: Request, kubelet: Kubelets) -> Hop:
    """What came of it, and what the program prints."""
    what = {
        "ok": "Answered.",
        "refused": "Refused.",
        "timeout": "No answer.",
        "nxdomain": "Not resolved.",
        "unreachable": "Unreachable.",
        "reset": "Reset.",
    }[request.outcome]
    detail: dict[str, Any] = {"outcome": request.outcome, "where": request.where, "prints": printed(request, kubelet)}
    return Hop("pod" if request.where == "pod" else request.where, "Answer", what, _because(request), detail)


def _because(request: Request) -> str:
    who = request.endpoint or request.address
    if request.outcome == "ok":
        return f"{who} accepted the connection and answered." if not request.reused else f"{who} answered over the open connection."
    if request.outcome == "reset":
        return f"The process in {who} that held the connection has ended; the next request makes a new one."
    if request.where == "dns":
        return "Without an address there is nothing to connect to."
    if request.where == "proxy":
        there = request.passage.node if request.passage else ""
        return f"The packet came as far as {there}." if there else "The packet never left the sender's Node."
    if request.outcome == "refused":
        return f"{who} is there, but no process listens on this port."
    if request.outcome == "unreachable":
        return "There is no way to this address."
    if request.pod is not None or request.reused:
        return f"The packet reached nobody: the Node of {who} is off, or its containers are gone."
    return f"Nobody has {request.passage.ip if request.passage else who} any more, or ever had."
