"""What does host print?

Source: bind9 bin/dig/host.c (say_message, printmessage, parse_args).
Simplified: nothing of `-a`, `-v`, `-l` and their like; of the other options only -t changes what is asked.
"""

from __future__ import annotations

from playground.kube.actions import Record
from playground.terminal.programs.asks import Program, Write
from playground.terminal.programs.call import Call, complain, out
from playground.terminal.programs.nslookup import TRIES, TYPES, other_family, searched, server_of, unreached
from playground.terminal.programs.options import BadOption, Options, options
from playground.terminal.programs.resolving import literal, reverse_name

USAGE = "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time] [-R number] [-m flag] hostname [server]\n"
SWITCHES, VALUED, OTHERS = "46irsTw", "cNtWRm", "aACdDlUvV"
WORDS = {
    "A": "has address",
    "AAAA": "has IPv6 address",
    "CNAME": "is an alias for",
    "PTR": "domain name pointer",
    "NS": "name server",
    "TXT": "descriptive text",
}


def host(call: Call) -> Program:
    try:
        read = options(call.args, SWITCHES, VALUED)
    except BadOption as error:
        if error.name in OTHERS:
            return (yield from complain(call, f"-{error.name} is not simulated in this playground", 1))
        read = Options({}, [])
    kind = read.of("t").upper()
    if not 1 <= len(read.rest) <= 2 or (kind and kind not in TYPES):
        yield Write(2, f"host: invalid type: {kind}\n\n" if kind and kind not in TYPES else USAGE)
        return 1
    server = ""
    if len(read.rest) > 1:
        server = yield from server_of(call, read.rest[1])
        if not server:
            yield from out(f"host: couldn't get address for '{read.rest[1]}': not found\n")
            return 1
    return (yield from _answer(call, read.rest[0], kind, server, read.rest[1] if server else ""))


def _answer(call: Call, name: str, kind: str, server: str, named: str) -> Program:
    """`named` is the server as it was typed."""
    ip = literal(name)
    asked, reply = yield from searched(call, reverse_name(ip) + "." if ip else name, kind or ("PTR" if ip else "A"), server)
    if reply.outcome != "ok":
        yield from unreached(reply, server, tries=TRIES)
        return 1
    if named:
        yield from out(f"Using domain server:\nName: {named}\nAddress: {reply.server}#53\nAliases: \n\n")
    if reply.rcode != "NOERROR":
        yield from out(f"Host {asked.rstrip('.')} not found: 3({reply.rcode})\n")
        return 1
    shown, lacks = list(reply.records), ""
    if not ip and not kind:
        full, more = yield from other_family(asked, reply, server)
        shown += [record for record in more.records if record.type == "AAAA"]
        lacks = f"Host {full} not found: 3({more.rcode})\n" if more.rcode == "NXDOMAIN" else ""
    if kind and not shown:
        yield from out(f"{asked.rstrip('.')} has no {kind} record\n")
    yield from out("".join(map(_line, shown)) + lacks * 2)  # for IPv6, and for mail servers
    return 1 if lacks else 0


def _line(record: Record) -> str:
    value = f'"{record.value}"' if record.type == "TXT" else record.value
    return f"{record.name.rstrip('.')} {WORDS.get(record.type, f'has {record.type} record')} {value}\n"
