"""A name has addresses of both families: which is tried first?  curl begins with IPv6; other programs go by the C library's order.

Source: RFC 6724, section 6, rules 1 (avoid unusable destinations), 5 (prefer matching label) and 6 (prefer higher precedence), with
the tables that are in use: glibc posix/gai.conf and sysdeps/posix/getaddrinfo.c (default_labels, default_precedence), musl
src/network/lookup_name.c (defpolicy). glibc kept RFC 3484's precedences, where IPv6 is above IPv4, unique local addresses too;
musl has those of RFC 6724, where unique local addresses (fc00::/7: 3) are below IPv4 (35). curl lib/cf-ip-happy.c
(cf_ip_ballers_init) parts the addresses by family and begins with IPv6, whatever the library's order.
Simplified: the first address of a family stands for all of its family; scopes and prefix lengths are not compared.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network
from typing import NamedTuple

import msgspec

from playground.kube.dns.walk import Walk
from playground.kube.network.senders import Sender, has_family, source_of
from playground.kube.settings import family_of


class Policy(msgspec.Struct, frozen=True):
    """What a table says of an address."""

    precedence: int
    label: int


def _table(*lines: tuple[str, int, int]) -> tuple[tuple[IPv6Network, Policy], ...]:
    return tuple((IPv6Network(prefix), Policy(precedence, label)) for prefix, precedence, label in lines)


GLIBC = _table(
    ("::1/128", 50, 0), ("::ffff:0:0/96", 10, 4), ("::/96", 20, 3), ("2001::/32", 40, 7), ("2002::/16", 30, 2), ("fec0::/10", 40, 5),
    ("fc00::/7", 40, 6), ("::/0", 40, 1),
)  # fmt: skip
MUSL = _table(("::1/128", 50, 0), ("::ffff:0:0/96", 35, 4), ("2001::/32", 5, 5), ("2002::/16", 30, 2), ("fc00::/7", 3, 13), ("::/0", 40, 1))


class Rank(NamedTuple):
    """What speaks for a destination, by the weight of the rules: it is usable, its label is its source's, its precedence."""

    usable: bool
    labelled: bool
    precedence: int


def in_turn(walk: Walk, sender: Sender, musl: bool, curl: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses of a name that has both families, in the order in which the families are tried."""
    one, other = rank(walk.ipv4[0], sender, musl), rank(walk.ipv6[0], sender, musl)
    ipv6_first = one < other or (curl and one.usable == other.usable)
    return (walk.ipv6, walk.ipv4) if ipv6_first else (walk.ipv4, walk.ipv6)


def rank(destination: str, sender: Sender, musl: bool) -> Rank:
    usable, found = has_family(sender, destination), policy(destination, musl)
    return Rank(usable, usable and found.label == policy(source_of(sender, destination), musl).label, found.precedence)


def reason(walk: Walk, sender: Sender, musl: bool, curl: bool) -> str:
    """Why one family comes before the other, of a name that has both."""
    first, second = (each[0] for each in in_turn(walk, sender, musl, curl))
    said = f"It has addresses of both families, and {family_of(first)} is tried first: "
    if has_family(sender, first) != has_family(sender, second):
        return f"{said}the sender has no {family_of(second)} address."
    chosen, other = (each[0] for each in in_turn(walk, sender, musl, False))
    why = _by_library(chosen, other, sender, musl)
    if not curl:
        return f"{said}{why}"
    also = " too" if chosen == first else ""
    said += "curl begins with IPv6, wherever it runs (Happy Eyeballs)."
    return f"{said} A program that takes the C library's first address would try {family_of(chosen)}{also}: {why}"


def _by_library(first: str, second: str, sender: Sender, musl: bool) -> str:
    """Why the C library puts one address before another, both of which the sender can use or cannot."""
    chosen, other = rank(first, sender, musl), rank(second, sender, musl)
    if chosen.labelled != other.labelled:
        return f"{first} goes with the sender's own address {source_of(sender, first)}, as both have one label (RFC 6724, rule 5)."
    table = "musl, as RFC 6724 does," if musl else "glibc"
    return f"{table} gives {first} the precedence {chosen.precedence} and {second} {other.precedence} (RFC 6724, rule 6)."


@lru_cache(maxsize=10_000)
def policy(address: str, musl: bool) -> Policy:
    """The first line that holds an address is the most specific one; an IPv4 address is looked for as ::ffff:a.b.c.d."""
    found = IPv6Address(address if ":" in address else f"::ffff:{address}")
    return next(policy for prefix, policy in (MUSL if musl else GLIBC) if found in prefix)
