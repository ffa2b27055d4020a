"""What the API server answers to a program in a Pod."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.kube import actions
from playground.kube.apiserver import tokens
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.rest import certificate, serving
from playground.rest.exchange import Answer, Request
from tests.laws.histories import started

PODS = "api/v1/namespaces/kube-system/pods"


@pytest.fixture
def kube() -> Cluster:
    cluster = started()
    cluster.advance(cluster.now + 10 * SECOND)
    return cluster


def asked(kube: Cluster, path: str, token: str = "", method: str = "GET", **headers: str) -> Answer:
    known = {**headers, **({"authorization": f"Bearer {token}"} if token else {})}
    return serving.serve(kube, Request(method, path, {}, known, b"", ""))


def token(kube: Cluster) -> str:
    return tokens.issue(kube.machinery, kube.store.get("ServiceAccount", "default", "default"), 3600)


def bound(kube: Cluster, role: str) -> str:
    """A token of an account that may do what the ClusterRole says."""
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    subject = {"kind": "ServiceAccount", "name": "default", "namespace": "default"}
    binding = {"kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": ref, "subjects": [subject]}
    kube.submit(actions.Apply([{"apiVersion": "rbac.authorization.k8s.io/v1", **binding}]))
    return token(kube)


def message(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["message"]


@pytest.mark.parametrize(
    ("path", "status"), [("version", 200), ("healthz", 200), ("livez", 200), ("readyz", 200), ("", 403), ("api", 403), (PODS, 403)]
)
def test_without_a_token_the_version_is_answered_and_little_more(kube: Cluster, path: str, status: int) -> None:
    """Else a learner would think that the API server says 401 to whoever it does not know: they are system:anonymous."""
    assert asked(kube, path).status == status


def test_who_may_not_is_told_so_by_their_name(kube: Cluster) -> None:
    where = 'list resource "pods" in API group "" in the namespace "kube-system"'
    assert message(asked(kube, PODS)) == (403, f'pods is forbidden: User "system:anonymous" cannot {where}')
    assert message(asked(kube, PODS, token(kube))) == (
        403,
        f'pods is forbidden: User "system:serviceaccount:default:default" cannot {where}',
    )


def test_a_token_that_is_not_good_is_nobodys(kube: Cluster) -> None:
    """Else a learner would think that a wrong token is as good as none."""
    assert message(asked(kube, "version", "wrong")) == (401, "Unauthorized")


@pytest.mark.parametrize("path", ["api", "apis/apps/v1", "openapi/v3", "openapi/v3/api/v1"])
def test_an_account_may_find_out_what_there_is(kube: Cluster, path: str) -> None:
    assert asked(kube, path, token(kube)).status == 200


def test_who_is_let_reads_as_kubectl_does(kube: Cluster) -> None:
    found = asked(kube, PODS, bound(kube, "view"))
    listed: dict[str, Any] = json.loads(found.body)
    assert (found.status, listed["kind"]) == (200, "PodList")
    assert [each["metadata"]["namespace"] for each in listed["items"]] == ["kube-system"] * 2


@pytest.mark.parametrize(
    ("path", "words"), [(f"{PODS}/nope", 'pods "nope" not found'), ("api/v1/nope", "the server could not find the requested resource")]
)
def test_what_is_not_there_is_told_to_who_may_ask(kube: Cluster, path: str, words: str) -> None:
    assert message(asked(kube, path, bound(kube, "cluster-admin"))) == (404, words)


def test_nothing_is_written_from_inside(kube: Cluster) -> None:
    may = bound(kube, "cluster-admin")
    assert message(asked(kube, PODS, method="DELETE"))[0] == 403
    assert message(asked(kube, PODS, may, "DELETE")) == (405, "deletecollection is not simulated for programs in the cluster: use kubectl")


def test_people_get_lines_and_programs_one_line(kube: Cluster) -> None:
    assert asked(kube, PODS).body.count(b"\n") == 1
    assert asked(kube, PODS, **{"user-agent": "curl/8.16.0"}).body.startswith(b'{\n  "kind": "Status",\n')


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("kubernetes", True),
        ("kubernetes.default", True),
        ("kubernetes.default.svc.cluster.local.", True),
        ("172.17.0.1", True),
        ("kubernetes.default.svc.cluster", False),
        ("api.example.com", False),
    ],
)
def test_its_certificate_stands_for_the_names_that_kubeadm_gives_it(kube: Cluster, host: str, known: bool) -> None:
    assert certificate.stands_for(kube, host) is known
