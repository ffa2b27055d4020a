"""What `kubectl explain` and the check of manifests find."""

from __future__ import annotations

import gzip
import json

from tests.kubeapi.conftest import Client


def test_the_index_names_each_document_under_the_clusters_own_address(client: Client) -> None:
    paths = client.get("openapi/v3")["paths"]
    assert {"api/v1", "apis/apps/v1", "apis/discovery.k8s.io/v1"} <= paths.keys()
    assert paths["api/v1"]["serverRelativeURL"].startswith(f"/w/{client.key}/openapi/v3/api/v1?hash=")


def test_a_patch_says_that_fields_are_validated(client: Client) -> None:
    document = client.get("openapi/v3/apis/apps/v1")
    patch = document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    assert patch["x-kubernetes-group-version-kind"] == {"group": "apps", "version": "v1", "kind": "Deployment"}
    assert "fieldValidation" in [each["name"] for each in patch["parameters"]]


def test_fields_have_descriptions_types_and_keys(client: Client) -> None:
    schemas = client.get("openapi/v3/api/v1")["components"]["schemas"]
    ports = schemas["io.k8s.api.core.v1.ServiceSpec"]["properties"]["ports"]
    assert ports["description"]
    assert ports["x-kubernetes-list-map-keys"] == ["port", "protocol"]
    assert ports["items"]["allOf"] == [{"$ref": "#/components/schemas/io.k8s.api.core.v1.ServicePort"}]
    assert schemas["io.k8s.api.core.v1.Service"]["x-kubernetes-group-version-kind"] == [{"group": "", "version": "v1", "kind": "Service"}]


def test_no_reference_leads_nowhere(client: Client) -> None:
    for place in client.get("openapi/v3")["paths"]:
        text = client.ask("GET", f"openapi/v3/{place}").body.decode()
        schemas = json.loads(text)["components"]["schemas"]
        named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
        assert named <= schemas.keys(), place


def test_a_document_is_kept_for_ever_and_packed_where_that_is_taken(client: Client) -> None:
    reply = client.ask("GET", "openapi/v3/api/v1", headers={"accept-encoding": "gzip"})
    assert reply.headers["Content-Encoding"] == "gzip"
    assert "immutable" in reply.headers["Cache-Control"]
    assert json.loads(gzip.decompress(reply.body)) == client.get("openapi/v3/api/v1")
