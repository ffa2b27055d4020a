"""Kubernetes' definitions, cut down."""

import pytest

from playground.assets.openapi import compact
from playground.assets.schema import load

META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.Time"
INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"


def ref(name):
    return {"$ref": f"#/$defs/{name}"}


def kind(group, version, name, properties):
    return {"properties": properties, "x-kubernetes-group-version-kind": [{"group": group, "version": version, "kind": name}]}


def field(schema, **definitions):
    """What one field of a kind becomes."""
    compacted = compact({"Thing": kind("", "v1", "Thing", {"it": schema}), **definitions})
    return compacted["types"]["Thing"]["fields"]["it"]


@pytest.mark.parametrize(
    ("case", "schema", "expected"),
    [
        ("a type that may be null is that type", {"type": ["string", "null"]}, {"type": "string"}),
        ("a number keeps its format", {"type": ["integer", "null"], "format": "int32"}, {"type": "integer", "format": "int32"}),
        ("no type is any type", {"description": "?"}, {"type": "any", "description": "?"}),
        ("an array says what it holds", {"type": "array", "items": {"type": "string"}}, {"type": "array", "items": {"type": "string"}}),
        (
            "a map says what it holds",
            {"type": "object", "additionalProperties": {"type": "string"}},
            {"type": "object", "values": {"type": "string"}},
        ),
        (
            "a map of arrays says both",
            {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
            {"type": "object", "values": {"type": "array", "items": {"type": "string"}}},
        ),
        (
            "how lists are merged",
            {
                "type": ["array", "null"],
                "items": {"type": "integer"},
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["port", "protocol"],
                "x-kubernetes-patch-strategy": "merge",
                "x-kubernetes-patch-merge-key": "port",
            },
            {
                "type": "array",
                "items": {"type": "integer"},
                "listType": "map",
                "listMapKeys": ["port", "protocol"],
                "patchStrategy": "merge",
                "mergeKey": "port",
            },
        ),
    ],
)
def test_a_field(case, schema, expected):
    assert field(schema) == expected, case


def test_a_type_with_fields_is_referred_to():
    assert field(ref(META), **{META: {"properties": {"name": {"type": "string"}}}}) == {"type": "object", "ref": META}


def test_a_type_without_fields_is_said_in_a_word():
    assert field(ref("Free"), Free={"type": ["object", "null"]}) == {"type": "object"}
    assert field(ref("Free"), Free={"description": "anything"}) == {"type": "any"}


def test_types_that_kubernetes_reads_in_its_own_way_have_words_of_their_own():
    assert field(ref(INT_OR_STRING), **{INT_OR_STRING: {"oneOf": []}}) == {"type": "int-or-string"}
    assert field(ref(TIME), **{TIME: {"type": "string", "format": "date-time"}}) == {"type": "time"}


def test_a_kind_is_named_as_manifests_name_it():
    definitions = {"S": kind("", "v1", "Service", {}), "D": kind("apps", "v1", "Deployment", {})}
    assert compact(definitions)["kinds"] == {"apps/v1/Deployment": "D", "v1/Service": "S"}


def test_only_what_a_kind_reaches_is_kept_and_a_circle_ends():
    definitions = {
        "Thing": kind("", "v1", "Thing", {"items": {"type": "array", "items": ref("Node")}}),
        "Node": {"properties": {"children": {"type": "object", "additionalProperties": ref("Node")}}},
        "Lost": {"properties": {"name": {"type": "string"}}},
    }
    assert sorted(compact(definitions)["types"]) == ["Node", "Thing"]


def test_the_built_schema_knows_the_kinds_of_a_playground_and_refers_to_nothing_that_is_missing():
    schema = load()
    assert {"v1/Pod", "v1/Service", "v1/Node", "apps/v1/Deployment", "discovery.k8s.io/v1/EndpointSlice"} <= set(schema["kinds"])
    assert set(schema["kinds"].values()) <= set(schema["types"])
    ports = schema["types"]["io.k8s.api.core.v1.ServiceSpec"]["fields"]["ports"]
    assert ports["items"] == {"type": "object", "ref": "io.k8s.api.core.v1.ServicePort"}
    assert (ports["listMapKeys"], ports["mergeKey"]) == (["port", "protocol"], "port")
    assert schema["types"]["io.k8s.api.core.v1.ServicePort"]["fields"]["targetPort"]["type"] == "int-or-string"
    assert schema["types"]["io.k8s.api.core.v1.ServicePort"]["required"] == ["port"]
