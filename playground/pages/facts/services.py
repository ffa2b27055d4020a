"""What is a Service, where does it send requests, and what can be done to it?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.balancing import addresses_of, mode_of
from playground.kube.apiserver.names import parse_ip
from playground.kube.apiserver.nodes import addresses
from playground.kube.controllers.topology import is_topology_aware
from playground.kube.dns.directory import is_headless
from playground.kube.explain import reached
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.serviceports import STICKY_SECONDS, left_alone
from playground.kube.network.naming import is_nowhere
from playground.kube.outside import HTTP, SITES, THE_WORLD
from playground.kube.settings import family_of
from playground.pages.facts import dns, relations, words
from playground.pages.facts.states import lost_endpoints, ready_endpoints, service_badge, serving_endpoints
from playground.pages.facts.values import Button, Fact, Group, Overview, Row

POLICY_NOTES = {
    "Cluster": "every Node sends requests to ready endpoints anywhere",
    "Local": "every Node sends requests only to its own endpoints, and drops them if it has none",
}


EXTERNAL_NOTES = {
    "Cluster": "every Node sends requests from outside to ready endpoints anywhere, and hides the sender's address",
    "Local": "every Node sends requests from outside only to its own endpoints, and keeps the sender's address",
}
FAMILY_NOTES = {
    "SingleStack": "one address, of the first family that it names or else the cluster's",
    "PreferDualStack": "an address of each family that the cluster has, as of when it was made or last changed",
    "RequireDualStack": "an address of each family, or it is refused",
}
IN_ITS_ZONE = "of the sender's zone, as far as the hints of its slices say so"
DISTRIBUTIONS = {
    "PreferClose": IN_ITS_ZONE,
    "PreferSameZone": IN_ITS_ZONE,
    "PreferSameNode": "on the sender's own Node, if there is one",
}
OF_THE_API = "default", "kubernetes"
EXTERNAL_NAME_NOTE = "DNS answers with a CNAME to it; there is no address and there are no endpoints"
NO_NAME = "It looks like an address, but is taken for a name: CoreDNS says that there is no such name (NXDOMAIN), and nothing leads there."
HEALTH_CHECK_NOTE = "kube-proxy of each Node answers there whether it has a ready endpoint; the load balancer asks it"


def overview(running: Any, service: Any) -> Overview:
    return Overview(
        sentence=_sentence(running, service),
        badge=service_badge(running, service),
        facts=_facts(running, service),
        groups=_groups(running, service),
        rows=(*dns.switch(running, service), *_rows(service)),
    )


def targets(running: Any) -> tuple[str, ...]:
    """What a request may be sent to: `name:port` of each Service, `/UDP` or `/SCTP` where it is not TCP; short names in namespace default; what leads
    in from outside, and the servers there."""
    names = []
    for service in running.store.list("Service"):
        name = service.name if service.namespace == "default" else f"{service.name}.{service.namespace}"
        names += [f"{name}:{HTTP}"] if service.spec.get("type") == "ExternalName" and not service.spec.get("ports") else []
        names += [f"{name}:{port['port']}{_protocol(port)}" for port in service.spec.get("ports", ())]
    return (*names[:200], *_outer_targets(running), *(f"{site.name}:{HTTP}" for site in SITES))


def _outer_targets(running: Any) -> list[str]:
    """What a client outside can send to: load balancers, external addresses, and node ports of the first Node."""
    nodes, found = running.store.list("Node"), []
    for service in running.store.list("Service"):
        outer, ports = (*addresses_of(service), *service.spec.get("externalIPs", ())), service.spec.get("ports", ())
        found += [f"{address(ip, port['port'])}{_protocol(port)}" for ip in outer for port in ports]
        own = [ip for ip in (addresses(nodes[0]) if nodes else ()) if family_of(ip) in service.spec.get("ipFamilies", ())]
        found += [f"{address(ip, port['nodePort'])}{_protocol(port)}" for ip in own for port in ports if port.get("nodePort")]
    return found[:200]


def _protocol(port: Any) -> str:
    """`/UDP`, as a target says it."""
    protocol = port.get("protocol") or "TCP"
    return "" if protocol == "TCP" else f"/{protocol}"


def ports_text(service: Any) -> str:
    """80/TCP → 5000, 443/TCP → https"""
    return ", ".join(_port(port) for port in service.spec.get("ports", ())) or "none"


def _port(port: Any) -> str:
    text = f"{port['port']}/{port.get('protocol', 'TCP')}"
    target = port.get("targetPort", port["port"])
    text = text if target == port["port"] else f"{text} → {target}"
    return f"{text} (node port {port['nodePort']})" if port.get("nodePort") else text


def _sentence(running: Any, service: Any) -> str:
    spec = service.spec
    if spec.get("type") == "ExternalName":
        name = spec.get("externalName", "")
        if parse_ip(name) is not None:
            return f"Another name for {name}. {NO_NAME}"
        return f"Another name for {name}: DNS answers with a CNAME, and nothing else happens."
    ready = ready_endpoints(running, service)
    pods = words.counted(ready, "ready endpoint")
    if is_headless(service):
        said = f"DNS answers with the addresses of {pods}" if ready else f"with {pods} DNS says that there is no such name (NXDOMAIN)"
        return f"Headless: it has no address of its own, and {said}."
    own = spec.get("clusterIPs") or [spec.get("clusterIP")]
    where = f"{'addresses' if len(own) > 1 else 'address'}, {words.listed(own)}"
    if service.key == OF_THE_API:
        return (
            f"A stable name and {where}, for the API server: it writes the endpoints itself, and makes the Service again if it is deleted."
        )
    if label := left_alone(service):
        return f"A stable name and {where}, for {pods}, but no Node has rules for it: its label {label} tells kube-proxy to leave it alone."
    blind = _blind(running, service)
    if not spec.get("selector"):
        return f"A stable {where}, without a selector: its endpoints ({pods}) are written by hand.{blind}"
    leaving = serving_endpoints(running, service)
    if not ready and leaving:
        last = "1 endpoint that is on its way out" if leaving == 1 else f"{leaving} endpoints that are on their way out"
        return f"A stable name and {where}, for {pods}, but {last} and still serving: new connections go there as long as nothing is ready."
    if not ready:
        return f"A stable name and {where}, for {pods}: new connections are refused{'' if blind else ' until one is ready'}.{blind}"
    return f"A stable name and {where}, for {pods}: {_choice(service, ready)}.{blind}"


def _blind(running: Any, service: Any) -> str:
    """That some of its ports, or all, lead nowhere although there are Pods: the name of a targetPort, or of a slice's port, is another there."""
    lost = lost_endpoints(running, service)
    if lost and not ready_endpoints(running, service):
        return f" Its EndpointSlices hold {lost} address{'' if lost == 1 else 'es'}, but none of its ports: compare the names of ports."
    blind = [f"{port['port']}{_protocol(port) or '/TCP'}" for port in reached.blind_ports(running.machinery, service)]
    return f" Behind {words.listed(blind)} there is none: compare the names of ports." if blind else ""


