"""Is the status of a Service right, as whoever plays the cloud writes it?

Source: pkg/apis/core/validation/validation.go (ValidateLoadBalancerStatus), pkg/apis/core/v1/defaults.go (SetDefaults_Service: ipMode).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, invalid, not_supported
from playground.kube.errors import Cause

Document = dict[str, Any]

MODES = ("Proxy", "VIP")
PATH = "status.loadBalancer.ingress"


def service_status(status: Document, spec: Document) -> list[Cause]:
    """What is wrong with it; an address without ipMode gets VIP."""
    listed = status.get("loadBalancer", {}).get("ingress", ())
    if listed and spec["type"] != "LoadBalancer":
        return [forbidden(PATH, "may only be used when `spec.type` is 'LoadBalancer'")]
    return [cause for index, each in enumerate(listed) for cause in _ingress(each, f"{PATH}[{index}]")]


def _ingress(ingress: Document, path: str) -> list[Cause]:
    causes, ip, hostname = [], ingress.get("ip"), ingress.get("hostname")
    if ip:
        causes += each_invalid(f"{path}.ip", ip, names.ip_address(ip))
        mode = ingress.setdefault("ipMode", "VIP")
        causes += [] if mode in MODES else [not_supported(f"{path}.ipMode", mode, MODES)]
    elif "ipMode" in ingress:
        causes.append(forbidden(f"{path}.ipMode", "may not be specified when `ip` is not set"))
    if hostname:
        causes += each_invalid(f"{path}.hostname", hostname, names.dns1123_subdomain(hostname))
        if names.parse_ip(hostname) is not None:
            causes.append(invalid(f"{path}.hostname", hostname, "must be a DNS name, not an IP address"))
    return causes
