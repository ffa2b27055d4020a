"""How a Service's slices follow its Pods (k8s.io/endpointslice reconciler_test.go), in our own words."""

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint, EndpointSlice, Object, Pod
from playground.kube.controllers.endpointslice import EndpointSliceController
from playground.kube.controllers.slicing import MANAGED_BY, MANAGER, SERVICE_NAME
from playground.kube.controllers.triggertimes import TRIGGERED
from tests.kube.controllers.slicesworld import LABELS, NETWORK, bare, lengths, running, slices, writes
from tests.kube.world import World, pod_spec


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
