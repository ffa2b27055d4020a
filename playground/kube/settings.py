"""What is settled when a cluster is made, and never changes after?  Networks, names, the seed, and the limits."""

from __future__ import annotations

from ipaddress import ip_network

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """The largest cluster that one learner may build; a breach is refused with a sentence that names the limit.

    `pods` holds for controllers too. `objects` and `endpoints` hold for what a learner writes: what controllers add to them
    follows from it, a ReplicaSet for a changed template, a slice for a hundred of a Service's Pods. A watch of the API goes
    on from any of the last `changes_remembered`. `files` are those written in one container, `file` the characters of each.
    """

    pods: int = 500
    services: int = 100
    nodes: int = 20
    endpoints: int = 1_000
    objects: int = 2_000
    objects_in_one_apply: int = 200
    replicas: int = 500
    streams: int = 50
    requests_per_second: int = 200
    requests_at_once: int = 2_000
    commands_per_second: int = 50
    changes_remembered: int = 1_000
    file: int = 4_000
    files: int = 20


class LoadBalancers(msgspec.Struct, frozen=True):
    """The cloud around the cluster. Its load balancers get addresses of `network` ("": there is no cloud, Services stay
    `<pending>`), `delay` seconds after they are asked for; `mode` is their ipMode, VIP or Proxy. A Node is probed every
    `probe_interval` seconds, and unhealthy after `unhealthy_after` probes that failed.

    Source of the probe's figures: gceHcCheckIntervalSeconds and gceHcUnhealthyThreshold of cloud-provider-gcp.
    """

    network: str = "198.51.100.0/24"
    delay: int = 5
    mode: str = "VIP"
    probe_interval: int = 8
    unhealthy_after: int = 3


class Networks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What a dual-stack cluster has beside its first networks: those of the other family of addresses, as CIDRs.
    `load_balancers` "": load balancers have addresses of the first family only.

    Source: the second values of --service-cluster-ip-range and --cluster-cidr, --node-cidr-mask-size-ipv6 (KEP-563).
    """

    service: str
    pod: str
    node: str
    node_prefix: int = 64
    load_balancers: str = ""


class ClusterSettings(msgspec.Struct, frozen=True):
    """Networks are CIDRs; Node number N gets the Nth /`node_prefix` of `pod_network`; `epoch` is the wall time, in
    seconds since 1970, that virtual time 0 stands for, so that timestamps read naturally and replay alike; `events_kept` is how many
    Event objects are kept before the oldest are forgotten.

    The first networks' family is the primary one. Without `second` the cluster is single-stack, and nothing of it is written down.
    """

    seed: int = 1
    service_network: str = "172.17.0.0/24"
    pod_network: str = "10.244.0.0/16"
    node_prefix: int = 24
    node_network: str = "192.168.0.0/24"
    domain: str = "cluster.local"
    epoch: int = 1_700_000_000
    events_kept: int = 1_000
    load_balancers: LoadBalancers = LoadBalancers()
    limits: Limits = Limits()
    second: Networks | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        """Raises ValueError for networks that do not go together."""
        for listed in (self.service_networks, self.pod_networks, self.node_networks):
            found = [family_of(each) for each in listed]
            if found[0] != family_of(self.service_network) or len(found) != len(dict.fromkeys(found)):
                raise ValueError(
                    f"networks {', '.join(listed)}: expected one of each family, the first one's in the order of service networks"
                )
        for cidr, prefix in zip(self.pod_networks, self.node_prefixes, strict=True):
            if not ip_network(cidr).prefixlen <= prefix <= ip_network(cidr).max_prefixlen:
                raise ValueError(f"Pod network {cidr}: it cannot be shared out in networks of /{prefix}")

    @property
    def families(self) -> tuple[str, ...]:
        """IPv4 and IPv6, or one of them; the primary one first."""
        return tuple(family_of(each) for each in self.service_networks)

    @property
    def service_networks(self) -> tuple[str, ...]:
        return (self.service_network, self.second.service) if self.second else (self.service_network,)

    @property
    def pod_networks(self) -> tuple[str, ...]:
        return (self.pod_network, self.second.pod) if self.second else (self.pod_network,)

    @property
    def node_networks(self) -> tuple[str, ...]:
        return (self.node_network, self.second.node) if self.second else (self.node_network,)

    @property
    def node_prefixes(self) -> tuple[int, ...]:
        return (self.node_prefix, self.second.node_prefix) if self.second else (self.node_prefix,)

    @property
    def balancer_networks(self) -> tuple[str, ...]:
        """Where load balancers get their addresses from; none: there is no cloud."""
        found = (self.load_balancers.network, self.second.load_balancers if self.second else "")
        return tuple(each for each in found if each)


def family_of(text: str) -> str:
    """IPv4 or IPv6, of an address or a network."""
    return "IPv6" if ":" in text else "IPv4"
