"""What is kept of a name's lookup?  Each name that was asked, the packets that asked it, who answered, and how long that took.

Source: glibc resolv/res_send.c (__res_context_send, send_dg), musl src/network/res_msend.c.
"""

from __future__ import annotations

import msgspec

from playground.kube.clock import SECOND
from playground.kube.dns.resolvconf import ResolvConf
from playground.kube.dns.walk import Query, Walk
from playground.kube.network.wire import Passage

# How long the program that sends requests waits for a connection, names and all: curl --connect-timeout 2.
PATIENCE = 2 * SECOND
SILENT = ("hangs", "dead", "DROP", "nobody", "closed", "outside", "filtered")
MOST_SECONDS, MOST_ATTEMPTS, MOST_SECONDS_OF_MUSL = 30, 5, 60


class Try(msgspec.Struct, frozen=True, gc=False):
    """A try that failed: both questions for one name, A and AAAA, sent to a server over one socket, so that kube-proxy
    chose once for both. `at` is when, after the lookup began; `lasts` is how long the resolver waits for the answer.
    `again`: over the socket of an earlier try, and so to the same Pod."""

    server: str
    passage: Passage
    at: int
    lasts: int = 0
    again: bool = False


class Exchange(msgspec.Struct, frozen=True, gc=False):
    """One name that was asked. `query` holds the answers and `by` the way to who gave them, None if nobody did; `failed`
    are the tries before. `ages` are of the answers for IPv4 and IPv6, in seconds since the server cached them, -1 for one
    that is fresh; () if both are."""

    name: str
    failed: tuple[Try, ...]
    by: Passage | None = None
    query: Query | None = None
    ages: tuple[int, ...] = ()


class Resolution(msgspec.Struct, frozen=True, gc=False):
    """How a name was looked up. There is a `walk` if each name that was asked got an answer. `waited` is how long the
    program waited for it all; `gave_up`: it did not wait for the end."""

    conf: ResolvConf
    musl: bool = False
    exchanges: tuple[Exchange, ...] = ()
    walk: Walk | None = None
    waited: int = 0
    gave_up: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of both families."""
        return (*self.walk.ipv4, *self.walk.ipv6) if self.walk else ()

    @property
    def rcode(self) -> str:
        """NOERROR, NXDOMAIN, or "" if no server answered."""
        return self.walk.rcode if self.walk else ""

    @property
    def attempts(self) -> tuple[Passage, ...]:
        """The way of every packet, in order."""
        found: list[Passage] = []
        for exchange in self.exchanges:
            found += [each.passage for each in exchange.failed]
            found += [exchange.by] if exchange.by else []
        return tuple(found)


class Timing(msgspec.Struct, frozen=True, gc=False):
    """How a resolver waits, in microseconds: `seconds` for each server in turn (of musl, for all of them together), `attempts` times."""

    seconds: tuple[int, ...]
    attempts: int

    @property
    def longest(self) -> int:
        """How long a name takes that no server says a word to."""
        return sum(self.seconds) * self.attempts


def timing(conf: ResolvConf, musl: bool) -> Timing:
    """As the C libraries reckon it: musl's timeout is for all attempts together, glibc's grows from server to server."""
    if musl:
        return Timing((max(1, min(conf.timeout, MOST_SECONDS_OF_MUSL)) * SECOND,), 1)
    base, count = min(conf.timeout, MOST_SECONDS), len(conf.servers)
    seconds = [max(1, (base << place) // (count if place else 1)) * SECOND for place in range(count)]
    return Timing(tuple(seconds), min(conf.attempts, MOST_ATTEMPTS))


def is_silent(passage: Passage) -> bool:
    """Nothing comes back at all, so that only a clock ends the wait."""
    return passage.reach in SILENT
