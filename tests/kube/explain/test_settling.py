"""Is what is still on its way named, until it has arrived?"""

from __future__ import annotations

from playground.clusters import scenes
from playground.kube.actions import Apply, Delete, PowerOff, Scale
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.cluster import Cluster
from playground.kube.explain.settling import LONGEST, RULES_ARRIVE, pending, settle


def shop() -> Cluster:
    return scenes.start(scenes.find("shop"))


def test_a_cluster_at_rest_has_nothing_pending_and_takes_only_the_time_that_rules_need() -> None:
    kube = shop()
    before = kube.now
    assert settle(kube) == []
    assert kube.now == before + RULES_ARRIVE


def test_a_rollout_is_pending_until_its_replicas_are_available() -> None:
    kube = shop()
    kube.submit(Scale("Deployment", "frontend", 5, "default"))
    assert pending(kube) == ["Deployment default/frontend: not seen by its controller yet"]
    kube.advance(kube.now + 100 * MILLISECOND)
    assert "Deployment default/frontend: 3 of 5 updated replicas are available" in pending(kube)
    assert settle(kube) == []


def test_a_stateful_set_is_pending_until_its_last_pod_is_ready() -> None:
    kube = shop()
    labels = {"app": "db"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "db", "image": "redis"}]}}
    spec = {"replicas": 3, "minReadySeconds": 10, "serviceName": "db", "selector": {"matchLabels": labels}, "template": template}
    kube.submit(Apply([{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": spec}]))
    kube.advance(kube.now + 5 * SECOND)
    assert pending(kube) == ["StatefulSet default/db: 1 of 3 replicas are ready"]
    assert settle(kube) == []
    assert kube.store.get("Pod", "default", "db-2").state.ready


def test_a_pod_that_is_going_is_pending() -> None:
    kube = shop()
    kube.submit(Delete("Pod", "client", "default"))
    assert pending(kube) == ["Pod default/client: Terminating"]
    assert settle(kube) == []


def test_what_never_comes_to_rest_is_given_up_in_the_end() -> None:
    kube = shop()
    for node in ("node-a", "node-b", "node-c"):
        kube.submit(PowerOff(node))
    kube.advance(kube.now + 60 * SECOND)
    before = kube.now
    left = settle(kube)
    assert kube.now == before + LONGEST + RULES_ARRIVE
    assert "Deployment default/frontend: 0 of 3 updated replicas are available" in left
