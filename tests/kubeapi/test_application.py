"""Who is let in, and how is everything else refused."""

from __future__ import annotations

from typing import Any

import pytest

from playground.clusters import spending
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.kubeapi import access
from playground.kubeapi.models import new_key
from tests.kubeapi.conftest import Client


def test_an_unknown_key_opens_nothing_and_is_told_so_in_a_status(client: Client) -> None:
    for key in (new_key(), "short", "../../etc/passwd"):
        reply = Client(key, client._runtime).ask("GET", "api/v1/pods")
        assert reply.status == 404
        assert reply.json["kind"] == "Status"
        assert reply.json["reason"] == "NotFound"


def test_a_revoked_key_opens_nothing_any_more(client: Client, cluster: Cluster) -> None:
    assert client.ask("GET", "version").status == 200
    access.revoke(cluster)
    assert client.ask("GET", "version").status == 404
    assert access.key_of(cluster).pk != client.key


def test_one_clusters_key_shows_no_other_cluster(client: Client, cluster: Cluster) -> None:
    from playground.clusters import ownership

    other = ownership.new_cluster("somebody-else", "small", "other")
    client.post("api/v1/namespaces", {"metadata": {"name": "mine"}})
    names = [each["metadata"]["name"] for each in Client(access.key_of(other).pk, client._runtime).get("api/v1/namespaces")["items"]]
    assert "mine" not in names


def test_a_cluster_has_so_many_keys_and_no_more(cluster: Cluster, limits: Any) -> None:
    limits(api_keys_per_cluster=2)
    access.grant(cluster, True)
    access.grant(cluster, True)
    with pytest.raises(Exception, match="api_keys_per_cluster"):
        access.grant(cluster, True)


def test_a_reader_may_look_and_is_refused_the_rest_in_the_words_of_rbac(reader: Client) -> None:
    assert reader.get("api/v1/pods")["kind"] == "PodList"
    refused = reader.ask("DELETE", "api/v1/namespaces/default/pods/client")
    assert refused.status == 403
    assert refused.json["message"] == (
        'pods "client" is forbidden: User "reader" cannot delete resource "pods" in API group "" in the namespace "default"'
    )
    assert reader.post("api/v1/namespaces", {"metadata": {"name": "x"}}).json["message"] == (
        'namespaces is forbidden: User "reader" cannot create resource "namespaces" in API group "" at the cluster scope'
    )
    assert reader.patch("apis/apps/v1/namespaces/default/deployments/d", {}, dryRun="All").status == 403


def test_a_slash_at_the_end_changes_nothing(client: Client) -> None:
    assert client.get("api/")["versions"] == ["v1"]
    assert client.get("apis/")["kind"] == "APIGroupList"
    assert client.get("version/")["gitVersion"] == "v1.37.0"


NOWHERE = [
    "nothing",
    "api/v2/pods",
    "api/v1/foos",
    "apis/apps/v1/namespaces/default/deployments/d/nothing",
    "api/v1/pods/client",
    "api//v1",
    "apis/x",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_that_leads_nowhere_is_not_found(client: Client, path: str) -> None:
    reply = client.ask("GET", path)
    assert (reply.status, reply.json["message"]) == (404, "the server could not find the requested resource")


def test_a_method_that_fits_no_address_is_not_allowed(client: Client) -> None:
    for method, path in (("POST", "api"), ("POST", "api/v1/namespaces/default/pods/client"), ("PUT", "api/v1/namespaces/default/pods")):
        assert client.ask(method, path, {}).json["reason"] == "MethodNotAllowed"


def test_a_body_that_is_too_large_is_refused_by_the_limits_name(client: Client, limits: Any) -> None:
    limits(api_body_bytes=100)
    reply = client.post("api/v1/namespaces/default/configmaps", {"data": {"a": "x" * 100}})
    assert (reply.status, reply.json["reason"]) == (413, "RequestEntityTooLarge")
    assert "api_body_bytes" in reply.json["message"]


def test_who_asks_too_often_is_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "api_requests_per_minute", Buckets(1, 60))
    assert client.ask("GET", "version").status == 200
    reply = client.ask("GET", "version")
    assert (reply.status, reply.json["reason"]) == (429, "TooManyRequests")
    assert int(reply.headers["Retry-After"]) == reply.json["details"]["retryAfterSeconds"] > 0


BROKEN = {
    "no JSON": b"{",
    "a list": b"[]",
    "deep": b'{"a":' * 5_000,
    "no text": b"\xff\xfe",
    "an endless number": b'{"spec":{"replicas":1e999}}',
    "no object in metadata": b'{"metadata":[]}',
    "another kind": b'{"kind":"Service","apiVersion":"v1"}',
    "another version": b'{"kind":"Pod","apiVersion":"v2"}',
    "another namespace": b'{"metadata":{"namespace":"kube-system"}}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_body_that_is_no_such_object_is_a_bad_request(client: Client, body: bytes) -> None:
    reply = client.post("api/v1/namespaces/default/pods", body)
    assert (reply.status, reply.json["reason"]) == (400, "BadRequest"), reply.json


def test_a_body_in_another_format_is_not_supported(client: Client) -> None:
    reply = client.ask("POST", "api/v1/namespaces", b"x", {"content-type": "text/html"})
    assert reply.json["reason"] == "UnsupportedMediaType"


def test_what_can_be_given_in_json_only_is_not_acceptable_otherwise(client: Client) -> None:
    assert client.ask("GET", "api/v1/pods", headers={"accept": "text/html"}).status == 406
