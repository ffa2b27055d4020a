"""Does the API server look after its own Service?  (pkg/controlplane/controller/kubernetesservice)"""

from __future__ import annotations

import pytest

from playground.kube.actions import Create, Delete
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from tests.laws.histories import schema


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.create(ClusterSettings(), schema())


def test_the_api_server_lists_itself_in_the_older_way_too(cluster: Cluster) -> None:
    """Else a learner would think that the Service `kubernetes` has no Endpoints, which every cluster shows beside its EndpointSlice."""
    shown = cluster.server.encode(cluster.store.get("Endpoints", "default", "kubernetes"))
    assert shown["metadata"]["labels"] == {"endpointslice.kubernetes.io/skip-mirror": "true"}
    assert shown["subsets"] == [{"addresses": [{"ip": "192.168.0.1"}], "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}]}]
    cluster.advance(cluster.now + 30 * SECOND)
    assert [each.name for each in cluster.store.list("EndpointSlice") if each.namespace == "default"] == ["kubernetes"]


def test_the_endpoints_of_the_api_server_go_with_its_service_and_come_back_with_it(cluster: Cluster) -> None:
    """Else a learner would think that the Endpoints of a Service outlive it (endpoints_controller.go, syncService)."""
    cluster.submit(Delete("Service", "kubernetes", "default"))
    cluster.advance(cluster.now + SECOND)
    assert cluster.store.get("Endpoints", "default", "kubernetes") is None
    cluster.advance(cluster.now + 11 * SECOND)
    assert cluster.store.get("Endpoints", "default", "kubernetes") is not None


@pytest.mark.parametrize("kind", ["Service", "Endpoints", "EndpointSlice"])
def test_what_is_deleted_of_the_api_server_comes_back_within_ten_seconds(cluster: Cluster, kind: str) -> None:
    """It stayed away, as if a Pod could lose the API server's name and variables for good by one `kubectl delete`."""
    before = cluster.store.get(kind, "default", "kubernetes")
    cluster.submit(Delete(kind, "kubernetes", "default"))
    restored = Cluster.restore(cluster.snapshot(), schema())
    for each in (cluster, restored):
        assert each.store.get(kind, "default", "kubernetes") is None
        each.advance(each.now + 11 * SECOND)
        after = each.store.get(kind, "default", "kubernetes")
        assert (after.spec, after.labels) == (before.spec, before.labels)
        assert after.uid != before.uid
        for name in ("endpoints", "subsets"):
            assert cluster.server.encode(after).get(name) == cluster.server.encode(before).get(name)
    assert cluster.hash() == restored.hash()


def test_it_waits_until_its_address_is_free(cluster: Cluster) -> None:
    """Else a learner would think that the API server's Service comes back at another address than the one that all Pods know."""
    thief = {"metadata": {"name": "thief"}, "spec": {"clusterIP": "172.17.0.1", "ports": [{"port": 80}]}}
    cluster.submit(Delete("Service", "kubernetes", "default"))
    cluster.submit(Create([{"apiVersion": "v1", "kind": "Service", **thief}]))
    cluster.advance(cluster.now + 30 * SECOND)
    assert cluster.store.get("Service", "default", "kubernetes") is None
    cluster.submit(Delete("Service", "thief", "default"))
    cluster.advance(cluster.now + 11 * SECOND)
    assert cluster.store.get("Service", "default", "kubernetes").spec["clusterIP"] == "172.17.0.1"
