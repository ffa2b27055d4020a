"""What does `kubectl get` print of Ingresses, NetworkPolicies, and of addresses for Services?

Source: pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables.layout import NONE, SHOWN, born, selector

JSON = dict[str, Any]


def ingress(each: JSON, now: int) -> list[Any]:
    """Name, Class, Hosts, Address, Ports, Age."""
    spec = each.get("spec", {})
    doors = each.get("status", {}).get("loadBalancer", {}).get("ingress", ())
    addresses = sorted({door.get("ip") or door.get("hostname", "") for door in doors} - {""})
    ports = "80, 443" if spec.get("tls") else "80"
    return [each["metadata"]["name"], spec.get("ingressClassName") or NONE, _hosts(spec), ",".join(addresses), ports, born(each, now)]


def _hosts(spec: JSON) -> str:
    rules = spec.get("rules") or ()
    named = [rule["host"] for rule in rules if rule.get("host")]
    if not named:
        return "*"
    # Kubernetes counts all rules as soon as there is one behind the third host.
    place = next((index for index, rule in enumerate(rules) if sum(1 for one in rules[:index] if one.get("host")) == SHOWN), None)
    rest = "" if place is None else f" + {len(rules) - SHOWN} more..."
    return ",".join(named[:SHOWN]) + rest


def ingress_class(each: JSON, now: int) -> list[Any]:
    """Name, Controller, Parameters, Age."""
    spec = each.get("spec", {})
    about = spec.get("parameters")
    group = f".{about['apiGroup']}" if about and about.get("apiGroup") else ""
    parameters = f"{about.get('kind', '')}{group}/{about.get('name', '')}" if about else NONE
    return [each["metadata"]["name"], spec.get("controller", ""), parameters, born(each, now)]


def network_policy(each: JSON, now: int) -> list[Any]:
    """Name, Pod-Selector, Age."""
    return [each["metadata"]["name"], selector(each.get("spec", {}).get("podSelector") or {}), born(each, now)]


def service_cidr(each: JSON, now: int) -> list[Any]:
    """Name, CIDRs, Age."""
    return [each["metadata"]["name"], ",".join(each.get("spec", {}).get("cidrs", ())), born(each, now)]


def ip_address(each: JSON, now: int) -> list[Any]:
    """Name, ParentRef."""
    parent = each.get("spec", {}).get("parentRef")
    if not parent:
        return [each["metadata"]["name"], NONE]
    kind = ".".join(filter(None, (parent.get("resource", ""), parent.get("group", "")))).lower()
    return [each["metadata"]["name"], "/".join(filter(None, (kind, parent.get("namespace", ""), parent.get("name", ""))))]
