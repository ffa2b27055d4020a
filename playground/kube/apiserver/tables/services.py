"""What does `kubectl get` print of Services, Endpoints and EndpointSlices?

Source: pkg/printers/internalversion/printers.go (printService, printEndpoints, printEndpointSlice).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.kube.apiserver.tables.ages import since
from playground.kube.apiserver.tables.layout import NONE, labels, some

JSON = dict[str, Any]


def service(each: JSON, now: int) -> list[Any]:
    """Name, Type, Cluster-IP, External-IP, Port(s), Age; wide: Selector."""
    spec, meta = each.get("spec", {}), each["metadata"]
    inside = (spec.get("clusterIPs") or [NONE])[0]
    ports = ",".join(map(_port, spec.get("ports", ()))) or NONE
    age = since(meta.get("creationTimestamp"), now)
    return [meta["name"], spec.get("type", ""), inside, external(each), ports, age, labels(spec.get("selector"))]


def endpoints(each: JSON, now: int) -> list[Any]:
    """Name, Endpoints, Age."""
    meta = each["metadata"]
    listed = some(_addresses(each), "") if each.get("subsets") else NONE
    return [meta["name"], listed, since(meta.get("creationTimestamp"), now)]


def endpoint_slice(each: JSON, now: int) -> list[Any]:
    """Name, AddressType, Ports, Endpoints, Age."""
    meta = each["metadata"]
    ports = some((str(port.get("port") or port.get("name") or "*") for port in each.get("ports") or ()), "<unset>")
    addresses = some((address for endpoint in each.get("endpoints") or () for address in endpoint.get("addresses", ())), "<unset>")
    return [meta["name"], each.get("addressType", ""), ports, addresses, since(meta.get("creationTimestamp"), now)]


def external(service: JSON) -> str:
    """The EXTERNAL-IP column."""
    spec = service.get("spec", {})
    given = list(spec.get("externalIPs", ()))
    if spec.get("type") == "ExternalName":
        return str(spec.get("externalName", ""))
    if spec.get("type") != "LoadBalancer":
        return ",".join(given) or NONE
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress", ())
    balanced = sorted({each.get("ip") or each.get("hostname", "") for each in ingress} - {""})
    return ",".join(balanced + given) or "<pending>"


def _port(port: JSON) -> str:
    node = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port.get('port')}{node}/{port.get('protocol', 'TCP')}"


def _addresses(each: JSON) -> Iterator[str]:
    for subset in each["subsets"]:
        addresses = [address["ip"] for address in subset.get("addresses", ())]
        ports = subset.get("ports", ())
        yield from addresses if not ports else (_joined(ip, port["port"]) for port in ports for ip in addresses)


def _joined(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
