"""What do the pages of a Pod and of its Services say where the Pod is not ready, or on its way out?  (endpointslice utils.go, podToEndpoint)"""

from __future__ import annotations

from typing import Any

import pytest

from playground.clusters.narration import Narrator
from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.pages.facts import endpoints, other, pods, services
from tests.laws.histories import started

LEAVES_SLOWLY = {"preStop": {"sleep": {"seconds": 10}}}
WEB = {"selector": {"app": "web"}}
PROBE = {"tcpSocket": {"port": 80}, "periodSeconds": 1, "failureThreshold": 1}


def shop() -> Cluster:
    """A Pod that takes ten seconds to end, behind a Service `all` that publishes it whether it is ready or not, and one, `own`, that does not."""
    cluster = started()
    container = {"name": "web", "image": "nginx", "readinessProbe": PROBE, "lifecycle": LEAVES_SLOWLY}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "labels": {"app": "p"}}, "spec": {"containers": [container]}}
    cluster.submit(actions.Apply([pod, door("all", publishNotReadyAddresses=True), door("own")]))
    cluster.advance(cluster.now + 20 * SECOND)
    return cluster


def door(name: str, **spec: Any) -> dict[str, Any]:
    whole = {"selector": {"app": "p"}, "ports": [{"port": 80}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": whole}


def told(cluster: Cluster, action: Any) -> str:
    """What the story says within three seconds of an action."""
    narrator = Narrator(cluster, {})
    cluster.events()
    cluster.submit(action)
    cluster.advance(cluster.now + 3 * SECOND)
    for event in cluster.events():
        narrator.hear(event)
    return " / ".join(text for _, text, _ in narrator.take([]))


def sentence(cluster: Cluster, kind: str, name: str) -> str:
    page = pods if kind == "Pod" else services
    return page.overview(cluster, cluster.store.get(kind, "default", name)).sentence


def test_a_service_that_publishes_pods_which_are_not_ready_still_sends_them_requests() -> None:
    """Else a learner would read that a Pod gets nothing, which is answering at that moment."""
    cluster = shop()
    story = told(cluster, actions.SetProbe("p", "readiness", False))
    assert "p is no longer ready: soon no ready endpoint of own any more, and still a ready endpoint of all, where Pods that" in story
    said = sentence(cluster, "Pod", "p")
    assert "other Services that select it send it no requests. To all it stays ready: publishNotReadyAddresses is set there." in said


def test_there_it_stays_ready_while_it_is_terminating() -> None:
    cluster = shop()
    story = told(cluster, actions.Delete("Pod", "p"))
    assert "its endpoint in own is soon no longer ready, and in all it stays ready, until it is gone" in story
    assert "is no ready endpoint of any other Service any more" in sentence(cluster, "Pod", "p")


def test_a_service_whose_last_pod_is_terminating_and_serves_is_not_said_to_refuse() -> None:
    """Else a learner would think that a rolling restart of one Pod refuses requests at once."""
    cluster = shop()
    cluster.submit(actions.Delete("Pod", "p"))
    cluster.advance(cluster.now + 3 * SECOND)
    assert "but 1 endpoint that is on its way out and still serving: new connections go there" in sentence(cluster, "Service", "own")
    cluster.advance(cluster.now + 20 * SECOND)
    assert "new connections are refused until one is ready" in sentence(cluster, "Service", "own")


SENTENCES: dict[str, tuple[dict[str, Any], str]] = {
    "there is no other": ({}, "for 1 ready endpoint: every new connection goes to it."),
    "it is drawn by chance": (WEB, "for 3 ready endpoints: each new connection goes to one of them, by chance."),
    "a client keeps its endpoint": (
        {**WEB, "sessionAffinity": "ClientIP"},
        "the first connection of a client goes to one of them, by chance, and those that follow to the same one.",
    ),
    "only those of its own Node": (
        {"internalTrafficPolicy": "Local"},
        "each new connection goes to one of them on the sender's own Node, by chance.",
    ),
    "those of its zone": (
        {"trafficDistribution": "PreferSameZone"},
        "of the sender's zone, as far as the hints of its slices say so, by chance.",
    ),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_a_services_page_says_where_a_connection_goes(case: str) -> None:
    """Else a learner would read that any endpoint may be chosen, where the Service says otherwise."""
    spec, said = SENTENCES[case]
    cluster = shop()
    cluster.submit(actions.Apply([door("third", **spec)]))
    cluster.advance(cluster.now + 2 * SECOND)
    assert sentence(cluster, "Service", "third").endswith(said)


def test_a_service_whose_annotation_asks_for_hints_sends_to_its_zone_too() -> None:
    cluster = shop()
    annotated = door("third")
    annotated["metadata"]["annotations"] = {"service.kubernetes.io/topology-mode": "Auto"}
    cluster.submit(actions.Apply([annotated]))
    cluster.advance(cluster.now + 2 * SECOND)
    assert "of the sender's zone, as far as the hints of its slices say so" in sentence(cluster, "Service", "third")


def test_a_service_that_a_label_leaves_to_another_proxy_is_said_to_have_no_rules() -> None:
    """Else a learner would read that connections are spread, where each request goes into the void."""
    cluster = shop()
    labelled = door("third")
    labelled["metadata"]["labels"] = {"service.kubernetes.io/service-proxy-name": "cilium"}
    cluster.submit(actions.Apply([labelled]))
    cluster.advance(cluster.now + 2 * SECOND)
    assert "no Node has rules for it: its label service.kubernetes.io/service-proxy-name" in sentence(cluster, "Service", "third")


def test_the_endpoints_of_kubernetes_are_not_said_to_be_written_by_hand() -> None:
    assert "for the API server: it writes the endpoints itself" in sentence(shop(), "Service", "kubernetes")


def test_a_load_balancer_is_not_said_to_be_gone_at_once() -> None:
    cluster = shop()
    cluster.submit(actions.Apply([door("outer", type="LoadBalancer")]))
    page = services.overview(cluster, cluster.store.get("Service", "default", "outer"))
    assert "until then its address stays" in str(page.rows)


@pytest.mark.parametrize(("policy", "ending"), [("Cluster", "ready"), ("Local", "while none on its own Node is")])
def test_a_terminating_endpoint_is_used_where_its_policy_finds_no_ready_one(policy: str, ending: str) -> None:
    """Else a learner would think that the fall-back never comes into play as long as one endpoint anywhere is ready."""
    cluster = shop()
    cluster.submit(actions.Apply([door("own", internalTrafficPolicy=policy)]))
    cluster.submit(actions.Delete("Pod", "p"))
    cluster.advance(cluster.now + 3 * SECOND)
    (row,) = endpoints.of_service(cluster, cluster.store.get("Service", "default", "own"))
    assert row.why.endswith(ending)


def test_the_story_does_not_tell_of_endpoints_of_an_external_name() -> None:
    """It has none, whatever its selector says (endpointslice_controller.go, syncService)."""
    cluster = shop()
    cluster.submit(actions.Apply([door("elsewhere", type="ExternalName", externalName="example.com")]))
    assert "elsewhere" not in told(cluster, actions.SetProbe("p", "readiness", False))


def test_an_endpoints_object_that_somebody_wrote_is_said_to_be_copied() -> None:
    cluster = shop()
    subset = {"addresses": [{"ip": "10.9.9.9"}], "ports": [{"port": 80}]}
    cluster.submit(actions.Apply([{"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "mine"}, "subsets": [subset]}]))
    assert [
        "copies" in other.overview(cluster, cluster.store.get("Endpoints", "default", name)).sentence
        for name in ("mine", "own", "kubernetes")
    ] == [True, False, False]
