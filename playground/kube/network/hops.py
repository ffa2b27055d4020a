"""Why did a request go where it went?  Its hops in words, made from what was kept of it.

Source of the chain names and their order: pkg/proxy/iptables/proxier.go (syncProxyRules).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import Endpoint
from playground.kube.clock import SECOND
from playground.kube.kubeproxy.addresses import within
from playground.kube.kubeproxy.chains import address, endpoint_chain, service_chain
from playground.kube.kubeproxy.portrules import Decision, PortRules, Way
from playground.kube.network.doors import balancer_hop, entrance, health_hop, service_hop, source_hop
from playground.kube.network.flows import flow_hop, new_flow_hop, socket_hop
from playground.kube.network.leaving import leaving_hops
from playground.kube.network.naming import is_nowhere, name_hop
from playground.kube.network.requests import CALLED, Connection, Hop, Request
from playground.kube.network.targets import ICMP, UDP
from playground.kube.network.unruled import unruled_hop
from playground.kube.network.wire import Kubelets, Passage
from playground.kube.network.words import PROGRAMS, printed
from playground.kube.outside import THE_WORLD, capital
from playground.kube.settings import ClusterSettings

SHOWN = 20
REJECTED = {
    "TCP": "the sender hears at once that the connection is refused",
    "UDP": "an ICMP message says at once that the port is unreachable, which a connected socket reads as refused",
    "SCTP": "an ICMP message says so, but SCTP does not give up for it: the sender tries again until its time is over",
}
TRIED = {"refused": "it was refused", "timeout": "nothing answered", "unreachable": "there is no way to it"}


def explain(request: Request, kubelet: Kubelets, settings: ClusterSettings, lines: tuple[str, ...] = (), leaves_as: str = "") -> list[Hop]:
    """The hops in the order in which they happened; the last one says what the program prints. `lines` are the rules that it
    passed, `leaves_as` the address with which the sender's packets leave its Node."""
    hops: list[Hop] = []
    if request.connection is not None:
        hops.append(_open_connection(request, request.connection))
    if request.socket is not None and request.socket.opened != request.number:
        hops.append(socket_hop(request, request.socket))
    if request.resolution is not None:
        hops.append(name_hop(request, request.resolution, settings))
    if request.passage is not None:
        if request.other is not None:
            hops.append(_other_family(request, request.other))
        hops += _way(request, request.passage, settings, lines, leaves_as)
    return [*hops, _end(request, kubelet, settings)]


# --- before the packet


def _open_connection(request: Request, connection: Connection) -> Hop:
    called = CALLED[request.target.protocol]
    lasts = "this one lasts until the process at one of its ends does"
    if connection.through:
        lasts += f", and only as long as {connection.through}, through which it came, is on and remembers it (conntrack)"
    return Hop(
        "pod",
        f"Open {called}",
        f"The request goes over the {called} to {connection.name} ({address(connection.ip, connection.port)}) that is open already.",
        f"Request {connection.opened} opened it {(request.time - connection.time) / SECOND:.2f} s before. "
        f"Names, rules and readiness count only when a {called} is made; {lasts}.",
        {"opened_by": f"request {connection.opened}", "endpoint": address(connection.ip, connection.port)},
    )


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
    flow = decision.flow
    if flow is not None and decision.way is None and (flow.endpoint is not None or passage.reach == "nobody"):
        return [*hops, flow_hop(request, passage, flow)]
    if decision.rules is None or decision.way is None:
        return [*hops, unruled_hop(request, passage, settings), *(leaving_hops(request, passage, passage.beyond) if passage.beyond else [])]
    if passage.health is not None:
        return [*hops, health_hop(request, passage.health, lines)]
    hops += [service_hop(request, passage, decision.rules, decision.way), _rule(decision, decision.rules, decision.way, lines)]
    if decision.endpoint is not None:
        hops.append(_endpoint(decision, decision.rules, decision.way, decision.endpoint))
        hops += leaving_hops(request, passage, passage.beyond) if passage.beyond else [source_hop(request, passage, leaves_as)]
        hops += [new_flow_hop(request, request.socket)] if request.socket is not None else []
    return hops


def _rule(decision: Decision, rules: PortRules, way: Way, lines: tuple[str, ...]) -> Hop:
    """The chains that the packet ran through, and what was drawn."""
    port = rules.port
    if way.verdict != "forward":
        return _stopped(way, lines, port.protocol)
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


