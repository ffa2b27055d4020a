"""How a Service's slices follow its Pods (k8s.io/endpointslice reconciler_test.go), in our own words."""

from collections import Counter

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint, EndpointSlice, Object, Pod, PodState
from playground.kube.controllers.endpointslice import EndpointSliceController
from playground.kube.controllers.slicing import MANAGED_BY, MANAGER, SERVICE_NAME
from playground.kube.controllers.triggertimes import TRIGGERED
from playground.kube.events import Changed
from playground.kube.settings import ClusterSettings
from tests.kube.world import World, pod_spec

LABELS = {"app": "web"}
NETWORK = ClusterSettings(pod_network="10.0.0.0/8", node_prefix=16)


def bare(count=0, nodes=1, **service):
    """A Service and Pods that run already, without controllers between them."""
    world = World(nodes, NETWORK)
    world.service(**service)
    for number in range(count):
        running(world, number)
    world.run(0.1)
    world.machinery.events.clear()
    return world


def running(world, number, ready=True, node="node-a", **more):
    state = PodState(phase="Running", ready=ready, started=0)
    return world.pod(f"pod{number:04}", labels=LABELS, node=node, ip=f"10.1.{number // 250}.{number % 250 + 2}", state=state, **more)


def slices(world, service="web"):
    return world.store.find(world.machinery.slices_by_service, ("default", service))


def lengths(world):
    return sorted((len(each.endpoints) for each in slices(world)), reverse=True)


def writes(world):
    """What was done to EndpointSlices since the last look, in any order."""
    changes = [event for event in world.machinery.events if isinstance(event, Changed) and (event.new or event.old).kind == "EndpointSlice"]
    world.machinery.events.clear()
    return sorted("create" if change.old is None else "delete" if change.new is None else "update" for change in changes)


def test_a_service_without_pods_has_one_empty_slice():
    world = bare()
    (only,) = slices(world)
    assert (only.endpoints, only.ports, only.address_type) == ((), (), "IPv4")
    assert only.labels == {SERVICE_NAME: "web", MANAGED_BY: MANAGER}
    assert only.name.startswith("web-")
    assert only.meta["generateName"] == "web-"
    assert [(owner.kind, owner.name, owner.controller) for owner in only.owners] == [("Service", "web", True)]
    assert only.annotations == {TRIGGERED: "2023-11-14T22:13:20Z"}


def test_each_address_family_has_slices_of_its_own():
    world = bare(ipFamilies=["IPv4", "IPv6"])
    running(world, 1, other_ip="fd00::1")
    running(world, 2)
    world.run(0.1)
    found = {each.address_type: [endpoint.ip for endpoint in each.endpoints] for each in slices(world)}
    assert found == {"IPv4": ["10.1.0.3", "10.1.0.4"], "IPv6": ["fd00::1"]}
    world.edit(world.get("Service", "web"), ipFamilies=["IPv4"])
    world.run(0.1)
    assert [each.address_type for each in slices(world)] == ["IPv4"]


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


def test_a_slice_holds_as_many_endpoints_as_the_controller_was_told():
    machinery = Machinery(NETWORK)
    EndpointSliceController(machinery, 50)
    made = Object("Service", "default", "web", "u", 0, 0, spec={"clusterIP": "172.17.0.9", "ports": [{"port": 80}], "selector": LABELS})
    machinery.store.create(Object("Node", "", "node-a", "n", 0, 0))
    machinery.store.create(made)
    for number in range(60):
        machinery.store.create(Pod("Pod", "default", f"p{number}", f"p{number}", 0, 0, labels=LABELS, node="node-a", ip=f"10.1.0.{number}"))
    machinery.clock.run_until(1_000_000)
    assert sorted(len(each.endpoints) for each in machinery.store.list("EndpointSlice")) == [10, 50]


