"""Whatever a client sends, it is answered with what it asked for or with a Status that refuses it; never with a failure of the server."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kubeapi.conftest import Client

NAMES = st.sampled_from(["client", "web", "web-1", "x", "", "a/b", "..", "Ä", "a" * 300])
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8) | NAMES
FIELDS = st.sampled_from(
    "metadata spec status name namespace labels annotations ownerReferences finalizers managedFields uid resourceVersion generateName "
    "selector ports port targetPort protocol type clusterIP clusterIPs replicas template containers image env value endpoints addresses "
    "addressType conditions ready matchLabels matchExpressions key operator values strategy rollingUpdate maxSurge data $patch "
    "$setElementOrder/ports $retainKeys $deleteFromPrimitiveList/finalizers involvedObject subsets gracePeriodSeconds preconditions "
    "propagationPolicy dryRun deleteOptions op path from apiVersion kind".split()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS | st.text(max_size=4), inner, max_size=4), max_leaves=12
)
PATHS = st.sampled_from(
    [
        "api/v1/namespaces/default/pods", "api/v1/namespaces/default/pods/client", "api/v1/namespaces/default/services/web",
        "api/v1/namespaces/default/services", "apis/apps/v1/namespaces/default/deployments", "api/v1/nodes/node-a", "api/v1/namespaces",
        "api/v1/namespaces/default/pods/client/status", "api/v1/namespaces/default/pods/client/eviction", "api/v1/namespaces/default/endpoints",
        "apis/apps/v1/namespaces/kube-system/deployments/coredns/scale", "apis/apps/v1/namespaces/kube-system/deployments/coredns/status",
        "apis/discovery.k8s.io/v1/namespaces/default/endpointslices", "api/v1/namespaces/default/configmaps/c", "api/v1/namespaces/default",
        "apis/apiextensions.k8s.io/v1/customresourcedefinitions", "apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        "api/v1/namespaces/default/events", "apis/apps/v1/namespaces/default/statefulsets", "api/v1/namespaces/default/pods/client/log",
    ]
)  # fmt: skip
STYLES = st.sampled_from(["json-patch+json", "merge-patch+json", "strategic-merge-patch+json", "apply-patch+yaml", "json", "yaml"])
POINTERS = st.sampled_from(["", "/", "/spec", "/spec/ports/0", "/metadata/labels", "/spec/ports/-", "/kind", "/status"])
OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"])},
        optional={"path": POINTERS, "from": st.just("/spec"), "value": VALUES},
    ),
    max_size=3,
)  # fmt: skip
SPECS = st.fixed_dictionaries(
    {"spec": st.dictionaries(FIELDS, VALUES, max_size=4)}, optional={"metadata": st.dictionaries(FIELDS, VALUES, max_size=3)}
)
QUERIES = st.dictionaries(
    st.sampled_from(
        "dryRun fieldManager fieldValidation force labelSelector fieldSelector limit continue resourceVersion resourceVersionMatch "
        "sendInitialEvents tailLines sinceSeconds sinceTime container includeObject gracePeriodSeconds propagationPolicy".split()
    ),
    st.sampled_from(["", "All", "true", "x", "1", "-1", "99999999999999999999", "a=b", "a in (b)", "metadata.name=web", "Strict", "Orphan", "Exact", "é"]),
    max_size=3,
)  # fmt: skip
fuzzed = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(client: Client, method: str, path: str, body: Any, headers: dict[str, str], query: dict[str, str]) -> None:
    try:
        sent = json.dumps(body, allow_nan=True).encode()
    except (ValueError, UnicodeEncodeError):
        return
    reply = client.ask(method, path, sent, headers, **query)
    assert reply.status < 500 or reply.json["reason"] == "Timeout", (method, path, body, query, reply.body)
    if reply.status >= 400:
        assert (reply.json["kind"], reply.json["code"]) == ("Status", reply.status)


@fuzzed
@given(method=st.sampled_from(["POST", "PUT", "DELETE"]), path=PATHS, body=VALUES | SPECS, query=QUERIES)
def test_of_whole_objects(client: Client, method: str, path: str, body: Any, query: dict[str, str]) -> None:
    check(client, method, path, body, {}, query)


@fuzzed
@given(path=PATHS, style=STYLES, body=VALUES | OPERATIONS | SPECS, query=QUERIES)
def test_of_patches(client: Client, path: str, style: str, body: Any, query: dict[str, str]) -> None:
    check(client, "PATCH", path, body, {"content-type": f"application/{style}"}, query)


@fuzzed
@given(
    path=PATHS,
    query=QUERIES,
    accept=st.sampled_from(["*/*", "application/json;as=Table;g=meta.k8s.io;v=v1", ";;,=", "application/json;as=X"]),
)
def test_of_questions(client: Client, path: str, query: dict[str, str], accept: str) -> None:
    reply = client.ask("GET", path, headers={"accept": accept}, **query)
    assert reply.status < 500 or reply.json["reason"] == "Timeout", (path, query, reply.body)


@fuzzed
@given(path=st.text(max_size=40), method=st.sampled_from(["GET", "POST", "DELETE", "OPTIONS", "TRACE"]))
def test_of_addresses(client: Client, path: str, method: str) -> None:
    reply = client.ask(method, path, b"")
    assert reply.status < 500, (path, method)
