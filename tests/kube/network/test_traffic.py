"""Streams of requests: their rate, their limits, and what a kept-alive connection outlives."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from playground.kube import actions
from playground.kube.apiserver.objects import PodState
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.events import TrafficChanged
from playground.kube.settings import ClusterSettings
from tests.kube.kubeproxy.builders import add_pod
from tests.kube.network.world import NODES, World
from tests.laws.histories import schema


def run(world: World, seconds: float = 1) -> list[Any]:
    """The requests of so much time, oldest first."""
    before = world.network.state()["number"]
    world.machinery.clock.run_until(world.machinery.now + round(seconds * SECOND))
    return [world.network.request(number) for number in range(before + 1, world.network.state()["number"] + 1)]


def outcomes(requests: list[Any]) -> list[str]:
    return [request.outcome for request in requests]


def test_a_stream_sends_at_its_rate() -> None:
    world = World()
    world.traffic.start("client", "web-svc:80", 10, False)
    requests = run(world, 2)
    assert len(requests) == 20
    assert {later.time - sooner.time for sooner, later in pairwise(requests)} == {SECOND // 10}
    assert {request.endpoint for request in requests} == {"default/web-1", "default/web-2"}


def test_several_streams_run_and_stop_each_by_itself() -> None:
    world = World()
    one = world.traffic.start("default/client", "web-svc:80", 4, False)
    two = world.traffic.start("web-1", "nowhere:80", 2, False)
    assert [(stream.id, stream.source, stream.to) for stream in world.traffic.streams()] == [
        (one, "default/client", "web-svc:80"),
        (two, "default/web-1", "nowhere:80"),
    ]
    assert len(run(world)) == 6
    world.traffic.stop(one)
    assert [request.sender for request in run(world)] == ["default/web-1"] * 2
    assert world.traffic.stream(one) is None
    told = [event.stream for event in world.machinery.events if isinstance(event, TrafficChanged)]
    assert told == [one, two, one]


@pytest.mark.parametrize(
    ("source", "to", "rate", "words"),
    [
        ("ghost", "web-svc:80", 1, 'pods "ghost" not found'),
        ("other/client", "web-svc:80", 1, 'pods "client" not found'),
        ("client", "web-svc", 1, "expected name:port"),
        ("client", "web-svc:80", 0, "expected 0.01 to 200 requests a second"),
        ("client", "web-svc:80", float("nan"), "expected 0.01 to 200"),
        ("client", "web-svc:80", 201, "rate 201"),
        ("client", "web-svc:80", 150, 'limit "requests_per_second" allows 200'),
    ],
)
def test_a_stream_that_cannot_be_is_refused_and_nothing_changes(source: str, to: str, rate: float, words: str) -> None:
    world = World()
    world.traffic.start("client", "web-svc:80", 100, False)
    before = world.traffic.state(), world.machinery.clock.state(), world.machinery.chance.state
    with pytest.raises(Refusal) as refusal:
        world.traffic.start(source, to, rate, False)
    assert words in refusal.value.message
    assert (world.traffic.state(), world.machinery.clock.state(), world.machinery.chance.state) == before


def test_too_many_streams_are_refused() -> None:
    world = World()
    for _ in range(world.machinery.settings.limits.streams):
        world.traffic.start("client", "web-svc:80", 0.1, False)
    with pytest.raises(Refusal, match='limit "streams" allows 50'):
        world.traffic.start("client", "web-svc:80", 0.1, False)


def test_an_unknown_stream_cannot_be_stopped() -> None:
    with pytest.raises(Refusal, match='stream "stream-9" not found'):
        World().traffic.stop("stream-9")


def test_a_stream_waits_for_its_pod_to_come_back() -> None:
    world = World()
    id = world.traffic.start("client", "web-svc:80", 5, False)
    run(world)
    world.store.remove(world.pod("client"))
    assert run(world) == []
    assert world.traffic.stream(id).waiting == "Pod default/client does not exist"
    add_pod(world.machinery, "client", "10.244.0.8", "node-a", host_ip=NODES["node-a"])
    assert outcomes(run(world)) == ["ok"] * 5
    assert world.traffic.stream(id).waiting == ""
    assert len([event for event in world.machinery.events if isinstance(event, TrafficChanged)]) == 3


def test_a_stream_is_silent_while_nothing_of_its_pod_runs() -> None:
    world = World()
    id = world.traffic.start("client", "web-svc:80", 5, False)
    running = world.pod("client").state
    world.store.replace(world.pod("client"), state=PodState())
    assert run(world) == []
    assert world.traffic.stream(id).waiting == "none of its containers is running"
    world.store.replace(world.pod("client"), state=running)
    world.kubelet.off.add("node-a")
    assert run(world) == []
    assert world.traffic.stream(id).waiting == "Node node-a is off or booting"
    world.kubelet.off.clear()
    assert outcomes(run(world)) == ["ok"] * 5


# --- keep-alive


def kept(world: World) -> tuple[str, Any]:
    """A stream with an open connection; its id and the request that opened it."""
    id = world.traffic.start("client", "web-svc:80", 10, True)
    first, *others = run(world)
    assert [request.reused for request in others] == [True] * 9
    assert {request.endpoint for request in others} == {first.endpoint}
    assert {request.service for request in others} == {"default/web-svc"}
    return id, first


def test_a_kept_alive_connection_outlives_readiness_and_endpoints() -> None:
    world = World()
    _, first = kept(world)
    world.endpoints()
    requests = run(world)
    assert {(request.outcome, request.endpoint) for request in requests} == {("ok", first.endpoint)}
    hops = world.network.explain(requests[0])
    assert [hop.title for hop in hops] == ["Open connection", "Answer"]
    assert hops[0].detail["opened_by"] == f"request {first.number}"


def test_it_needs_no_dns() -> None:
    world = World()
    kept(world)
    world.endpoints(service="kube-dns", namespace="kube-system")
    assert set(outcomes(run(world))) == {"ok"}


def broken(world: World, first: Any, requests: list[Any]) -> None:
    """The first request finds the connection broken, and the next one makes another."""
    assert (requests[0].outcome, requests[0].where, requests[0].endpoint) == ("reset", "pod", first.endpoint)
    assert not requests[1].reused
    assert "reset" not in outcomes(requests)[1:]
    assert world.network.explain(requests[0])[-1].detail["prints"] == "curl: (56) Recv failure: Connection reset by peer"


def test_it_breaks_once_when_the_process_ends_and_is_made_anew() -> None:
    world = World()
    _, first = kept(world)
    world.restart(first.pod.name)
    requests = run(world)
    broken(world, first, requests)
    assert set(outcomes(requests)[1:]) == {"ok"}


def test_it_breaks_when_the_process_does_not_come_back() -> None:
    world = World()
    _, first = kept(world)
    world.restart(first.pod.name, "waiting")
    broken(world, first, run(world))


def test_it_breaks_when_the_pod_is_gone() -> None:
    world = World()
    _, first = kept(world)
    world.store.remove(first.pod)
    broken(world, first, run(world))


def test_it_gets_no_answer_when_the_other_node_loses_power() -> None:
    world = World()
    _, first = kept(world)
    world.kubelet.off.add(first.pod.node)
    broken = run(world)[0]
    assert (broken.outcome, broken.where, broken.reused) == ("timeout", "network", True)
    assert (
        world.network.explain(broken)[-1].detail["prints"] == "curl: (28) Operation timed out after 2001 milliseconds with 0 bytes received"
    )


def test_a_client_that_was_restarted_opens_a_new_connection() -> None:
    world = World()
    kept(world)
    world.restart("client")
    requests = run(world)
    assert [request.reused for request in requests] == [False, *[True] * 9]
    assert set(outcomes(requests)) == {"ok"}


def connected(protocol: str = "TCP") -> Cluster:
    """A client with an open connection to a Pod of two containers, one that listens and one beside it."""
    made = Cluster.create(ClusterSettings(), schema())
    made.submit(actions.AddNode())
    labels, ports = {"app": "web"}, [{"containerPort": 80, "protocol": protocol}]
    beside = {"name": "beside", "image": "busybox", "command": ["sleep", "infinity"]}
    spec = {"containers": [{"name": "web", "image": "mine:1", "ports": ports}, beside]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": labels}, "spec": spec}
    client = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "client"}, "spec": {"containers": [beside]}}
    made.submit(actions.Apply([pod, client]))
    made.advance(5 * SECOND)
    made.submit(actions.StartTraffic("client", f"{made.store.get('Pod', 'default', 'web').ip}:80/{protocol}", 10, True))
    made.advance(made.now + SECOND)
    assert made.network.recent(1)[0].reused
    return made


@pytest.mark.parametrize(("container", "protocol", "broken"), [("beside", "TCP", 0), ("web", "TCP", 1), ("web", "SCTP", 1)])
def test_only_the_container_that_listens_ends_the_connection_when_it_starts_again(container: str, protocol: str, broken: int) -> None:
    made = connected(protocol)
    made.submit(actions.Crash("web", "default", container))
    made.advance(made.now + 5 * SECOND)
    assert made.store.get("Pod", "default", "web").state.containers[container == "beside"].restarts == 1
    assert outcomes(made.network.recent(50)).count("reset") == broken


def test_an_sctp_association_ends_with_an_abort() -> None:
    made = connected("SCTP")
    made.submit(actions.Crash("web", "default", "web"))
    made.advance(made.now + SECOND)
    reset = next(request for request in made.network.recent(20) if request.outcome == "reset")
    first, *_, last = made.network.explain(reset)
    assert first.title == "Open association"
    assert last.detail["prints"] == "Ncat: Connection reset by peer."


# --- saving


def test_a_restored_cluster_sends_the_same_requests() -> None:
    world = World()
    kept(world)
    world.traffic.start("web-1", "172.17.0.5:80", 7, False)
    run(world, 0.3)
    world.store.replace(world.store.get("EndpointSlice", "default", "web-svc-1"), endpoints=(world.endpoint("web-2"),))
    run(world, 0.3)

    again = World(settled=False)
    again.kubelet.ports = world.kubelet.ports
    again.store.restore(*world.store.state())
    for part in ("proxies", "network", "traffic"):
        getattr(again, part).restore(json.loads(json.dumps(getattr(world, part).state())))
    again.machinery.clock.restore(json.loads(json.dumps(world.machinery.clock.state())))
    again.machinery.chance.state = world.machinery.chance.state
    for one, two in zip(run(world, 2), run(again, 2), strict=True):
        assert (one.number, one.time, one.outcome, one.endpoint, one.reused) == (
            two.number,
            two.time,
            two.outcome,
            two.endpoint,
            two.reused,
        )
        assert world.network.explain(one) == again.network.explain(two)
    for part in ("proxies", "network", "traffic"):
        assert msgspec.json.encode(getattr(again, part).state()) == msgspec.json.encode(getattr(world, part).state())
