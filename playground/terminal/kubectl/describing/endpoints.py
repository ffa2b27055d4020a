"""What is told of Endpoints and of an EndpointSlice?"""

from __future__ import annotations

from typing import Any

from playground.kube.cluster import Cluster
from playground.terminal.kubectl.describing.page import NONE, Page, head, marks

JSON = dict[str, Any]
PORTS = "Name\tPort\tProtocol\n"


def endpoints(page: Page, kube: Cluster, document: JSON) -> None:
    head(page, document)
    marks(page, document)
    page.raw("Subsets:\n")
    for subset in document.get("subsets") or ():
        for title, name in (("Addresses:", "addresses"), ("NotReadyAddresses:", "notReadyAddresses")):
            page.line(1, title, ",".join(each["ip"] for each in subset.get(name) or ()) or NONE)
        if subset.get("ports"):
            page.raw(f"  Ports:\n    {PORTS}    ----\t----\t--------\n")
            for port in subset["ports"]:
                page.line(2, port.get("name") or "<unset>", str(port["port"]), port.get("protocol", ""))
        page.raw("\n")


def endpoint_slice(page: Page, kube: Cluster, document: JSON) -> None:
    head(page, document)
    marks(page, document)
    page.line(0, "AddressType:", document.get("addressType", ""))
    if document.get("ports"):
        page.raw(f"Ports:\n  {PORTS}  ----\t----\t--------\n")
        for port in document["ports"]:
            page.line(1, port.get("name") or "<unset>", str(port.get("port", "<unset>")), port.get("protocol", ""))
    else:
        page.raw("Ports: <unset>\n")
    if not document.get("endpoints"):
        return page.raw(f"Endpoints: {NONE}\n")
    page.raw("Endpoints:\n")
    for each in document["endpoints"]:
        _endpoint(page, each)
    return None


def _endpoint(page: Page, each: JSON) -> None:
    ready, about = each.get("conditions", {}).get("ready"), each.get("targetRef")
    page.line(1, "- Addresses:", ",".join(each.get("addresses") or ()) or NONE)
    page.raw("    Conditions:\n")
    page.line(3, "Ready:", "<unset>" if ready is None else str(ready).lower())
    page.line(2, "Hostname:", each.get("hostname") or "<unset>")
    if about:
        page.line(2, "TargetRef:", f"{about.get('kind', '')}/{about.get('name', '')}")
    page.line(2, "NodeName:", each.get("nodeName") or "<unset>")
    page.line(2, "Zone:", each.get("zone") or "<unset>")
