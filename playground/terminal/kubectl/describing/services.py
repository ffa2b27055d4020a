"""What is told of a Service, with the addresses of its EndpointSlices?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables import layout
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.describing.page import NONE, Page, head, marks

JSON = dict[str, Any]
SHOWN = 3


def service(page: Page, kube: Cluster, document: JSON) -> None:
    spec, status = document.get("spec", {}), document.get("status", {})
    head(page, document)
    marks(page, document)
    page.line(0, "Selector:", layout.labels(spec.get("selector")))
    page.line(0, "Type:", spec.get("type", ""))
    if spec.get("ipFamilyPolicy"):
        page.line(0, "IP Family Policy:", spec["ipFamilyPolicy"])
    page.line(0, "IP Families:", ",".join(spec.get("ipFamilies") or ()) or NONE)
    page.line(0, "IP:", spec.get("clusterIP", ""))
    page.line(0, "IPs:", ",".join(spec.get("clusterIPs") or ()) or NONE)
    for title, value in (
        ("External IPs:", ",".join(spec.get("externalIPs") or ())),
        ("Desired LoadBalancer IP:", spec.get("loadBalancerIP", "")),
        ("LoadBalancer Ingress:", _ingress(status)),
        ("External Name:", spec.get("externalName", "")),
    ):
        if value:
            page.line(0, title, value)
    _ports(page, kube, document, spec)
    page.line(0, "Session Affinity:", spec.get("sessionAffinity", ""))
    for title, name in (("External Traffic Policy:", "externalTrafficPolicy"), ("Internal Traffic Policy:", "internalTrafficPolicy")):
        if spec.get(name):
            page.line(0, title, spec[name])
    if spec.get("healthCheckNodePort"):
        page.line(0, "HealthCheck NodePort:", str(spec["healthCheckNodePort"]))
    if spec.get("loadBalancerSourceRanges"):
        page.line(0, "LoadBalancer Source Ranges:", ",".join(spec["loadBalancerSourceRanges"]))
    if spec.get("trafficDistribution"):
        page.line(0, "Traffic Distribution:", spec["trafficDistribution"])


def _ingress(status: JSON) -> str:
    listed = (status.get("loadBalancer") or {}).get("ingress") or ()
    return ", ".join(
        f"{each['ip']} ({each['ipMode']})" if each.get("ipMode") else each.get("ip") or each.get("hostname", "") for each in listed
    )


def _ports(page: Page, kube: Cluster, document: JSON, spec: JSON) -> None:
    slices = slices_of(kube, document["metadata"]["namespace"], document["metadata"]["name"])
    for port in spec.get("ports") or ():
        name, protocol = port.get("name") or "<unset>", port.get("protocol", "")
        page.line(0, "Port:", name, f"{port['port']}/{protocol}")
        page.line(0, "TargetPort:", f"{port.get('targetPort', 0)}/{protocol}")
        if port.get("appProtocol"):
            page.line(0, "AppProtocol:", port["appProtocol"])
        if port.get("nodePort"):
            page.line(0, "NodePort:", name, f"{port['nodePort']}/{protocol}")
        page.line(0, "Endpoints:", addresses(slices, port.get("name", "")))


def slices_of(kube: Cluster, namespace: str, service: str) -> list[JSON]:
    return api.some(kube, api.resource(kube, "endpointslices"), namespace, f"kubernetes.io/service-name={service}")


def addresses(slices: list[JSON], name: str) -> str:
    """The ready ones, three of them at most; of a slice without ports too, then without a port (kubectl/pkg/describe, formatEndpointSlices:
    it says that there are more, maybe none, as soon as a fourth endpoint is looked at, ready or not)."""
    if not slices:
        return NONE
    found, more = [], False
    for each in slices:
        ports = [port["port"] for port in each.get("ports") or () if (port.get("name") or "") == name]
        for port in ports if each.get("ports") else (None,):
            for endpoint in each.get("endpoints") or ():
                more = more or len(found) == SHOWN
                if endpoint.get("conditions", {}).get("ready", True) is not False:
                    found.append(_address(endpoint["addresses"][0], port))
    return ",".join(found[:SHOWN]) + (f" + {len(found) - SHOWN} more..." if more else "")


def _address(ip: str, port: int | None) -> str:
    return ip if port is None else f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
