"""Whatever is sent, the answer is an outcome or a refusal, and a refusal leaves no trace."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.kube.apiserver.schema import Schema
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings
from tests.kube.apiserver.conftest import World

JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 1 << 33),
        st.floats(allow_nan=False),
        st.text(max_size=5),
        st.sampled_from(["None", "25%", "a"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["name", "port", "x"]), inner, max_size=2)),
    max_leaves=5,
)
KINDS = ("v1/Service", "v1/Pod", "v1/Node", "v1/Namespace", "v1/Endpoints", "discovery.k8s.io/v1/EndpointSlice", "apps/v1/Deployment",
         "apps/v1/StatefulSet", "apps/v1/DaemonSet", "apps/v1/ReplicaSet", "apiextensions.k8s.io/v1/CustomResourceDefinition",
         "networking.k8s.io/v1/Ingress")  # fmt: skip
DEEPEST = 6


def test_nothing_breaks_the_server_and_a_refusal_leaves_no_trace(schema: Schema) -> None:
    world = World(ClusterSettings(), schema)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def law(data: st.DataObject) -> None:
        document = _document(data, schema)
        server = world.server
        act = data.draw(st.sampled_from([server.create, server.apply, server.apply, server.replace]))
        _try(world, act, document)
        if isinstance(document.get("metadata"), dict) and data.draw(st.booleans()):
            patch = data.draw(st.dictionaries(st.sampled_from(["spec", "metadata", "status"]), JUNK, max_size=2))
            style = data.draw(st.sampled_from(["merge", "strategic"]))
            _try(world, server.patch, document["kind"], "default", "a", patch, style, data.draw(st.sampled_from(["", "status"])))
        server.check(document)

    law()


def _try(world: World, act: Any, *args: Any) -> None:
    before = msgspec.json.encode(world.store.state())
    try:
        with world.store.transaction():
            outcome = act(*args)
    except Refusal:
        assert msgspec.json.encode(world.store.state()) == before
    else:
        world.server.encode(outcome.thing)


def _document(data: st.DataObject, schema: Schema) -> dict[str, Any]:
    """A document that is mostly of the right shape, with junk here and there."""
    api_version, _, kind = data.draw(st.sampled_from(KINDS)).rpartition("/")
    document = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "labels": data.draw(JUNK)}}
    if data.draw(st.booleans()):
        document["metadata"] = {"name": "a"}
    root = schema.root(api_version, kind)
    for name in sorted(set(schema.fields(root) or ()) - {"apiVersion", "kind", "metadata"}):
        document[name] = _value(data, schema, schema.child(root, name), 0)
    return {name: value for name, value in document.items() if value is not None}


def _value(data: st.DataObject, schema: Schema, field: dict[str, Any], depth: int) -> Any:
    roll = data.draw(st.integers(0, 24))
    if roll == 0 or depth > DEEPEST:
        return data.draw(JUNK)
    kind, fields = field.get("type", "any"), schema.fields(field)
    if kind == "object" and fields:
        chosen = data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True))
        likely = [
            name for name in ("containers", "name", "image", "port", "ports", "selector", "template", "spec", "type") if name in fields
        ]
        return {name: _value(data, schema, fields[name], depth + 1) for name in {*chosen, *likely[:4]}}
    if kind == "object":
        return {"app": data.draw(st.sampled_from(["a", "b"]))}
    if kind == "array":
        return [_value(data, schema, field.get("items", {}), depth + 1) for _ in range(data.draw(st.integers(0, 2)))]
    plain = {"integer": st.integers(-1, 40_000), "boolean": st.booleans(), "int-or-string": st.sampled_from([0, 80, "http", "25%"]),
             "quantity": st.sampled_from(["1", "100m", "1e99", 5]), "time": st.just("2024-01-01T00:00:00Z")}  # fmt: skip
    return data.draw(plain.get(kind, st.sampled_from(["a", "b", "None", "ClusterIP", "NodePort", "IPv4", "10.0.0.1", "172.17.0.9", ""])))
