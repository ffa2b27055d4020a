"""What get and list answer."""

from __future__ import annotations

from typing import Any

import pytest

from playground.clusters import looks, service
from playground.clusters.models import Cluster
from playground.kube.actions import Delete
from tests.clusters import scene
from tests.clusters.conftest import op
from tests.kubeapi.conftest import TABLE, Client

PODS = "api/v1/namespaces/default/pods"


def names(document: Any) -> list[str]:
    return [each["metadata"]["name"] for each in document["items"]]


def test_a_list_has_a_kind_and_a_version_and_its_items_have_none(client: Client) -> None:
    pods = client.get(PODS)
    assert (pods["kind"], pods["apiVersion"]) == ("PodList", "v1")
    assert int(pods["metadata"]["resourceVersion"]) > 0
    assert names(pods) == ["client", "web-1", "web-2"]
    assert "kind" not in pods["items"][0]


def test_all_namespaces_are_listed_where_none_is_named(client: Client) -> None:
    assert {each["metadata"]["namespace"] for each in client.get("api/v1/pods")["items"]} == {"default", "kube-system"}


SELECTED = {
    "by a label": ({"labelSelector": "app=web"}, ["web-1", "web-2"]),
    "by a label that is not so": ({"labelSelector": "app notin (web)"}, ["client"]),
    "by a name": ({"fieldSelector": "metadata.name=web-2"}, ["web-2"]),
    "by the same name twice": ({"fieldSelector": "metadata.name=web-2,metadata.name=web-2"}, ["web-2"]),
    "by a field that is not so": ({"fieldSelector": "status.phase!=Running"}, []),
    "by its Node": ({"fieldSelector": "spec.nodeName=node-a", "labelSelector": "app=client"}, ["client"]),
}


@pytest.mark.parametrize(("query", "found"), SELECTED.values(), ids=SELECTED.keys())
def test_selectors_choose(client: Client, query: dict[str, str], found: list[str]) -> None:
    assert names(client.get(PODS, **query)) == found


def test_selectors_that_cannot_be_read_are_refused(client: Client) -> None:
    assert client.ask("GET", PODS, fieldSelector="spec.image=x").json["message"] == "field label not supported: spec.image"
    assert client.ask("GET", PODS, labelSelector="a in (").status == 400


def test_a_table_has_a_row_with_metadata_for_each_object(client: Client) -> None:
    table = client.table(PODS)
    assert [each["name"] for each in table["columnDefinitions"]][:5] == ["Name", "Ready", "Status", "Restarts", "Age"]
    assert table["rows"][0]["cells"][:5] == ["client", "1/1", "Running", "0", "10s"]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
    assert table["rows"][0]["object"]["metadata"]["labels"] == {"app": "client"}


def test_rows_hold_the_whole_object_where_that_is_asked_for(client: Client) -> None:
    assert client.table(PODS, includeObject="Object")["rows"][0]["object"]["spec"]["containers"]
    assert "object" not in client.table(PODS, includeObject="None")["rows"][0]


def test_a_single_object_and_nothing_are_tables_too(client: Client) -> None:
    assert len(client.table(f"{PODS}/client")["rows"]) == 1
    nothing = client.table("api/v1/namespaces/kube-public/pods")
    assert (nothing["kind"], nothing["rows"]) == ("Table", [])


def test_only_the_metadata_is_given_where_no_more_is_wanted(client: Client) -> None:
    accept = {"accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}
    listed = client.ask("GET", PODS, headers=accept).json
    assert listed["kind"] == "PartialObjectMetadataList"
    assert set(listed["items"][0]) == {"kind", "apiVersion", "metadata"}


def test_what_is_not_there_is_not_found(client: Client) -> None:
    status = client.ask("GET", f"{PODS}/nobody", headers={"accept": TABLE}).json
    assert (status["code"], status["message"]) == (404, 'pods "nobody" not found')
    assert status["details"] == {"name": "nobody", "kind": "pods"}


def test_a_list_is_given_in_pages(client: Client) -> None:
    first = client.get(PODS, limit=2)
    assert names(first) == ["client", "web-1"]
    assert first["metadata"]["remainingItemCount"] == 1
    rest = client.get(PODS, limit=2, **{"continue": first["metadata"]["continue"]})
    assert names(rest) == ["web-2"]
    assert "continue" not in rest["metadata"]
    assert client.ask("GET", PODS, **{"continue": "e30="}).status == 400


def test_a_list_can_be_had_as_it_was(client: Client, cluster: Cluster) -> None:
    version = client.get(PODS)["metadata"]["resourceVersion"]
    service.act(cluster, Delete("Pod", "web-1", grace=0), op())
    then = client.get(PODS, resourceVersion=version, resourceVersionMatch="Exact")
    assert names(then) == ["client", "web-1", "web-2"]
    assert then["metadata"]["resourceVersion"] == version
    assert names(client.get(PODS)) == ["client", "web-2"]


def test_a_version_that_is_not_yet_or_no_number_is_refused(client: Client) -> None:
    assert client.ask("GET", PODS, resourceVersion="999999").json["reason"] == "Timeout"
    assert client.ask("GET", PODS, resourceVersion="x").status == 400


def test_the_ports_of_a_slice_have_a_name_even_if_it_is_empty(client: Client) -> None:
    slices = client.get("apis/discovery.k8s.io/v1/namespaces/default/endpointslices", labelSelector="kubernetes.io/service-name=web")
    assert slices["items"][0]["ports"] == [{"name": "", "port": 80, "protocol": "TCP"}]


def test_the_clock_runs_on_for_a_while_after_a_request(client: Client, cluster: Cluster) -> None:
    client.get(PODS)
    wall = 0.0
    for _ in range(20):
        wall += 0.1
        client._runtime.tick(wall)
    with looks.at(cluster) as kube:
        assert kube.now > scene.OPENS_AT + 1_000_000


def test_whoever_asks_for_endpoints_is_told_that_they_are_deprecated(client: Client) -> None:
    said = ("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",)
    place = "api/v1/namespaces/default/endpoints"
    assert client.ask("GET", f"{place}/web").warnings == client.ask("GET", place).warnings == said
    assert client.ask("GET", f"{place}/nobody").warnings == said
    assert client.ask("GET", "api/v1/namespaces/default/services").warnings == ()


def test_a_kind_without_a_status_has_no_subresource_of_that_name(client: Client) -> None:
    assert client.ask("GET", "api/v1/namespaces/kube-system/configmaps/coredns/status").status == 404
    assert client.get("api/v1/namespaces/default/services/web/status")["kind"] == "Service"
