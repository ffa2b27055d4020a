"""What a client is told of the resources."""

from __future__ import annotations

from typing import Any

from playground.rest.discovery import AGGREGATED
from tests.kubeapi.conftest import Client

ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
WIDGETS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"]},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}


def resources_of(document: Any, group: str) -> dict[str, Any]:
    found = next(each for each in document["items"] if each["metadata"]["name"] == group)
    return {each["resource"]: each for each in found["versions"][0]["resources"]}


def test_one_document_tells_of_all_groups(client: Client) -> None:
    reply = client.ask("GET", "apis", headers={"accept": ACCEPT})
    assert reply.type == AGGREGATED
    deployments = resources_of(reply.json, "apps")["deployments"]
    assert deployments["shortNames"] == ["deploy"]
    assert deployments["categories"] == ["all"]
    assert [each["subresource"] for each in deployments["subresources"]] == ["scale", "status"]
    assert deployments["subresources"][0]["responseKind"] == {"group": "autoscaling", "version": "v1", "kind": "Scale"}


def test_the_core_group_has_no_name(client: Client) -> None:
    document = client.ask("GET", "api", headers={"accept": ACCEPT}).json
    assert [each["metadata"]["name"] for each in document["items"]] == [""]
    assert resources_of(document, "")["nodes"]["scope"] == "Cluster"


def test_the_older_lists_name_the_kind_that_evicts(client: Client) -> None:
    listed = {each["name"]: each for each in client.get("api/v1")["resources"]}
    eviction = listed["pods/eviction"]
    assert (eviction["kind"], eviction["group"], eviction["version"]) == ("Eviction", "policy", "v1")
    assert "group" not in listed["pods"]
    assert client.get("apis/apps")["preferredVersion"]["groupVersion"] == "apps/v1"
    assert {each["name"] for each in client.get("apis/authorization.k8s.io/v1")["resources"]} == {
        "selfsubjectaccessreviews",
        "selfsubjectrulesreviews",
    }


def test_a_custom_kind_is_there_as_soon_as_it_is_defined(client: Client) -> None:
    assert client.post("apis/apiextensions.k8s.io/v1/customresourcedefinitions", WIDGETS).status == 201
    assert resources_of(client.ask("GET", "apis", headers={"accept": ACCEPT}).json, "example.com")["widgets"]["shortNames"] == ["wd"]
    place = "apis/example.com/v1/namespaces/default/widgets"
    assert client.post(place, {"metadata": {"name": "w"}, "spec": {"size": 1}}).status == 201
    assert client.get(place)["items"][0]["spec"] == {"size": 1}
    assert client.get("openapi/v3/apis/example.com/v1")["paths"]
