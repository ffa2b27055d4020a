"""How does a program find a host's address?  As getaddrinfo: an address as it is, /etc/hosts, then DNS.

Source: nsswitch.conf(5) `hosts: files dns`; RFC 6724; busybox libbb/xconnect.c (str2sockaddr: one address, of IPv4 if it is built so);
glibc resolv/res_send.c and musl src/network/res_msend.c for how long they wait for a server.
Simplified: whoever hears nothing for 2 s and is more patient waits once through all its servers and attempts, and has no address then.
"""

from __future__ import annotations

from collections.abc import Generator
from ipaddress import ip_address
from typing import Any

from playground.kube.actions import Reply
from playground.kube.clock import SECOND
from playground.kube.network.destinations import policy
from playground.kube.network.lookups import PATIENCE
from playground.terminal.programs.asks import Ask, Lookup
from playground.terminal.programs.container import Container

TYPES = {"": ("A", "AAAA"), "IPv4": ("A",), "IPv6": ("AAAA",)}


def known_address(container: Container, host: str) -> str:
    """An address that needs no DNS, or ""."""
    return literal(host) or _taken(container, [address for address, _ in in_hosts(container, host)])


def literal(host: str) -> str:
    """The address that a word is, in brackets or not, or ""."""
    word = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return "" if "%" in word else str(ip_address(word))
    except ValueError:
        return ""


def in_hosts(container: Container, host: str) -> list[tuple[str, list[str]]]:
    """The lines of /etc/hosts that have a name, in the order of getaddrinfo: the address, and all its names."""
    lines = [line.partition("#")[0].split() for line in container.hosts.splitlines()]
    found = [(line[0], line[1:]) for line in lines if host.lower() in (name.lower() for name in line[1:])]
    return sorted(found, key=lambda each: -policy(each[0], container.musl).precedence)


def patience(container: Container, waited: float, gave_up: bool) -> float:
    """Seconds that the resolver takes: those that are known, or if it gave up early, all that its servers and attempts make."""
    if not gave_up:
        return waited
    conf = container.resolv
    longest = conf.timeout if container.musl else conf.timeout * conf.attempts * max(1, len(conf.servers))
    return max(waited, float(longest))


def waiting(container: Container, reply: Reply) -> float:
    """The same for a look-up without a type."""
    return patience(container, reply.waited / SECOND, reply.waited >= PATIENCE)


def look_up(name: str, type: str = "", server: str = "") -> Generator[Ask, Any, Reply]:
    reply = yield Lookup(name, type, server)
    return reply if reply is not None else Reply("timeout")


def addresses(reply: Reply, family: str = "") -> list[str]:
    """Of one family, or of both in the order of getaddrinfo."""
    types = TYPES[family]
    return [record.value for record in reply.records if record.type in types]


def one_of(container: Container, reply: Reply, family: str = "") -> str:
    """The address that a program takes which takes one only, or ""."""
    return _taken(container, addresses(reply, family))


def _taken(container: Container, listed: list[str]) -> str:
    preferred = [each for each in listed if ":" not in each] if container.image.prefers_ipv4 else []
    return next(iter(preferred or listed), "")


def canonical(reply: Reply, asked: str) -> str:
    """The name that has the addresses, without its last dot."""
    found = next((record.name for record in reply.records if record.type in ("A", "AAAA")), asked)
    return found.rstrip(".")


def reverse_name(address: str) -> str:
    """`10.0.0.1` as `1.0.0.10.in-addr.arpa`."""
    return ip_address(address).reverse_pointer
