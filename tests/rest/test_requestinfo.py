"""What a request wants done (apiserver pkg/endpoints/request/requestinfo_test.go)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from playground.kube.apiserver.rbac import Attributes
from playground.rest.exchange import Request
from playground.rest.requestinfo import attributes

IN = {"namespace": "default"}
CASES: dict[str, tuple[str, str, dict[str, list[str]], Attributes]] = {
    "the root": ("GET", "", {}, Attributes("get", "/")),
    "a path": ("GET", "healthz", {}, Attributes("get", "/healthz")),
    "a version of a group": ("GET", "apis/apps/v1", {}, Attributes("get", "/apis/apps/v1")),
    "a list": ("GET", "api/v1/namespaces/default/pods", {}, Attributes("list", resource="pods", **IN)),
    "a list of all": ("GET", "apis/apps/v1/deployments", {}, Attributes("list", group="apps", resource="deployments")),
    "a watch": ("GET", "api/v1/pods", {"watch": ["true"]}, Attributes("watch", resource="pods")),
    "an object": ("HEAD", "api/v1/namespaces/default/pods/a", {}, Attributes("get", resource="pods", name="a", **IN)),
    "what is below it": (
        "GET",
        "api/v1/namespaces/default/pods/a/log",
        {},
        Attributes("get", resource="pods", subresource="log", name="a", **IN),
    ),
    "a namespace": ("GET", "api/v1/namespaces/default", {}, Attributes("get", resource="namespaces", name="default", **IN)),
    "all namespaces": ("GET", "api/v1/namespaces", {}, Attributes("list", resource="namespaces")),
    "the status of a namespace": (
        "PUT",
        "api/v1/namespaces/default/status",
        {},
        Attributes("update", resource="namespaces", subresource="status", name="default", **IN),
    ),
    "a new object": ("POST", "api/v1/namespaces/default/pods", {}, Attributes("create", resource="pods", **IN)),
    "the end of all": ("DELETE", "api/v1/namespaces/default/pods", {}, Attributes("deletecollection", resource="pods", **IN)),
}


@pytest.mark.parametrize(("method", "path", "query", "wanted"), CASES.values(), ids=CASES)
def test_a_request_wants(method: str, path: str, query: Any, wanted: Attributes) -> None:
    assert attributes(Request(method, path, query, {}, b"", "")) == structs.replace(wanted, path=f"/{path}")
