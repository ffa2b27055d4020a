"""What does a Pod's /etc/resolv.conf say?  It follows from its dnsPolicy, dnsConfig and hostNetwork.

Source: pkg/kubelet/network/dns/dns.go (GetPodDNS).
"""

from __future__ import annotations

from typing import Any

import msgspec

MOST_SERVERS = 3
MOST_NDOTS = 15  # of the C libraries: glibc resolv/resolv.h (RES_MAXNDOTS), musl src/network/resolvconf.c
MOST_SEARCHES = 32
MOST_SEARCH_CHARACTERS = 2_048


class ResolvConf(msgspec.Struct, frozen=True):
    """`options` as in `ndots:5`."""

    servers: tuple[str, ...]
    searches: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The file, line by line in the kubelet's order."""
        lines = [f"search {' '.join(self.searches)}"] if self.searches else []
        lines += [f"nameserver {each}" for each in self.servers]
        lines += [f"options {' '.join(self.options)}"] if self.options else []
        return "".join(f"{line}\n" for line in lines)

    @property
    def ndots(self) -> int:
        """A name with fewer dots is tried with the search suffixes first."""
        return min(self._number("ndots", 1), MOST_NDOTS)

    @property
    def attempts(self) -> int:
        """How often all servers are tried."""
        return self._number("attempts", 2)

    @property
    def timeout(self) -> int:
        """How many seconds the first server is given for an answer."""
        return self._number("timeout", 5)

    def _number(self, option: str, otherwise: int) -> int:
        found = [each.partition(":")[2] for each in self.options if each.startswith(option + ":")]
        return int(found[-1]) if found and found[-1].isdigit() else otherwise


def resolv_conf(namespace: str, spec: dict[str, Any], cluster_dns: str, domain: str, node: ResolvConf) -> ResolvConf:
    """What the kubelet writes for a Pod of this spec; `node` is the Node's own file."""
    base = _by_policy(namespace, spec, cluster_dns, domain, node)
    extra = spec.get("dnsConfig") or {}
    options = {each.partition(":")[0]: each for each in base.options}
    for each in extra.get("options") or ():
        value = each.get("value")
        options[each["name"]] = f"{each['name']}:{value}" if value else each["name"]
    servers = tuple(dict.fromkeys((*base.servers, *(extra.get("nameservers") or ()))))
    searches = tuple(dict.fromkeys((*base.searches, *(extra.get("searches") or ()))))
    return ResolvConf(servers[:MOST_SERVERS], within_limits(searches), tuple(options.values()))


def _by_policy(namespace: str, spec: dict[str, Any], cluster_dns: str, domain: str, node: ResolvConf) -> ResolvConf:
    policy = spec.get("dnsPolicy") or "ClusterFirst"
    if policy == "None":
        return ResolvConf(())
    if policy == "Default" or (policy == "ClusterFirst" and spec.get("hostNetwork")):
        return node
    searches = (f"{namespace}.svc.{domain}", f"svc.{domain}", domain, *node.searches)
    return ResolvConf((cluster_dns,), searches, ("ndots:5",))


def within_limits(searches: tuple[str, ...], most: int = MOST_SEARCHES, characters: int = MOST_SEARCH_CHARACTERS) -> tuple[str, ...]:
    """The first suffixes, as many as a file may have."""
    kept = searches[:most]
    while len(" ".join(kept)) > characters:
        kept = kept[:-1]
    return kept
