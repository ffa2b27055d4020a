"""Datagrams from a socket that is kept open: where they go while endpoints come and go, and what their card says.

Source: pkg/proxy/conntrack/cleanup.go: entries of UDP to endpoints that left would lead to loss, so kube-proxy deletes them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.network.requests import Socket
from playground.kube.settings import ClusterSettings, LoadBalancers
from tests.kube.kubeproxy.builders import add_pod, add_service, add_slice
from tests.kube.network.test_traffic import run
from tests.kube.network.world import World
from tests.laws.histories import deployment, schema, service

TO = "game:7000/UDP"


def game(*endpoints: str) -> World:
    """A UDP Service, and three Pods on node-b that listen, of which these are endpoints."""
    world = World()
    for number in (1, 2, 3):
        add_pod(world.machinery, f"game-{number}", f"10.244.1.{10 + number}", "node-b")
        world.kubelet.ports[f"game-{number}"] = {(7000, "UDP")}
    add_service(world.machinery, "game", "172.17.0.70", [{"port": 7000, "protocol": "UDP"}])
    add_slice(world.machinery, "game", [world.endpoint(name) for name in endpoints], [("", 7000, "UDP")])
    world.settle()
    return world


def endpoints(world: World, *names: str) -> None:
    world.endpoints(*[world.endpoint(name) for name in names], service="game")


def titles(world: World, request: Any) -> list[str]:
    return [hop.title for hop in world.network.explain(request)]


def who(requests: list[Any]) -> list[str]:
    return [request.endpoint for request in requests]


def test_one_socket_kept_open_reaches_one_endpoint_and_needs_no_dns_again() -> None:
    world = game("game-1", "game-2", "game-3")
    world.traffic.start("client", TO, 10, True)
    first, *others = run(world)
    assert {(each.endpoint, each.outcome, each.reused) for each in others} == {(first.endpoint, "ok", True)}
    assert first.resolution is not None
    assert {each.resolution for each in others} == {None}
    assert titles(world, first) == ["Name", "Service", "Rule", "Endpoint", "Source", "Flow", "Answer"]
    assert titles(world, others[0]) == ["Open socket", "Flow", "Answer"]
    assert {each.service for each in others} == {"default/game"}


def test_without_it_every_datagram_leaves_from_a_new_port_and_is_chosen_anew() -> None:
    world = game("game-1", "game-2", "game-3")
    world.traffic.start("client", TO, 30, False)
    requests = run(world)
    assert len(dict.fromkeys(who(requests))) == 3
    assert {each.reused for each in requests} == {False}
    assert world.proxies.state()["flows"] == []


def left(world: World) -> str:
    """The first endpoint's Pod dies and is replaced; its name."""
    world.traffic.start("client", TO, 10, True)
    assert set(who(run(world))) == {"default/game-1"}
    world.store.remove(world.pod("game-1"))
    return "default/game-1"


def test_a_udp_client_recovers_when_its_endpoint_leaves_as_kube_proxy_deletes_the_flow() -> None:
    world = game("game-1")
    left(world)
    endpoints(world, "game-2")
    requests = run(world)
    assert set(who(requests)) == {"default/game-2"}
    assert {each.outcome for each in requests} == {"ok"}


def test_a_kept_tcp_connection_is_reset_where_a_datagram_is_not() -> None:
    world = World()
    world.endpoints(world.endpoint("web-1"))
    world.traffic.start("client", "web-svc:80", 10, True)
    run(world)
    world.store.remove(world.pod("web-1"))
    world.endpoints(world.endpoint("web-2"))
    assert [each.outcome for each in world.network.recent(20)].count("reset") == 1


def test_with_kube_proxy_stopped_datagrams_go_into_the_void_and_the_card_says_why() -> None:
    world = game("game-1")
    gone = left(world)
    world.proxies.stop("node-a")
    endpoints(world, "game-2")
    requests = run(world, 60)
    assert {(each.outcome, each.where, each.endpoint) for each in requests} == {("timeout", "network", gone)}
    hops = {hop.title: hop for hop in world.network.explain(requests[-1])}
    assert "goes on to 10.244.1.11:7000 (game-1)" in hops["Flow"].what
    assert "The kube-proxy of node-a was stopped" in hops["Flow"].why.replace("But the", "The")
    assert hops["Answer"].detail["prints"] == "Ncat: Idle timeout expired (2000 ms)."
    world.proxies.start("node-a")
    run(world, 1)
    assert set(who(run(world))) == {"default/game-2"}


def test_a_client_that_falls_silent_long_enough_is_chosen_for_anew_even_so() -> None:
    world = game("game-1")
    left(world)
    world.proxies.stop("node-a")
    endpoints(world, "game-2", "game-3")
    stream = world.traffic.streams()[0]
    world.traffic.stop(stream.id)
    flows = world.proxies.state()["flows"]
    assert len(flows) == 1
    run(world, 200)
    aim = world.network.request(1).target
    assert world.network.ask(world.pod("client"), aim, stream.kept, True).flow is None


def test_when_the_last_endpoint_leaves_the_open_socket_is_not_refused_but_hears_nothing() -> None:
    world = game("game-1")
    left(world)
    endpoints(world)
    assert {each.outcome for each in run(world)} == {"timeout"}
    assert world.send(TO).outcome == "refused"


