"""Tokens of ServiceAccounts: what they say, and how long they are good (pkg/serviceaccount/claims.go)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from playground.kube.apiserver import tokens
from playground.kube.apiserver.accounts import ensure_default
from playground.kube.apiserver.deletion import delete
from playground.kube.clock import SECOND
from tests.kube.world import World

ME = "system:serviceaccount:default:default"


@pytest.fixture
def world() -> World:
    return World(nodes=1)


def issued(world: World, lasts: int = 3600, **more: Any) -> str:
    return tokens.issue(world.machinery, ensure_default(world.machinery, "default"), lasts, **more)


def named(world: World, token: str) -> str:
    user = tokens.named(world.machinery, token)
    return user.name if user is not None else ""


def claims(token: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def test_a_token_names_its_account_and_its_groups(world: World) -> None:
    user = tokens.named(world.machinery, issued(world))
    assert user == tokens.User(ME, ("system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"))


def test_it_can_be_read_by_whoever_holds_it(world: World) -> None:
    """Else a learner would think that a token is a secret word that says nothing."""
    said = claims(issued(world))
    assert (said["sub"], said["aud"], said["exp"] - said["iat"]) == (ME, ["https://kubernetes.default.svc.cluster.local"], 3600)


def test_a_pods_own_says_which_pod_and_node_and_lasts_longer_than_it_tells(world: World) -> None:
    pod = world.pod(node="node-a")
    said = claims(issued(world, 3607, pod=pod))
    assert [said["kubernetes.io"][kind]["name"] for kind in ("pod", "node", "serviceaccount")] == ["client", "node-a", "default"]
    assert said["kubernetes.io"]["warnafter"] - said["iat"] == 3607
    assert said["exp"] - said["iat"] == 365 * 24 * 3600


BAD = {
    "changed": lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
    "another's claims": lambda token: ".".join((token.split(".")[0], "e30", token.split(".")[2])),
    "no token": lambda token: "abc",
    "empty": lambda token: "",
    "not ASCII": lambda token: token + "é",
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_what_was_not_issued_names_nobody(world: World, change: Any) -> None:
    assert named(world, change(issued(world))) == ""


def test_a_token_of_another_cluster_names_nobody(world: World) -> None:
    other = World(nodes=0, settings=type(world.settings)(seed=99))
    assert named(world, issued(other)) == ""


def test_it_is_good_until_its_time_is_over(world: World) -> None:
    token = issued(world, 600)
    world.run(599)
    assert named(world, token) == ME
    world.run(1)
    assert named(world, token) == ""


def test_it_ends_with_its_account_also_if_another_has_its_name(world: World) -> None:
    """Else a learner would think that tokens live on when their account is deleted."""
    token = issued(world)
    delete(world.machinery, world.get("ServiceAccount", "default"))
    world.run(1)
    assert world.get("ServiceAccount", "default") is not None
    assert named(world, token) == ""


def test_it_ends_with_the_pod_that_it_is_bound_to(world: World) -> None:
    pod = world.pod()
    token = issued(world, pod=pod)
    delete(world.machinery, pod, 0)
    assert named(world, token) == ""


def test_one_for_somebody_else_is_none_for_the_api_server(world: World) -> None:
    assert named(world, issued(world, audiences=["vault"])) == ""


def test_the_kubelet_asks_anew_when_four_fifths_of_its_time_have_gone(world: World) -> None:
    pod = world.pod()
    first = tokens.of_pod(world.machinery, pod, 1000)
    world.run(799)
    assert tokens.of_pod(world.machinery, pod, 1000) == first
    world.run(2)
    later = tokens.of_pod(world.machinery, pod, 1000)
    assert claims(later)["iat"] - claims(first)["iat"] == 800 * SECOND // SECOND
