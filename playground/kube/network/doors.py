"""By which door did a packet come to its Service, which policy holds there, and whom does the endpoint see as its sender?

Source: pkg/proxy/iptables/proxier.go (syncProxyRules): the policies of inside and outside, the short cut of Pods, and who is masqueraded.
"""

from __future__ import annotations

from playground.kube.clock import SECOND
from playground.kube.kubeproxy.chains import address, service_chain
from playground.kube.kubeproxy.healthcheck import HealthAnswer
from playground.kube.kubeproxy.portrules import FIREWALL, REJECT, Decision, PortRules, Way
from playground.kube.kubeproxy.routing import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT
from playground.kube.kubeproxy.serviceports import ServicePort
from playground.kube.network.balancers import PROXY, Balanced
from playground.kube.network.requests import CALLED, Hop, Request
from playground.kube.network.senders import source_of
from playground.kube.network.wire import Entry, Passage

DOORS = {NODE_PORT: "the node port", LOAD_BALANCER: "the load balancer's address", EXTERNAL_IP: "an external address"}


def service_hop(request: Request, passage: Passage, rules: PortRules, way: Way) -> Hop:
    """Which Service the address belongs to, and the policy that says which endpoints may be used."""
    decision, port, entry = passage.decision, rules.port, passage.entry
    node = request.ruled_by
    inside = decision.door in ("", CLUSTER_IP)
    asked = address(entry.ip, entry.port) if entry else address(request.address, request.target.port)
    door = "" if inside else f"{DOORS[decision.door]} of "
    what = f"{asked}/{port.protocol} is {door}the Service {port.service}."
    if entry is not None and entry.balanced is None:
        here = (
            "whose address it is"
            if entry.ip == entry.node_ip
            else "to which this playground routes the address (in your network somebody must)"
        )
        before = f"{request.source.node} has no rule for it: " if request.source.node else ""
        what += f" {before}{node}, {here}, decides."
    local = port.internal_local if inside else port.external_local
    why = _inside(port, node) if inside else _outside(port, node, way)
    if way.preferred:
        why += f" Hints narrow them to this Node's {'own' if way.preferred == 'node' else 'zone'}."
    why += outdated(decision, node, request.time)
    detail = {"service": port.service, "port": port.name, "node": node, "policy": "Local" if local else "Cluster"}
    return Hop("proxy", "Service", what, why, detail)


def balancer_hop(request: Request, entry: Entry, balanced: Balanced) -> Hop:
    """Which Node a load balancer sent the packet to, and which it did not."""
    target = request.target
    asked, called = address(request.address, target.port), CALLED[target.protocol]
    what = f"{asked}/{target.protocol} is the load balancer of the Service {balanced.service}."
    if entry.node:
        what += f" It sends this {called} to {entry.node}."
    count, many = len(balanced.healthy), len(balanced.healthy) + len(balanced.unhealthy)
    why = f"Its probes ask every Node for {balanced.checked}: {count} of {many} answer well"
    which = "one of these is drawn" if request.socket is None else "a hash of the sender's port says which of these it takes"
    why += f", and {which}." if count else ". With none left it sends to all of them."
    if count and balanced.unhealthy:
        why += f" Left out: {', '.join(balanced.unhealthy)}."
    if balanced.mode == PROXY:
        why += f" Its ipMode is Proxy: it makes its own {called}, to the node port, from {balanced.address}."
    elif entry.node:
        why += " Its ipMode is VIP: the packet goes on with the addresses that it came with."
    detail = {"service": balanced.service, "node": entry.node, "healthy": list(balanced.healthy), "unhealthy": list(balanced.unhealthy)}
    return Hop("balancer", "Load balancer", what, why, {**detail, "ip_mode": balanced.mode})


def health_hop(request: Request, answer: HealthAnswer, lines: tuple[str, ...]) -> Hop:
    """kube-proxy itself answers on the health check port of a Service."""
    asked, service = address(request.address, request.target.port), f"{answer.namespace}/{answer.service}"
    what = f"{asked} is the health check port of the Service {service}: kube-proxy on {request.ruled_by} answers {answer.code}."
    count = "1 ready endpoint is" if answer.count == 1 else f"{answer.count or 'no'} ready endpoints are"
    why = f"{count[0].upper()}{count[1:]} on this Node. A load balancer takes 200 for yes and 503 for no."
    return Hop(
        "proxy", "Health check", what, why, {"service": service, "node": request.ruled_by, "code": answer.code, "rules": list(lines)}
    )


