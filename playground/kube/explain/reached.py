"""Does anything lead to the endpoints of a slice?  kube-proxy's rules for its Service, or of a headless one DNS.

Source: pkg/proxy/endpointslicecache.go (by the Service's name, family, and the ports' names and protocols); coredns plugin/kubernetes/object/endpoint.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.dns.directory import is_headless

PORTLESS, OTHER_FAMILY, NO_ADDRESS = "port", "family", "name"


def obstacle(service: Any, piece: Any) -> str:
    """Why nothing leads there, one of the words above; "" if it does."""
    if piece.address_type == "FQDN":
        return NO_ADDRESS
    if is_headless(service):
        return ""
    if piece.address_type not in service.spec.get("ipFamilies", (piece.address_type,)):
        return OTHER_FAMILY
    own = [(port.get("name", ""), port.get("protocol", "TCP")) for port in service.spec.get("ports", ())]
    return "" if any(port.port is not None and (port.name, port.protocol) in own for port in piece.ports) else PORTLESS
