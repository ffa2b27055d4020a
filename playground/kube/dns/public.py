"""What does the Nodes' own resolver answer?  What the DNS of the world outside says: its names have addresses, and no other name exists.

Source: RFC 1034, section 4.3.3 (a name below one with a wildcard), RFC 2308 (the SOA of a denial); SOAs of the root and of com, org and net.
Simplified: the resolver keeps no answers, so that its TTLs do not run down; there are addresses, NS and SOA, and no other types.
"""

from __future__ import annotations

from playground.kube import outside
from playground.kube.dns.message import Answer, Record

TTL, DENIED = 300, 3_600
# What the servers of the zones above say of a name that is not in them.
ABOVE = {
    "com.": "a.gtld-servers.net. nstld.verisign-grs.com. 2025010100 1800 900 604800 900",
    "net.": "a.gtld-servers.net. nstld.verisign-grs.com. 2025010100 1800 900 604800 900",
    "org.": "a0.org.afilias-nst.info. hostmaster.donuts.email. 2025010100 7200 900 1209600 3600",
    ".": "a.root-servers.net. nstld.verisign-grs.com. 2025010100 1800 900 604800 86400",
}


def ask(name: str, type: str) -> Answer:
    """The answer to a name with its last dot."""
    site = outside.of(name)
    if site is None:
        zone = next((zone for zone in ABOVE if name.lower().endswith("." + zone) or name.lower() == zone), ".")
        return _denied(
            "NOERROR" if name.lower() == zone else "NXDOMAIN", Record(zone, "SOA", ABOVE[zone], int(ABOVE[zone].split()[-1])), name
        )
    zone = f"{site.name}."
    start = Record(zone, "SOA", f"ns.{zone} hostmaster.{zone} 2025010100 7200 3600 1209600 {DENIED}", DENIED)
    own = {"A": (site.ipv4,), "AAAA": (site.ipv6,), **({"NS": (f"ns.{zone}",), "SOA": (start.value,)} if name.lower() == zone else {})}
    records = tuple(Record(name, type, value, TTL) for value in own.get(type, ()))
    return Answer("NOERROR", records, authoritative=False, forwarded=name) if records else _denied("NOERROR", start, name)


def _denied(rcode: str, start: Record, name: str) -> Answer:
    return Answer(rcode, authority=(start,), authoritative=False, forwarded=name)