def outdated(decision: Decision, node: str, now: int) -> str:
    """That a Node's rules are not those of this moment, or ""."""
    if decision.stopped is not None:
        changed = "and they are out of date" if decision.behind else "and nothing has changed for this Service since"
        return f" The kube-proxy of {node} was stopped {(now - decision.stopped) / SECOND:.1f} s before: its rules are still those of then, {changed}."
    return f" The kube-proxy of {node} had not heard of the latest change yet." if decision.behind else ""


def _inside(port: ServicePort, node: str) -> str:
    if port.internal_local:
        return f"Its internalTrafficPolicy is Local: only endpoints on the sender's Node, {node}, may be used."
    return "Its internalTrafficPolicy is Cluster: endpoints on every Node may be used."


def _outside(port: ServicePort, node: str, way: Way) -> str:
    if way.chain == FIREWALL.chain:
        return "It has loadBalancerSourceRanges, which are looked at before any policy, also for Pods and Nodes."
    if not port.external_local:
        return "Its externalTrafficPolicy is Cluster: endpoints on every Node may be used. internalTrafficPolicy counts for the ClusterIP only."
    if way.verdict == REJECT:
        return "Its externalTrafficPolicy is Local, but there is no usable endpoint on any Node."
    if way.chain == "SVC":
        short_cut = "Pods, and the Node itself, take a short cut to the endpoints of every Node"
        return f"Its externalTrafficPolicy is Local, but that is for senders from outside: {short_cut}."
    return f"Its externalTrafficPolicy is Local: to {node} the sender comes from outside, and only endpoints on {node} may be used."


def entrance(door: str, port: ServicePort) -> list[str]:
    """The chains that a packet passes before those of the endpoints."""
    if door in ("", CLUSTER_IP):
        return ["KUBE-SERVICES"]
    guard = [service_chain("FW", port.name, port.protocol)] if door == LOAD_BALANCER and port.source_ranges else []
    ports = ["KUBE-NODEPORTS"] if door == NODE_PORT else []
    return ["KUBE-SERVICES", *ports, *guard, service_chain("EXT", port.name, port.protocol)]


def source_hop(request: Request, passage: Passage, leaves_as: str) -> Hop:
    """The sender's address as the endpoint sees it, and why it is that one. `leaves_as` is its own Node's address."""
    decision, entry, sender = passage.decision, passage.entry, request.source
    inside = decision.door in ("", CLUSTER_IP)
    own = source_of(sender, request.address)
    came_from = entry.source if entry else own
    if passage.hidden:
        who = "Pod" if passage.pod is not None else "endpoint"
        why = "No rule of kube-proxy does that, but the network plugin's, as most have it: the endpoint has the address of a machine, not one of a Pod, "
        why += "and what a Pod sends to another machine leaves with its own Node's address."
        return Hop(
            "node", "Source", f"The {who} sees {leaves_as} as the sender: masqueraded.", why, {"source": leaves_as, "masquerade": True}
        )
    if not decision.masquerade:
        why = "Between Pods and a ClusterIP the address is kept." if inside else "With externalTrafficPolicy Local the address is kept."
        if came_from != own:
            why += f" It is that of {_whose(passage)}."
        return Hop("node", "Source", f"The Pod sees {came_from} as the sender.", why, {"source": came_from})
    seen = entry.node_ip if entry else leaves_as
    if decision.endpoint is not None and decision.endpoint.ip == came_from:
        why = "The Pod was sent to itself (a hairpin): without another sender it would answer itself directly."
    elif inside or (decision.rules is not None and decision.rules.port.external_local):
        why = "The sender uses its Node's address, not one of a Pod: the answer must come back through this Node."
    else:
        why = "With externalTrafficPolicy Cluster what comes by this door is masqueraded: the answer must come back through this Node."
    if entry is not None and entry.balanced is not None and entry.balanced.mode == PROXY:
        why += " To the Node the load balancer was the sender already."
    return Hop("node", "Source", f"The Pod sees {seen} as the sender: masqueraded.", why, {"source": seen, "masquerade": True})


def _whose(passage: Passage) -> str:
    """Of whom the address is that a packet came with, where it is not its sender's."""
    if passage.balanced is not None:
        return "the load balancer, which speaks to the Node in its own name"
    return "the sender's Node: what a Pod sends to another Node's address leaves with it here, as most network plugins have it"
