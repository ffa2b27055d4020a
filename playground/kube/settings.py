"""What is settled when a cluster is made, and never changes after?  Networks, names, the seed, and the limits."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """The largest cluster that one learner may build; a breach is refused with a sentence that names the limit.

    `pods` holds for controllers too. `objects` and `endpoints` hold for what a learner writes: what controllers add to them
    follows from it, a ReplicaSet for a changed template, a slice for a hundred of a Service's Pods.
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


class ClusterSettings(msgspec.Struct, frozen=True):
    """Networks are CIDRs; Node number N gets the Nth /`node_prefix` of `pod_network`; `epoch` is the wall time, in
    seconds since 1970, that virtual time 0 stands for, so that timestamps read naturally and replay alike; `events_kept` is how many
    Event objects are kept before the oldest are forgotten."""

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
