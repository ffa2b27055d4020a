"""What does nslookup print?  There are three of them, and they do not even ask the same.

Source: bind9 bin/dig/nslookup.c and dighost.c; busybox networking/nslookup.c (FEATURE_NSLOOKUP_BIG) and its older one, up to 1.28.
bind's walks the search list while a name has fewer dots than ndots, up to the first name that exists. busybox's
puts each suffix behind a name without a dot, asks for all of them, and a name with a dot as it is. The old one asks as any program does.
Simplified: bind's waits 5 s for each of 3 tries at a server that says nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from playground.kube.actions import Record, Reply
from playground.kube.dns.walk import names
from playground.kube.kubeproxy.chains import address
from playground.terminal.programs.asks import Ask, Program, Wait, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.programs.resolving import addresses, known_address, literal, look_up, one_of, reverse_name, waiting

TYPES = ("A", "AAAA", "ANY", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT")
TRIES, PATIENCE = 3, 5.0
SOA_LINES = ("serial", "refresh", "retry", "expire", "minimum")
NO_SERVERS = ";; connection timed out; no servers could be reached\n\n"


def nslookup(call: Call) -> Program:
    if call.container.image.nslookup == "old":
        return (yield from _old(call))
    kind, names_, unknown = "", [], ""
    for word in call.args:
        name, sign, value = word.lstrip("-").partition("=")
        if not word.startswith("-"):
            names_.append(word)
        elif name in ("type", "querytype", "query", "q", "ty", "qu") and sign:
            kind = value.upper()
            unknown = unknown or (value if kind not in TYPES else "")
    if call.container.image.nslookup == "busybox":
        return (yield from _busybox(call, names_, kind, unknown))
    return (yield from _bind(call, names_, kind, unknown))


# --- bind


def _bind(call: Call, words: list[str], kind: str, unknown: str) -> Program:
    yield from out(f"unknown query type: {unknown}\n" if unknown else "")
    kind = "" if unknown else kind
    if not words:
        yield Write(2, "nslookup: this playground answers one name at a time: nslookup NAME [SERVER]\n")
        return 1
    server = ""
    if len(words) > 1:
        server = yield from server_of(call, words[1])
        if not server:
            yield from out(f"nslookup: couldn't get address for '{words[1]}': not found\n")
            return 1
    name, ip = words[0], literal(words[0])
    asked_type = kind or ("PTR" if ip else "A")
    asked, reply = yield from searched(call, reverse_name(ip) + "." if ip else name, asked_type, server)
    if reply.outcome != "ok":
        yield from unreached(reply, server, tries=TRIES)
        return 1
    if not ip or kind:
        yield from out(f"Server:\t\t{_called(words, reply)}\nAddress:\t{reply.server}#53\n\n")
    if reply.rcode != "NOERROR":
        yield from out(f"** server can't find {asked.rstrip('.')}: {reply.rcode}\n\n")
        return 1
    if not reply.authoritative:
        yield from out("Non-authoritative answer:\n")
    shown, missed = list(reply.records), name
    if not kind and not ip:
        missed, more = yield from other_family(asked, reply, server)
        if more.rcode not in ("", "NOERROR"):
            yield from out("".join(map(_bind_record, shown)) + f"** server can't find {missed}: {more.rcode}\n\n")
            return 1
        shown += [record for record in more.records if record.type == "AAAA"]
    yield from out("".join(map(_bind_record, shown)) or f"*** Can't find {missed}: No answer\n")
    yield from out(
        "\nAuthoritative answers can be found from:\n\n" if kind and not reply.authoritative and not kind.startswith("A") else "\n"
    )
    return 0


def _called(words: list[str], reply: Reply) -> str:
    """The server, as it was typed."""
    return words[1] if len(words) > 1 else reply.server


def _bind_record(record: Record) -> str:
    """As printsection of nslookup.c writes it; names in values keep their last dot."""
    name = record.name.rstrip(".")
    if record.type in ("A", "AAAA"):
        return f"Name:\t{name}\nAddress: {record.value}\n"
    if record.type == "SOA":
        origin, mail, *numbers = record.value.split()
        lines = [f"\torigin = {origin.rstrip('.')}", f"\tmail addr = {mail.rstrip('.')}"]
        lines += [f"\t{word} = {number}" for word, number in zip(SOA_LINES, numbers, strict=False)]
        return "\n".join([name, *lines]) + "\n"
    words = {"CNAME": "canonical name = ", "NS": "nameserver = ", "PTR": "name = ", "SRV": "service = ", "MX": "mail exchanger = "}
    value = f'"{record.value}"' if record.type == "TXT" else record.value
    return f"{name}\t{words.get(record.type, 'text = ')}{value}\n"


def searched(call: Call, name: str, kind: str, server: str) -> Generator[Ask, Any, tuple[str, Reply]]:
    """The first name of the search list that exists, whether or not it has such records, or the last that was asked."""
    reply, asked = Reply(""), name
    for asked in names(name, call.container.resolv):
        reply = yield from look_up(asked, kind, server)
        if reply.outcome != "ok" or reply.rcode != "NXDOMAIN":
            break
    return asked, reply


def other_family(asked: str, reply: Reply, server: str = "") -> Generator[Ask, Any, tuple[str, Reply]]:
    """The name that the answer for IPv4 came to in the end, and the answer to IPv6 for it."""
    name = next((record.value for record in reversed(reply.records) if record.type == "CNAME"), asked).rstrip(".")
    return name, (yield from look_up(f"{name}.", "AAAA", server))


def server_of(call: Call, word: str) -> Generator[Ask, Any, str]:
    """The address of a server that was named."""
    known = known_address(call.container, word)
    if known:
        return known
    return one_of(call.container, (yield from look_up(word)))


def unreached(reply: Reply, server: str, tries: int) -> Generator[Ask, Any, None]:
    """No server answers. bind tells each try; a refusal is heard at once."""
    where = reply.server or server or "127.0.0.1"
    why = {"refused": "connection refused", "unreachable": "network unreachable"}.get(reply.outcome, "timed out")
    for _ in range(tries):
        if reply.outcome == "timeout":
            yield Wait(PATIENCE)
        yield from out(f";; communications error to {where}#53: {why}\n")
    yield from out(";; no servers could be reached\n\n")


# --- busybox


def _busybox(call: Call, words: list[str], kind: str, unknown: str) -> Program:
    if unknown:
        yield Write(2, f'nslookup: invalid query type "{unknown}"\n')
        return 1
    if not words or len(words) > 2:
        yield Write(2, "BusyBox nslookup\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n")
        return 1
    server = ""
    if len(words) > 1:
        server = yield from server_of(call, words[1])
        if not server:
            yield Write(2, f"nslookup: bad address '{words[1]}'\n")
            return 1
    status, met = 0, False
    for name, type_ in _queries(call, words[0], kind):
        reply = yield from look_up(name, type_, server)
        if reply.outcome != "ok":
            yield from _busybox_unreached(call, reply)
            return 1
        if not met:
            yield from out(f"Server:\t\t{_called(words, reply)}\nAddress:\t{address(reply.server, 53)}\n\n")
            met = True
        if reply.rcode != "NOERROR":
            yield from out(f"** server can't find {name.rstrip('.')}: {reply.rcode}\n\n")
            status = 1
            continue
        lines = "" if reply.authoritative else "Non-authoritative answer:\n"
        yield from out(lines + "".join(_busybox_record(record) for record in reply.records) + "\n")
    return status


def _queries(call: Call, name: str, kind: str) -> list[tuple[str, str]]:
    """What is asked, all at once: without a type for both families, with each suffix where the name has no dot."""
    ip = literal(name)
    if ip and not kind:
        return [(reverse_name(ip), "PTR")]
    suffixes = call.container.resolv.searches if "." not in name and kind != "PTR" else ()
    full = [f"{name}.{suffix}" for suffix in suffixes] or [name]
    return [(each, type_) for type_ in ([kind] if kind else ["A", "AAAA"]) for each in full]


def _busybox_record(record: Record) -> str:
    """As parse_reply of busybox writes it: without last dots."""
    return _bind_record(record).replace(".\n", "\n")


def _busybox_unreached(call: Call, reply: Reply) -> Generator[Ask, Any, None]:
    if reply.outcome == "refused":
        yield Write(2, "nslookup: read: Connection refused\n" * 2)
    if reply.outcome == "unreachable":
        yield Write(2, f"nslookup: write to '{reply.server}': Network unreachable\n")
    if reply.outcome != "unreachable":
        yield Wait(PATIENCE)
    yield from out(NO_SERVERS)


# --- the one of busybox up to 1.28


def _old(call: Call) -> Program:
    """It knows no options; whatever it asks goes to the server that is named, if one is."""
    words = call.args
    if not words or words[0].startswith("-") or len(words) > 2:
        yield Write(2, "BusyBox nslookup\n\nUsage: nslookup [HOST] [SERVER]\n")
        return 1
    server = (yield from server_of(call, words[1])) if len(words) > 1 else ""
    if len(words) > 1 and not server:
        yield Write(2, f"nslookup: bad address '{words[1]}'\n")
        return 1
    asked = server or next(iter(call.container.resolv.servers), "127.0.0.1")
    line = yield from _old_line(1, asked, server)
    yield from out(f"Server:    {asked}\n{line}\n")
    known = known_address(call.container, words[0])
    found = [known] if known else (yield from _old_addresses(call, words[0], server))
    if not found:
        yield Write(2, f"nslookup: can't resolve '{words[0]}'\n")
        return 1
    yield from out(f"Name:      {words[0]}\n")
    for place, ip in enumerate(found, 1):
        yield from out((yield from _old_line(place, ip, server)))
    return 0


def _old_line(place: int, ip: str, server: str) -> Generator[Ask, Any, str]:
    named = yield from name_of(ip, server)
    return f"Address {place}: {ip}{' ' + named if named else ''}\n"


def _old_addresses(call: Call, name: str, server: str) -> Generator[Ask, Any, list[str]]:
    """As programs ask; of one server only, if it is named."""
    if not server:
        reply = yield from look_up(name)
        yield Wait(waiting(call.container, reply))
        return addresses(reply)
    conf = call.container.resolv
    for each in names(name, conf, call.container.musl):
        replies = [(yield from look_up(each, "A", server)), (yield from look_up(each, "AAAA", server))]
        if replies[0].outcome != "ok":
            yield Wait(float(conf.timeout * conf.attempts) if replies[0].outcome == "timeout" else 0)
            return []
        found = [ip for reply in replies for ip in addresses(reply)]
        if found:
            return found
    return []


def name_of(ip: str, server: str = "") -> Generator[Ask, Any, str]:
    """The name of an address, or ""."""
    reply = yield from look_up(reverse_name(ip) + ".", "PTR", server)
    return reply.records[0].value.rstrip(".") if reply.records else ""
