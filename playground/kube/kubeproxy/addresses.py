"""How does kube-proxy read addresses and networks, and what is inside what?

Source: staging/src/k8s.io/utils/net (ParseIPSloppy, ParseCIDRSloppy): numbers with leading zeros are decimal; text that is
no address or network is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network

IPV4, IPV6 = "IPv4", "IPv6"


def family(address: str) -> str:
    """IPv4 or IPv6, of an address or a network."""
    return IPV6 if ":" in address else IPV4


@lru_cache(maxsize=10_000)
def canonical(text: str) -> str:
    """An address as Kubernetes prints it, "" if it is none: 192.168.099.022 is 192.168.99.22."""
    try:
        return str(ip_address(_plain(text.strip())))
    except ValueError:
        return ""


@lru_cache(maxsize=10_000)
def network(text: str) -> str:
    """A network without its host bits, "" if it is none: ` 203.0.113.005/025` is 203.0.113.0/25."""
    address, slash, length = text.strip().partition("/")
    try:
        return str(ip_network(f"{_plain(address)}/{int(length)}", strict=False)) if slash else ""
    except ValueError:
        return ""


@lru_cache(maxsize=200_000)
def within(address: str, network: str) -> bool:
    """Whether an address is in a network; one of the other family never is."""
    return ip_address(address) in ip_network(network, strict=False)


def of_family(wanted: str, found: Iterable[str]) -> tuple[str, ...]:
    """Those addresses or networks of one family that could be read ("" could not)."""
    return tuple(each for each in found if each and family(each) == wanted)


def _plain(address: str) -> str:
    if ":" in address:
        return address
    return ".".join(str(int(part)) for part in address.split(".") if part.isascii())