@pytest.mark.parametrize(("most", "expected"), [(50, [50] * 5), (150, [150, 100]), (500, [250])])
def test_250_pods_in_slices_of(most, expected):
    machinery = Machinery(NETWORK)
    EndpointSliceController(machinery, most)
    machinery.store.create(Object("Node", "", "node-a", "n", 0, 0))
    for number in range(250):
        ip = f"10.1.{number // 250}.{number % 250}"
        machinery.store.create(Pod("Pod", "default", f"p{number}", f"p{number}", 0, 0, labels=LABELS, node="node-a", ip=ip))
    spec = {"clusterIP": "172.17.0.9", "ports": [{"port": 80}], "selector": LABELS}
    machinery.store.create(Object("Service", "default", "web", "u", 0, 0, spec=spec))
    machinery.clock.run_until(1_000_000)
    assert sorted((len(each.endpoints) for each in machinery.store.list("EndpointSlice")), reverse=True) == expected


NEW = {
    "a Service without labels": ({}, {}),
    "one that would like to hijack slices": ({"labels": {SERVICE_NAME: "bad", MANAGED_BY: "actor", "foo": "bar"}}, {"foo": "bar"}),
    "one with annotations, which stay its own": ({"annotations": {"foo": "bar"}}, {}),
}


@pytest.mark.parametrize("case", NEW)
def test_a_new_slice_of(case):
    told, labels = NEW[case]
    world = World(1, NETWORK)
    world.put("Service", "foo", {"clusterIP": "1.1.1.1", "ports": [{"port": 80}], "selector": LABELS}, "test", **told)
    world.run(0.1)
    (only,) = world.store.find(world.machinery.slices_by_service, ("test", "foo"))
    assert (only.namespace, only.meta["generateName"], only.annotations) == ("test", "foo-", {TRIGGERED: "2023-11-14T22:13:20Z"})
    assert only.labels == {SERVICE_NAME: "foo", MANAGED_BY: MANAGER, **labels}
    assert [(owner.kind, owner.name, owner.controller) for owner in only.owners] == [("Service", "foo", True)]


DUAL = {
    "a Service that says no family: that of its address": ({"clusterIP": "10.0.0.10"}, {"IPv4": "10.1.0.3"}),
    "a Service of IPv6": ({"ipFamilies": ["IPv6"], "clusterIP": "1234::def1"}, {"IPv6": "1234::5678:0:0:9abc:def0"}),
    "a Service of both": (
        {"ipFamilies": ["IPv4", "IPv6"], "clusterIP": "10.0.0.10"},
        {"IPv4": "10.1.0.3", "IPv6": "1234::5678:0:0:9abc:def0"},
    ),
}


@pytest.mark.parametrize("case", DUAL)
def test_a_pod_of_two_families_behind(case):
    spec, expected = DUAL[case]
    world = bare(**spec)
    node = world.get("Node", "node-a")
    world.store.replace(node, labels={**node.labels, "topology.kubernetes.io/zone": "us-central1-a"})
    running(world, 1, other_ip="1234::5678:0:0:9abc:def0", spec=pod_spec(hostname="without-a-subdomain"))
    world.run(0.1)
    assert {each.address_type: each.endpoints[0].ip for each in slices(world)} == expected
    for piece in slices(world):
        (only,) = piece.endpoints
        assert (only.ready, only.serving, only.terminating) == (True, True, False)
        assert (only.node, only.zone, only.pod, only.hostname) == ("node-a", "us-central1-a", "pod0001", "")
        assert piece.labels == {SERVICE_NAME: "web", MANAGED_BY: MANAGER}
        assert piece.name.startswith("web")


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


def test_the_first_pod_takes_the_place_of_the_empty_slice():
    world = bare()
    running(world, 1)
    world.run(0.1)
    assert writes(world) == ["update"]
    (only,) = slices(world)
    assert [each.pod for each in only.endpoints] == ["pod0001"]
    assert [(each.name, each.port, each.protocol) for each in only.ports] == [("", 5000, "TCP")]


def test_the_last_pod_leaves_an_empty_slice_behind():
    world = bare(1)
    name = slices(world)[0].name
    delete(world.machinery, world.get("Pod", "pod0000"), 0)
    world.run(0.1)
    assert writes(world) == ["update"]
    assert [(each.name, each.endpoints, each.ports) for each in slices(world)] == [(name, (), ())]


def test_250_pods_are_100_and_100_and_50():
    world = World(1, NETWORK)
    for number in range(250):
        running(world, number, ready=number % 3 != 0)
    world.service()
    world.run(0.1)
    assert writes(world) == ["create"] * 3
    assert lengths(world) == [100, 100, 50]
    assert sum(bool(each.ready) for each in world.endpoints().values()) == 166


