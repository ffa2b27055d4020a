"""An API server of an empty cluster with the first namespaces, over the real schema of Kubernetes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground.assets import schema as assets
from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.schema import Schema
from playground.kube.apiserver.server import APIServer
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings, Limits


class World:
    """The server, its store, and what it says when it refuses."""

    def __init__(self, settings: ClusterSettings, schema: Schema):
        self.machinery = Machinery(settings)
        self.store = self.machinery.store
        self.allocators = Allocators(self.machinery)
        self.server = APIServer(self.machinery, schema, self.allocators)
        for name in ("default", "kube-system"):
            self.server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def refusal(self, act: Callable[..., Any], *args: Any) -> Refusal:
        """The refusal of an act, which must leave no trace in the store."""
        before = self.store.state()
        with pytest.raises(Refusal) as caught, self.store.transaction():
            act(*args)
        assert self.store.state() == before
        return caught.value

    def causes(self, document: dict[str, Any]) -> list[str]:
        return [str(cause) for cause in self.server.check(document)]

    def json(self, kind: str, name: str, namespace: str = "default") -> dict[str, Any]:
        return self.server.encode(self.store.get(kind, namespace, name))


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema(assets.load())


@pytest.fixture
def world(schema: Schema) -> World:
    return World(ClusterSettings(), schema)


@pytest.fixture
def make_world(schema: Schema) -> Callable[..., World]:
    """A world with other settings."""
    return lambda limits=None, **settings: World(ClusterSettings(limits=limits or Limits(), **settings), schema)


@pytest.fixture
def service() -> Callable[..., dict[str, Any]]:
    """A valid Service; keyword arguments change its spec."""

    def build(name: str = "web", **spec: Any) -> dict[str, Any]:
        whole = {"selector": {"app": "web"}, "ports": [{"port": 80}], **spec}
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": whole}

    return build


@pytest.fixture
def pod() -> Callable[..., dict[str, Any]]:
    """A valid Pod of one container; `container` changes that, other arguments the spec."""

    def build(name: str = "client", container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
        containers = [{"name": "main", "image": "busybox:1.36", **(container or {})}]
        return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": containers, **spec}}

    return build


@pytest.fixture
def workload() -> Callable[..., dict[str, Any]]:
    """A valid Deployment, or another workload; keyword arguments change its spec."""

    def build(name: str = "web", kind: str = "Deployment", **spec: Any) -> dict[str, Any]:
        template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "main", "image": "nginx:1.27"}]}}
        whole = {"selector": {"matchLabels": {"app": "web"}}, "template": template, **spec}
        return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": whole}

    return build
