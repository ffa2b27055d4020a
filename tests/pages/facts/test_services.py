"""What the inspector says of a Service whose endpoints lack a port, and what the picture shows of it."""

from __future__ import annotations

from typing import Any

from playground.clusters.picture import Picture
from playground.kube.actions import AddNode, Apply
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from playground.pages.facts import endpoints, pods, rules, services
from tests.laws.histories import schema

POD = {"containers": [{"name": "c", "image": "nginx:1.28", "ports": [{"name": "http", "containerPort": 80}]}]}


def cluster(*ports: dict[str, Any], **spec: Any) -> Cluster:
    made = Cluster.create(ClusterSettings(), schema())
    made.submit(AddNode())
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"app": "web"}}, "spec": POD}
    spec = {"selector": {"app": "web"}, "ports": list(ports), **spec}
    made.submit(Apply([pod, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}]))
    made.advance(5 * SECOND)
    return made


def told(made: Cluster) -> tuple[str, str]:
    page = services.overview(made, made.store.get("Service", "default", "web"))
    assert page.badge is not None
    return page.badge.word, page.sentence


def test_endpoints_without_its_port_are_none_that_a_service_leads_to() -> None:
    made = cluster({"port": 80, "targetPort": "htpp"})
    badge, sentence = told(made)
    assert badge == "0 ready endpoints"
    assert sentence.endswith(
        "new connections are refused. Its EndpointSlices hold 1 address, but none of its ports: compare the names of ports."
    )
    assert Picture(made).sections["services"]["default/web"]["endpoints"] == []
    assert [each.badge.word for each in endpoints.of_service(made, made.store.get("Service", "default", "web"))] == ["no port"]
    group = next(each for each in pods.overview(made, made.store.get("Pod", "default", "web")).groups if each.title.startswith("Services"))
    assert group.links[0].badge is not None
    assert group.links[0].badge.word == "endpoint, but of no port"


def test_a_port_behind_which_there_is_nothing_is_named() -> None:
    badge, sentence = told(cluster({"name": "web", "port": 80}, {"name": "tls", "port": 443, "targetPort": "https"}))
    assert badge == "1 ready endpoint"
    assert sentence.endswith("Behind 443/TCP there is none: compare the names of ports.")


def test_a_headless_service_needs_no_port() -> None:
    badge, sentence = told(cluster(clusterIP="None"))
    assert badge == "1 ready endpoint"
    assert sentence.endswith("DNS answers with the addresses of 1 ready endpoint.")


def test_affinity_is_told_with_its_time_and_beside_the_chance() -> None:
    made = cluster({"port": 80}, sessionAffinity="ClientIP", sessionAffinityConfig={"clientIP": {"timeoutSeconds": 60}})
    service = made.store.get("Service", "default", "web")
    fact = next(each for each in services.overview(made, service).facts if each.label == "Session affinity")
    assert "until 60 s have passed without a connection" in fact.note
    made.submit(Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "two", "labels": {"app": "web"}}, "spec": POD}]))
    made.advance(made.now + 5 * SECOND)
    assert rules.shown(made, service)[0].why == (
        "the first connection of a sender goes to one of these, each with chance 1/2; "
        "until 60 s have passed without one, its next ones go to the same"
    )
