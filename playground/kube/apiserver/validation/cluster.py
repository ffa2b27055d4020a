"""Is a Node, an EndpointSlice, an Endpoints object or a CustomResourceDefinition right?

Source: pkg/apis/core/validation/validation.go (ValidateNode, ValidateNodeUpdate, ValidateEndpoints) and
pkg/apis/discovery/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import duplicate, each_invalid, forbidden, immutable, invalid, not_supported, required
from playground.kube.apiserver.validation.service import PROTOCOLS
from playground.kube.apiserver.validation.service_addresses import external_address
from playground.kube.errors import Cause
from playground.kube.settings import family_of

Document = dict[str, Any]

ADDRESS_TYPES = ("FQDN", "IPv4", "IPv6")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
MOST_ENDPOINTS = 1_000
MOST_ADDRESSES = 100
MOST_HINTS = 8


def node(document: Document) -> list[Cause]:
    spec = document.get("spec", {})
    causes: list[Cause] = []
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(spec.get("taints", ())):
        causes += _taint(taint, f"metadata.taints[{index}]", seen)
    listed = _pod_networks(spec)
    said = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
    wrong = [invalid(f"spec.podCIDRs[{index}]", cidr, said) for index, cidr in enumerate(listed) if not _is_network(cidr)]
    if wrong:
        return causes + wrong
    if len(listed) > 1 and sorted(map(family_of, listed)) != ["IPv4", "IPv6"]:
        causes.append(invalid("spec.podCIDRs", listed, "may specify no more than one CIDR for each IP family"))
    return causes


def node_update(new: Document, old: Document) -> list[Cause]:
    before, after = _pod_networks(old.get("spec", {})), _pod_networks(new.get("spec", {}))
    return [forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid')] if before and before != after else []


def _pod_networks(spec: Document) -> list[str]:
    return spec.get("podCIDRs") or ([spec["podCIDR"]] if "podCIDR" in spec else [])


def custom_resource_definition(document: Document) -> list[Cause]:
    """Source: staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go."""
    spec = document.get("spec", {})
    called = spec.get("names", {})
    group, plural = spec.get("group", ""), called.get("plural", "")
    causes = [required(f"spec.{name}") for name in ("group", "scope", "versions") if not spec.get(name)]
    causes += [required(f"spec.names.{name}") for name in ("plural", "kind") if not called.get(name)]
    if spec.get("scope") and spec["scope"] not in ("Cluster", "Namespaced"):
        causes.append(not_supported("spec.scope", spec["scope"], ("Cluster", "Namespaced")))
    if group and plural and document["metadata"].get("name") != f"{plural}.{group}":
        causes.append(invalid("metadata.name", document["metadata"].get("name", ""), 'must be spec.names.plural+"."+spec.group'))
    for index, version in enumerate(spec.get("versions", ())):
        called_version = version.get("name", "")
        causes += each_invalid(f"spec.versions[{index}].name", called_version, names.dns1035_label(called_version))
    return causes + (each_invalid("spec.group", group, names.dns1123_subdomain(group)) if group else [])


def endpoint_slice(document: Document) -> list[Cause]:
    kind, endpoints = document.get("addressType", ""), document.get("endpoints", ())
    causes = []
    if not kind:
        causes.append(required("addressType"))
    elif kind not in ADDRESS_TYPES:
        causes.append(not_supported("addressType", kind, ADDRESS_TYPES))
    if len(endpoints) > MOST_ENDPOINTS:
        causes.append(_too_many("endpoints", endpoints, MOST_ENDPOINTS))
    for index, each in enumerate(endpoints[:MOST_ENDPOINTS]):
        causes += _endpoint(each, f"endpoints[{index}]", kind)
    return causes + _slice_ports(document.get("ports", ()))


def endpoint_slice_update(new: Document, old: Document) -> list[Cause]:
    return immutable("addressType", new.get("addressType"), old.get("addressType"))


def endpoints(document: Document) -> list[Cause]:
    causes = []
    for index, subset in enumerate(document.get("subsets", ())):
        path = f"subsets[{index}]"
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            causes.append(required(path, "must specify `addresses` or `notReadyAddresses`"))
        for name in ("addresses", "notReadyAddresses"):
            for at, address in enumerate(subset.get(name, ())):
                causes += _placed(address, f"{path}.{name}[{at}]")
                causes += external_address(address.get("ip", ""), f"{path}.{name}[{at}].ip")
        for at, port in enumerate(subset.get("ports", ())):
            causes += _endpoint_port(port, f"{path}.ports[{at}]", len(subset["ports"]) > 1)
    return causes


def _endpoint(endpoint: Document, path: str, kind: str) -> list[Cause]:
    addresses = endpoint.get("addresses", ())
    causes = [] if addresses else [required(f"{path}.addresses", "must contain at least 1 address")]
    if len(addresses) > MOST_ADDRESSES:
        causes.append(_too_many(f"{path}.addresses", addresses, MOST_ADDRESSES))
    for index, address in enumerate(addresses[:MOST_ADDRESSES]):
        causes += _address(address, f"{path}.addresses[{index}]", kind)
    if endpoint.get("nodeName"):
        causes += each_invalid(f"{path}.nodeName", endpoint["nodeName"], names.dns1123_subdomain(endpoint["nodeName"]))
    if endpoint.get("hostname"):
        causes += each_invalid(f"{path}.hostname", endpoint["hostname"], names.dns1123_label(endpoint["hostname"]))
    for field, rule in (("forZones", names.label_value), ("forNodes", names.dns1123_subdomain)):
        causes += _hints((endpoint.get("hints") or {}).get(field) or [], f"{path}.hints.{field}", rule)
    return causes


def _hints(listed: list[Document], path: str, rule: Callable[[str], list[str]]) -> list[Cause]:
    """For whom an endpoint is meant, each once."""
    if len(listed) > MOST_HINTS:
        return [_too_many(path, listed, MOST_HINTS)]
    causes: list[Cause] = []
    seen: set[str] = set()
    for index, each in enumerate(listed):
        here, name = f"{path}[{index}].name", each.get("name", "")
        causes += [duplicate(here, name)] if name in seen else []
        causes += each_invalid(here, name, rule(name))
        seen.add(name)
    return causes


def _placed(address: Document, path: str) -> list[Cause]:
    """The names that an address of an Endpoints object may have."""
    causes: list[Cause] = []
    for field, rule in (("hostname", names.dns1123_label), ("nodeName", names.dns1123_subdomain)):
        causes += each_invalid(f"{path}.{field}", address[field], rule(address[field])) if address.get(field) else []
    return causes


def _too_many(path: str, listed: list[Any], most: int) -> Cause:
    return Cause(path, "FieldValueTooMany", f"Too many: {len(listed)}: must have at most {most} items")


def _address(address: str, path: str, kind: str) -> list[Cause]:
    if kind == "FQDN":
        return each_invalid(path, address, names.dns1123_subdomain(address))
    parsed = names.parse_ip(address)
    if parsed is not None and kind == f"IPv{parsed.version}":
        return external_address(address, path)
    wrong = names.ip_address(address)
    return each_invalid(path, address, wrong or ([f"must be an {kind} address"] if kind in ADDRESS_TYPES else []))


def _slice_ports(ports: list[Document]) -> list[Cause]:
    """Simplified: a number that no port has is refused, where Kubernetes takes it, and kube-proxy fails."""
    causes: list[Cause] = []
    seen: set[str] = set()
    for index, port in enumerate(ports):
        path, name = f"ports[{index}]", port["name"]
        causes += each_invalid(f"{path}.name", name, names.dns1123_label(name)) if name else []
        causes += [duplicate(f"{path}.name", name)] if name in seen else []
        seen.add(name)
        if "port" in port:
            causes += each_invalid(f"{path}.port", port["port"], names.port_number(port["port"]))
        if port["protocol"] not in PROTOCOLS:
            causes.append(not_supported(f"{path}.protocol", port["protocol"], PROTOCOLS))
        if "appProtocol" in port:
            causes += each_invalid(f"{path}.appProtocol", port["appProtocol"], names.label_key(port["appProtocol"]))
    return causes


def _endpoint_port(port: Document, path: str, must_be_named: bool) -> list[Cause]:
    name, number = port.get("name", ""), port.get("port", 0)
    causes = each_invalid(f"{path}.name", name, names.dns1123_label(name)) if name else [required(f"{path}.name")] if must_be_named else []
    causes += each_invalid(f"{path}.port", number, names.port_number(number))
    return causes if port["protocol"] in PROTOCOLS else [*causes, not_supported(f"{path}.protocol", port["protocol"], PROTOCOLS)]


def _taint(taint: Document, path: str, seen: set[tuple[str, str]]) -> list[Cause]:
    key, value, effect = taint.get("key", ""), taint.get("value", ""), taint.get("effect", "")
    causes = each_invalid(f"{path}.key", key, names.label_key(key)) + each_invalid(f"{path}.value", value, names.label_value(value))
    if effect not in EFFECTS:
        causes.append(not_supported(f"{path}.effect", effect, EFFECTS) if effect else required(f"{path}.effect"))
    if (key, effect) in seen:
        causes.append(duplicate(path, taint))
    seen.add((key, effect))
    return causes


def _is_network(text: str) -> bool:
    try:
        return len(text) <= 43 and bool(ip_network(text))
    except ValueError:
        return False
