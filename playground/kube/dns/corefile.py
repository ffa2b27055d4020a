"""Which options does CoreDNS run with?

Source: coredns/coredns plugin/kubernetes/README.md and setup.go; cluster/addons/dns/coredns/coredns.yaml.base (the Corefile that Kubernetes ships).
Simplified: the plugins cache, loop, reload and loadbalance are not there: answers are as of now, in the order of the slices.
"""

from __future__ import annotations

import msgspec

REVERSE_ZONES = ("in-addr.arpa.", "ip6.arpa.")


class Corefile(msgspec.Struct, frozen=True):
    """`zones` in lower case with their last dots; `pods` is disabled, insecure or verified; `namespaces` are the only
    ones that are exposed, None if all are; `fall` are the zones whose unknown names go upstream; `addresses` are the
    server's own, None if they are those of the DNS Service's Pods; until it is `synced` a server knows of no object."""

    zones: tuple[str, ...]
    pods: str = "disabled"
    ttl: int = 5
    namespaces: tuple[str, ...] | None = None
    ignore_empty_service: bool = False
    endpoint_pod_names: bool = False
    fall: tuple[str, ...] = ()
    addresses: tuple[str, ...] | None = None
    synced: bool = True

    @property
    def primary_zone(self) -> str:
        """The first zone that is no reverse one: names of Services that PTR records point to end with it."""
        return next((zone for zone in self.zones if not zone.endswith(REVERSE_ZONES)), "")

    def zone_of(self, name: str) -> str:
        """The longest zone that a name (with its last dot) is in, in the letters of the name; "" if it is in none."""
        lower = name.lower()
        found = [zone for zone in self.zones if is_within(lower, zone)]
        return name[-len(max(found, key=len)) :] if found else ""

    def falls(self, name: str) -> bool:
        return any(is_within(name.lower(), zone) for zone in self.fall)


def shipped(domain: str) -> Corefile:
    """As Kubernetes ships it, for a cluster domain."""
    return Corefile((f"{domain.lower()}.", *REVERSE_ZONES), "insecure", 30, fall=REVERSE_ZONES)


def is_within(name: str, zone: str) -> bool:
    """Both in lower case, with their last dots."""
    return name == zone or name.endswith("." + zone)
