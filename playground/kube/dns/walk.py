"""Which names are asked, in which order, for the name that a program gave?

Source: glibc resolv/res_query.c (__libc_res_nsearch): a search goes on after NODATA as after NXDOMAIN.
musl src/network/lookup_name.c (name_from_dns_search): it goes on after NXDOMAIN only, and a name with ndots dots is never searched for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from playground.kube.dns.message import Answer, Dependency
from playground.kube.dns.resolvconf import ResolvConf


class Query(msgspec.Struct, frozen=True):
    """A name that was asked, with its last dot, and the answers for IPv4 and IPv6, which are asked for together."""

    name: str
    ipv4: Answer
    ipv6: Answer


class Walk(msgspec.Struct, frozen=True):
    """All that was asked for one name, and what came of it: the addresses of the last query, none if no name had any."""

    queries: tuple[Query, ...]
    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()

    @property
    def rcode(self) -> str:
        """What the program hears."""
        return "NOERROR" if self.ipv4 or self.ipv6 else "NXDOMAIN"

    @property
    def needs(self) -> tuple[Dependency, ...]:
        return tuple(dict.fromkeys(need for query in self.queries for each in (query.ipv4, query.ipv6) for need in each.needs))


def walk(name: str, conf: ResolvConf, answer: Callable[[str, str], Answer], musl: bool = False) -> Walk:
    """Ask `answer(name, type)` name by name until one has an address, as glibc or musl does."""
    queries: list[Query] = []
    for asked in names(name, conf, musl):
        queries.append(Query(asked, answer(asked, "A"), answer(asked, "AAAA")))
        if is_last(queries[-1], musl):
            break
    return walked(queries)


def is_last(query: Query, musl: bool) -> bool:
    """No further name is asked after this one's answers."""
    return bool(query.ipv4.addresses or query.ipv6.addresses) or (musl and query.ipv4.rcode != "NXDOMAIN")


def walked(queries: Sequence[Query]) -> Walk:
    """What came of these queries."""
    return Walk(tuple(queries), queries[-1].ipv4.addresses, queries[-1].ipv6.addresses)


def names(name: str, conf: ResolvConf, musl: bool = False) -> list[str]:
    """What may be asked for a name, in order, each with its last dot."""
    if name.endswith("."):
        return [name]
    found = [f"{name}.{suffix.rstrip('.')}." for suffix in conf.searches]
    if name.count(".") < conf.ndots:
        return [*found, name + "."]
    return [name + "."] if musl else [name + ".", *found]
