"""What does getent print?

Source: glibc nss/getent.c (hosts_keys, ahosts_keys_int), resolv/nss_dns/dns-host.c; Alpine's own, alpinelinux/aports main/musl/getent.c.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from playground.terminal.programs.asks import Ask, Program, Wait, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.programs.nslookup import name_of
from playground.terminal.programs.resolving import addresses, canonical, in_hosts, literal, look_up, waiting

DATABASES = ("hosts", "ahosts", "ahostsv4", "ahostsv6")


def getent(call: Call) -> Program:
    """`getent hosts NAME`, `getent ahosts NAME`."""
    if len(call.args) < 2 or call.args[0] not in DATABASES:
        wrong = call.args[:1] and call.args[0] not in DATABASES
        yield Write(2, f"Unknown database: {call.args[0]}\n" if wrong else "usage: getent database [key ...]\n")
        return 1
    status = 0
    for name in call.args[1:]:
        lines = yield from _lines(call, call.args[0], name)
        if not lines:
            status = 2
        yield from out("".join(f"{line}\n" for line in lines))
    return status


def _lines(call: Call, database: str, name: str) -> Generator[Ask, Any, list[str]]:
    """What is said of one name or address."""
    ip, listed = literal(name), in_hosts(call.container, name)
    if ip and database == "hosts":
        named = yield from name_of(ip)
        return [_host(call, ip, named, (named,))] if named else []
    found, full, aliases = ([ip] if ip else [each for each, _ in listed]), name, []
    if not found:
        reply = yield from look_up(name)
        yield Wait(waiting(call.container, reply))
        found, full = addresses(reply), canonical(reply, name)
        aliases = list(dict.fromkeys(record.name.rstrip(".") for record in reply.records if record.type == "CNAME"))
    by_family = {kind: [each for each in found if (":" in each) == (kind == "IPv6")] for kind in ("IPv4", "IPv6")}
    if database != "hosts":
        kept = {"ahosts": found, "ahostsv4": by_family["IPv4"], "ahostsv6": by_family["IPv6"]}[database]
        return [line for place, each in enumerate(kept) for line in _sockets(call, each, full, place == 0)]
    both = by_family["IPv6"] or by_family["IPv4"]
    names = [name for each, names in listed if each in both for name in names] or [full]
    return [_host(call, each, name, (*names, *aliases)) for each in (both[:1] if call.container.musl else both)]


def _host(call: Call, ip: str, asked: str, names: tuple[str, ...]) -> str:
    """An address with its names. That of musl says the first name again, as an alias, and the one that was asked."""
    if call.container.musl:
        return f"{ip:<16}  {names[0]}  {' '.join(dict.fromkeys((names[0], asked)))}"
    return f"{ip:<15} {' '.join(names)}"


def _sockets(call: Call, ip: str, full: str, first: bool) -> list[str]:
    """An address for each kind of socket. glibc's says the name once, musl's each time, and no RAW."""
    if call.container.musl:
        return [f"{ip:<15} {kind:<6} {full}" for kind in ("STREAM", "DGRAM")]
    return [f"{ip:<15} STREAM {full if first else ''}".rstrip(), f"{ip:<15} DGRAM", f"{ip:<15} RAW"]
