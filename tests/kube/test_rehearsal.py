"""What a rehearsal of a write shows, and that it leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from playground.assets import schema as assets
from playground.kube.actions import AddNode, Apply, Batch, Create, Delete, Patch
from playground.kube.apiserver.schema import Schema
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.create(ClusterSettings(), Schema(assets.load()))


def service(name: str = "web", **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}


def test_a_rehearsal_shows_the_object_as_it_would_be(cluster: Cluster) -> None:
    cluster.events()
    before = cluster.snapshot()
    receipt, (made,) = cluster.rehearse(Create([service(type="NodePort")]))
    assert receipt.refs == ("Service/default/web",)
    assert made["spec"]["ports"][0]["nodePort"] >= 30000
    assert cluster.snapshot() == before
    assert cluster.events() == []


def test_what_would_be_gone_is_shown_as_nothing(cluster: Cluster) -> None:
    cluster.submit(Apply([service()]))
    assert cluster.rehearse(Delete("Service", "web"))[1] == [{}]
    assert cluster.rehearse(Batch("two", [Delete("Service", "web"), Create([service("b")])]))[1][1]["metadata"]["name"] == "b"
    assert cluster.shown("Service/default/web")


def test_what_would_be_refused_is_refused_and_leaves_no_trace_either(cluster: Cluster) -> None:
    before = cluster.snapshot()
    with pytest.raises(Refusal):
        cluster.rehearse(Patch("Service", "nobody", {}))
    assert cluster.snapshot() == before


def test_only_writes_to_the_api_server_can_be_rehearsed(cluster: Cluster) -> None:
    with pytest.raises(TypeError):
        cluster.rehearse(AddNode("node-a"))
