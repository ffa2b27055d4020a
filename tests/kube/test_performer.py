"""What actions answer."""

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.laws.histories import deployment, started


def test_a_drain_warns_of_what_it_leaves_and_of_what_nobody_will_make_again():
    cluster = started()
    labels = {"app": "agent"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "agent", "image": "agent:1"}]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    cluster.submit(actions.Apply([{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec}]))
    cluster.advance(cluster.now + 3 * SECOND)
    client = cluster.store.get("Pod", "default", "client")
    agent = next(pod.name for pod in cluster.store.list("Pod") if pod.labels == {**pod.labels, **labels} and pod.node == client.node)
    receipt = cluster.submit(actions.Drain(client.node))
    assert receipt.warnings == (
        f"ignoring DaemonSet-managed Pods: default/{agent}; deleting Pods that declare no controller: default/client",
    )
    assert f"pod/{agent} evicted" not in receipt.lines
    assert "pod/client evicted" in receipt.lines


def test_a_drain_of_pods_that_come_back_elsewhere_warns_of_nothing():
    cluster = started()
    cluster.submit(actions.Apply([deployment("more", 3)]))
    cluster.advance(cluster.now + 3 * SECOND)
    client = cluster.store.get("Pod", "default", "client")
    other = next(name for name in ("node-a", "node-b", "node-c") if name != client.node)
    assert cluster.submit(actions.Drain(other)).warnings == ()


def test_a_ping_of_what_is_no_address_is_refused():
    cluster = started()
    before = cluster.hash()
    with pytest.raises(Refusal, match="bad address 'x'"):
        cluster.submit(actions.Ping("client", "x"))
    assert cluster.hash() == before


@pytest.mark.parametrize(
    "action",
    [
        actions.Send("default/client", "web:80", asked="x" * 2_001),
        actions.Say(1, "x" * 2_001),
        actions.Forward("client", 80, "default", "x" * 2_001),
    ],
)
def test_more_than_a_line_is_not_said_over_a_connection(action):
    kube = started()
    before = kube.hash()
    with pytest.raises(Refusal) as refused:
        kube.submit(action)
    assert (refused.value.message, kube.hash()) == ("at most 2000 characters are said over a connection", before)


def test_what_is_said_over_the_connection_of_no_request_is_heard_by_nobody():
    kube = started()
    before = kube.network.last
    kube.submit(actions.Say(99, "GET /"))
    assert kube.network.last == before
