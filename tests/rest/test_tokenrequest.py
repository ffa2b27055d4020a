"""Tokens that are asked for (pkg/registry/core/serviceaccount/storage/token.go)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver import tokens
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.rest import tokenrequest
from tests.terminal.world import World


@pytest.fixture
def kube() -> Cluster:
    return World().kube


def issued(kube: Cluster, spec: Any, name: str = "default") -> Any:
    return tokenrequest.issued(kube, "default", name, spec)


def test_what_is_issued_is_taken_by_the_api_server(kube: Cluster) -> None:
    """Else a learner would think that `kubectl create token` gives a token that no server knows."""
    user = tokens.named(kube.machinery, issued(kube, {})["status"]["token"])
    assert user is not None
    assert user.name == "system:serviceaccount:default:default"


def test_it_says_for_how_long_and_for_whom(kube: Cluster) -> None:
    made = issued(kube, {})
    assert made["spec"] == {
        "audiences": ["https://kubernetes.default.svc.cluster.local"],
        "expirationSeconds": 3600,
        "boundObjectRef": None,
    }
    assert (made["metadata"]["creationTimestamp"], made["status"]["expirationTimestamp"]) == (
        "2023-11-14T22:13:50Z",
        "2023-11-14T23:13:50Z",
    )


POD = {"kind": "Pod", "name": "client"}
REFUSED = {
    "too short": ({"expirationSeconds": 599}, "Invalid value: 599: may not specify a duration less than 10 minutes"),
    "too long": ({"expirationSeconds": 1 << 33}, "may not specify a duration larger than 2^32 seconds"),
    "bound to a Pod that is not there": ({"boundObjectRef": {**POD, "name": "nope"}}, 'pods "nope" not found'),
    "bound to another Pod of the name": ({"boundObjectRef": {**POD, "uid": "x"}}, "does not match the UID in record"),
    "bound to what is no Pod": ({"boundObjectRef": {"kind": "Node", "name": "node-a"}}, "only a Pod can be bound to here"),
}


@pytest.mark.parametrize(("spec", "words"), REFUSED.values(), ids=REFUSED)
def test_refused_is(kube: Cluster, spec: Any, words: str) -> None:
    with pytest.raises(Refusal) as caught:
        issued(kube, spec)
    assert words in caught.value.message


def test_there_is_none_of_an_account_that_is_not_there(kube: Cluster) -> None:
    with pytest.raises(Refusal, match='serviceaccounts "nope" not found'):
        issued(kube, {}, "nope")