def _choice(service: Any, ready: int) -> str:
    """To which of the ready ones a new connection goes."""
    spec = service.spec
    near = IN_ITS_ZONE if is_topology_aware(service) else DISTRIBUTIONS.get(spec.get("trafficDistribution", ""), "")
    if spec.get("internalTrafficPolicy") == "Local":
        near = "on the sender's own Node"
    if ready == 1 and not near:
        return "every new connection goes to it"
    if spec.get("sessionAffinity") == "ClientIP":
        return f"the first connection of a client goes to one of them{' ' + near if near else ''}, by chance, and those that follow to the same one"
    return f"each new connection goes to one of them{' ' + near if near else ''}, by chance"


def _facts(running: Any, service: Any) -> tuple[Fact, ...]:
    spec = service.spec
    own = spec.get("clusterIPs") or [each for each in (spec.get("clusterIP"),) if each]
    facts = [
        Fact("Type", spec.get("type", "ClusterIP")),
        *_external_name(running, spec),
        Fact(words.plural(own, "Cluster IP"), ", ".join(own) or "none"),
        *_families(spec),
        Fact("Ports", ports_text(service)),
    ]
    if spec.get("type") == "LoadBalancer":
        facts.append(Fact("Load balancer", ", ".join(addresses_of(service)) or "<pending>", note=_balancer_note(service)))
    if spec.get("externalIPs"):
        facts.append(Fact("External addresses", ", ".join(spec["externalIPs"])))
    if spec.get("healthCheckNodePort"):
        facts.append(Fact("Health check port", str(spec["healthCheckNodePort"]), note=HEALTH_CHECK_NOTE))
    selector = spec.get("selector") or {}
    facts.append(Fact("Selector", ", ".join(f"{key}={value}" for key, value in selector.items()) or "none"))
    if _has_policy(service, "internal"):
        facts.append(Fact("Internal traffic", spec["internalTrafficPolicy"], note=POLICY_NOTES.get(spec["internalTrafficPolicy"], "")))
    if _has_policy(service, "external"):
        facts.append(Fact("External traffic", spec["externalTrafficPolicy"], note=EXTERNAL_NOTES.get(spec["externalTrafficPolicy"], "")))
    if spec.get("sessionAffinity", "None") != "None":
        facts.append(Fact("Session affinity", spec["sessionAffinity"], note=_stickiness(spec)))
    if spec.get("publishNotReadyAddresses"):
        facts.append(Fact("publishNotReadyAddresses", "true", note="Pods that are not ready count as ready endpoints"))
    return tuple(facts)


