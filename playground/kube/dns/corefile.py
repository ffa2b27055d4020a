"""Which options does CoreDNS run with?

Source: coredns/coredns plugin/kubernetes/README.md and setup.go, plugin/cache/README.md, plugin/reload/README.md;
cmd/kubeadm/app/phases/addons/dns/manifests.go (the Corefile that kubeadm writes).
Simplified: the plugin loop is not there: a loop cannot be.
"""

from __future__ import annotations

import msgspec

REVERSE_ZONES = ("in-addr.arpa.", "ip6.arpa.")
ROOT = "."


class Plan(msgspec.Struct, frozen=True):
    """What exists, or what does not, is kept for `least` to `most` seconds, but not of the zones that are `exempt`."""

    most: int
    least: int = 5
    exempt: tuple[str, ...] = ()


class Caching(msgspec.Struct, frozen=True):
    """The cache plugin: for names of `zones`, what becomes of answers with records and of denials."""

    zones: tuple[str, ...] = (ROOT,)
    success: Plan = Plan(3_600)
    denial: Plan = Plan(1_800)


class Corefile(msgspec.Struct, frozen=True):
    """`zones` in lower case with their last dots; `pods` is disabled, insecure or verified; `namespaces` are the only
    ones that are exposed, None if all are; `fall` are the zones whose unknown names go upstream; `addresses` are the
    server's own, None if they are those of the DNS Service's Pods; until it is `synced` a server knows of no object.
    `forwards` says whether other zones' names are asked upstream; `reload` is how often, in seconds, it looks whether the
    file has changed, 0 for never; `shuffles`: several addresses come in an order of chance (the plugin loadbalance)."""

    zones: tuple[str, ...]
    pods: str = "disabled"
    ttl: int = 5
    namespaces: tuple[str, ...] | None = None
    ignore_empty_service: bool = False
    endpoint_pod_names: bool = False
    fall: tuple[str, ...] = ()
    addresses: tuple[str, ...] | None = None
    synced: bool = True
    caching: Caching | None = None
    forwards: bool = True
    reload: int = 0
    shuffles: bool = False

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
    """As kubeadm ships it, for a cluster domain: its own zone is not cached, since the server has it at hand."""
    zone = f"{domain.lower()}."
    caching = Caching(success=Plan(30, exempt=(zone,)), denial=Plan(30, exempt=(zone,)))
    return Corefile((zone, *REVERSE_ZONES), "insecure", 30, fall=REVERSE_ZONES, caching=caching, reload=30, shuffles=True)


def shipped_text(domain: str) -> str:
    """The file itself."""
    return SHIPPED.replace("DOMAIN", domain)


SHIPPED = """\
.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes DOMAIN in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success DOMAIN
       disable denial DOMAIN
    }
    loop
    reload
    loadbalance
}
"""


def is_within(name: str, zone: str) -> bool:
    """Both in lower case, with their last dots."""
    return name == zone or zone == ROOT or name.endswith("." + zone)
