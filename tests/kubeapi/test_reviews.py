"""What is answered to who asks who they are and what they may."""

from __future__ import annotations

from tests.kubeapi.conftest import Client

ACCESS = "apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def allowed(client: Client, verb: str) -> bool:
    reply = client.post(ACCESS, {"spec": {"resourceAttributes": {"verb": verb, "resource": "pods"}}})
    assert reply.status == 201
    return reply.json["status"]["allowed"]


def test_a_learner_may_everything_and_a_reader_may_look(client: Client, reader: Client) -> None:
    assert [allowed(client, verb) for verb in ("get", "delete")] == [True, True]
    assert [allowed(reader, verb) for verb in ("get", "watch", "delete")] == [True, True, False]


def test_everybody_is_told_who_they_are(client: Client, reader: Client) -> None:
    place = "apis/authentication.k8s.io/v1/selfsubjectreviews"
    assert client.post(place, {}).json["status"]["userInfo"]["username"] == "learner"
    assert reader.post(place, {}).json["status"]["userInfo"]["username"] == "reader"


def test_the_rules_of_a_reader_are_to_look(reader: Client) -> None:
    status = reader.post("apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {"spec": {"namespace": "default"}}).json["status"]
    assert status["resourceRules"] == [{"verbs": ["get", "list", "watch"], "apiGroups": ["*"], "resources": ["*"]}]


def test_a_question_that_is_no_object_is_refused(client: Client) -> None:
    assert client.post(ACCESS, []).status == 400
    assert client.ask("GET", ACCESS).status == 405


TOKENS = "apis/authentication.k8s.io/v1/tokenreviews"


def test_a_token_is_good_if_it_was_issued(client: Client) -> None:
    issued = client.post("api/v1/namespaces/default/serviceaccounts/default/token", {"spec": {}}).json["status"]["token"]
    status = client.post(TOKENS, {"spec": {"token": issued}}).json["status"]
    assert (status["authenticated"], status["user"]["username"]) == (True, "system:serviceaccount:default:default")
    assert client.post(TOKENS, {"spec": {"token": client.key}}).json["status"]["user"]["username"] == "learner"
    assert client.post(TOKENS, {"spec": {"token": "x"}}).json["status"] == {"user": {}, "error": "invalid bearer token"}
