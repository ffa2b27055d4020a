"""What do Nodes and their zones do to EndpointSlices?  (pkg/controller/endpointslice, topologycache)"""

from collections import Counter

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod, PodState
from playground.kube.controllers.endpointslice import EndpointSliceController
from tests.kube.controllers.slicesworld import LABELS, NETWORK, bare, running, slices, writes
from tests.kube.world import World


def test_a_service_that_asks_for_topology_aware_routing_has_hints_in_proportion_to_cpus():
    world = bare(0, nodes=2)
    for name, where in (("node-a", "zone-a"), ("node-b", "zone-b")):
        node = world.get("Node", name)
        world.store.replace(node, labels={**node.labels, "topology.kubernetes.io/zone": where})
    for number in range(4):
        running(world, number, node="node-b" if number else "node-a")
    asked = world.store.replace(world.get("Service", "web"), annotations={"service.kubernetes.io/topology-mode": "Auto"})
    world.run(0.1)
    (only,) = slices(world)
    assert sorted((each.zone, *each.for_zones) for each in only.endpoints) == [
        ("zone-a", "zone-a"), ("zone-b", "zone-a"), ("zone-b", "zone-b"), ("zone-b", "zone-b"),
    ]  # fmt: skip
    world.store.replace(asked, annotations={})
    world.run(0.1)
    assert {each.for_zones for each in slices(world)[0].endpoints} == {()}


def spread(known):
    """Pods on three Nodes in zones of their own, one, three and two; the controller knows these distributions."""
    machinery = Machinery(NETWORK)
    EndpointSliceController(machinery, distributions=known)
    for name in "abc":
        status = {"conditions": [{"type": "Ready", "status": "True"}], "allocatable": {"cpu": "100m"}}
        labels = {"topology.kubernetes.io/zone": f"zone-{name}"}
        machinery.store.create(Object("Node", "", f"node-{name}", name, 0, 0, labels=labels, status=status))
    for number, name in enumerate("abbbcc"):
        state = PodState(phase="Running", ready=True)
        pod = Pod(
            "Pod", "default", f"p{number}", f"p{number}", 0, 0, labels=LABELS, node=f"node-{name}", ip=f"10.1.0.{number}", state=state
        )
        machinery.store.create(pod)
    return machinery


OLDER, NEWER = ("PreferClose",), ("PreferClose", "PreferSameZone", "PreferSameNode")
HINTED = {
    # the distribution, the annotation, which distributions are known; endpoints meant for each zone, for each Node, for a zone that is not theirs
    "topology-aware routing comes before a distribution": ("PreferClose", "Auto", OLDER, {"zone-a": 2, "zone-b": 2, "zone-c": 2}, {}, 1),
    "a distribution where that is off": (
        "PreferSameNode",
        "Disabled",
        NEWER,
        {"zone-a": 1, "zone-b": 3, "zone-c": 2},
        {"node-a": 1, "node-b": 3, "node-c": 2},
        0,
    ),
    "a distribution that is not known yet": ("PreferSameZone", "Disabled", OLDER, {}, {}, 0),
}


@pytest.mark.parametrize("case", HINTED)
def test_hints_of(case):
    distribution, annotation, known, zones, nodes, elsewhere = HINTED[case]
    machinery = spread(known)
    spec = {"clusterIP": "172.17.0.9", "ports": [{"port": 80}], "selector": LABELS, "trafficDistribution": distribution}
    asked = {"service.kubernetes.io/topology-aware-hints": annotation}
    machinery.store.create(Object("Service", "default", "web", "u", 0, 0, annotations=asked, spec=spec))
    machinery.clock.run_until(1_000_000)
    found = [endpoint for piece in machinery.store.list("EndpointSlice") for endpoint in piece.endpoints]
    assert len(found) == 6
    assert Counter(name for each in found for name in each.for_zones) == zones
    assert Counter(name for each in found for name in each.for_nodes) == nodes
    assert sum(bool(each.for_zones) and each.zone not in each.for_zones for each in found) == elsewhere


def test_a_pod_whose_node_is_missing_is_no_endpoint_until_it_comes():
    world = World(1, NETWORK)
    world.service()
    running(world, 0)
    running(world, 1, node="node-b")
    world.run(0.1)
    assert list(world.endpoints()) == ["pod0000"]
    world.run(1.5)
    told = [each.message for each in world.machinery.events if getattr(each, "reason", "") == "FailedToUpdateEndpointSlices"]
    why = "Error updating Endpoint Slices for Service default/web: skipping Pod pod0001 for Service default/web: Node node-b Not Found"
    assert told == [why] * 2
    world.store.create(Object("Node", "", "node-b", "n", 0, 0, status={"conditions": [{"type": "Ready", "status": "True"}]}))
    world.run(0.1)
    assert list(world.endpoints()) == ["pod0000"], "it is looked for again after 1, 2, 4, ... seconds"
    world.run(2)
    assert sorted(world.endpoints()) == ["pod0000", "pod0001"]


def test_a_pod_whose_node_is_missing_is_published_anyhow_if_asked():
    world = World(1, NETWORK)
    world.service(publishNotReadyAddresses=True)
    running(world, 1, node="node-b")
    world.run(0.1)
    assert list(world.endpoints()) == ["pod0001"]


def test_endpoints_of_a_node_that_is_deleted_stay_until_their_service_is_looked_at_for_another_reason():
    """Else a learner would think that deleting a Node takes its Pods out of their Services at once."""
    world = bare(2)
    world.store.remove(world.get("Node", "node-a"))
    world.run(0.1)
    assert len(world.endpoints()) == 2
    world.store.remove(world.get("Pod", "pod0000"))
    world.run(0.1)
    assert world.endpoints() == {}
    assert writes(world) == ["update"]


def test_they_stay_if_they_are_published_anyhow():
    world = bare(2, publishNotReadyAddresses=True)
    world.store.remove(world.get("Node", "node-a"))
    world.run(0.1)
    assert len(world.endpoints()) == 2
    assert writes(world) == []


def test_the_zone_of_a_node_shows_in_its_endpoints_when_their_service_is_next_looked_at():
    """Else a learner would think that a label on a Node changes where requests go, with nothing else happening (kubernetes#123401)."""
    world = bare(2)
    node = world.get("Node", "node-a")
    world.store.replace(node, labels={**node.labels, "topology.kubernetes.io/zone": "west"})
    world.run(0.1)
    assert world.endpoints()["pod0000"].zone == ""
    pod = world.get("Pod", "pod0001")
    world.store.replace(pod, state=replace(pod.state, ready=False))
    world.run(0.1)
    assert world.endpoints()["pod0000"].zone == "west"
