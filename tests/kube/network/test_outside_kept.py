"""How long does a connection last that is kept alive from outside?"""

from __future__ import annotations

from typing import Any

from playground.clusters import journeys
from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from tests.kube.network.outsiders import CLIENT, PORT, address, balancer, cluster, elsewhere
from tests.laws.histories import schema


def test_a_stream_from_outside_keeps_its_connection_and_is_saved() -> None:
    made = cluster()
    made.submit(actions.StartTraffic("outside", f"{balancer(made)}:80", 2, True))
    made.advance(made.now + 3 * SECOND)
    again = Cluster.restore(made.snapshot(), schema())
    until = made.now + 2 * SECOND
    for each in (made, again):
        each.advance(until)
    assert made.snapshot() == again.snapshot()
    assert [stream.source for stream in again.traffic.streams()] == [f"outside:{CLIENT}"]
    last = made.network.recent(1)[0]
    assert (last.reused, last.balancer, last.outcome) == (True, "default/web-svc", "ok")


def over_another_node(made: Cluster) -> str:
    """A stream that keeps a connection through a Node without an endpoint; the Node."""
    made.submit(actions.StartTraffic("outside", f"{address(made, elsewhere(made))}:{PORT}", 10, True))
    made.advance(made.now + SECOND)
    assert made.network.request(made.network.last).reused
    return elsewhere(made)


def next_one(made: Cluster, seconds: float = 0.1) -> tuple[Any, str]:
    """The first request of a time, and what its card says of its end."""
    number = made.network.last + 1
    made.advance(made.now + round(seconds * SECOND))
    request = made.network.request(number)
    return request, made.network.explain(request)[-1].why


def test_a_kept_connection_gets_no_answer_while_the_node_that_passes_it_on_is_off() -> None:
    made = cluster()
    between = over_another_node(made)
    made.submit(actions.PowerOff(between))
    request, why = next_one(made)
    assert (request.outcome, request.where, request.reused) == ("timeout", "network", True)
    assert f"{between}, through which the connection came, is off" in why
    assert f"{between}, through which it came, is off" in journeys.sentence(request)


def test_a_kept_connection_is_reset_when_the_node_that_passes_it_on_has_booted() -> None:
    made = cluster()
    between = over_another_node(made)
    stream = made.traffic.streams()[0]
    held = stream.kept
    made.submit(actions.PowerOff(between))
    made.submit(actions.PowerOn(between))
    made.advance(made.now + 60 * SECOND)
    stream.kept = held
    request, why = next_one(made)
    assert (request.outcome, request.where, request.reused) == ("reset", "network", True)
    assert "its conntrack has forgotten the connection" in why
    assert "has started anew" in journeys.sentence(request)


def test_a_kept_connection_through_a_load_balancer_ends_with_it() -> None:
    made = cluster()
    made.submit(actions.StartTraffic("outside", f"{balancer(made)}:80", 10, True))
    made.advance(made.now + SECOND)
    made.submit(actions.Patch("Service", "web-svc", {"spec": {"type": "NodePort"}}))
    made.advance(made.now + SECOND // 20)
    request, why = next_one(made, 0.2)
    assert (request.outcome, request.where, request.reused) == ("timeout", "network", True)
    assert "The load balancer through which the connection came is gone" in why
    assert "its load balancer is gone" in journeys.sentence(request)


def test_a_stream_from_a_node_waits_while_the_node_is_off() -> None:
    made = cluster()
    made.submit(actions.StartTraffic("node:node-a", f"192.168.0.12:{PORT}", 2))
    made.submit(actions.PowerOff("node-a"))
    made.advance(made.now + 2 * SECOND)
    assert made.traffic.streams()[0].waiting == "Node node-a is off or booting"