def test_a_flow_that_began_before_the_rules_stays_as_it_is_until_endpoints_appear() -> None:
    world = World()
    world.traffic.start("client", "172.17.0.70:7000/UDP", 10, True)
    first, second, *_ = run(world)
    assert (first.outcome, first.flow) == ("timeout", None)
    assert second.flow is not None
    assert "as it is" in {hop.title: hop for hop in world.network.explain(second)}["Flow"].what
    add_pod(world.machinery, "game-1", "10.244.1.11", "node-b")
    world.kubelet.ports["game-1"] = {(7000, "UDP")}
    add_service(world.machinery, "game", "172.17.0.70", [{"port": 7000, "protocol": "UDP"}])
    world.settle()
    assert {each.outcome for each in run(world)} == {"refused"}
    add_slice(world.machinery, "game", [world.endpoint("game-1")], [("", 7000, "UDP")])
    world.settle()
    assert {(each.outcome, each.endpoint) for each in run(world)} == {("ok", "default/game-1")}


def test_a_process_that_starts_again_opens_a_new_socket() -> None:
    world = game("game-1", "game-2", "game-3")
    id = world.traffic.start("client", TO, 5, True)
    run(world)
    before = world.traffic.stream(id).kept
    world.restart("client")
    run(world)
    after = world.traffic.stream(id).kept
    assert after.opened > before.opened
    assert after.port != before.port


def test_a_socket_that_no_name_was_found_for_is_not_open_yet() -> None:
    world = game("game-1")
    world.endpoints(service="kube-dns", namespace="kube-system")
    id = world.traffic.start("client", TO, 5, True)
    run(world)
    assert world.traffic.stream(id).kept is None
    world.endpoints(world.endpoint("coredns-1", "kube-system"), service="kube-dns", namespace="kube-system")
    run(world)
    assert isinstance(world.traffic.stream(id).kept, Socket)


def test_a_socket_to_its_own_pod_reaches_it() -> None:
    world = game()
    world.traffic.start("game-1", "localhost:7000/UDP", 5, True)
    assert {(each.outcome, each.endpoint) for each in run(world)} == {("ok", "default/game-1")}


def test_streams_and_flows_are_saved() -> None:
    world = game("game-1", "game-2")
    world.traffic.start("client", TO, 5, True)
    run(world)
    saved = json.loads(json.dumps(world.traffic.state()))
    kept = world.traffic.streams()[0].kept
    world.traffic.restore(saved)
    assert world.traffic.streams()[0].kept == kept


# --- by other doors


def outside(mode: str = "VIP", **spec: Any) -> Cluster:
    """Three Nodes, and a UDP Service of type LoadBalancer with three Pods."""
    made = Cluster.create(ClusterSettings(load_balancers=LoadBalancers(mode=mode)), schema())
    for _ in range(3):
        made.submit(actions.AddNode())
    document = service("game", app="game")
    document["spec"] |= {"type": "LoadBalancer", "ports": [{"port": 7000, "nodePort": 30070, "protocol": "UDP"}], **spec}
    made.submit(actions.Apply([deployment("game", 6, image="game:1", ports=[{"containerPort": 7000, "protocol": "UDP"}]), document]))
    made.advance(30 * SECOND)
    return made


def stream(made: Cluster, to: str, source: str = "outside", seconds: int = 3) -> list[Any]:
    """The requests of an open socket in so much time."""
    made.submit(actions.StartTraffic(source, to, 10, True))
    made.advance(made.now + seconds * SECOND)
    return list(reversed(made.network.recent(10 * seconds)))


@pytest.mark.parametrize("to", ["198.51.100.1:7000/UDP", "192.168.0.2:30070/UDP"])
@pytest.mark.parametrize("mode", ["VIP", "Proxy"])
@pytest.mark.parametrize("source", ["outside", "node:node-b"])
def test_by_every_door_a_socket_reaches_one_endpoint(to: str, mode: str, source: str) -> None:
    requests = stream(outside(mode), to, source)
    assert {each.outcome for each in requests} == {"ok"}
    assert len({(each.endpoint, each.ruled_by) for each in requests}) == 1


def test_a_node_port_of_another_node_is_remembered_by_both_nodes() -> None:
    made = outside()
    assert {each.outcome for each in stream(made, "192.168.0.2:30070/UDP", "node:node-c")} == {"ok"}
    assert [node for node, *_ in made.proxies.state()["flows"]] == ["node-c", "node-a"]


def test_the_card_says_that_a_load_balancer_keeps_an_open_socket_to_one_node() -> None:
    """Else a learner would think that a load balancer takes a new Node for every datagram of an open socket."""
    made = outside()
    hop = made.network.explain(stream(made, "198.51.100.1:7000/UDP")[-1])[1]
    assert "3 of 3 answer well, and a hash of the sender's port says which of these it takes." in hop.why


def test_a_client_outside_recovers_too_when_its_endpoint_is_deleted() -> None:
    made = outside()
    before = stream(made, "192.168.0.2:30070/UDP")[-1]
    made.submit(actions.Delete("Pod", before.pod.name, "default"))
    made.advance(made.now + 5 * SECOND)
    after = made.network.recent(1)[0]
    assert after.outcome == "ok"
    assert after.endpoint != before.endpoint


def test_a_restored_cluster_sends_the_same_datagrams() -> None:
    made = outside()
    stream(made, "198.51.100.1:7000/UDP")
    twin = Cluster.restore(made.snapshot(), schema())
    for each in (made, twin):
        each.advance(each.now + 5 * SECOND)
    assert twin.snapshot() == made.snapshot()
    assert [each.endpoint for each in twin.network.recent(10)] == [each.endpoint for each in made.network.recent(10)]
