"""How do the requests of a check fare?"""

from __future__ import annotations

import functools
from typing import Any

from playground.curriculum.bands import Band
from playground.curriculum.checks import Traffic
from playground.curriculum.traffics import see_traffic
from playground.kube.actions import AddNode, Apply, Delete, StartTraffic, StopProxy
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from tests.laws.histories import schema

SEEDS = (1, 2, 3)


def pod(name: str, image: str, **container: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "main", "image": image, **container}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": name.partition("-")[0]}}, "spec": spec}


@functools.cache
def _snapshot() -> bytes:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
    }
    cluster = Cluster.create(ClusterSettings(), schema())
    cluster.submit(AddNode())
    pods = [pod(f"web-{each}", "nginx:1.29") for each in "123"]
    cluster.submit(Apply([service, *pods, pod("client", "curlimages/curl:8.16.0", command=["sleep", "infinity"])]))
    cluster.advance(30 * SECOND)
    return cluster.snapshot()


def cluster() -> Cluster:
    return Cluster.restore(_snapshot(), schema())


def test_a_stream_over_one_connection_is_tried_over_one_connection() -> None:
    kube = cluster()
    kube.submit(StartTraffic("client", "web:80", keep_alive=True))

    seen = see_traffic(Traffic(source="client", stream=True, ok=Band("100%"), at_most_pods=1), kube, SEEDS)

    assert seen.passed, seen


def test_a_stream_of_new_connections_is_tried_with_new_connections() -> None:
    kube = cluster()
    kube.submit(StartTraffic("client", "web:80"))

    seen = see_traffic(Traffic(source="client", stream=True, ok=Band("100%"), at_least_pods=3), kube, SEEDS)

    assert seen.passed, seen


def test_a_request_that_rules_let_through_is_lost_for_the_reason_of_its_end() -> None:
    kube = cluster()
    ips = [kube.store.get("Pod", "default", f"web-{each}").ip for each in "123"]
    kube.submit(StopProxy("node-a"))
    for each in "123":
        kube.submit(Delete("Pod", f"web-{each}", "default"))
    kube.advance(kube.now + 5 * SECOND)

    seen = see_traffic(Traffic(source="client", to="web:80", ok=Band("100%")), kube, SEEDS)

    assert dict(seen.values)["why"] in [f"Nobody has {ip} any more, or ever had." for ip in ips]
