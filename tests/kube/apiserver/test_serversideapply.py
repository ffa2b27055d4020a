"""Who owns which fields after applies on the server, and when they get into conflict.

The stories follow kubernetes.io/docs/reference/using-api/server-side-apply and merge/conflict_test.go of structured-merge-diff.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import fieldsets
from playground.kube.apiserver.schema import Schema
from playground.kube.errors import Refusal


def config(data: dict[str, str], **meta: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", **meta}, "data": data}


def service(*ports: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": list(ports)}}


def apply(world: Any, document: dict[str, Any], manager: str = "me", force: bool = False) -> Any:
    world.server.apply_fields(document, manager, force)
    return world.json(document["kind"], document["metadata"]["name"])


def refused(world: Any, document: dict[str, Any], manager: str) -> Refusal:
    return world.refusal(world.server.apply_fields, document, manager)


def owners(document: dict[str, Any]) -> dict[str, list[str]]:
    """Manager and operation: the fields that they own."""
    entries = document["metadata"].get("managedFields", [])
    return {
        f"{each['manager']} {each['operation']}": [fieldsets.spoken(path) for path in fieldsets.from_json(each["fieldsV1"])]
        for each in entries
    }


def test_who_applies_first_owns_what_was_said(world: Any) -> None:
    assert owners(apply(world, config({"a": "1"}, labels={"x": "y"}))) == {"me Apply": [".data.a", ".metadata.labels.x"]}


def test_nothing_is_written_of_managers_before_somebody_applies(world: Any) -> None:
    world.server.create(config({"a": "1"}))
    world.server.patch("ConfigMap", "default", "c", {"data": {"a": "2"}}, manager="kubectl-patch")
    assert "managedFields" not in world.json("ConfigMap", "c")["metadata"]


def test_applying_the_same_again_changes_nothing(world: Any) -> None:
    first = apply(world, config({"a": "1"}))
    world.machinery.clock.run_until(60_000_000)
    assert apply(world, config({"a": "1"})) == first


def test_what_is_left_out_is_removed_if_nobody_else_owns_it(world: Any) -> None:
    apply(world, config({"a": "1", "b": "1"}))
    apply(world, config({"b": "1"}), "other")
    left = apply(world, config({"c": "1"}))
    assert left["data"] == {"b": "1", "c": "1"}
    assert owners(left) == {"me Apply": [".data.c"], "other Apply": [".data.b"]}


def test_another_value_of_anothers_field_is_a_conflict(world: Any) -> None:
    apply(world, config({"a": "1"}))
    refusal = refused(world, config({"a": "2"}), "other")
    assert (refusal.code, refusal.reason) == (409, "Conflict")
    assert refusal.message == 'Apply failed with 1 conflict: conflict with "me": .data.a'
    assert [(each.reason, each.message, each.field) for each in refusal.causes] == [
        ("FieldManagerConflict", 'conflict with "me"', ".data.a")
    ]


def test_several_conflicts_are_listed_by_manager(world: Any) -> None:
    apply(world, config({"a": "1", "b": "1"}))
    message = refused(world, config({"a": "2", "b": "2"}), "other").message
    assert message == 'Apply failed with 2 conflicts: conflicts with "me":\n- .data.a\n- .data.b'


def test_the_same_value_is_owned_together(world: Any) -> None:
    apply(world, config({"a": "1"}))
    assert owners(apply(world, config({"a": "1"}), "other")) == {"me Apply": [".data.a"], "other Apply": [".data.a"]}


def test_by_force_a_field_is_taken(world: Any) -> None:
    apply(world, config({"a": "1", "b": "1"}))
    taken = apply(world, config({"a": "2"}), "other", force=True)
    assert taken["data"] == {"a": "2", "b": "1"}
    assert owners(taken) == {"me Apply": [".data.b"], "other Apply": [".data.a"]}


def test_who_changes_a_field_owns_it_and_stands_in_the_way_of_its_applier(world: Any) -> None:
    apply(world, config({"a": "1"}))
    world.server.patch("ConfigMap", "default", "c", {"data": {"a": "2"}}, manager="kubectl-patch")
    assert owners(world.json("ConfigMap", "c")) == {"kubectl-patch Update": [".data.a"]}
    assert refused(world, config({"a": "1"}), "me").message == (
        'Apply failed with 1 conflict: conflict with "kubectl-patch" using v1: .data.a'
    )


def test_what_kubectl_applied_on_its_side_belongs_to_that(world: Any) -> None:
    world.server.apply(config({"a": "1"}))
    assert refused(world, config({"a": "2"}), "me").message.endswith('conflict with "kubectl-client-side-apply" using v1: .data.a')


def test_what_was_there_before_belongs_to_before_first_apply(world: Any) -> None:
    world.server.create(config({"a": "1"}))
    assert owners(apply(world, config({"b": "1"}))) == {"me Apply": [".data.b"], "before-first-apply Update": [".data.a"]}


def test_a_port_is_known_by_its_number_and_its_protocol_even_if_that_is_left_out(world: Any) -> None:
    apply(world, service({"port": 80, "name": "http"}))
    ports = apply(world, service({"port": 80, "name": "web"}, {"port": 81, "name": "more"}))["spec"]["ports"]
    assert [(each["port"], each["name"]) for each in ports] == [(80, "web"), (81, "more")]
    document = world.json("Service", "web")
    assert '.spec.ports[port=80,protocol="TCP"].name' in owners(document)["me Apply"]
    assert [each["port"] for each in apply(world, service({"port": 81, "name": "more"}))["spec"]["ports"]] == [81]


def test_managers_that_are_sent_are_taken_as_they_are(world: Any) -> None:
    apply(world, config({"a": "1"}))
    operations = [{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]
    world.server.patch("ConfigMap", "default", "c", operations, "json", manager="me")
    assert "managedFields" not in world.json("ConfigMap", "c")["metadata"]


def test_an_applier_sends_no_managers(world: Any) -> None:
    assert refused(world, config({}, managedFields=[{"manager": "x"}]), "me").message == "metadata.managedFields must be nil"


def test_fields_survive_their_own_writing(schema: Schema) -> None:
    document = {**service({"port": 80, "name": "a"}), "metadata": {"name": "web", "labels": {"a.b/c": "d"}, "finalizers": ["x/y"]}}
    fields = fieldsets.set_by(schema, document)
    assert list(fieldsets.from_json(fieldsets.to_json(fields))) == sorted(fields)
    assert ("f:metadata", "f:finalizers", 'v:"x/y"') in fields