def test_published_though_not_ready():
    world = World(1, NETWORK)
    for number in range(50):
        running(world, number, ready=number % 3 != 0)
    world.service(publishNotReadyAddresses=True)
    world.run(0.1)
    assert all(each.ready for each in world.endpoints().values())
    assert sum(bool(each.serving) for each in world.endpoints().values()) == 33


def test_a_second_look_writes_nothing():
    world = bare(120)
    service = world.get("Service", "web")
    world.store.replace(service, spec={**service.spec, "sessionAffinity": "ClientIP"})
    world.run(0.1)
    assert writes(world) == []


def test_one_pod_that_changes_touches_one_slice():
    world = bare(250)
    pod = world.get("Pod", "pod0042")
    world.store.replace(pod, state=replace(pod.state, ready=False))
    world.run(0.1)
    assert writes(world) == ["update"]
    assert world.endpoints()["pod0042"].ready is False


def test_a_pod_that_goes_leaves_a_gap_which_the_next_fills():
    world = bare(250)
    delete(world.machinery, world.get("Pod", "pod0042"), 0)
    world.run(0.1)
    assert lengths(world) == [100, 99, 50]
    running(world, 300)
    world.run(0.1)
    assert writes(world) == ["update", "update"]
    assert lengths(world) == [100, 100, 50]


def test_a_new_target_port_updates_the_slices_in_place():
    world = bare(250)
    names = [each.name for each in slices(world)]
    world.edit(world.get("Service", "web"), ports=[{"port": 80, "protocol": "TCP", "targetPort": 81}])
    world.run(0.1)
    assert writes(world) == ["update"] * 3
    assert [each.name for each in slices(world)] == names
    assert {each.ports[0].port for each in slices(world)} == {81}


def test_new_labels_of_the_service_update_its_slices():
    world = bare(150)
    world.store.replace(world.get("Service", "web"), labels={"tier": "front"})
    world.run(0.1)
    assert writes(world) == ["update"] * 2
    assert all(each.labels["tier"] == "front" for each in slices(world))