def _stopped(way: Way, lines: tuple[str, ...], protocol: str) -> Hop:
    """A rule that lets nothing through."""
    seen = REJECTED[protocol] if way.verdict == "REJECT" else "the sender hears nothing"
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
        none = "None of this Node" if way.chain == "SVL" else "None"
        why += f" {none} was ready, so those that are terminating but still serve were used."
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


def _end(request: Request, kubelet: Kubelets, settings: ClusterSettings) -> Hop:
    """What came of it, and what the program prints."""
    what = {
        "ok": "Answered.",
        "refused": "Refused.",
        "timeout": "No answer.",
        "nxdomain": "Not resolved.",
        "unreachable": "Unreachable.",
        "reset": "Reset.",
    }[request.outcome]
    detail: dict[str, Any] = {
        "outcome": request.outcome,
        "where": request.where,
        "program": "a DNS query" if request.asks else PROGRAMS[request.target.protocol],
        "prints": printed(request, kubelet),
    }
    why = _cut(request.cut, request.connection, request) if request.cut and request.connection else _because(request, settings)
    return Hop("pod" if request.where == "pod" else request.where, "Answer", what, why, detail)


def _because(request: Request, settings: ClusterSettings) -> str:
    who, called = request.endpoint or (request.beyond.site.name if request.beyond else request.address), CALLED[request.target.protocol]
    if request.asks and request.outcome == "ok":
        return f"{who} answered the question for {request.asks}.{_nowhere(request.asks, settings)}"
    if request.outcome == "ok" and request.target.protocol == ICMP:
        return f"The kernel that has {request.address} replied to the echo request; no process takes part, and no rule of kube-proxy catches ICMP."
    if request.outcome == "ok" and request.target.protocol == UDP:
        return f"{who} got the datagram and sent one back. Here whatever listens on a UDP port answers; UDP itself promises no answer."
    if request.outcome == "ok":
        return f"{who} accepted the {called} and answered." if not request.reused else f"{who} answered over the open {called}."
    if request.outcome == "reset":
        return f"The process in {who} that held the {called} has ended; the next request makes a new one."
    if request.where == "dns":
        return "Without an address there is nothing to connect to."
    if request.outcome == "timeout" and request.where == "pod":
        return f"The kernel under {who} took the {called}, but its process hangs: nobody reads it."
    if request.where == "proxy":
        there = request.passage.node if request.passage else ""
        return f"The packet came as far as {there}." if there else "The packet never left the sender's Node."
    if request.outcome == "refused":
        return f"{who} is there, but no process listens on this {request.target.protocol} port."
    if request.outcome == "unreachable":
        return "There is no way to this address."
    if request.pod is not None or request.reused:
        return f"The packet reached nobody: the Node of {who} is off, or its containers are gone."
    return _lost(request.passage, settings) if request.passage else f"Nobody has {who} any more, or ever had."


def _cut(cut: str, connection: Connection, request: Request) -> str:
    """What between its ends broke an open connection."""
    called = CALLED[request.target.protocol]
    if cut == "balancer":
        return f"The load balancer through which the {called} came is gone: nobody takes its packets any more."
    if cut == "off":
        return f"{connection.through}, through which the {called} came, is off: {connection.name} is well, but nobody passes the packets on to it."
    return (
        f"{connection.through} has started anew since, and its conntrack has forgotten the {called}: the packet was led on as if it were the "
        "first of another one, to a Pod that knows nothing of it and resets it. The next request makes a new one."
    )


def _lost(passage: Passage, settings: ClusterSettings) -> str:
    """Why nobody got it."""
    if passage.beyond is not None:
        return f"The packet reached {passage.beyond.site.name}, whose firewall lets nothing through to this port."
    if passage.reach == "outside":
        return f"Nobody outside has {passage.ip}: {THE_WORLD}."
    if passage.reach == "closed":
        return f"The load balancer at {passage.ip} passed nothing on."
    if any(within(passage.ip, network) for network in settings.service_networks):
        none = "this Node has none for this port yet" if passage.decision.behind else "none is for this port"
        return f"{passage.ip} is in the Service network: no machine has such an address, only rules lead on from it, and {none}."
    return f"Nobody has {passage.ip} any more, or ever had."


def _nowhere(asks: str, settings: ClusterSettings) -> str:
    """Which names there are outside, where a question was for one that is in neither world."""
    name = asks.partition(" ")[0]
    return f" {capital(THE_WORLD)}." if is_nowhere(name, settings) else ""
