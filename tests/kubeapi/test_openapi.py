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


def test_what_takes_an_object_says_of_which_type(client: Client) -> None:
    paths = client.get("openapi/v3/api/v1")["paths"]
    one = paths["/api/v1/namespaces/{namespace}/pods/{name}/eviction"]
    assert [each["name"] for each in one["parameters"]] == ["name", "namespace"]
    assert one["post"]["requestBody"]["content"]["*/*"]["schema"] == {"$ref": "#/components/schemas/io.k8s.api.policy.v1.Eviction"}


def test_kinds_that_are_only_asked_are_explained_too(client: Client) -> None:
    document = client.get("openapi/v3/apis/authorization.k8s.io/v1")
    assert document["paths"].keys() == {f"/apis/authorization.k8s.io/v1/selfsubject{kind}reviews" for kind in ("access", "rules")}
    assert "io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec" in document["components"]["schemas"]


def test_a_custom_kind_has_the_fields_of_its_definition(client: Client) -> None:
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object", "description": "what it wants"}}}}
    names = {"kind": "Foo", "plural": "foos", "singular": "foo"}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    spec = {"group": "example.com", "names": names, "scope": "Namespaced", "versions": [version]}
    meta = {"name": "foos.example.com"}
    document = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": meta, "spec": spec}
    client.post("apis/apiextensions.k8s.io/v1/customresourcedefinitions", document)
    fields = client.get("openapi/v3/apis/example.com/v1")["components"]["schemas"]["example.com.v1.Foo"]["properties"]
    assert fields["spec"]["description"] == "what it wants"
    assert fields["metadata"]["allOf"] == [{"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}]


def test_version_two_knows_no_kind_so_that_kubectl_says_there_is_none(client: Client) -> None:
    assert client.get("openapi/v2") == {
        "swagger": "2.0",
        "info": {"title": "Kubernetes", "version": "v1.37.0"},
        "paths": {},
        "definitions": {},
    }
    reply = client.ask("GET", "openapi/v2", headers={"accept": "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"})
    assert reply.body == b"\x0a\x032.0\x12\x15\x0a\x0aKubernetes\x12\x07v1.37.0"