def _stickiness(spec: Any) -> str:
    seconds = ((spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}).get("timeoutSeconds", STICKY_SECONDS)
    return f"each Node by itself sends a client to the same endpoint again, until {seconds} s have passed without a connection"


def _external_name(running: Any, spec: Any) -> list[Fact]:
    if spec.get("type") != "ExternalName":
        return []
    name = spec.get("externalName", "")
    if parse_ip(name) is not None:
        return [Fact("External name", name, note="a Service without selector and an EndpointSlice lead to an address")]
    nowhere = f". Nobody has this name: {THE_WORLD}" if is_nowhere(name, running.settings) else ""
    return [Fact("External name", name, note=EXTERNAL_NAME_NOTE + nowhere)]


def _families(spec: Any) -> list[Fact]:
    """Said where it is not a matter of course."""
    policy, families = spec.get("ipFamilyPolicy", "SingleStack"), spec.get("ipFamilies", ["IPv4"])
    if (policy, families) == ("SingleStack", ["IPv4"]):
        return []
    return [Fact("Families", f"{', '.join(families)} ({policy})", note=FAMILY_NOTES.get(policy, ""))]


def _balancer_note(service: Any) -> str:
    if addresses_of(service):
        mode = mode_of(service, addresses_of(service)[0])
        return "ipMode Proxy: it opens connections of its own" if mode == "Proxy" else "ipMode VIP: packets go on as they came"
    if service.spec.get("loadBalancerClass"):
        return "a load balancer of this class is made by a controller that this cluster has not"
    return "the cloud has not given it an address yet; a cluster without a cloud never does"


def _groups(running: Any, service: Any) -> tuple[Group, ...]:
    selector = service.spec.get("selector")
    if not selector or service.spec.get("type") == "ExternalName":
        return ()
    pods = running.machinery.pods_matching(service.namespace, selector)
    return (relations.pods_group("Pods it selects", pods, "No Pod of its namespace has all the labels of its selector."),)


def _rows(service: Any) -> tuple[Row, ...]:
    rows = [
        Row(title, _policies(service, side, notes))
        for title, side, notes in (("Internal traffic", "internal", POLICY_NOTES), ("External traffic", "external", EXTERNAL_NOTES))
        if _has_policy(service, side)
    ]
    place = {"kind": "Service", "namespace": service.namespace, "name": service.name}
    return (*rows, Row("All of it", (Button("delete", "Delete", place, _deletion(service), "danger"),)))


def _has_policy(service: Any, side: str) -> bool:
    """One that was a Service with an address may keep its policy as an ExternalName, where it means nothing; nor does it for a headless one."""
    return f"{side}TrafficPolicy" in service.spec and service.spec.get("type") != "ExternalName" and not is_headless(service)


def _policies(service: Any, side: str, notes: dict[str, str]) -> tuple[Button, ...]:
    place, now = {"namespace": service.namespace, "name": service.name}, service.spec[f"{side}TrafficPolicy"]
    return tuple(Button("policy", word, place | {side: word}, note, pressed=now == word) for word, note in notes.items())


def _deletion(service: Any) -> str:
    if service.spec.get("type") == "LoadBalancer":
        return "It goes when its load balancer has been taken down; until then its address stays"
    return "Its name and address are gone at once"
