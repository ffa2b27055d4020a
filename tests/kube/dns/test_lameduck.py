"""Does CoreDNS answer while it is on its way out?  (coredns plugin/health/health.go, OnFinalShutdown: `lameduck 5s` of the shipped Corefile)"""

from __future__ import annotations

from playground.kube import actions
from playground.kube.clock import MILLISECOND, SECOND
from tests.laws.histories import started

CLIENT = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "c"},
    "spec": {"containers": [{"name": "c", "image": "debian", "command": ["sleep", "1d"]}]},
}
DNS = "Deployment", "coredns"


def test_a_rolling_restart_of_coredns_loses_no_query() -> None:
    """Else a learner would think that CoreDNS cannot be replaced without an outage."""
    cluster = started()
    cluster.submit(actions.Apply([CLIENT]))
    cluster.advance(cluster.now + 10 * SECOND)
    template = {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now"}}}
    cluster.submit(actions.Patch(*DNS, {"spec": {"template": template}}, "kube-system"))
    before = {pod.name for pod in cluster.store.list("Pod", "kube-system")}
    for _ in range(80):
        cluster.advance(cluster.now + 250 * MILLISECOND)
        first = cluster.submit(actions.Send("default/c", "kubernetes:443", 5)).first_request
        assert all(cluster.network.request(first + number).resolution.rcode == "NOERROR" for number in range(5))
    assert not before & {pod.name for pod in cluster.store.list("Pod", "kube-system")}
