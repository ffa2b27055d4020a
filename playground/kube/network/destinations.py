"""A name has addresses of both families: which is tried first?  As the C library of the sender sorts them.

Source: RFC 6724, section 6, rules 1 (avoid unusable destinations), 5 (prefer matching label) and 6 (prefer higher precedence), with
the tables that are in use: glibc posix/gai.conf and sysdeps/posix/getaddrinfo.c (default_labels, default_precedence), musl
src/network/lookup_name.c (defpolicy). glibc kept RFC 3484's precedences, where IPv6 is above IPv4, unique local addresses too;
musl has those of RFC 6724, where unique local addresses (fc00::/7: 3) are below IPv4 (35).
Simplified: the first address of a family stands for all of its family; scopes and prefix lengths are not compared.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network

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
Rank = tuple[bool, bool, int]


def in_turn(walk: Walk, sender: Sender, musl: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses of a name that has both families, in the order in which the families are tried."""
    one, other = rank(walk.ipv4[0], sender, musl), rank(walk.ipv6[0], sender, musl)
    return (walk.ipv4, walk.ipv6) if one >= other else (walk.ipv6, walk.ipv4)


def rank(destination: str, sender: Sender, musl: bool) -> Rank:
    """What speaks for a destination, by the weight of the rules: it is usable, its label is its source's, its precedence."""
    usable, found = has_family(sender, destination), policy(destination, musl)
    return usable, usable and found.label == policy(source_of(sender, destination), musl).label, found.precedence


def reason(walk: Walk, sender: Sender, musl: bool) -> str:
    """Why one family comes before the other, of a name that has both."""
    first, second = (each[0] for each in in_turn(walk, sender, musl))
    chosen, other = rank(first, sender, musl), rank(second, sender, musl)
    said = f"It has addresses of both families, and {family_of(first)} is tried first: "
    if chosen[0] != other[0]:
        return f"{said}the sender has no {family_of(second)} address."
    if chosen[1] != other[1]:
        return f"{said}{first} goes with the sender's own address {source_of(sender, first)}, as both have one label (RFC 6724, rule 5)."
    table = "musl, as RFC 6724 does," if musl else "glibc"
    return f"{said}{table} gives {first} the precedence {chosen[2]} and {second} {other[2]} (RFC 6724, rule 6)."


@lru_cache(maxsize=10_000)
def policy(address: str, musl: bool) -> Policy:
    """The first line that holds an address is the most specific one; an IPv4 address is looked for as ::ffff:a.b.c.d."""
    found = IPv6Address(address if ":" in address else f"::ffff:{address}")
    return next(policy for prefix, policy in (MUSL if musl else GLIBC) if found in prefix)
