"""How does a program find a host's address?  As getaddrinfo: an address as it is, /etc/hosts, then DNS.

Source: nsswitch.conf(5) `hosts: files dns`; glibc resolv/res_send.c and musl src/network/res_msend.c for how long they wait for a server.
Simplified: whoever hears nothing for 2 s and is more patient waits once through all its servers and attempts, and has no address then.
"""

from __future__ import annotations

from collections.abc import Generator
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from playground.kube.actions import Reply
from playground.kube.clock import SECOND
from playground.terminal.programs.asks import Ask, Lookup
from playground.terminal.programs.container import Container


def known_address(container: Container, host: str) -> str:
    """An address that needs no DNS, or ""."""
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        pass
    for line in container.hosts.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        if host.lower() in (name.lower() for name in names) and ":" not in address:
            return address
    return ""


def patience(container: Container, waited: float, gave_up: bool) -> float:
    """Seconds that the resolver takes: those that are known, or if it gave up early, all that its servers and attempts make."""
    if not gave_up:
        return waited
    conf = container.resolv
    longest = conf.timeout if container.musl else conf.timeout * conf.attempts * max(1, len(conf.servers))
    return max(waited, float(longest))


def waiting(container: Container, reply: Reply) -> float:
    """The same for a look-up without a type."""
    waited = reply.waited / SECOND
    return patience(container, waited, reply.outcome == "timeout" and waited > 0)


def look_up(name: str, type: str = "", server: str = "") -> Generator[Ask, Any, Reply]:
    reply = yield Lookup(name, type, server)
    return reply if reply is not None else Reply("timeout")


def addresses(reply: Reply, type: str = "A") -> list[str]:
    return [record.value for record in reply.records if record.type == type]


def canonical(reply: Reply, asked: str) -> str:
    """The name that has the addresses, without its last dot."""
    found = next((record.name for record in reply.records if record.type in ("A", "AAAA")), asked)
    return found.rstrip(".")


def reverse_name(address: str) -> str:
    """`10.0.0.1` as `1.0.0.10.in-addr.arpa`."""
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa"
