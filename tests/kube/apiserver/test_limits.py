"""The largest playground: which limit, what was asked, what is allowed."""

from __future__ import annotations

from typing import Any

from playground.kube.settings import Limits


def test_each_kind_of_object_has_its_limit(make_world: Any, service: Any, pod: Any) -> None:
    world = make_world(Limits(pods=1, services=1, nodes=1))
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}}
    for document, called, limit in ((service("a"), "Services", "services"), (pod("a"), "Pods", "pods"), (node, "Nodes", "nodes")):
        world.server.create(document)
        refusal = world.refusal(world.server.create, {**document, "metadata": {"name": "b"}})
        assert (refusal.code, refusal.message) == (403, f'this playground holds at most 1 {called}: limit "{limit}" reached')


def test_all_objects_together_have_a_limit(make_world: Any) -> None:
    world = make_world(Limits(objects=3))
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    world.server.create(config)
    refusal = world.refusal(world.server.create, {**config, "metadata": {"name": "b"}})
    assert refusal.message == 'this playground holds at most 3 objects: limit "objects" reached'


def test_replicas_are_limited_on_every_way(make_world: Any, workload: Any) -> None:
    world = make_world(Limits(replicas=5))
    message = '6 replicas are too many: limit "replicas" allows 5'
    assert world.refusal(world.server.create, workload(replicas=6)).message == message
    world.server.apply(workload(replicas=5))
    assert world.refusal(world.server.apply, workload(replicas=6)).message == message
    assert world.refusal(world.server.scale, "Deployment", "", "web", 6).message == message
    assert world.refusal(world.server.patch, "Deployment", "", "web", {"spec": {"replicas": 6}}).message == message


def test_endpoints_are_counted_over_all_slices(make_world: Any) -> None:
    world = make_world(Limits(endpoints=3))

    def piece(name: str, count: int) -> dict[str, Any]:
        endpoints = [{"addresses": [f"10.0.0.{number + 1}"]} for number in range(count)]
        meta = {"name": name}
        return {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": meta,
            "addressType": "IPv4",
            "endpoints": endpoints,
            "ports": [],
        }

    world.server.apply(piece("a", 2))
    assert world.refusal(world.server.apply, piece("b", 2)).message == '4 endpoints are too many: limit "endpoints" allows 3'
    assert world.server.apply(piece("a", 3)).verb == "configured"
    world.server.delete("EndpointSlice", "", "a")
    assert world.server.apply(piece("b", 3)).verb == "created"


def test_endpoints_that_are_written_by_hand_are_limited_too(make_world: Any) -> None:
    world = make_world(Limits(endpoints=3))
    subset = {"addresses": [{"ip": f"10.1.1.{number}"} for number in range(1, 4)], "notReadyAddresses": [{"ip": "10.1.1.9"}]}
    document = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "ext"}, "subsets": [subset]}
    assert world.refusal(world.server.create, document).message == '4 endpoints are too many: limit "endpoints" allows 3'
    del subset["notReadyAddresses"]
    world.server.create(document)
