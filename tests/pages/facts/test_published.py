"""What do the pages of a Pod and of its Services say where the Pod is not ready, or on its way out?  (endpointslice utils.go, podToEndpoint)"""

from __future__ import annotations

from typing import Any

from playground.clusters.narration import Narrator
from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.pages.facts import pods, services
from tests.laws.histories import started

LEAVES_SLOWLY = {"preStop": {"sleep": {"seconds": 10}}}
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
    assert "p is no longer ready: own stops sending it requests, and all still sends it requests" in story
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
