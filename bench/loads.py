"""Which clusters are measured?  Any number of Nodes, Pods and Services, made through the façade as a learner would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from playground.assets.schema import load
from playground.kube.actions import AddNode, Apply
from playground.kube.apiserver.schema import Schema
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings, Limits

# `changes_remembered` refuses nothing: it is how long the watch cache is, and stays as it is by default.
UNLIMITED = Limits(**{field.name: 10**9 for field in msgspec.structs.fields(Limits) if field.name != "changes_remembered"})
SETTLED = 60 * SECOND


def cluster(nodes: int, groups: list[int], seed: int = 1) -> Cluster:
    """A settled cluster: for each number in `groups`, a Deployment `app-N` of so many Pods and its Service `app-N`.

    A Pod `client` stands in the first Node's place in line. Networks are wide enough for 5,000 Nodes and 150,000 Pods.
    """
    settings = ClusterSettings(
        seed=seed, service_network="10.96.0.0/16", pod_network="10.128.0.0/9", node_network="192.168.0.0/16", limits=UNLIMITED
    )
    made = Cluster.create(settings, Schema(load()))
    for number in range(nodes):
        made.submit(AddNode(f"node-{number}"))
    made.advance(made.now + 5 * SECOND)
    made.submit(Apply([client()]))
    for batch in batches(groups):
        made.submit(Apply(batch))
        made.advance(made.now + SECOND)
        made.events()
    made.advance(made.now + SETTLED)
    made.events()
    return made


def batches(groups: list[int], size: int = 100) -> Iterator[list[dict[str, Any]]]:
    documents = [document for number, replicas in enumerate(groups) for document in app(f"app-{number}", replicas)]
    for start in range(0, len(documents), size):
        yield documents[start : start + size]


def app(name: str, replicas: int) -> list[dict[str, Any]]:
    labels = {"app": name}
    container = {"name": "web", "image": "nginx:1.29", "ports": [{"containerPort": 80}]}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container], "terminationGracePeriodSeconds": 1}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    ports = [{"port": 80}]
    return [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"selector": labels, "ports": ports}},
    ]


def client() -> dict[str, Any]:
    container = {"name": "client", "image": "curlimages/curl:8.16.0", "command": ["sleep", "infinity"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "client"}, "spec": {"containers": [container]}}
