"""What the rules of roles allow (pkg/apis/rbac/v1/evaluation_helpers.go, plugin/pkg/auth/authorizer/rbac)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver import rbac, tokens
from playground.kube.apiserver.rbac import Attributes
from playground.kube.errors import Refusal

ME = tokens.user("default", "default")
LIST = Attributes("list", resource="pods", namespace="default")
API = "rbac.authorization.k8s.io/v1"


def rule(**fields: Any) -> dict[str, Any]:
    return {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], **fields}


RULES = {
    "of the verb and the resource": (rule(), Attributes("get", resource="pods"), True),
    "of another verb": (rule(), Attributes("list", resource="pods"), False),
    "of every verb": (rule(verbs=["*"]), Attributes("delete", resource="pods"), True),
    "of another group": (rule(), Attributes("get", group="apps", resource="pods"), False),
    "of a resource, not of what is below it": (rule(), Attributes("get", resource="pods", subresource="log"), False),
    "of what is below a resource": (rule(resources=["pods/log"]), Attributes("get", resource="pods", subresource="log"), True),
    "of what is below every resource": (rule(resources=["*/scale"]), Attributes("get", resource="x", subresource="scale"), True),
    "of every resource": (rule(resources=["*"]), Attributes("get", resource="pods", subresource="log"), True),
    "of one object": (rule(resourceNames=["a"]), Attributes("get", resource="pods", name="a"), True),
    "of another object": (rule(resourceNames=["a"]), Attributes("get", resource="pods", name="b"), False),
    "of one object, but all are wanted": (rule(resourceNames=["a"], verbs=["list"]), Attributes("list", resource="pods"), False),
    "of a path": ({"verbs": ["get"], "nonResourceURLs": ["/metrics"]}, Attributes("get", "/metrics"), True),
    "of all paths below": ({"verbs": ["get"], "nonResourceURLs": ["/api/*"]}, Attributes("get", "/api/v1"), True),
    "of all paths below, not of itself": ({"verbs": ["get"], "nonResourceURLs": ["/api/*"]}, Attributes("get", "/api"), False),
    "of resources, where a path is wanted": (rule(resources=["*"]), Attributes("get", "/version"), False),
}


@pytest.mark.parametrize(("given", "wanted", "allowed"), RULES.values(), ids=RULES)
def test_a_rule(given: Any, wanted: Attributes, allowed: bool) -> None:
    assert rbac.allows(given, wanted) is allowed


def refused(world: Any, wanted: Attributes, user: tokens.User = ME) -> str:
    """Why it is not allowed, "" if it is."""
    try:
        rbac.authorize(world.store, user, wanted)
    except Refusal as refusal:
        return refusal.message
    return ""


def bind(world: Any, kind: str, role: str, to: Any, role_kind: str = "ClusterRole", namespace: str = "default") -> None:
    place = {"namespace": namespace} if kind == "RoleBinding" else {}
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": role_kind, "name": role}
    world.server.create({"apiVersion": API, "kind": kind, "metadata": {"name": "b", **place}, "roleRef": ref, "subjects": [to]})


ACCOUNT = {"kind": "ServiceAccount", "name": "default", "namespace": "default"}
WHO = 'User "system:serviceaccount:default:default" cannot'
WORDS = {
    "a list in a namespace": (LIST, f'pods is forbidden: {WHO} list resource "pods" in API group "" in the namespace "default"'),
    "a list of all": (
        Attributes("list", resource="nodes"),
        f'nodes is forbidden: {WHO} list resource "nodes" in API group "" at the cluster scope',
    ),
    "an object of a group": (
        Attributes("get", group="apps", resource="deployments", namespace="default", name="web"),
        f'deployments.apps "web" is forbidden: {WHO} get resource "deployments" in API group "apps" in the namespace "default"',
    ),
    "what is below an object": (
        Attributes("get", resource="pods", subresource="log", namespace="default", name="web"),
        f'pods "web" is forbidden: {WHO} get resource "pods/log" in API group "" in the namespace "default"',
    ),
    "a path": (Attributes("get", "/metrics"), f'forbidden: {WHO} get path "/metrics"'),
}


@pytest.mark.parametrize(("wanted", "words"), WORDS.values(), ids=WORDS)
def test_an_account_that_nothing_is_bound_to_may_not(world: Any, wanted: Attributes, words: str) -> None:
    """Else a learner would think that a Pod's token lets it read the cluster."""
    assert refused(world, wanted) == words


@pytest.mark.parametrize("path", ["/version", "/healthz", "/api", "/apis/apps/v1", "/openapi/v3"])
def test_whoever_is_known_may_find_out_what_there_is(world: Any, path: str) -> None:
    assert refused(world, Attributes("get", path)) == ""


@pytest.mark.parametrize(("path", "may"), [("/version", True), ("/livez", True), ("/api", False), ("/", False)])
def test_who_is_not_known_may_see_the_version_and_whether_it_lives(world: Any, path: str, may: bool) -> None:
    assert (refused(world, Attributes("get", path), tokens.ANONYMOUS) == "") is may


@pytest.mark.parametrize(
    "to",
    [
        ACCOUNT,
        {"kind": "ServiceAccount", "name": "default"},
        {"kind": "User", "name": ME.name},
        {"kind": "Group", "name": "system:serviceaccounts:default"},
        {"kind": "Group", "name": "system:authenticated"},
    ],
)
def test_a_role_that_is_bound_to_it_or_to_its_group_lets_it(world: Any, to: Any) -> None:
    """Else a learner's RoleBinding would change nothing, which is what they are to see."""
    role = {"apiVersion": API, "kind": "Role", "metadata": {"name": "reader", "namespace": "default"}, "rules": [rule(verbs=["list"])]}
    world.server.create(role)
    bind(
        world,
        "RoleBinding",
        "reader",
        to if "namespace" in to or to["kind"] != "ServiceAccount" else {**to, "namespace": "default"},
        "Role",
    )
    assert refused(world, LIST) == ""


def test_a_cluster_role_counts_in_the_namespace_of_its_binding_only(world: Any) -> None:
    """Else a learner would think that a RoleBinding to a ClusterRole opens the whole cluster."""
    bind(world, "RoleBinding", "view", ACCOUNT)
    assert refused(world, LIST) == ""
    assert refused(world, Attributes("list", resource="pods", namespace="kube-system"))
    assert refused(world, Attributes("list", resource="pods"))


def test_a_cluster_role_binding_counts_everywhere(world: Any) -> None:
    bind(world, "ClusterRoleBinding", "view", ACCOUNT)
    assert refused(world, Attributes("list", resource="pods")) == ""


def test_view_shows_no_secrets_and_edit_does(world: Any) -> None:
    bind(world, "RoleBinding", "view", ACCOUNT)
    secrets = Attributes("get", resource="secrets", namespace="default", name="s")
    assert refused(world, secrets)
    world.server.delete("RoleBinding", "default", "b")
    bind(world, "RoleBinding", "edit", ACCOUNT)
    assert refused(world, secrets) == ""


def test_a_binding_to_another_account_is_none(world: Any) -> None:
    bind(world, "ClusterRoleBinding", "cluster-admin", {**ACCOUNT, "namespace": "kube-system"})
    assert refused(world, LIST)


def test_a_role_that_is_not_there_is_told(world: Any) -> None:
    bind(world, "RoleBinding", "nope", ACCOUNT, "Role")
    assert refused(world, LIST).endswith('in the namespace "default": RBAC: role.rbac.authorization.k8s.io "nope" not found')
