"""What do getent and host print?

Source: glibc nss/getent.c (hosts_keys, ahosts_keys_int); Alpine's own, alpinelinux/aports main/musl/getent.c; bind9 bin/dig/host.c.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from playground.terminal.programs.asks import Ask, Program, Wait, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.programs.nslookup import TRIES, name_of, other_family, searched, unreached
from playground.terminal.programs.resolving import addresses, canonical, in_hosts, literal, look_up, reverse_name, waiting

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
        return [_host(call, ip, named, named)] if named else []
    found, full = ([ip] if ip else [each for each, _ in listed]), name
    if not found:
        reply = yield from look_up(name)
        yield Wait(waiting(call.container, reply))
        found, full = addresses(reply), canonical(reply, name)
    by_family = {kind: [each for each in found if (":" in each) == (kind == "IPv6")] for kind in ("IPv4", "IPv6")}
    if database != "hosts":
        kept = {"ahosts": found, "ahostsv4": by_family["IPv4"], "ahostsv6": by_family["IPv6"]}[database]
        return [line for place, each in enumerate(kept) for line in _sockets(call, each, full, place == 0)]
    both = by_family["IPv6"] or by_family["IPv4"]
    names = [name for each, names in listed if each in both for name in names] or [full]
    return [_host(call, each, name, *names) for each in (both[:1] if call.container.musl else both)]


def _host(call: Call, ip: str, asked: str, *names: str) -> str:
    """An address with its names. That of musl says the first name again, as an alias, and the one that was asked."""
    if call.container.musl:
        return f"{ip:<16}  {names[0]}  {' '.join(dict.fromkeys((names[0], asked)))}"
    alias = (asked,) if asked not in names and not names[0].startswith(f"{asked}.") else ()
    return f"{ip:<15} {' '.join((*names, *alias))}"


def _sockets(call: Call, ip: str, full: str, first: bool) -> list[str]:
    """An address for each kind of socket. glibc's says the name once, musl's each time, and no RAW."""
    if call.container.musl:
        return [f"{ip:<15} {kind:<6} {full}" for kind in ("STREAM", "DGRAM")]
    return [f"{ip:<15} STREAM {full if first else ''}".rstrip(), f"{ip:<15} DGRAM", f"{ip:<15} RAW"]


def host(call: Call) -> Program:
    words = [word for word in call.args if not word.startswith("-")]
    if not words:
        yield Write(2, "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time] [-R number] [-m flag] hostname [server]\n")
        return 1
    name, ip = words[0], literal(words[0])
    asked, reply = yield from searched(call, reverse_name(ip) + "." if ip else name, "PTR" if ip else "A", "")
    if reply.outcome != "ok":
        yield from unreached(reply, "", tries=TRIES)
        return 1
    if reply.rcode != "NOERROR":
        yield from out(f"Host {asked.rstrip('.')} not found: 3({reply.rcode})\n")
        return 1
    shown, lacks = list(reply.records), ""
    if not ip:
        full, more = yield from other_family(asked, reply)
        shown += [record for record in more.records if record.type == "AAAA"]
        lacks = f"Host {full} not found: 3({more.rcode})\n" if more.rcode == "NXDOMAIN" else ""
    words_of = {"A": "has address", "AAAA": "has IPv6 address", "CNAME": "is an alias for", "PTR": "domain name pointer"}
    yield from out("".join(f"{record.name.rstrip('.')} {words_of.get(record.type, 'has')} {record.value}\n" for record in shown))
    yield from out(lacks * 2)  # for IPv6, and for mail servers
    return 1 if lacks else 0
