"""What does dig print?

Source: bind9 bin/dig/dig.c (printmessage, received, short_answer) and dighost.c; lib/dns/masterdump.c for the columns.
A query carries EDNS with a cookie, which CoreDNS gives back as it is; CoreDNS does not compress names.
Simplified: +tcp, +trace and batch files are not known; a query takes 1 ms, and a silent server 5 s for each of 3 tries.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import msgspec

from playground.kube.actions import Record, Reply
from playground.kube.dns.walk import names
from playground.terminal.programs.asks import Ask, Now, Program, Wait, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.programs.resolving import known_address, literal, look_up, one_of, reverse_name
from playground.terminal.programs.small import written

VERSION = "9.18.24"
TYPES = ("A", "AAAA", "ANY", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT", "CAA", "HTTPS", "AXFR")
TABS = (24, 32, 40, 48)
ABSENT = ("trace", "nssearch", "tcp", "vc")
ONE_ONLY = "dig: this playground answers one question at a time: dig [@SERVER] NAME [TYPE]\n"
USAGE = (
    "Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            {global-d-opt} host [@local-server] {local-d-opt}\n"
    '            [ host [@local-server] {local-d-opt} [...]]\n\nUse "dig -h" (or "dig -h | more") for complete list of options\n'
)
HEADER, EDNS_AND_COOKIE, RECORD = 12, 23, 10


class Asked(msgspec.Struct):
    """One question, and how its answer is to be shown."""

    name: str = "."
    type: str = "A"
    server: str = ""
    flags: dict[str, bool] = {}
    tries: int = 3
    time: int = 5
    several: bool = False

    def shows(self, part: str) -> bool:
        return self.flags.get(part, self.flags.get("all", True))


def dig(call: Call) -> Program:
    asked = _read(call.args)
    if isinstance(asked, str):
        yield Write(2, f"{asked}\n\n{USAGE}")
        return 1
    absent = next((flag for flag in ABSENT if asked.flags.get(flag)), "")
    if absent or asked.several:
        yield Write(2, f"dig: +{absent} is not simulated in this playground\n" if absent else ONE_ONLY)
        return 1
    server = asked.server
    if server and not literal(server):
        found = known_address(call.container, server) or one_of(call.container, (yield from look_up(server)))
        if not found:
            yield Write(2, f"dig: couldn't get address for '{server}': not found\n")
            return 10
        server = found
    searched = names(asked.name, call.container.resolv) if asked.flags.get("search") else [asked.name.rstrip(".") + "."]
    reply, name = Reply(""), searched[0]
    for name in searched:
        reply = yield from look_up(name, asked.type, server)
        if reply.outcome != "ok" or reply.rcode != "NXDOMAIN":
            break
    if reply.outcome != "ok":
        return (yield from _unreached(call, asked, reply, server))
    if asked.flags.get("short"):
        yield from out("".join(f"{_value(record)}\n" for record in reply.records))
        return 0
    yield from _message(call, asked, name, reply)
    return 0


def _read(args: list[str]) -> Asked | str:
    """What was asked, or a complaint."""
    asked = Asked(flags={})
    words = list(args)
    while words:
        word = words.pop(0)
        if word.startswith("@"):
            asked.server = word[1:]
        elif word.startswith("+"):
            _flag(asked, word[1:])
        elif word.startswith("-"):
            wrong = _option(asked, word, words)
            if wrong:
                return wrong
        elif word.upper() in TYPES:
            asked.type = word.upper()
        elif word.upper() != "IN":
            asked.several |= asked.name != "."
            asked.name = word
    if not args:
        asked.type = "NS"
    return asked


def _flag(asked: Asked, word: str) -> None:
    name, _, value = word.partition("=")
    if name in ("tries", "time", "timeout", "retry") and value.isdigit() and len(value) < 4:
        number = max(1, int(value))
        if name in ("time", "timeout"):
            asked.time = number
        else:
            asked.tries = number + (name == "retry")
    else:
        asked.flags[name.removeprefix("no")] = not name.startswith("no")


def _option(asked: Asked, word: str, words: list[str]) -> str:
    """Read an option, and its value; a complaint, or ""."""
    if word in ("-4", "-6", "-u"):
        return ""
    if word not in ("-x", "-t", "-q", "-p", "-c") or not words:
        return f"Invalid option: {word}"
    value = words.pop(0)
    if word == "-x":
        if not literal(value):
            return f"Invalid IP address {value}"
        asked.name, asked.type = reverse_name(literal(value)), "PTR"
    elif word == "-t":
        asked.type = value.upper()
    elif word == "-q":
        asked.name = value
    return ""


def _unreached(call: Call, asked: Asked, reply: Reply, server: str) -> Program:
    where = reply.server or server or "127.0.0.1"
    why = {"refused": "connection refused", "unreachable": "network unreachable"}.get(reply.outcome, "timed out")
    for _ in range(asked.tries):
        if reply.outcome == "timeout":
            yield Wait(float(asked.time))
        yield from out(f";; communications error to {where}#53: {why}\n")
    if not asked.flags.get("short"):
        yield from out(_banner(call, bool(server)))
    yield from out(";; no servers could be reached\n" + ("" if asked.flags.get("short") else "\n"))
    return 9


def _banner(call: Call, server: bool) -> str:
    line = f"; <<>> DiG {VERSION} <<>> {' '.join(call.args)}"
    counted = "; (1 server found)\n" if server else ""
    return f"\n{line}\n{counted};; global options: +cmd\n"


def _message(call: Call, asked: Asked, name: str, reply: Reply) -> Generator[Ask, Any, None]:
    now = yield Now()
    mark = crc32(f"{now}/{name}/{asked.type}".encode())
    if asked.shows("cmd"):
        yield from out(_banner(call, bool(asked.server)))
    if asked.shows("comments"):
        yield from out(_header(name, reply, mark))
    if asked.shows("question"):
        yield from out((";; QUESTION SECTION:\n" if asked.shows("comments") else "") + f"{_columns(';' + name, '', 'IN', asked.type)}\n")
        yield from out("\n" if asked.shows("comments") else "")
    sections = (
        ("answer", "ANSWER", reply.records),
        ("authority", "AUTHORITY", reply.authority),
        ("additional", "ADDITIONAL", reply.additional),
    )
    for flag, title, records in sections:
        if records and asked.shows(flag):
            lines = "".join(f"{_columns(record.name, str(record.ttl), 'IN', record.type, _value(record))}\n" for record in records)
            yield from out(f";; {title} SECTION:\n{lines}\n" if asked.shows("comments") else lines)
    if asked.shows("stats"):
        moment = datetime.fromtimestamp(call.container.epoch, UTC) + timedelta(microseconds=now)
        when = written(moment, "%a %b %d %H:%M:%S %Z %Y")
        size = _size(name, reply)
        yield from out(
            f";; Query time: 1 msec\n;; SERVER: {reply.server}#53({asked.server or reply.server}) (UDP)\n;; WHEN: {when}\n;; MSG SIZE  rcvd: {size}\n\n"
        )


def _header(name: str, reply: Reply, mark: int) -> str:
    flags = " ".join(
        [
            "qr",
            *(["aa"] if reply.authoritative else []),
            *(["tc"] if reply.truncated else []),
            "rd",
            *([] if reply.authoritative else ["ra"]),
        ]
    )
    local = (
        ";; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n"
        if name.lower().endswith("local.")
        else ""
    )
    recursion = ";; WARNING: recursion requested but not available\n" if reply.authoritative else ""
    return (
        f";; Got answer:\n{local};; ->>HEADER<<- opcode: QUERY, status: {reply.rcode}, id: {mark % 65_536}\n"
        f";; flags: {flags}; QUERY: 1, ANSWER: {len(reply.records)}, AUTHORITY: {len(reply.authority)}, ADDITIONAL: {len(reply.additional) + 1}\n"
        f"{recursion}\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n; COOKIE: {mark:08x}{crc32(name.encode()):08x} (echoed)\n"
    )


def _columns(*words: str) -> str:
    """A name, and the rest in columns at 24, 32, 40 and 48, by tabs; where a column is passed already, a space stands."""
    text = words[0]
    width = len(text)
    for column, word in zip(TABS, words[1:], strict=False):
        if word:
            text += ("\t" * -(-(column - width) // 8) if width < column else " ") + word
            width = max(column, width + 1) + len(word)
    return text


def _value(record: Record) -> str:
    return f'"{record.value}"' if record.type == "TXT" else record.value


def _size(name: str, reply: Reply) -> int:
    """Bytes of the message: names are not compressed."""
    records = (*reply.records, *reply.authority, *reply.additional)
    return HEADER + _name_size(name) + 4 + EDNS_AND_COOKIE + sum(_name_size(each.name) + RECORD + _data_size(each) for each in records)


def _name_size(name: str) -> int:
    return len(name.rstrip(".")) + 2 if name != "." else 1


def _data_size(record: Record) -> int:
    if record.type in ("A", "AAAA"):
        return 4 if record.type == "A" else 16
    words = record.value.split()
    if record.type == "SRV":
        return 6 + _name_size(words[-1])
    if record.type == "SOA":
        return _name_size(words[0]) + _name_size(words[1]) + 20
    return len(record.value) + 1 if record.type == "TXT" else _name_size(record.value)
