"""What moves an object's generation, and what of it stays as it was?"""

from __future__ import annotations

from typing import Any


def test_the_generation_counts_changes_of_the_spec_only(world: Any, workload: Any) -> None:
    world.server.create(workload())
    world.server.patch("Deployment", "", "web", {"metadata": {"labels": {"a": "b"}}})
    assert world.json("Deployment", "web")["metadata"]["generation"] == 1
    world.server.patch("Deployment", "", "web", {"spec": {"replicas": 2}})
    assert world.json("Deployment", "web")["metadata"]["generation"] == 2


def test_a_pod_that_names_its_node_gets_its_zone_too(world: Any, pod: Any) -> None:
    """Else a learner would think that a selector by zone cannot find a Pod that names its Node itself."""
    labels = {"topology.kubernetes.io/zone": "one", "topology.kubernetes.io/region": "here"}
    world.server.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a", "labels": {**labels, "disk": "ssd"}}})
    assert world.server.create(pod(nodeName="node-a")).thing.labels == labels
    assert world.server.create(pod("other", nodeName="node-b")).thing.labels == {}


def test_the_generation_of_a_slice_counts_changes_of_its_ports_and_labels(world: Any) -> None:
    """Else a learner would think that only the endpoints of an EndpointSlice count as a change of it."""
    document = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "s"},
        "addressType": "IPv4",
        "endpoints": [],
    }
    seen = []
    for more in (
        {},
        {"ports": [{"port": 80}]},
        {"metadata": {"name": "s", "labels": {"a": "b"}}},
        {"metadata": {"name": "s", "annotations": {"a": "b"}}},
    ):
        document |= more
        world.server.apply(document)
        seen.append(world.json("EndpointSlice", "s")["metadata"]["generation"])
    assert seen == [1, 2, 3, 4]  # The last takes the label away again.
    world.server.patch("EndpointSlice", "default", "s", {"metadata": {"annotations": {"c": "d"}}})
    assert world.json("EndpointSlice", "s")["metadata"]["generation"] == 4


def test_the_generation_counts_changes_of_a_deployments_annotations(world: Any, workload: Any) -> None:
    """Else it was a riddle why observedGeneration moves when nothing but a change-cause is written."""
    world.server.create(workload())
    world.server.patch("Deployment", "", "web", {"metadata": {"annotations": {"kubernetes.io/change-cause": "b"}}})
    assert world.json("Deployment", "web")["metadata"]["generation"] == 2


def test_an_object_that_is_to_go_and_waits_has_a_new_generation(world: Any, pod: Any) -> None:
    """It is asked for something else now, which a controller may have seen or not."""
    made = world.server.create(pod()).thing
    world.store.replace(made, node="node-a")
    for _ in range(2):
        world.server.delete("Pod", "", "client", grace=3)
        assert world.json("Pod", "client")["metadata"]["generation"] == 2


def test_what_is_equal_stays_the_same_value(world: Any, workload: Any) -> None:
    made = world.server.create(workload()).thing
    changed = world.server.patch("Deployment", "", "web", {"metadata": {"labels": {"a": "b"}}}).thing
    assert changed.spec is made.spec