def test_a_named_target_port_is_resolved_for_each_pod():
    world = World(1, NETWORK)
    world.service(ports=[{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"}])
    for number in range(6):
        running(world, number, spec=pod_spec(ports=[{"name": "http", "containerPort": 8080 + number % 3}]))
    running(world, 7, spec=pod_spec(ports=[]))
    world.run(0.1)
    assert sorted((tuple(port.port for port in each.ports), len(each.endpoints)) for each in slices(world)) == [
        ((), 1),
        ((8080,), 2),
        ((8081,), 2),
        ((8082,), 2),
    ]


def test_a_headless_service_without_ports_has_a_slice_without_ports():
    world = World(1, NETWORK)
    world.service(clusterIP="None", ports=[], ipFamilies=["IPv4"])
    running(world, 1)
    world.run(0.1)
    (only,) = slices(world)
    assert only.ports == ()
    assert len(only.endpoints) == 1
    assert only.labels["service.kubernetes.io/headless"] == ""
    writes(world)
    world.edit(world.get("Service", "web"), sessionAffinity="None")
    world.run(0.1)
    assert writes(world) == []


def test_labels_are_read_live():
    world = bare(2)
    world.store.replace(world.get("Pod", "pod0000"), labels={"app": "other"})
    world.run(0.1)
    assert list(world.endpoints()) == ["pod0001"]
    world.store.replace(world.get("Pod", "pod0000"), labels=LABELS)
    world.run(0.1)
    assert sorted(world.endpoints()) == ["pod0000", "pod0001"]


def test_a_changed_selector_is_followed():
    world = bare(2)
    world.store.replace(world.get("Pod", "pod0000"), labels={"app": "web", "track": "new"})
    world.edit(world.get("Service", "web"), selector={"app": "web", "track": "new"})
    world.run(0.1)
    assert list(world.endpoints()) == ["pod0000"]


UNSERVED = {"no selector": {"selector": None}, "an external name": {"type": "ExternalName"}}


def test_an_empty_selector_which_the_api_server_never_stores_selects_every_pod():
    world = bare(2)
    world.edit(world.get("Service", "web"), selector={})
    world.run(0.1)
    assert list(world.endpoints()) == ["pod0000", "pod0001"]


@pytest.mark.parametrize("case", UNSERVED)
def test_a_service_is_left_alone_with(case):
    world = World(1, NETWORK)
    service = world.get("Service", world.service().name)
    world.edit(service, **UNSERVED[case])
    mine = EndpointSlice("EndpointSlice", "default", "mine", "u", 0, 0, labels={SERVICE_NAME: "web"}, endpoints=(Endpoint("1.2.3.4"),))
    world.store.create(mine)
    running(world, 1)
    world.run(1)
    assert [each.name for each in slices(world)] == ["mine"]
    assert world.get("Endpoints", "web") is None


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


def test_slices_of_an_earlier_service_are_replaced():
    world = bare(1)
    old = slices(world)[0].name
    world.store.remove(world.get("Service", "web"))
    world.service()
    world.run(0.1)
    assert writes(world) == ["create", "delete"]
    assert slices(world)[0].name != old
    assert slices(world)[0].owners[0].uid == world.get("Service", "web").uid


def test_slices_of_another_address_type_are_replaced():
    world = World(1, NETWORK)
    service = world.service()
    world.run(0.1)
    world.store.replace(slices(world)[0], address_type="IP")
    world.run(2)
    assert [each.address_type for each in slices(world)] == ["IPv4"]
    assert slices(world)[0].owners[0].uid == service.uid


def test_all_slices_of_another_address_type_are_deleted_and_packed_anew():
    world = bare(130)
    for piece, size in zip(slices(world), (80, 50), strict=True):
        everyone = [endpoint for each in slices(world) for endpoint in each.endpoints]
        world.store.replace(piece, address_type="IP", endpoints=tuple(everyone[:size]))
    writes(world)
    world.run(2)
    assert writes(world) == ["create", "create", "delete", "delete"]
    assert lengths(world) == [100, 30]
    assert {each.address_type for each in slices(world)} == {"IPv4"}


def test_what_someone_else_changed_is_mended_after_a_second():
    world = bare(2)
    world.store.replace(slices(world)[0], endpoints=())
    world.run(0.5)
    assert world.endpoints() == {}
    world.run(1)
    assert len(world.endpoints()) == 2


def test_a_slice_that_someone_deleted_comes_back():
    world = bare(2)
    world.store.remove(slices(world)[0])
    world.run(2)
    assert len(world.endpoints()) == 2


@pytest.mark.parametrize("label", [MANAGED_BY, SERVICE_NAME])
def test_a_slice_that_lost_its_label_is_let_alone_and_another_one_made(label):
    """endpointslice_controller.go, onEndpointSliceUpdate."""
    world = bare(2)
    lost = slices(world)[0]
    world.store.replace(lost, labels={key: value for key, value in lost.labels.items() if key != label})
    world.run(2)
    (made,) = [each for each in slices(world) if each.name != lost.name]
    assert len(made.endpoints) == 2
    world.store.remove(world.get("Pod", "pod0000"))
    world.run(1)
    assert [len(world.get("EndpointSlice", name).endpoints) for name in (lost.name, made.name)] == [2, 1]


def test_the_older_list_moves_with_the_slices():
    world = bare(1)
    before = world.get("Endpoints", "web")
    assert before.slices == (slices(world)[0].name,)
    pod = world.get("Pod", "pod0000")
    world.store.replace(pod, state=replace(pod.state, ready=False))
    world.run(0.1)
    assert world.get("Endpoints", "web").version > before.version
    world.store.remove(world.get("Service", "web"))
    world.run(0.1)
    assert world.get("Endpoints", "web") is None
    assert slices(world) == []


def test_a_slice_counts_what_becomes_of_its_endpoints_and_not_of_its_annotations():
    """Else a learner would think that a slice which stays at generation 1 never changed (strategy.go, PrepareForUpdate)."""
    world = bare(1)
    (only,) = slices(world)
    assert only.meta["generation"] == 1
    running(world, 1)
    world.run(0.1)
    (only,) = slices(world)
    assert only.meta["generation"] == 2
    world.store.replace(only, annotations={**only.annotations, "note": "mine"})
    world.run(2)
    assert [each.meta["generation"] for each in slices(world)] == [2]
