"""What is answered to "what if": the state that the question names, and not the moments on the way there."""

from __future__ import annotations

from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.pages.facts import whatif
from tests.laws.histories import started

CLIENT, BALANCER = "outside:203.0.113.10", "198.51.100.1:80"


def shop(**spec: Any) -> Cluster:
    """Pods `a` and `b`, each with a readiness probe of the default period, behind a Service `s`."""
    cluster = started()
    probe = {"tcpSocket": {"port": 80}}
    documents = [pod(name, readinessProbe=probe) for name in ("a", "b")]
    whole = {"selector": {"app": "s"}, "ports": [{"port": 80}], **spec}
    cluster.submit(actions.Apply([*documents, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": whole}]))
    cluster.advance(cluster.now + 60 * SECOND)
    return cluster


def pod(name: str, **container: Any) -> dict[str, Any]:
    meta = {"name": name, "labels": {"app": "s"}}
    spec = {"nodeName": "node-a", "containers": [{"name": "c", "image": "nginx", **container}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}


def then(cluster: Cluster, source: str, to: str, key: str) -> dict[tuple[str, str], int]:
    """How many of 10,000 requests met each fate after the change."""
    found = whatif.answer(cluster, source, to, 10_000, key)
    return {(line.badge.word, line.endpoint): line.then or 0 for line in found.lines}


def test_a_pod_that_is_not_ready_gets_nothing_however_slow_its_probe_is() -> None:
    """Else a learner would read that a Service sends half of its requests to a Pod that is not ready."""
    found = then(shop(), "default/client", "s:80", "unready:default/a")
    assert {endpoint: count for (_, endpoint), count in found.items()} == {"a": 0, "b": 10_000}


def test_with_policy_local_the_load_balancer_has_left_out_the_nodes_without_an_endpoint() -> None:
    """Else a learner would read that the policy loses most requests that come through a load balancer."""
    found = then(shop(type="LoadBalancer"), CLIENT, BALANCER, "externalTrafficPolicy:Local")
    assert {fate for (fate, _), count in found.items() if count} == {"answered"}


def test_it_says_how_long_after_the_change_that_is() -> None:
    cluster = shop(type="LoadBalancer")
    asked = {each.key: each for each in whatif.answer(cluster, CLIENT, BALANCER, 100, "").changes}
    assert [asked[key].seconds for key in ("sessionAffinity:ClientIP", "externalTrafficPolicy:Local", "unready:default/a")] == [5, 29, 35]
