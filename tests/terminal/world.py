"""A small cluster with Pods of well-known images, to run programs in; each test gets it as it was at first."""

from __future__ import annotations

import functools
from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from playground.terminal.programs import machines
from playground.terminal.programs.limits import Limits
from playground.terminal.sessions import Session, start, start_on
from playground.terminal.sessions.direct import Finished, run
from tests.laws.histories import schema

WEB, LOCAL, EMPTY, DB, UNUSED, DNS, API = (
    "172.17.0.50", "172.17.0.51", "172.17.0.52", "172.17.0.53", "172.17.0.99", "172.17.0.10", "172.17.0.1"
)  # fmt: skip
IMAGES = {
    "client": "curlimages/curl:8.16.0",
    "box": "busybox:1.36",
    "old": "busybox:1.28",
    "net": "nicolaka/netshoot",
    "deb": "nginx:1.29",
    "alpine": "nginx:1.29-alpine",
    "made-up": "frontend:1",
    "none": "registry.k8s.io/pause:3.10",
}


def pod(
    name: str, image: str, labels: dict[str, str] | None = None, metadata: dict[str, Any] | None = None, **container: Any
) -> dict[str, Any]:
    spec = {"containers": [{"name": "main", "image": image, **container}], "nodeName": "node-a"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels or {}, **(metadata or {})}, "spec": spec}


def service(name: str, ip: str, app: str, **spec: Any) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80, "targetPort": 8080}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"clusterIP": ip, "selector": {"app": app}, "ports": ports, **spec},
    }


def documents() -> list[dict[str, Any]]:
    sleeps = {"command": ["sleep", "infinity"]}
    serves = {"args": ["netexec", "--http-port=8080"]}
    web = [pod("web-0", "registry.k8s.io/e2e-test-images/agnhost:2.53", {"app": "web"}, **serves)]
    far = pod("far-0", "registry.k8s.io/e2e-test-images/agnhost:2.53", {"app": "far"}, **serves)
    far["spec"]["nodeName"] = "node-b"
    return [
        service("web", WEB, "web"),
        service("local", LOCAL, "far", internalTrafficPolicy="Local"),
        service("empty", EMPTY, "nobody"),
        service("db", DB, "db", ports=[{"name": "redis", "port": 6379}]),
        service("peers", "None", "web"),
        *web,
        far,
        pod("db-0", "redis:8.2", {"app": "db"}),
        *(pod(name, image, **(sleeps if name != "none" else {})) for name, image in IMAGES.items()),
    ]


@functools.cache
def _snapshot() -> bytes:
    cluster = Cluster.create(ClusterSettings(seed=7), schema())
    for _ in range(2):
        cluster.submit(actions.AddNode())
    cluster.submit(actions.Apply(documents()))
    cluster.advance(30 * SECOND)
    return cluster.snapshot()


class World:
    def __init__(self) -> None:
        self.kube = Cluster.restore(_snapshot(), schema())

    def start(self, pod: str, *argv: str, tty: bool = False, limits: Limits | None = None) -> Session:
        return start(self.kube, "default", pod, "", list(argv), tty, limits)

    def run(self, pod: str, *argv: str, stdin: str | None = None, limits: Limits | None = None) -> Finished:
        """A command, to its end."""
        return run(self.start(pod, *argv, limits=limits), self.kube, stdin)

    def sh(self, script: str, pod: str = "client", stdin: str | None = None, limits: Limits | None = None) -> Finished:
        return self.run(pod, "sh", "-c", script, stdin=stdin, limits=limits)

    def run_on_workstation(self, script: str) -> Finished:
        return run(start_on(machines.workstation(self.kube), ["sh", "-c", script]), self.kube)

    def ip(self, name: str) -> str:
        found: str = self.kube.store.get("Pod", "default", name).ip
        return found

    @property
    def seconds(self) -> float:
        return self.kube.now / SECOND - 30


@functools.cache
def shared() -> World:
    """One world for tests that only look at what is printed."""
    return World()
