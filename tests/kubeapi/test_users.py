"""Whoever asks by a token of a ServiceAccount, or acts for another, may what Roles say that they may."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kubeapi.conftest import Client

PODS = "api/v1/namespaces/default/pods"
ACCESS = "apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
RULES = "apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
ROLES = "apis/rbac.authorization.k8s.io/v1/namespaces/default"
ROBOT = "system:serviceaccount:default:default"
AS_ROBOT = {"impersonate-user": ROBOT}
CANNOT_DELETE = f'pods "nope" is forbidden: User "{ROBOT}" cannot delete resource "pods" in API group "" in the namespace "default"'


@pytest.fixture
def bound(client: Client) -> Client:
    """The account `default` may look at Pods."""
    role = {"metadata": {"name": "look"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]}
    subjects = [{"kind": "ServiceAccount", "name": "default", "namespace": "default"}]
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "look"}
    assert client.post(f"{ROLES}/roles", role).status == 201
    assert client.post(f"{ROLES}/rolebindings", {"metadata": {"name": "look"}, "subjects": subjects, "roleRef": reference}).status == 201
    return client


def token_of(client: Client) -> str:
    found: str = client.post("api/v1/namespaces/default/serviceaccounts/default/token", {"spec": {}}).json["status"]["token"]
    return found


def question(verb: str) -> dict[str, Any]:
    return {"spec": {"resourceAttributes": {"verb": verb, "resource": "pods", "namespace": "default"}}}


def test_who_is_acted_for_may_what_their_roles_say(bound: Client) -> None:
    assert bound.ask("GET", PODS, headers=AS_ROBOT).status == 200
    refused = bound.ask("DELETE", f"{PODS}/nope", headers=AS_ROBOT)
    assert (refused.status, refused.json["message"]) == (403, CANNOT_DELETE)


def test_the_holder_of_a_token_may_what_the_accounts_roles_say(bound: Client) -> None:
    bearer = {"authorization": f"Bearer {token_of(bound)}"}
    assert bound.ask("GET", PODS, headers=bearer).status == 200
    assert bound.ask("DELETE", f"{PODS}/nope", headers=bearer).json["message"] == CANNOT_DELETE


def test_a_token_that_was_not_issued_opens_nothing(client: Client) -> None:
    refused = client.ask("GET", PODS, headers={"authorization": "Bearer abc.def.ghi"})
    assert (refused.status, refused.json["reason"], refused.json["message"]) == (401, "Unauthorized", "Unauthorized")


def test_the_kubeconfigs_own_token_is_its_holder(client: Client) -> None:
    assert client.ask("GET", PODS, headers={"authorization": f"Bearer {client.key}"}).status == 200


def test_may_i_is_answered_for_whom_one_acts(bound: Client) -> None:
    answers = [bound.ask("POST", ACCESS, question(verb), AS_ROBOT).json["status"] for verb in ("list", "delete")]
    assert answers == [{"allowed": True}, {"allowed": False}]


def test_the_rules_are_those_of_whom_one_acts_for(bound: Client) -> None:
    status = bound.ask("POST", RULES, {"spec": {"namespace": "default"}}, AS_ROBOT).json["status"]
    assert {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]} in status["resourceRules"]
    assert all(rule["verbs"] == ["get"] for rule in status["nonResourceRules"])


def test_somebody_is_in_the_groups_that_are_named_and_is_known(client: Client) -> None:
    acting = {"impersonate-user": "jane", "impersonate-group": "system:masters, dev"}
    told = client.ask("POST", "apis/authentication.k8s.io/v1/selfsubjectreviews", {}, acting).json["status"]["userInfo"]
    assert told == {"username": "jane", "groups": ["system:masters", "dev", "system:authenticated"]}
    assert client.ask("DELETE", f"{PODS}/nope", headers=acting).status == 404


def test_groups_without_a_user_are_refused(client: Client) -> None:
    assert client.ask("GET", PODS, headers={"impersonate-group": "dev"}).status == 500


def test_a_reader_acts_for_nobody(reader: Client) -> None:
    refused = reader.ask("GET", PODS, headers=AS_ROBOT)
    words = 'User "reader" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "default"'
    assert (refused.status, refused.json["message"]) == (403, f'serviceaccounts "default" is forbidden: {words}')


def test_a_token_lends_no_more_than_the_key(bound: Client, reader: Client) -> None:
    """Whoever may only look may not write with the token of an account that may all."""
    master = {"subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "default"}]}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    bound.post("apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {"metadata": {"name": "all"}, **master, "roleRef": reference})
    assert reader.ask("DELETE", f"{PODS}/nope", headers={"authorization": f"Bearer {token_of(bound)}"}).status == 403
