"""What comes of requests that change something: one action each, in the log, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground.clusters import looks, service, spending
from playground.clusters.models import Action, Cluster
from playground.clusters.rates import Buckets
from tests.kubeapi.conftest import Client

Build = Callable[..., dict[str, Any]]
SERVICES = "api/v1/namespaces/default/services"
PODS = "api/v1/namespaces/default/pods"
DEPLOYMENTS = "apis/apps/v1/namespaces/default/deployments"


def log(cluster: Cluster) -> list[str]:
    return list(Action.objects.filter(cluster=cluster, seq__gt=1).order_by("seq").values_list("title", flat=True))


def deployment(name: str = "d", replicas: int = 2) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "main", "image": "nginx:1.29"}]}}
    return {"metadata": {"name": name}, "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}}


# --- create


def test_what_is_created_is_answered_as_it_is_stored_and_is_an_action_of_the_log(
    client: Client, cluster: Cluster, service_document: Build
) -> None:
    reply = client.post(SERVICES, service_document())
    assert reply.status == 201
    assert reply.json["spec"]["clusterIP"].startswith("172.17.0.")
    assert reply.json["metadata"]["namespace"] == "default"
    assert log(cluster) == ["Create Service api"]
    service.undo(cluster, "undo")
    assert client.ask("GET", f"{SERVICES}/api").status == 404


def test_the_kind_need_not_be_said_twice(client: Client) -> None:
    assert client.post(DEPLOYMENTS, deployment()).json["kind"] == "Deployment"


def test_a_status_is_there_before_anything_is_said_in_it(client: Client) -> None:
    assert client.post(DEPLOYMENTS, deployment()).json["status"] == {}
    assert "status" not in client.post("api/v1/namespaces/default/configmaps", {"metadata": {"name": "c"}}).json


def test_a_generated_name_is_answered(client: Client) -> None:
    reply = client.post("api/v1/namespaces/default/resourcequotas", {"metadata": {"generateName": "r-"}})
    assert reply.json["metadata"]["name"].startswith("r-")
    assert reply.warnings == ("ResourceQuota is stored but not simulated: nothing acts on it",)


def test_what_is_refused_leaves_no_trace_and_says_every_cause(client: Client, cluster: Cluster, service_document: Build) -> None:
    status = client.post(SERVICES, service_document("api", ports=[{"port": 99999, "targetPort": 80}])).json
    assert status["details"] == {
        "name": "api",
        "kind": "Service",
        "causes": [
            {
                "reason": "FieldValueInvalid",
                "message": "Invalid value: 99999: must be between 1 and 65535, inclusive",
                "field": "spec.ports[0].port",
            }
        ],
    }
    assert log(cluster) == []


def test_the_same_name_twice_is_a_conflict(client: Client, service_document: Build) -> None:
    reply = client.post(SERVICES, service_document("web"))
    assert (reply.status, reply.json["reason"]) == (409, "AlreadyExists")


UNKNOWN = {
    "Strict": (400, ()),
    "Warn": (201, ('unknown field "spec.selektor"',)),
    "Ignore": (201, ()),
}


@pytest.mark.parametrize(("how", "expected"), UNKNOWN.items(), ids=UNKNOWN.keys())
def test_unknown_fields_are_refused_or_warned_of_or_left_out(client: Client, service_document: Build, how: str, expected: Any) -> None:
    reply = client.post(SERVICES, service_document(selektor={}), fieldValidation=how)
    assert (reply.status, reply.warnings) == expected
    assert "selektor" not in reply.json.get("spec", {})


def test_of_unknown_fields_it_is_warned_where_nothing_else_is_asked(client: Client, service_document: Build) -> None:
    assert client.post(SERVICES, service_document(selektor={})).warnings == UNKNOWN["Warn"][1]


# --- dry runs


DRY: dict[str, Callable[[Client], Any]] = {
    "create": lambda client: client.post("api/v1/namespaces", {"metadata": {"name": "x"}}, dryRun="All"),
    "patch": lambda client: client.patch(f"{SERVICES}/web", {"spec": {"sessionAffinity": "ClientIP"}}, dryRun="All"),
    "delete": lambda client: client.ask("DELETE", f"{SERVICES}/web", dryRun="All"),
    "delete, said in the options": lambda client: client.ask("DELETE", f"{SERVICES}/web", {"dryRun": ["All"]}),
    "delete many": lambda client: client.ask("DELETE", PODS, dryRun="All"),
    "evict": lambda client: client.post(f"{PODS}/web-1/eviction", {}, dryRun="All"),
}


@pytest.mark.parametrize("ask", DRY.values(), ids=DRY.keys())
def test_a_dry_run_answers_and_changes_nothing(client: Client, cluster: Cluster, ask: Callable[[Client], Any]) -> None:
    with looks.at(cluster) as kube:
        before = kube.snapshot()
    assert ask(client).status in (200, 201)
    with looks.at(cluster) as kube:
        assert kube.snapshot() == before
    assert log(cluster) == []


def test_a_dry_run_shows_what_would_be(client: Client) -> None:
    reply = client.patch(f"{SERVICES}/web", {"spec": {"sessionAffinity": "ClientIP"}}, dryRun="All")
    assert reply.json["spec"]["sessionAffinityConfig"] == {"clientIP": {"timeoutSeconds": 10800}}
    assert client.ask("GET", SERVICES, dryRun="Some").status == 200
    assert client.patch(f"{SERVICES}/web", {}, dryRun="Some").status == 400


# --- put and patch


def test_a_whole_object_is_put_in_place_unless_it_was_changed_meanwhile(client: Client) -> None:
    whole = client.get(f"{SERVICES}/web")
    assert client.ask("PUT", f"{SERVICES}/web", {**whole, "spec": {**whole["spec"], "sessionAffinity": "ClientIP"}}).status == 200
    late = client.ask("PUT", f"{SERVICES}/web", whole)
    assert (late.status, late.json["reason"]) == (409, "Conflict")
    assert late.json["message"].startswith('Operation cannot be fulfilled on services "web": the object has been modified')


PATCHES: dict[str, tuple[str, Any]] = {
    "strategic": ("strategic-merge-patch+json", {"spec": {"ports": [{"port": 80, "targetPort": 81}]}}),
    "merge": ("merge-patch+json", {"spec": {"ports": [{"port": 80, "targetPort": 81}]}}),
    "JSON": ("json-patch+json", [{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 81}]),
    "apply": (
        "apply-patch+yaml",
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80, "targetPort": 81}]}},
    ),
}


@pytest.mark.parametrize(("style", "patch"), PATCHES.values(), ids=PATCHES.keys())
def test_every_sort_of_patch_changes_a_part(client: Client, cluster: Cluster, style: str, patch: Any) -> None:
    reply = client.patch(f"{SERVICES}/web", patch, style, fieldManager="me", force="true" if "apply" in style else "")
    assert reply.status == 200, reply.json
    assert reply.json["spec"]["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 81}]
    assert reply.json["spec"]["selector"] == {"app": "web"}
    assert len(log(cluster)) == 1


MERGE, STRATEGIC, OPERATIONS = "merge-patch+json", "strategic-merge-patch+json", "json-patch+json"
UNREAD = "invalid character 's' looking for beginning of object key string"
UNFIT = "json: cannot unmarshal array into Go value of type map[string]interface {}"


@pytest.mark.parametrize(
    ("style", "body", "message"),
    [
        (STRATEGIC, b"{spec: {}}", UNREAD),
        (MERGE, b"{spec: {}}", f"error decoding patch: {UNREAD}"),
        (STRATEGIC, b"[]", UNFIT),
        (MERGE, b"[]", f"error decoding patch: {UNFIT}"),
        (OPERATIONS, b"{}", "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        (MERGE, b'{"metadata":{"name":"t"}}', "the name of the object (t) does not match the name on the URL (web)"),
        (
            MERGE,
            b'{"metadata":{"namespace":"t"}}',
            "the namespace of the provided object does not match the namespace sent on the request",
        ),
    ],
)
def test_what_is_wrong_with_a_patch_is_a_bad_request(client: Client, style: str, body: bytes, message: str) -> None:
    reply = client.ask("PATCH", f"{SERVICES}/web", body, {"content-type": f"application/{style}"})
    assert (reply.status, reply.json["reason"], reply.json["message"]) == (400, "BadRequest", message)


def test_of_an_operation_that_cannot_be_done_no_more_is_said_than_that(client: Client) -> None:
    reply = client.patch(f"{SERVICES}/web", [{"op": "test", "path": "/spec/type", "value": "NodePort"}], OPERATIONS)
    assert (reply.status, reply.json["reason"]) == (422, "Invalid")
    assert reply.json["message"] == "the server rejected our request due to an error in our request"
    assert "causes" not in reply.json.get("details", {})


def test_resizing_a_pod_in_place_is_said_not_to_be_simulated(client: Client) -> None:
    reply = client.patch(f"{PODS}/web/resize", {})
    assert (reply.status, reply.json["message"]) == (501, "resize of a Pod is not simulated in this playground")


def test_a_patch_in_another_format_is_not_supported(client: Client) -> None:
    assert client.patch(f"{SERVICES}/web", {}, "json").status == 415


def test_what_changes_nothing_has_no_new_version_and_is_not_logged(client: Client, cluster: Cluster) -> None:
    before = client.get(f"{SERVICES}/web")["metadata"]["resourceVersion"]
    reply = client.patch(f"{SERVICES}/web", {"spec": {"selector": {"app": "web"}}})
    assert reply.json["metadata"]["resourceVersion"] == before
    assert log(cluster) == []


def test_an_apply_on_the_server_can_create_and_then_changes_nothing(client: Client) -> None:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    place = "api/v1/namespaces/default/configmaps/c"
    first = client.patch(place, config, "apply-patch+yaml", fieldManager="me")
    again = client.patch(place, config, "apply-patch+yaml", fieldManager="me")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert first.json["metadata"]["managedFields"][0]["fieldsV1"] == {"f:data": {"f:a": {}}}


def test_an_apply_may_be_written_in_yaml(client: Client) -> None:
    text = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: '1'\n"
    reply = client.ask(
        "PATCH", "api/v1/namespaces/default/configmaps/c", text, {"content-type": "application/apply-patch+yaml"}, fieldManager="me"
    )
    assert reply.json["data"] == {"a": "1"}


def test_an_apply_needs_a_manager_and_only_an_apply_can_be_forced(client: Client) -> None:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    assert client.patch("api/v1/namespaces/default/configmaps/c", config, "apply-patch+yaml").json["reason"] == "Invalid"
    assert client.patch(f"{SERVICES}/web", {}, force="true").json["reason"] == "Invalid"


def test_a_status_is_set_alone(client: Client) -> None:
    client.post(DEPLOYMENTS, deployment())
    reply = client.patch(f"{DEPLOYMENTS}/d/status", {"spec": {"replicas": 7}, "status": {"replicas": 9}})
    assert (reply.json["spec"]["replicas"], reply.json["status"]["replicas"]) == (2, 9)


# --- scale


def test_the_scale_of_a_deployment_is_read_and_set(client: Client, cluster: Cluster) -> None:
    client.post(DEPLOYMENTS, deployment())
    scale = client.get(f"{DEPLOYMENTS}/d/scale")
    assert (scale["kind"], scale["spec"], scale["status"]["selector"]) == ("Scale", {"replicas": 2}, "app=d")
    assert client.patch(f"{DEPLOYMENTS}/d/scale", {"spec": {"replicas": 5}}).json["spec"] == {"replicas": 5}
    assert client.get(f"{DEPLOYMENTS}/d")["spec"]["replicas"] == 5
    assert log(cluster)[-1] == "Scale Deployment d to 5"
    stale = client.ask("PUT", f"{DEPLOYMENTS}/d/scale", {**scale, "spec": {"replicas": 1}})
    assert stale.json["reason"] == "Conflict"


def test_what_has_no_replicas_has_no_scale(client: Client) -> None:
    assert client.ask("GET", f"{SERVICES}/web/scale").status == 404


# --- delete


def test_a_pod_is_given_back_as_it_terminates(client: Client) -> None:
    reply = client.ask("DELETE", f"{PODS}/web-1", {"propagationPolicy": "Background"})
    assert reply.json["metadata"]["deletionTimestamp"]


def test_of_what_is_gone_at_once_a_status_names_the_uid(client: Client) -> None:
    made = client.post(DEPLOYMENTS, deployment()).json["metadata"]
    status = client.ask("DELETE", f"{DEPLOYMENTS}/d").json
    assert (status["status"], status["details"]) == ("Success", {"name": "d", "group": "apps", "kind": "deployments", "uid": made["uid"]})


def test_grace_can_be_given_as_a_parameter(client: Client) -> None:
    client.ask("DELETE", f"{PODS}/web-1", gracePeriodSeconds=0)
    assert client.ask("GET", f"{PODS}/web-1").status == 404


def test_only_the_object_that_was_meant_is_deleted(client: Client) -> None:
    reply = client.ask("DELETE", f"{PODS}/web-1", {"preconditions": {"uid": "other"}})
    assert (reply.status, reply.json["reason"]) == (409, "Conflict")
    assert "Precondition failed: UID in precondition: other, UID in object meta: " in reply.json["message"]


def test_many_are_deleted_as_one_action(client: Client, cluster: Cluster) -> None:
    deleted = client.ask("DELETE", PODS, labelSelector="app=web").json
    assert [each["metadata"]["name"] for each in deleted["items"]] == ["web-1", "web-2"]
    assert log(cluster) == ["Delete 2 Pods"]


def test_a_budget_keeps_a_pod_from_being_evicted(client: Client) -> None:
    spec = {"minAvailable": "100%", "selector": {"matchLabels": {"app": "web"}}}
    budget = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "all"}, "spec": spec}
    assert client.post("apis/policy/v1/namespaces/default/poddisruptionbudgets", budget).status == 201
    reply = client.post(f"{PODS}/web-1/eviction", {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "web-1"}})
    assert (reply.status, reply.json["reason"]) == (429, "TooManyRequests")
    assert reply.json["message"] == "Cannot evict pod as it would violate the pod's disruption budget."


def test_only_the_pod_that_is_meant_is_evicted(client: Client) -> None:
    options = {"preconditions": {"uid": "another"}}
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "web-1"}, "deleteOptions": options}
    reply = client.post(f"{PODS}/web-1/eviction", body)
    assert (reply.status, reply.json["reason"]) == (409, "Conflict")


def test_an_evicted_pod_terminates(client: Client) -> None:
    reply = client.post(f"{PODS}/web-1/eviction", {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "web-1"}})
    assert (reply.status, reply.json["status"]) == (201, "Success")
    assert client.get(f"{PODS}/web-1")["metadata"]["deletionTimestamp"]


def test_who_writes_too_often_is_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "api_writes_per_minute", Buckets(1, 60))
    assert client.post("api/v1/namespaces", {"metadata": {"name": "a"}}).status == 201
    assert client.post("api/v1/namespaces", {"metadata": {"name": "b"}}).status == 429


@pytest.mark.parametrize("by", ["a patch", "a replacement"])
def test_who_takes_the_last_finalizer_off_is_answered_with_the_object_as_it_was_then(
    client: Client, service_document: Build, by: str
) -> None:
    document = service_document()
    document["metadata"]["finalizers"] = ["example.com/wait"]
    client.post(SERVICES, document)
    client.ask("DELETE", f"{SERVICES}/api")
    waiting = client.ask("GET", f"{SERVICES}/api").json
    del waiting["metadata"]["finalizers"]
    merge = {"content-type": "application/merge-patch+json"}
    if by == "a patch":
        reply = client.ask("PATCH", f"{SERVICES}/api", {"metadata": {"finalizers": None}}, merge)
    else:
        reply = client.ask("PUT", f"{SERVICES}/api", waiting)
    assert (reply.status, reply.json["kind"], reply.json["metadata"]["name"]) == (200, "Service", "api")
    assert "finalizers" not in reply.json["metadata"]
    assert client.ask("GET", f"{SERVICES}/api").status == 404
