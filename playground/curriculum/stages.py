"""Which cluster does it begin with?  A stage: Nodes, networks, manifests, streams, and how long all of it has settled when it opens."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.actions import Action, AddNode, Apply, StartTraffic
from playground.kube.apiserver.schema import Schema
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings, LoadBalancers, Networks
from playground.terminal.commands import SOFTWARE


class Stream(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Requests that are sent from the start on; `source` (in YAML: from) is the name of a sender."""

    source: str = msgspec.field(name="from")
    to: str
    rate: float = 1.0
    keep_alive: bool = False


class NodeSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    labels: dict[str, str] = {}


class StageSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """What a scene or a lesson says of its cluster. `settle` is how many virtual seconds old it is when it opens."""

    nodes: tuple[str | NodeSpec, ...]
    settle: int
    traffic: tuple[Stream, ...] = ()
    service_network: str = ClusterSettings().service_network
    pod_network: str = ClusterSettings().pod_network
    second: Networks | None = None
    load_balancers: LoadBalancers = LoadBalancers()
    seed: int = ClusterSettings().seed


class Scene(msgspec.Struct, frozen=True):
    """A ready cluster: made with `settings`, all of `actions` taken at its first moment, opened at virtual microsecond `opens_at`."""

    key: str
    title: str
    summary: str
    settings: ClusterSettings
    actions: list[Action]
    opens_at: int


def scene(key: str, title: str, summary: str, spec: StageSpec, documents: list[dict[str, Any]]) -> Scene:
    """Raises ValueError for networks that do not go together."""
    made_with = ClusterSettings(
        seed=spec.seed,
        service_network=spec.service_network,
        pod_network=spec.pod_network,
        load_balancers=spec.load_balancers,
        second=spec.second or msgspec.UNSET,
    )
    nodes = [AddNode(node) if isinstance(node, str) else AddNode(node.name, node.labels) for node in spec.nodes]
    streams = [StartTraffic(each.source, each.to, each.rate, each.keep_alive) for each in spec.traffic]
    applies = [Apply(documents)] if documents else []
    return Scene(key, title, summary, made_with, [*nodes, *applies, *streams], spec.settle * SECOND)


def opened(found: Scene, schema: Schema, seed: int | None = None) -> Cluster:
    """A cluster of the scene at the moment it opens; another seed gives other names, choices and times. Raises Refusal."""
    made_with = found.settings if seed is None else msgspec.structs.replace(found.settings, seed=seed)
    kube = Cluster.create(made_with, schema, SOFTWARE)
    for action in found.actions:
        kube.submit(action)
    kube.advance(found.opens_at)
    return kube
