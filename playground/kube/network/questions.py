"""What does a program hear that asks DNS itself, as dig and nslookup do, or that pings an address?

Source: bind9 bin/dig/dighost.c (every server in turn).
Simplified: these packets are decided as those of any request, but are not kept among the requests; how long a silent server is waited for, the program knows.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from playground.kube.actions import Record, Reply
from playground.kube.dns.message import Answer
from playground.kube.dns.message import Record as Written
from playground.kube.errors import bad_request
from playground.kube.network.destinations import in_turn
from playground.kube.network.requests import ENDINGS
from playground.kube.network.resolver import Resolver
from playground.kube.network.senders import Sender
from playground.kube.network.wire import Passage

LONGEST_NAME = 255
ALIVE = ("accepts", "refuses")
LOOPBACK_OF_IPV6 = "::1"


def look_up(resolver: Resolver, sender: Sender, name: str, type: str, server: str) -> Reply:
    """The reply to a Lookup. Draws from chance where there are several CoreDNS Pods. Raises Refusal."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise bad_request(f'"{name[:20]}..." is not a DNS name: it must have 1 to {LONGEST_NAME} characters')
    return _message(resolver, sender, name, type.upper(), server) if type else _addresses(resolver, sender, name)


def echoes(resolver: Resolver, sender: Sender, ip: str) -> str:
    """What a ping of an address meets: ok, timeout or unreachable. No rule of kube-proxy catches ICMP, and nobody has a Service's address."""
    if ip.startswith("127.") or ip == LOOPBACK_OF_IPV6:
        return "ok"
    reach = resolver.wire.carry(sender, ip, "ICMP", 0).reach
    return "ok" if reach in ALIVE else ENDINGS[reach][0]


def _message(resolver: Resolver, sender: Sender, name: str, type: str, server: str) -> Reply:
    """One query, for the name as it is."""
    attempts, answer = resolver.ask(sender, name, type, server)
    if answer is None:
        return _unanswered(attempts)
    return _told(attempts[-1][0], answer.rcode, (answer,))


def _addresses(resolver: Resolver, sender: Sender, name: str) -> Reply:
    """What getaddrinfo hears: the records of the last name of the search list that was asked, those of the family first that it puts first."""
    resolution = resolver.resolve(sender, name)
    last = resolution.exchanges[-1] if resolution.exchanges else None
    if resolution.walk is None:
        failed = [(each.server, each.passage) for each in last.failed] if last else []
        return msgspec.structs.replace(_unanswered(failed), waited=resolution.waited)
    walk = resolution.walk
    query = walk.queries[-1]
    ipv6_first = bool(walk.ipv4 and walk.ipv6) and in_turn(walk, sender, resolution.musl, curl=False)[0] is walk.ipv6
    answers = (query.ipv6, query.ipv4) if ipv6_first else (query.ipv4, query.ipv6)
    reply = _told(resolution.conf.servers[0], walk.rcode, answers)
    return msgspec.structs.replace(reply, waited=resolution.waited)


def _unanswered(attempts: list[tuple[str, Passage]]) -> Reply:
    if not attempts:
        return Reply("")
    server, passage = attempts[-1]
    return Reply(ENDINGS[passage.reach][0], server)


def _told(server: str, rcode: str, answers: tuple[Answer, ...]) -> Reply:
    return Reply(
        "ok",
        server,
        rcode,
        all(each.authoritative for each in answers),
        any(each.truncated for each in answers),
        _records(record for each in answers for record in each.records),
        _records(record for each in answers for record in each.authority),
        _records(record for each in answers for record in each.additional),
    )


def _records(written: Iterable[Written]) -> tuple[Record, ...]:
    return tuple(dict.fromkeys(Record(each.name, each.type, each.value, each.ttl) for each in written))
