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
from playground.kube.network.lookups import Exchange, Resolution
from playground.kube.network.requests import ENDINGS
from playground.kube.network.resolver import Resolver
from playground.kube.network.senders import Sender
from playground.kube.network.wire import Passage

LONGEST_NAME = 255
ALIVE = ("accepts", "refuses")


class Query(msgspec.Struct, frozen=True):
    """A packet of a lookup: to which server, what it asked for, and its way."""

    server: str
    asks: str
    passage: Passage


def look_up(resolver: Resolver, sender: Sender, name: str, type: str, server: str) -> tuple[Reply, list[Query]]:
    """The reply to a Lookup, and the packets that it took. Draws from chance where there are several CoreDNS Pods. Raises Refusal."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise bad_request(f'"{name[:20]}..." is not a DNS name: it must have 1 to {LONGEST_NAME} characters')
    return _message(resolver, sender, name, type.upper(), server) if type else _addresses(resolver, sender, name)


def _message(resolver: Resolver, sender: Sender, name: str, type: str, server: str) -> tuple[Reply, list[Query]]:
    """One query, for the name as it is."""
    attempts, answer = resolver.ask(sender, name, type, server)
    queries = [Query(each, f"{name} {type}", passage) for each, passage in attempts]
    if answer is None:
        return _unanswered(attempts), queries
    return _told(attempts[-1][0], answer.rcode, (answer,)), queries


def _addresses(resolver: Resolver, sender: Sender, name: str) -> tuple[Reply, list[Query]]:
    """What getaddrinfo hears."""
    resolution = resolver.resolve(sender, name)
    return _heard(resolution, sender), [query for each in resolution.exchanges for query in _packets(each, resolution.conf.servers)]


def _packets(exchange: Exchange, servers: tuple[str, ...]) -> list[Query]:
    """Both questions for a name leave in one flow. Who answered is the first server that had not failed."""
    asks, failed = f"{exchange.name} A, AAAA", [each.server for each in exchange.failed]
    found = [Query(each.server, asks, each.passage) for each in exchange.failed if not each.again]
    answered = next((server for server in servers if server not in failed), servers[0])
    return found + ([Query(answered, asks, exchange.by)] if exchange.by is not None else [])


def _heard(resolution: Resolution, sender: Sender) -> Reply:
    """The records of the last name of the search list that was asked, those of the family first that it puts first."""
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
