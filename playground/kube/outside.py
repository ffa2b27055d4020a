"""What is there outside of the cluster?  Three servers, at addresses and under names that are kept for documentation.

Source: RFC 2606 and RFC 6761 (example.com, example.org, example.net), RFC 5737 (192.0.2.0/24), RFC 3849 (2001:db8::/32);
kubernetes.io/docs/concepts/services-networking/service (ExternalName: what a server does with a header Host that is not its own).
Simplified: the world has nobody else. Load balancers have addresses of 198.51.100.0/24 and clients of 203.0.113.0/24, so that
nobody has an address twice. A server answers for every name at and below its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import msgspec

HTTP, HTTPS = 80, 443
PORTS = ((HTTP, "TCP"), (HTTPS, "TCP"))
FOUND, BAD_REQUEST, NOT_FOUND = 200, 400, 404
PLAIN_TO_TLS = "The plain HTTP request was sent to HTTPS port"


class Site(msgspec.Struct, frozen=True, gc=False):
    """A server that answers HTTP and HTTPS for its name and every name below it."""

    name: str
    ipv4: str
    ipv6: str

    def serves(self, host: str) -> bool:
        """Whether a name is one of its own."""
        asked = host.lower().removesuffix(".")
        return asked == self.name or asked.endswith("." + self.name)


class Said(NamedTuple):
    """An HTTP status, and the text that comes with it."""

    code: int
    text: str


SITES = (
    Site("example.com", "192.0.2.10", "2001:db8:192::10"),
    Site("example.org", "192.0.2.20", "2001:db8:192::20"),
    Site("example.net", "192.0.2.30", "2001:db8:192::30"),
)
THE_WORLD = f"the world outside of this playground has only {SITES[0].name}, {SITES[1].name} and {SITES[2].name}"
SITES_BY_NAME = {site.name: site for site in SITES}
_AT = {ip: site for site in SITES for ip in (site.ipv4, site.ipv6)}


def at(ip: str) -> Site | None:
    """Whose address it is."""
    return _AT.get(ip)


@lru_cache(maxsize=10_000)
def of(name: str) -> Site | None:
    """Whose name it is, with its last dot or without."""
    return next((site for site in SITES if site.serves(name)), None)


def says(site: Site, host: str, source: str) -> Said:
    """The answer to a request with a header Host, from an address."""
    if site.serves(host):
        return Said(FOUND, f"Hello from {host}, outside of the cluster. You come from {source}.")
    return Said(NOT_FOUND, f"404 Not Found: {site.name} does not know the host {host}")


def capital(sentence: str) -> str:
    """With a capital letter at its beginning."""
    return sentence[0].upper() + sentence[1:]
