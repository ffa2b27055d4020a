"""What a new Pod gets of its ServiceAccount (plugin/pkg/admission/serviceaccount/admission.go)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import Object

PATH = "/var/run/secrets/kubernetes.io/serviceaccount"


def account(world: Any, name: str, **fields: Any) -> None:
    world.server.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}, **fields})


def shown(world: Any, name: str = "client") -> dict[str, Any]:
    spec: dict[str, Any] = world.json("Pod", name)["spec"]
    return spec


def test_a_pod_runs_as_default_if_it_does_not_say_as_what(world: Any, pod: Any) -> None:
    """Else a learner would think that a Pod without a word of it has no identity."""
    world.server.create(pod())
    assert (shown(world)["serviceAccountName"], shown(world)["serviceAccount"]) == ("default", "default")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"serviceAccountName": "builder"}, "builder"),
        ({"serviceAccount": "builder"}, "builder"),
        ({"serviceAccountName": "builder", "serviceAccount": "default"}, "builder"),
    ],
)
def test_the_older_name_of_the_field_says_the_same_and_counts_less(world: Any, pod: Any, said: Any, name: str) -> None:
    account(world, "builder")
    world.server.create(pod(**said))
    assert (shown(world)["serviceAccountName"], shown(world)["serviceAccount"]) == (name, name)


def test_a_template_shows_its_account_under_both_names_and_gets_none(world: Any, workload: Any) -> None:
    given = workload("named")
    given["spec"]["template"]["spec"]["serviceAccountName"] = "builder"
    for document in (given, workload("silent")):
        world.server.create(document)
    named, silent = (world.json("Deployment", name)["spec"]["template"]["spec"] for name in ("named", "silent"))
    assert (named["serviceAccount"], "serviceAccountName" in silent) == ("builder", False)


def test_a_pod_whose_account_is_missing_is_refused(world: Any, pod: Any) -> None:
    """Else a learner would think that any name will do as serviceAccountName."""
    refusal = world.refusal(world.server.create, pod(serviceAccountName="nope"))
    assert (refusal.code, refusal.reason) == (403, "Forbidden")
    assert refusal.message == 'pods "client" is forbidden: error looking up service account default/nope: serviceaccount "nope" not found'


def test_an_account_of_another_namespace_is_no_account(world: Any, pod: Any) -> None:
    world.server.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "builder", "namespace": "kube-system"}})
    assert "default/builder" in world.refusal(world.server.create, pod(serviceAccountName="builder")).message


def test_in_a_namespace_made_together_with_the_pod_the_account_is_there_in_time(world: Any, pod: Any) -> None:
    """Else a manifest of a Namespace and its Pod were refused, which every cluster takes: its admission waits for the account."""
    world.server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}})
    document = pod()
    document["metadata"]["namespace"] = "new"
    world.server.create(document)
    assert world.store.get("ServiceAccount", "new", "default") is not None


def test_each_container_mounts_the_token_read_only(world: Any, pod: Any) -> None:
    """Else a learner would look in vain for the token that every container of a cluster has."""
    world.server.create(pod(initContainers=[{"name": "first", "image": "busybox"}]))
    spec = shown(world)
    (volume,) = spec["volumes"]
    mount = {"mountPath": PATH, "name": volume["name"], "readOnly": True}
    assert [each["volumeMounts"] for each in (*spec["initContainers"], *spec["containers"])] == [[mount], [mount]]
    assert [next(iter(each)) for each in volume["projected"]["sources"]] == ["serviceAccountToken", "configMap", "downwardAPI"]
    assert volume["projected"]["defaultMode"] == 420


@pytest.mark.parametrize(
    ("of_pod", "of_account", "mounted"),
    [(None, None, True), (False, None, False), (None, False, False), (True, False, True), (False, True, False)],
)
def test_whether_it_is_mounted_the_pod_says_first(world: Any, pod: Any, of_pod: Any, of_account: Any, mounted: bool) -> None:
    account(world, "builder", **({} if of_account is None else {"automountServiceAccountToken": of_account}))
    own = {} if of_pod is None else {"automountServiceAccountToken": of_pod}
    world.server.create(pod(serviceAccountName="builder", **own))
    assert ("volumes" in shown(world)) is mounted


def test_a_container_that_mounts_something_else_there_keeps_it(world: Any, pod: Any) -> None:
    own = {"name": "own", "mountPath": PATH}
    world.server.create(pod(container={"volumeMounts": [own]}, volumes=[{"name": "own"}]))
    assert [each["name"] for each in shown(world)["volumes"]] == ["own"]


def test_secrets_for_pulling_images_are_taken_over_where_the_pod_names_none(world: Any, pod: Any) -> None:
    account(world, "builder", imagePullSecrets=[{"name": "registry"}])
    world.server.create(pod("one", serviceAccountName="builder"))
    world.server.create(pod("two", serviceAccountName="builder", imagePullSecrets=[{"name": "own"}]))
    assert [shown(world, name)["imagePullSecrets"] for name in ("one", "two")] == [[{"name": "registry"}], [{"name": "own"}]]


def test_a_pod_keeps_what_it_was_made_with(world: Any, pod: Any) -> None:
    world.server.create(pod())
    before = shown(world)
    world.server.patch("ServiceAccount", "default", "default", {"automountServiceAccountToken": False})
    world.server.delete("ServiceAccount", "default", "default")
    assert shown(world) == before


def test_there_is_no_account_in_a_namespace_that_goes(world: Any, pod: Any) -> None:
    space: Object = world.store.get("Namespace", "", "default")
    world.store.replace(space, deleting=0)
    assert "is being terminated" in world.refusal(world.server.create, pod()).message
