"""What does CoreDNS answer to a name and a type?

Source: coredns/coredns plugin/kubernetes/handler.go and kubernetes.go (Services), plugin/backend_lookup.go; kubernetes/dns
docs/specification.md. An example of each odd answer was recorded from a running CoreDNS 1.13.1.
Simplified: messages have no size, so that none is cut to 512 bytes; an SOA's serial is the store's revision, not a time.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.dns.addresses import read_address, reverse_address
from playground.kube.dns.backends import Backend, Backends, Found
from playground.kube.dns.corefile import Corefile, is_within, shipped
from playground.kube.dns.directory import Directory, Listener
from playground.kube.dns.message import FAMILIES, Answer, Dependency, Record, soa
from playground.kube.dns.question import parse

SCHEMA_VERSION, VERSION_TTL = "1.1.0", 28_800
LONGEST_CHAIN = 11
Upstream = Callable[[str, str], Answer]


def no_upstream(name: str, type: str) -> Answer:
    """What a name outside all zones gets where the Corefile has no `forward`."""
    return Answer("SERVFAIL", authoritative=False)


class Records:
    """A CoreDNS without its cache. `listen` hears of what answers for addresses (A, AAAA) need when it changes. Those
    that share a `directory` may differ in what that does not read: zones, pods, TTLs."""

    def __init__(
        self,
        machinery: Machinery,
        corefile: Corefile | None = None,
        upstream: Upstream = no_upstream,
        directory: Directory | None = None,
    ):
        self._machinery = machinery
        self._corefile = corefile or shipped(machinery.settings.domain)
        self._upstream = upstream
        self._directory = directory or Directory(machinery if self._corefile.synced else Machinery(machinery.settings), self._corefile)
        if self._corefile.pods == "verified":
            self._directory.mind_pods()
        self._backends = Backends(self._directory, self._corefile)

    def listen(self, listener: Listener) -> None:
        self._directory.listen(listener)

    def ask(self, name: str, type: str) -> Answer:
        """The whole message: as `answer`, a negative one with its zone's SOA."""
        answer = self.answer(name, type)
        if answer.records or not answer.authoritative or answer.rcode == "REFUSED":
            return answer
        return msgspec.structs.replace(answer, authority=(self._soa(self._corefile.zone_of(_absolute(name))),))

    def answer(self, name: str, type: str) -> Answer:
        """The answer to a fully qualified name, with or without its last dot. Records keep the letters' case as asked;
        names that the server writes itself are in lower case but for the zone, which is as asked."""
        name = _absolute(name)
        zone = self._corefile.zone_of(name)
        if not zone:
            return self._upstream(name, type)
        answer = self._of_type(name, zone, type)
        if answer.rcode != "NXDOMAIN":
            return answer
        if self._corefile.falls(name):
            return self._upstream(name, type)
        return answer if self._corefile.synced else Answer("SERVFAIL")

    def look(self, name: str, zone: str, type: str) -> Found:
        """What stands behind a name of a zone, asked for with a type."""
        lower = name.lower()
        if lower == "ns.dns." + zone:
            found = self._backends.nameservers(zone)
            return Found([each for each in found.backends or () if _family(each) == type], found.needs)
        path = parse(name, zone)
        if path is None or (path.kind and lower.endswith((".in-addr.arpa.", ".ip6.arpa."))):
            return Found(None)
        return self._backends.behind(path)

    def _of_type(self, name: str, zone: str, type: str) -> Answer:
        if type in FAMILIES:
            return self._addresses(name, zone, type, LONGEST_CHAIN)
        if type in ("AXFR", "IXFR"):
            return Answer("REFUSED", authoritative=False)
        if type == "SOA":
            return Answer("NOERROR", (self._soa(zone),) if name == zone else ())
        if type == "NS" and name.lower() == zone:
            return self._nameservers(name, zone)
        special = {"SRV": self._locations, "PTR": self._pointers, "TXT": self._text, "CNAME": self._alias}.get(type)
        return special(name, zone) if special else _without_records(self.look(name, zone, "A"))

    # --- the types

    def _addresses(self, name: str, zone: str, type: str, chain: int) -> Answer:
        found = self.look(name, zone, type)
        if found.backends is None:
            return Answer("NXDOMAIN", needs=found.needs)
        records: dict[Record, None] = {}
        for each in found.backends:
            address = read_address(each.host)
            if address is None:
                return self._follow(Record(name, "CNAME", _absolute(each.host), self._corefile.ttl), zone, type, chain, found.needs)
            if address[0] == type:
                records[Record(name, type, address[1], self._corefile.ttl)] = None
        return Answer("NOERROR", tuple(records), needs=found.needs)

    def _follow(self, alias: Record, zone: str, type: str, chain: int, needs: tuple[Dependency, ...]) -> Answer:
        """An alias is answered with what it stands for; one of a name in the zone that has no such records is not shown at all."""
        if not is_within(alias.value.lower(), zone.lower()):
            rest = self._upstream(alias.value, type)
            return Answer("NOERROR", (alias, *rest.records), needs=needs, truncated=rest.truncated, forwarded=rest.forwarded)
        if not chain:
            return Answer("NOERROR", needs=needs)
        rest = self._addresses(alias.value, zone, type, chain - 1)
        records = (alias, *rest.records) if rest.records else ()
        return Answer("NOERROR", records, needs=(*needs, *rest.needs), truncated=rest.truncated, forwarded=rest.forwarded)

    def _locations(self, name: str, zone: str) -> Answer:
        """SRV: weights are shared out before what is there twice is left out."""
        found = self.look(name, zone, "SRV")
        if found.backends is None:
            return Answer("NXDOMAIN", needs=found.needs)
        ttl, listed = self._corefile.ttl, [(each, address) for each in found.backends if (address := read_address(each.host)) is not None]
        weight = max(1, 100 // len(listed)) if listed else 0
        ported = [(each.port, f"{each.owner}.{zone}", address) for each, address in listed if each.port != -1]
        records = dict.fromkeys(Record(name, "SRV", f"0 {weight} {port} {target}", ttl) for port, target, _ in ported)
        additional = dict.fromkeys(Record(target, family, ip, ttl) for _, target, (family, ip) in ported)
        return Answer("NOERROR", tuple(records), tuple(additional), needs=found.needs)

    def _pointers(self, name: str, zone: str) -> Answer:
        ip = reverse_address(name.lower())
        if not ip:
            path = parse(name, zone)
            return _without_records(self.look(name, zone, "PTR") if path is not None else Found(None))
        found = self._backends.named(ip)
        listed = [Record(name, "PTR", f"{each.owner}.{self._corefile.primary_zone}", self._corefile.ttl) for each in found.backends or ()]
        return Answer("NOERROR" if listed else "NXDOMAIN", tuple(dict.fromkeys(listed)), needs=found.needs)

    def _text(self, name: str, zone: str) -> Answer:
        """Only the schema's version is a text; a name with nothing behind it does not exist for this type."""
        if name[: -len(zone)].lower() == "dns-version.":
            return Answer("NOERROR", (Record(name, "TXT", SCHEMA_VERSION, VERSION_TTL),))
        found = self.look(name, zone, "TXT") if parse(name, zone) is not None else Found(None)
        return _without_records(found if found.backends else Found(None, found.needs))

    def _alias(self, name: str, zone: str) -> Answer:
        found = self.look(name, zone, "CNAME")
        first = next(iter(found.backends or ()), None)
        if first is None or read_address(first.host) is not None:
            return _without_records(found)
        return Answer("NOERROR", (Record(name, "CNAME", _absolute(first.host), self._corefile.ttl),), needs=found.needs)

    def _nameservers(self, name: str, zone: str) -> Answer:
        found, ttl = self._backends.nameservers(zone), self._corefile.ttl
        listed = [(f"{each.owner}.{zone}", address) for each in found.backends or () if (address := read_address(each.host)) is not None]
        records = dict.fromkeys(Record(name, "NS", target, ttl) for target, _ in listed)
        additional = dict.fromkeys(Record(target, family, address, ttl) for target, (family, address) in listed)
        return Answer("NOERROR", tuple(records), tuple(additional), needs=found.needs)

    def _soa(self, zone: str) -> Record:
        return soa(zone, self._corefile.ttl, self._machinery.store.revision)


def _without_records(found: Found) -> Answer:
    return Answer("NXDOMAIN" if found.backends is None else "NOERROR", needs=found.needs)


def _family(backend: Backend) -> str:
    address = read_address(backend.host)
    return address[0] if address else "CNAME"


def _absolute(name: str) -> str:
    return name if name.endswith(".") else name + "."
