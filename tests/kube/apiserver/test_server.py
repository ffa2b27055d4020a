"""What a learner's documents become, and in which words they are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.kube.apiserver.lastapplied import LAST_APPLIED


def config(name: str = "c", **more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, **more}


# --- create


def test_an_object_gets_uid_version_time_and_generation(world: Any, workload: Any) -> None:
    world.machinery.clock.run_until(5_000_000)
    world.server.create(workload())
    meta = world.json("Deployment", "web")["metadata"]
    assert list(meta) == ["creationTimestamp", "generation", "name", "namespace", "resourceVersion", "uid"]
    assert meta["creationTimestamp"] == "2023-11-14T22:13:25Z"
    assert meta["generation"] == 1


def test_a_generated_name_ends_in_five_letters_of_the_clusters_chance(world: Any) -> None:
    document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "c-"}}
    names = [world.server.create(document).thing.name for _ in range(3)]
    assert len(set(names)) == 3
    assert all(len(name) == 7 and name.startswith("c-") for name in names)


def test_a_service_may_not_be_created_twice(world: Any, service: Any) -> None:
    world.server.create(service())
    refusal = world.refusal(world.server.create, service())
    assert (refusal.code, refusal.reason, refusal.message) == (409, "AlreadyExists", 'services "web" already exists')


def test_a_missing_namespace_is_not_found(world: Any) -> None:
    refusal = world.refusal(world.server.create, {**config(), "metadata": {"name": "c", "namespace": "shop"}})
    assert (refusal.code, refusal.message) == (404, 'namespaces "shop" not found')


def test_nothing_can_be_created_in_a_namespace_that_is_being_deleted(world: Any, workload: Any) -> None:
    world.server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    world.server.delete("Namespace", "", "shop")
    document = workload()
    document["metadata"]["namespace"] = "shop"
    refusal = world.refusal(world.server.create, document)
    assert refusal.code == 403
    assert refusal.message == (
        'deployments.apps "web" is forbidden: unable to create new content in namespace shop because it is being terminated'
    )


def test_a_status_cannot_be_created(world: Any, workload: Any) -> None:
    world.server.create({**workload(), "status": {"replicas": 7}})
    assert "status" not in world.json("Deployment", "web")


def test_what_is_not_simulated_is_stored_and_said_to_be_inert(world: Any) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {"pods": "4"}}}
    outcome = world.server.create(quota)
    assert outcome.warnings == ("ResourceQuota is stored but not simulated: nothing acts on it",)
    assert world.json("ResourceQuota", "few")["spec"] == {"hard": {"pods": "4"}}


NO_KIND = [
    ("a kind of no such group", "example.com/v1", "Foo", 'no matches for kind "Foo" in version "example.com/v1"', ""),
    ("a kind in a version that is gone", "extensions/v1beta1", "Ingress",
     'no matches for kind "Ingress" in version "extensions/v1beta1"', '; Ingress is in "networking.k8s.io/v1"'),
    ("a kind that is misspelt", "v1", "Sevice", 'no matches for kind "Sevice" in version "v1"', '; did you mean "Service"?'),
]  # fmt: skip


@pytest.mark.parametrize(("version", "kind", "message", "hint"), [case[1:] for case in NO_KIND], ids=[case[0] for case in NO_KIND])
def test_an_unknown_kind_has_no_matches(world: Any, version: str, kind: str, message: str, hint: str) -> None:
    refusal = world.refusal(world.server.create, {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}})
    assert (refusal.code, refusal.message) == (404, message)
    assert [cause.message for cause in refusal.causes] == [message + hint]


def test_a_custom_kind_can_be_stored_once_it_is_defined(world: Any) -> None:
    widget = {"apiVersion": "example.com/v1", "kind": "Service", "metadata": {"name": "w"}, "spec": {"any": [1, {"thing": True}]}}
    world.refusal(world.server.create, widget)
    names = {"plural": "services", "kind": "Service", "singular": "service"}
    spec = {"group": "example.com", "scope": "Namespaced", "names": names, "versions": [{"name": "v1", "served": True, "storage": True}]}
    meta = {"name": "services.example.com"}
    world.server.create({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": meta, "spec": spec})
    outcome = world.server.apply(widget)
    assert outcome.thing.kind == "Service.example.com"
    assert outcome.warnings == ("Service is stored but not simulated: nothing acts on it",)
    shown = world.server.encode(outcome.thing)
    assert (shown["apiVersion"], shown["kind"], shown["spec"]) == ("example.com/v1", "Service", widget["spec"])
    assert world.server.apply(widget).verb == "unchanged"
    assert world.server.delete("Service.example.com", "", "w").verb == "deleted"


MALFORMED: list[tuple[str, Any, str]] = [
    ("a list", [], "an object is expected, not list"),
    ("without kind", {"apiVersion": "v1"}, "Object 'kind' is missing in the document"),
    ("without apiVersion", {"kind": "Pod"}, "Object 'apiVersion' is missing in the document"),
    ("a kind that is a number", {"apiVersion": "v1", "kind": 1}, "kind must be a string, not 1"),
    ("metadata that is a list", {"apiVersion": "v1", "kind": "Pod", "metadata": []}, "metadata must be an object"),
    ("a key that is a number", {"apiVersion": "v1", "kind": "Pod", "metadata": {1: 2}}, "metadata: the key 1 must be a string"),
    ("a number that is none", {"apiVersion": "v1", "kind": "Pod", "spec": float("nan")}, "spec: nan is not a JSON number"),
    ("a number that is too large", {"apiVersion": "v1", "kind": "Pod", "spec": 1 << 64}, "spec: the number does not fit into 64 bits"),
]


@pytest.mark.parametrize(("document", "message"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED])
def test_what_is_no_object_at_all_is_a_bad_request(world: Any, document: Any, message: str) -> None:
    refusal = world.refusal(world.server.apply, document)
    assert (refusal.code, refusal.reason, refusal.message) == (400, "BadRequest", message)


# --- apply


def test_apply_creates_then_finds_nothing_to_do_then_configures(world: Any, service: Any) -> None:
    assert world.server.apply(service()).verb == "created"
    before = world.store.revision
    assert world.server.apply(service()).verb == "unchanged"
    assert world.store.revision == before
    assert world.server.apply(service(selector={"app": "x"})).verb == "configured"
    assert world.json("Service", "web")["spec"]["selector"] == {"app": "x"}


def test_apply_remembers_what_was_applied_as_kubectl_does(world: Any, service: Any) -> None:
    world.server.apply(service())
    text = world.json("Service", "web")["metadata"]["annotations"][LAST_APPLIED]
    assert text == (
        '{"apiVersion":"v1","kind":"Service","metadata":{"annotations":{},"name":"web","namespace":"default"},'
        '"spec":{"ports":[{"port":80}],"selector":{"app":"web"}}}\n'
    )


def test_apply_removes_what_it_set_and_keeps_what_others_set(world: Any, workload: Any) -> None:
    first = workload(replicas=3)
    first["metadata"]["labels"] = {"mine": "1", "gone": "1"}
    world.server.apply(first)
    world.server.patch("Deployment", "", "web", {"metadata": {"labels": {"theirs": "1"}}, "spec": {"paused": True}})
    second = workload()
    second["metadata"]["labels"] = {"mine": "2"}
    world.server.apply(second)
    shown = world.json("Deployment", "web")
    assert shown["metadata"]["labels"] == {"mine": "2", "theirs": "1"}
    assert shown["spec"]["paused"] is True
    assert shown["spec"]["replicas"] == 1


def test_apply_merges_containers_by_name_and_leaves_two_ports_of_one_number_as_they_were(world: Any, workload: Any, service: Any) -> None:
    world.server.apply(workload())
    env = [{"spec": {"containers": [{"name": "main", "env": [{"name": "A", "value": "1"}]}]}}]
    world.server.patch("Deployment", "", "web", {"spec": {"template": env[0]}}, "strategic")
    assert world.server.apply(workload()).verb == "unchanged"
    assert world.json("Deployment", "web")["spec"]["template"]["spec"]["containers"][0]["env"] == [{"name": "A", "value": "1"}]
    dns = service("dns", ports=[{"name": "u", "port": 53, "protocol": "UDP"}, {"name": "t", "port": 53}])
    assert [world.server.apply(dns).verb for _ in range(2)] == ["created", "unchanged"]


def test_apply_warns_of_an_object_that_was_not_applied_before(world: Any, service: Any) -> None:
    world.server.create(service())
    outcome = world.server.apply(service())
    assert outcome.verb == "configured"
    assert outcome.warnings[0].startswith(
        f"resource services/web is missing the {LAST_APPLIED} annotation which is required by kubectl apply."
    )


def test_a_null_in_what_is_applied_removes(world: Any, service: Any) -> None:
    world.server.create(service())
    world.server.apply(service(selector=None))
    assert "selector" not in world.json("Service", "web")["spec"]


def test_a_change_of_strategy_takes_the_bounds_of_the_old_one_away(world: Any, workload: Any) -> None:
    world.server.apply(workload())
    world.server.apply(workload(strategy={"type": "Recreate"}))
    assert world.json("Deployment", "web")["spec"]["strategy"] == {"type": "Recreate"}


# --- replace, patch, scale


def test_replace_needs_the_version_that_is_there(world: Any, workload: Any) -> None:
    world.server.create(workload())
    shown = world.json("Deployment", "web")
    world.server.scale("Deployment", "default", "web", 2)
    refusal = world.refusal(world.server.replace, shown)
    assert (refusal.code, refusal.reason) == (409, "Conflict")
    assert refusal.message == (
        'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )
    assert world.server.replace(world.json("Deployment", "web")).verb == "replaced"


def test_replace_needs_an_object(world: Any, service: Any) -> None:
    assert world.refusal(world.server.replace, service()).message == 'services "web" not found'


def test_a_status_is_changed_through_its_subresource_only(world: Any, workload: Any) -> None:
    world.server.create(workload())
    status = {"status": {"replicas": 5}}
    assert world.server.patch("Deployment", "", "web", status).verb == "patched (no change)"
    assert world.server.patch("Deployment", "", "web", {**status, "spec": {"replicas": 9}}, "merge", "status").verb == "patched"
    shown = world.json("Deployment", "web")
    assert (shown["status"], shown["spec"]["replicas"]) == ({"replicas": 5}, 1)


def test_a_patch_may_not_change_the_name_or_the_kind(world: Any, service: Any) -> None:
    world.server.create(service())
    refusal = world.refusal(world.server.patch, "Service", "", "web", {"metadata": {"name": "other"}})
    assert refusal.message == "the name of the object (other) does not match the name on the URL (web)"
    assert world.refusal(world.server.patch, "Service", "", "web", {"kind": "Pod"}).code == 400
    assert world.refusal(world.server.patch, "Service", "", "web", {"spec": None}).code == 422
    assert world.refusal(world.server.patch, "Service", "", "web", {}, "json").code == 400


def test_scale_says_what_it_will_not_do(world: Any, workload: Any, service: Any) -> None:
    world.server.create(workload())
    assert world.server.scale("Deployment", "", "web", 4).verb == "scaled"
    refusal = world.refusal(world.server.scale, "Deployment", "", "web", -1)
    assert refusal.message == 'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'
    world.server.create(service())
    assert world.refusal(world.server.scale, "Service", "", "web", 1).message == "the server could not find the requested resource"
    assert world.refusal(world.server.scale, "Deployment", "", "nope", 1).message == 'deployments.apps "nope" not found'


# --- delete


def test_a_missing_object_cannot_be_deleted(world: Any) -> None:
    refusal = world.refusal(world.server.delete, "Service", "", "nope")
    assert (refusal.code, refusal.message) == (404, 'services "nope" not found')


def test_the_first_namespaces_may_not_be_deleted(world: Any) -> None:
    refusal = world.refusal(world.server.delete, "Namespace", "", "default")
    assert (refusal.code, refusal.message) == (403, 'namespaces "default" is forbidden: this namespace may not be deleted')


def test_the_way_of_deleting_must_be_known(world: Any, service: Any) -> None:
    world.server.create(service())
    refusal = world.refusal(world.server.delete, "Service", "", "web", -1, "Slowly")
    assert [cause.field for cause in refusal.causes] == ["propagationPolicy", "gracePeriodSeconds"]


def test_an_object_goes_with_its_last_finalizer(world: Any) -> None:
    held = config()
    held["metadata"]["finalizers"] = ["example.com/hold"]
    world.server.create(held)
    world.server.delete("ConfigMap", "", "c")
    assert world.json("ConfigMap", "c")["metadata"]["deletionTimestamp"]
    more = {"metadata": {"finalizers": ["example.com/hold", "example.com/more"]}}
    (cause,) = world.refusal(world.server.patch, "ConfigMap", "", "c", more).causes
    assert cause.message.startswith("Forbidden: no new finalizers can be added if the object is being deleted")
    world.server.patch("ConfigMap", "", "c", {"metadata": {"finalizers": None}})
    assert world.store.get("ConfigMap", "default", "c") is None


# --- check


def test_check_tells_the_same_and_changes_nothing(world: Any, service: Any, workload: Any) -> None:
    before = json.dumps([world.store.revision, world.machinery.chance.state])
    assert world.causes(service()) == []
    assert world.causes(service(port=[])) == ['spec.port: unknown field "spec.port"; did you mean "ports"?']
    assert world.causes({"kind": "Pod"}) == ["Object 'apiVersion' is missing in the document"]
    assert world.causes({**workload(), "metadata": {"generateName": "web-"}}) == []
    assert json.dumps([world.store.revision, world.machinery.chance.state]) == before
