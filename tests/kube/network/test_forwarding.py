"""A forwarded connection goes to one Pod, whatever Services and rules there are."""

from __future__ import annotations

import pytest

from playground.kube.apiserver.objects import PodState
from playground.kube.errors import Refusal
from playground.kube.network.requests import Request
from tests.kube.network.world import WEB, World


def forward(world: World, port: int = WEB, name: str = "web-1") -> Request:
    request = world.network.request(world.network.forward(world.pod(name), port))
    assert request is not None
    return request


def test_it_is_answered_by_that_pod_with_no_service_between() -> None:
    request = forward(World())
    assert (request.outcome, request.endpoint, request.service, request.ruled_by) == ("ok", "default/web-1", None, "node-b")


def test_the_pod_sees_it_come_from_its_own_localhost() -> None:
    world = World()
    assert world.network.seen_source(forward(world)) == "127.0.0.1"


def test_its_hops_say_that_nothing_is_balanced() -> None:
    world = World()
    way, answer = world.network.explain(forward(world))
    assert "127.0.0.1:5000/TCP inside of Pod web-1, where the container runtime of node-b connected." in way.what
    assert "nothing is balanced" in way.why
    assert answer.detail["prints"] == "Hello from web-1"


def test_it_is_refused_where_nothing_listens() -> None:
    assert (forward(World(), 81).outcome, forward(World(), 81).where) == ("refused", "pod")


def test_a_pods_network_outlives_its_containers_so_that_it_refuses() -> None:
    world = World()
    world.store.replace(world.pod("web-1"), state=PodState(phase="Failed"))
    assert forward(world).outcome == "refused"


def test_a_process_that_hangs_says_nothing() -> None:
    world = World()
    world.kubelet.hanging.add("web-1")
    assert forward(world).outcome == "timeout"


def test_what_is_kept_of_it_is_numbered_as_any_request() -> None:
    world = World()
    assert [forward(world).number, forward(world).number, world.network.last] == [1, 2, 2]


def test_there_is_no_way_to_a_pod_whose_node_is_off_or_that_has_none() -> None:
    world = World()
    world.kubelet.off.add("node-b")
    with pytest.raises(Refusal, match="node-b is off"):
        forward(world)
    world.store.replace(world.pod("web-1"), node="")
    with pytest.raises(Refusal, match="does not have a host assigned"):
        forward(world)
