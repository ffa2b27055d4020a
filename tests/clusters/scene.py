"""Which small cluster do these tests act on?  One Node, a client, two Pods behind a Service, open once they run."""

from __future__ import annotations

from typing import Any

from playground.curriculum.stages import Scene
from playground.kube.actions import AddNode, Apply
from playground.kube.clock import SECOND
from playground.kube.settings import ClusterSettings

OPENS_AT = 10 * SECOND


def pod(name: str, app: str = "web") -> dict[str, Any]:
    container = {"name": "main", "image": "nginx:1.29", "ports": [{"containerPort": 80}]}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 1}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": app}}, "spec": spec}


def service(name: str, app: str = "web") -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"selector": {"app": app}, "ports": [{"port": 80}]}}


def find(key: str) -> Scene:
    """A scene, as `scenes.find` gives it."""
    documents = [pod("client", "client"), pod("web-1"), pod("web-2"), service("web")]
    actions = [AddNode("node-a"), Apply(documents)]
    return Scene(key, "A small cluster", "", ClusterSettings(seed=7), actions, OPENS_AT)
