"""Which ready clusters are there to start from?  Files of `lessons/clusters`: what is settled, then ordinary manifests.

The first document of a file is a Scene of ours (`SceneSpec` says what it holds), the others are applied as they stand.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from playground.clusters import engine
from playground.kube.actions import Action, AddNode, Apply, StartTraffic
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings, LoadBalancers, Networks
from playground.manifests.reader import read

FOLDER = Path("lessons") / "clusters"
API_VERSION = "switchyard.dev/v1"


class Stream(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Requests that are sent from the start on; `source` (in YAML: from) is the name of a sender."""

    source: str = msgspec.field(name="from")
    to: str
    rate: float = 1.0
    keep_alive: bool = False


class NodeSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    labels: dict[str, str] = {}


class SceneSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What a scene says of itself. `settle` is how many virtual seconds old the cluster is when it opens; `order` its place in the list."""

    title: str
    summary: str
    order: int
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


def all() -> list[Scene]:
    """Every scene, in the order to show them."""
    return list(_scenes().values())


def find(key: str) -> Scene:
    """The scene of a name; KeyError."""
    return _scenes()[key]


def named(key: str) -> Scene | None:
    """The scene of a name, if it still exists: a cluster may outlive the scene it began as."""
    return _scenes().get(key)


def start(scene: Scene, seed: int | None = None) -> Cluster:
    """A cluster of the scene at the moment it opens; another seed gives other names, choices and times."""
    made_with = scene.settings if seed is None else msgspec.structs.replace(scene.settings, seed=seed)
    kube = engine.create(engine.limited(made_with))
    for action in scene.actions:
        kube.submit(action)
    kube.advance(scene.opens_at)
    return kube


@cache
def _scenes() -> dict[str, Scene]:
    files = [(path.stem, *_read(path)) for path in sorted((settings.BASE_DIR / FOLDER).glob("*.yaml"))]
    files.sort(key=lambda file: file[1].order)
    return {key: _scene(key, spec, documents) for key, spec, documents in files}


def _read(path: Path) -> tuple[SceneSpec, list[dict[str, Any]]]:
    """A scene's file. ValueError (BadYAML, ValidationError) says what is wrong with it."""
    first, *rest = read(path.read_text("utf-8")).values
    if (first["apiVersion"], first["kind"], first["metadata"]["name"]) != (API_VERSION, "Scene", path.stem):
        raise ValueError(f"{path}: the first document must be a Scene of {API_VERSION} with the file's name")
    return msgspec.convert(first["spec"], SceneSpec), rest


def _scene(key: str, spec: SceneSpec, documents: list[dict[str, Any]]) -> Scene:
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
    return Scene(key, spec.title, spec.summary, made_with, [*nodes, *applies, *streams], spec.settle * SECOND)
