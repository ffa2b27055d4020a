"""What is told of an Ingress, an IngressClass, a NetworkPolicy, and of the addresses that Services take?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from playground.kube.apiserver.tables import layout
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import api
from playground.terminal.kubectl.describing.page import NONE, Page, head, marks, moment
from playground.terminal.kubectl.describing.services import addresses, slices_of

JSON = dict[str, Any]
ANY_PORT = "To Port: <any> (traffic allowed to all ports)"


def ingress(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec = document["metadata"], document.get("spec", {})
    listed = ((document.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    page.line(0, "Name:", meta["name"])
    page.labels("Labels:", meta.get("labels"))
    page.line(0, "Namespace:", meta["namespace"])
    page.line(0, "Address:", ",".join(each.get("ip") or each.get("hostname", "") for each in listed))
    page.line(0, "Ingress Class:", spec.get("ingressClassName") or NONE)
    default = _backend(kube, meta["namespace"], spec["defaultBackend"]) if spec.get("defaultBackend") else "<default>"
    page.line(0, "Default backend:", default)
    if spec.get("tls"):
        page.raw("TLS:\n")
        for each in spec["tls"]:
            named = f"{each['secretName']} terminates" if each.get("secretName") else "SNI routes"
            page.line(1, f"{named} {','.join(each.get('hosts') or ())}")
    page.raw("Rules:\n  Host\tPath\tBackends\n  ----\t----\t--------\n")
    rules = [rule for rule in spec.get("rules") or () if rule.get("http")]
    for rule in rules:
        page.line(1, rule.get("host") or "*", "")
        for path in rule["http"].get("paths") or ():
            page.line(2, "", f"{path.get('path', '')} ", _backend(kube, meta["namespace"], path.get("backend") or {}))
    if not rules:
        page.line(1, "*", "*", default)
    page.annotations("Annotations:", meta.get("annotations"))


def _backend(kube: Cluster, namespace: str, backend: JSON) -> str:
    """`web:80 (10.244.1.3:8080)`"""
    if "resource" in backend:
        named = backend["resource"]
        return f"APIGroup: {named.get('apiGroup', NONE)}, Kind: {named.get('kind', '')}, Name: {named.get('name', '')}"
    if "service" not in backend:
        return ""
    service, port = backend["service"].get("name", ""), backend["service"].get("port") or {}
    said = f"{service}:{port.get('number') or port.get('name', '')}"
    try:
        found = api.one(kube, api.resource(kube, "services"), namespace, service)
    except Refusal as refusal:
        return f"{said} (<error: {refusal.message}>)"
    fitting = [each for each in found.get("spec", {}).get("ports") or () if _is_named(port, each)]
    name = fitting[-1].get("name", "") if fitting else ""
    return f"{said} ({addresses(slices_of(kube, namespace, service), name)})"


def _is_named(port: JSON, each: JSON) -> bool:
    return bool(port.get("number") and port["number"] == each["port"]) or bool(port.get("name") and port["name"] == each.get("name"))


def ingress_class(page: Page, kube: Cluster, document: JSON) -> None:
    spec = document.get("spec", {})
    page.line(0, "Name:", document["metadata"]["name"])
    marks(page, document)
    page.line(0, "Controller:", spec.get("controller", ""))
    if spec.get("parameters"):
        page.raw("Parameters:\n")
        for title, name in (("APIGroup:", "apiGroup"), ("Kind:", "kind"), ("Name:", "name")):
            if name in spec["parameters"] or name != "apiGroup":
                page.line(1, title, spec["parameters"].get(name, ""))


def service_cidr(page: Page, kube: Cluster, document: JSON) -> None:
    page.line(0, "Name:", document["metadata"]["name"])
    marks(page, document)
    page.line(0, "CIDRs:", ", ".join(document.get("spec", {}).get("cidrs") or ()))
    conditions = document.get("status", {}).get("conditions") or ()
    if conditions:
        names = ("Type", "Status", "LastTransitionTime", "Reason", "Message")
        page.raw("Status:\nConditions:\n")
        page.line(1, *names)
        page.line(1, *("-" * len(name) for name in names))
        for each in conditions:
            page.line(
                1, each["type"], each["status"], moment(each.get("lastTransitionTime")), each.get("reason", ""), each.get("message", "")
            )


def ip_address(page: Page, kube: Cluster, document: JSON) -> None:
    page.line(0, "Name:", document["metadata"]["name"])
    marks(page, document)
    about = document.get("spec", {}).get("parentRef")
    if about:
        page.raw("Parent Reference:\n")
        for title, name in (("Group:", "group"), ("Resource:", "resource"), ("Namespace:", "namespace"), ("Name:", "name")):
            page.line(1, title, about.get(name, ""))


# --- network policies


def network_policy(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec = document["metadata"], document.get("spec", {})
    head(page, document)
    made = datetime.fromisoformat(meta["creationTimestamp"]).astimezone(UTC)
    page.line(0, "Created on:", made.strftime("%Y-%m-%d %H:%M:%S +0000 UTC"))
    marks(page, document)
    chosen = layout.selector(spec.get("podSelector"))
    everybody = "<none> (Allowing the specific traffic to all pods in this namespace)"
    page.raw(f"Spec:\n  PodSelector:     {everybody if chosen == NONE else chosen}\n")
    types = spec.get("policyTypes") or ()
    _direction(page, spec, types, "Ingress", ("From", "from", "source"))
    _direction(page, spec, types, "Egress", ("To", "to", "destination"))
    page.raw(f"  Policy Types: {', '.join(types) or NONE}\n")


def _direction(page: Page, spec: JSON, types: Any, named: str, words: tuple[str, str, str]) -> None:
    title, field, end = words
    if named not in types:
        return page.raw(f"  Not affecting {named.lower()} traffic\n")
    page.raw(f"  Allowing {named.lower()} traffic:\n")
    rules = spec.get(named.lower()) or []
    if not rules:
        page.raw(f"    <none> (Selected pods are isolated for {named.lower()} connectivity)\n")
    for place, rule in enumerate(rules):
        page.raw("    ----------\n" if place else "")
        for line in [_port(each) for each in rule.get("ports") or ()] or [ANY_PORT]:
            page.raw(f"    {line}\n")
        peers = rule.get(field) or ()
        for peer in peers:
            page.raw(f"    {title}:\n{_peer(peer)}")
        if not peers:
            page.raw(f"    {title}: <any> (traffic not restricted by {end})\n")
    return None


def _port(each: JSON) -> str:
    protocol = each.get("protocol", "TCP")
    if "endPort" in each:
        return f"To Port Range: {each.get('port')}-{each['endPort']}/{protocol}"
    return f"To Port: {each.get('port', '<nil>')}/{protocol}"


def _peer(peer: JSON) -> str:
    if "namespaceSelector" in peer or "podSelector" in peer:
        named = [
            (title, peer[field])
            for title, field in (("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector"))
            if field in peer
        ]
        return "".join(f"      {title}: {layout.selector(selector)}\n" for title, selector in named)
    block = peer.get("ipBlock") or {}
    return f"      IPBlock:\n        CIDR: {block.get('cidr', '')}\n        Except: {', '.join(block.get('except') or ())}\n"
