"""What is in an answer?  Records in three sections, a response code, and what the answer was read from.

Source: RFC 1035 section 4.1; RFC 2308 (a negative answer carries the zone's SOA).
"""

from __future__ import annotations

import msgspec

FAMILIES = ("A", "AAAA")
Dependency = tuple[str, ...]


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One resource record. Names end with a dot; `value` reads as in a zone file: an address, a name, the text of a TXT
    without quotes, `priority weight port target` of an SRV, `mname rname serial refresh retry expire minimum` of an SOA."""

    name: str
    type: str
    value: str
    ttl: int


class Answer(msgspec.Struct, frozen=True):
    """`rcode` NOERROR with no records is NODATA: the name exists, with other types. `needs` are what the answer was
    read from; it is `authoritative` if it comes from the server's own zones, `truncated` if a server upstream says so;
    `forwarded` is the name that a server upstream was asked for it, "" if none was."""

    rcode: str
    records: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    needs: tuple[Dependency, ...] = ()
    authoritative: bool = True
    truncated: bool = False
    forwarded: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(record.value for record in self.records if record.type in FAMILIES)

    @property
    def word(self) -> str:
        """ANSWER, NODATA or what the response code says (NXDOMAIN, SERVFAIL, REFUSED)."""
        return "ANSWER" if self.records else "NODATA" if self.rcode == "NOERROR" else self.rcode


def soa(zone: str, ttl: int, serial: int) -> Record:
    """The start of a zone's authority, as every backend of CoreDNS writes it (plugin/backend_lookup.go, SOA)."""
    return Record(zone, "SOA", f"ns.dns.{zone} hostmaster.{zone} {serial} 7200 1800 86400 {ttl}", min(ttl, 300))
