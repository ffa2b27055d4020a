"""How do addresses stand in names?  With dashes in names of Pods and endpoints, backwards in the reverse zones.

Source: coredns plugin/kubernetes/kubernetes.go (findPods, endpointHostname), plugin/pkg/dnsutil/reverse.go.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from playground.kube.apiserver.objects import Endpoint

LONGEST_POD_NAME = 63


@lru_cache(maxsize=10_000)
def read_address(text: str) -> tuple[str, str] | None:
    """("A" or "AAAA", the address as it is written in a record), or None for what is no address."""
    try:
        found = None if "%" in text else ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return ("A", str(found.ipv4_mapped)) if found.ipv4_mapped else ("AAAA", str(found))
    return ("A", text) if found else None


def undashed(label: str) -> str:
    """What an address with dashes stands for: three single dashes make an IPv4 address, any others an IPv6 one."""
    return label.replace("-", "." if label.count("-") == 3 and "--" not in label else ":")


def endpoint_name(endpoint: Endpoint, pod_names: bool = False) -> str:
    """The one name that an endpoint has under its Service: its hostname, else (if so configured) its Pod's, else its address with dashes."""
    if endpoint.hostname:
        return endpoint.hostname
    if pod_names and 0 < len(endpoint.pod) <= LONGEST_POD_NAME:
        return endpoint.pod
    dashed = endpoint.ip.replace(".", "-").replace(":", "-")
    return dashed + "0" if dashed.endswith("-") else dashed


def reverse_address(name: str) -> str:
    """The address that a name in lower case under in-addr.arpa. or ip6.arpa. stands for, "" for any other name."""
    for suffix, separator, width, labels in ((".in-addr.arpa.", ".", 1, 4), (".ip6.arpa.", ":", 4, 32)):
        if name.endswith(suffix):
            digits = name.removesuffix(suffix).split(".")[::-1]
            groups = ["".join(digits[start : start + width]) for start in range(0, len(digits), width)]
            found = read_address(separator.join(groups)) if len(digits) == labels else None
            return found[1] if found else ""
    return ""
