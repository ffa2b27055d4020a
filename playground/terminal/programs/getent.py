"""What do getent and host print?

Source: glibc nss/getent.c (hosts_keys, ahosts_keys_int); bind9 bin/dig/host.c.
"""

from __future__ import annotations

from playground.kube.actions import Reply
from playground.terminal.programs.asks import Program, Wait, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.programs.nslookup import TRIES, name_of, searched, unreached
from playground.terminal.programs.resolving import addresses, canonical, known_address, look_up, reverse_name, waiting


def getent(call: Call) -> Program:
    """`getent hosts NAME`, `getent ahosts NAME`."""
    if len(call.args) < 2 or call.args[0] not in ("hosts", "ahosts", "ahostsv4", "ahostsv6"):
        wrong = call.args[:1] and call.args[0] not in ("hosts", "ahosts", "ahostsv4", "ahostsv6")
        yield Write(2, f"Unknown database: {call.args[0]}\n" if wrong else "usage: getent database [key ...]\n")
        return 1
    status = 0
    for name in call.args[1:]:
        known = known_address(call.container, name)
        is_address = known == name
        if known and is_address and call.args[0] == "hosts":
            named = yield from name_of(name)
            lines = [f"{name:<15} {named}"] if named else []
        else:
            reply = Reply("ok") if known else (yield from look_up(name))
            if not known:
                yield Wait(waiting(call.container, reply))
            lines = _getent_lines(
                call.args[0],
                name,
                [known] if known else addresses(reply),
                [] if known else addresses(reply, "AAAA"),
                canonical(reply, name),
            )
        if not lines:
            status = 2
        yield from out("".join(f"{line}\n" for line in lines))
    return status


def _getent_lines(database: str, name: str, ipv4: list[str], ipv6: list[str], canonical_: str) -> list[str]:
    """`hosts` prefers IPv6, and says the canonical name; `ahosts` says each address for each kind of socket."""
    if database == "hosts":
        alias = f" {name}" if canonical_ != name and not canonical_.startswith(f"{name}.") else ""
        return [f"{address:<15} {canonical_}{alias}" for address in (ipv6 or ipv4)]
    found = (ipv6 if database != "ahostsv4" else []) + (ipv4 if database != "ahostsv6" else [])
    lines = []
    for place, address in enumerate(found):
        lines += [f"{address:<15} STREAM {canonical_ if not place else ''}".rstrip(), f"{address:<15} DGRAM", f"{address:<15} RAW"]
    return lines


def host(call: Call) -> Program:
    words = [word for word in call.args if not word.startswith("-")]
    if not words:
        yield Write(2, "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time] [-R number] [-m flag] hostname [server]\n")
        return 1
    name = words[0]
    address = known_address(call.container, name) if name.replace(".", "").isdigit() else ""
    asked, reply = yield from searched(call, reverse_name(address) + "." if address else name, "PTR" if address else "A", "")
    if reply.outcome != "ok":
        yield from unreached(reply, "", tries=TRIES)
        return 1
    if reply.rcode != "NOERROR":
        yield from out(f"Host {asked.rstrip('.')} not found: 3({reply.rcode})\n")
        return 1
    words_of = {"A": "has address", "AAAA": "has IPv6 address", "CNAME": "is an alias for", "PTR": "domain name pointer"}
    yield from out("".join(f"{record.name.rstrip('.')} {words_of.get(record.type, 'has')} {record.value}\n" for record in reply.records))
    return 0
