"""What a Pod is in an EndpointSlice (k8s.io/endpointslice utils_test.go, util/controller_utils_test.go), in our own words."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.objects import EndpointPort, Object, Pod, PodState
from playground.kube.controllers.slicing import (
    address_in,
    endpoint_of,
    families,
    find_port,
    follows,
    hostname_of,
    is_eligible,
    ports_of,
    slice_labels,
)

OWN = {"kubernetes.io/service-name": "foo", "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}
HEADLESS = {"service.kubernetes.io/headless": ""}


def service(name="foo", namespace="test", labels=None, **spec):
    return Object("Service", namespace, name, "s", 0, 0, labels=labels or {}, spec={"clusterIP": "1.1.1.1", **spec})


def pod(ready=True, deleting=None, ip="1.2.3.4", phase="Running", spec=None, namespace="test"):
    return Pod(
        "Pod",
        namespace,
        "pod1",
        "u",
        0,
        0,
        deleting=deleting,
        spec=spec or {},
        node="node-1",
        ip=ip,
        state=PodState(phase=phase, ready=ready),
    )


CONDITIONS = {
    # pod is ready, is terminating, Service publishes not ready: ready, serving, terminating
    "a ready Pod": ((True, False, False), (True, True, False)),
    "a Pod that is not ready": ((False, False, False), (False, False, False)),
    "a ready Pod that terminates": ((True, True, False), (False, True, True)),
    "a Pod that terminates and is not ready": ((False, True, False), (False, False, True)),
    "a ready Pod, published anyhow": ((True, False, True), (True, True, False)),
    "a Pod that is not ready, published anyhow": ((False, False, True), (True, False, False)),
    "a ready Pod that terminates, published anyhow": ((True, True, True), (True, True, True)),
    "a Pod that terminates and is not ready, published anyhow": ((False, True, True), (True, False, True)),
}


@pytest.mark.parametrize("case", CONDITIONS)
def test_conditions(case):
    (ready, terminating, published), expected = CONDITIONS[case]
    found = endpoint_of(service(publishNotReadyAddresses=published), pod(ready, 5 if terminating else None), None)
    assert (found.ready, found.serving, found.terminating) == expected


def test_an_endpoint_says_where_and_who():
    node = Object("Node", "", "node-1", "n", 0, 0, labels={"topology.kubernetes.io/zone": "us-central1-a"})
    found = endpoint_of(service(), pod(), node)
    assert (found.ip, found.node, found.zone, found.pod, found.uid, found.hostname) == (
        "1.2.3.4",
        "node-1",
        "us-central1-a",
        "pod1",
        "u",
        "",
    )
    assert endpoint_of(service(), pod(), None).zone == ""


ELIGIBLE = {
    "running": (pod(), True),
    "pending, with an address": (pod(phase="Pending"), True),
    "unknown": (pod(phase="Unknown"), True),
    "succeeded": (pod(phase="Succeeded"), False),
    "failed": (pod(phase="Failed"), False),
    "failed, though it always restarts": (pod(phase="Failed", spec={"restartPolicy": "Always"}), False),
    "without an address": (pod(ip=""), False),
    "terminating": (pod(deleting=5), True),
}


@pytest.mark.parametrize("case", ELIGIBLE)
def test_who_may_be_an_endpoint(case):
    made, expected = ELIGIBLE[case]
    assert is_eligible(made) is expected


def test_the_older_list_leaves_out_who_terminates():
    assert not is_eligible(pod(deleting=5), terminating=False)


HOSTNAMES = {
    "all matching": (("ns", "host", "svc"), ("ns", "svc"), "host"),
    "no hostname": (("ns", "", "svc"), ("ns", "svc"), ""),
    "another subdomain": (("ns", "host", "other"), ("ns", "svc"), ""),
    "another namespace": (("ns1", "host", "svc"), ("ns2", "svc"), ""),
}


@pytest.mark.parametrize("case", HOSTNAMES)
def test_hostnames(case):
    (namespace, hostname, subdomain), (other, name), expected = HOSTNAMES[case]
    made = pod(namespace=namespace, spec={"hostname": hostname, "subdomain": subdomain})
    assert hostname_of(service(name, other), made) == expected


def containers(*lists: list[tuple[str, int, str]], sidecars: Any = (), inits: Any = ()) -> dict[str, Any]:
    def made(ports: Any) -> dict[str, Any]:
        return {"ports": [{"name": name, "containerPort": number, "protocol": protocol} for name, number, protocol in ports]}

    return {
        "containers": [made(ports) for ports in lists],
        "initContainers": [*(made(ports) for ports in inits), *({**made(ports), "restartPolicy": "Always"} for ports in sidecars)],
    }


FOUND = {
    "a number needs no declared port": (containers(), 93, "TCP", 93),
    "a number is used though other ports are declared": (containers([("p", 11, "TCP")]), 93, "TCP", 93),
    "a name without any container": (containers(), "p", "TCP", None),
    "a name without ports": (containers([]), "p", "TCP", None),
    "a name in one container": (containers([("", 11, "UDP"), ("p", 22, "TCP"), ("q", 33, "TCP")]), "q", "TCP", 33),
    "a name in the second container": (containers([("p", 11, "UDP")], [("q", 22, "TCP")]), "q", "TCP", 22),
    "a name with another protocol": (containers([], [("a", 11, "UDP")]), "a", "TCP", None),
    "the same name under two protocols": (containers([("a", 11, "UDP"), ("a", 22, "TCP")]), "a", "TCP", 22),
    "the first of two wins": (containers([("a", 11, "TCP")], [("a", 22, "TCP")]), "a", "TCP", 11),
    "a sidecar's port": (containers([("b", 11, "TCP")], sidecars=[[("a", 80, "TCP")]]), "a", "TCP", 80),
    "a container's port before a sidecar's": (containers([("a", 8090, "TCP")], sidecars=[[("a", 8080, "TCP")]]), "a", "TCP", 8090),
    "a port on the host too": ({"containers": [{"ports": [{"name": "a", "containerPort": 11, "hostPort": 81}]}]}, "a", "TCP", 11),
    "not an init container's port": (containers([], inits=[[("a", 80, "TCP")]]), "a", "TCP", None),
}


@pytest.mark.parametrize("case", FOUND)
def test_finding_a_port(case):
    spec, target, protocol, expected = FOUND[case]
    assert find_port(spec, target, protocol) == expected


def port(name, target, protocol="TCP", **more):
    return {"name": name, "port": 80, "targetPort": target, "protocol": protocol, **more}


PORTS = {
    "appProtocol is carried over": (
        [port("http", 80, appProtocol="example.com/custom")],
        containers([]),
        [EndpointPort("http", 80, "TCP", "example.com/custom")],
    ),
    "several ports keep their names": (
        [port("a", 1), port("b", 2, "UDP")],
        containers([]),
        [EndpointPort("a", 1), EndpointPort("b", 2, "UDP")],
    ),
    "a name that the Pod lacks is left out": ([port("a", "web"), port("b", 2)], containers([]), [EndpointPort("b", 2)]),
    "names of a container and of its sidecar": (
        [port("side", 8080), port("http", "http")],
        containers([("http", 8090, "TCP")], sidecars=[[("side", 8080, "TCP")]]),
        [EndpointPort("side", 8080), EndpointPort("http", 8090)],
    ),
    "without a target the Service's own number": ([{"port": 81}], containers([]), [EndpointPort("", 81)]),
    "no ports at all": ([], containers([]), []),
}


@pytest.mark.parametrize("case", PORTS)
def test_the_ports_of_a_pod(case):
    ports, spec, expected = PORTS[case]
    assert list(ports_of(service(ports=ports), pod(spec=spec))) == expected


LABELS = {
    "a Service without labels": (service(), OWN),
    "its labels are copied": (service(labels={"foo": "bar"}), {**OWN, "foo": "bar"}),
    "headless": (service(clusterIP="None"), {**OWN, **HEADLESS}),
    "no address yet counts as headless": (service(clusterIP=""), {**OWN, **HEADLESS}),
    "headless, with labels": (service(clusterIP="None", labels={"foo": "bar"}), {**OWN, **HEADLESS, "foo": "bar"}),
    "a headless label of its own means nothing": (service(labels=HEADLESS), OWN),
    "reserved labels cannot be hijacked": (service(labels={**dict.fromkeys(OWN, "bad"), "foo": "bar"}), {**OWN, "foo": "bar"}),
}


@pytest.mark.parametrize("case", LABELS)
def test_labels_of_slices(case):
    made, expected = LABELS[case]
    assert slice_labels(made) == expected


HINTS = {
    "no distribution": (None, True, ((), ())),
    "PreferClose": ("PreferClose", True, (("west",), ())),
    "PreferSameZone": ("PreferSameZone", True, (("west",), ())),
    "PreferSameNode hints at both": ("PreferSameNode", True, (("west",), ("node-1",))),
    "not for one that is not ready": ("PreferSameZone", False, ((), ())),
}


@pytest.mark.parametrize("case", HINTS)
def test_hints(case):
    distribution, ready, expected = HINTS[case]
    node = Object("Node", "", "node-1", "n", 0, 0, labels={"topology.kubernetes.io/zone": "west"})
    found = endpoint_of(service(trafficDistribution=distribution), pod(ready), node)
    assert (found.for_zones, found.for_nodes) == expected


FAMILIES = {
    "what it says": ({"ipFamilies": ["IPv6", "IPv4"]}, ("IPv4", "IPv6")),
    "the one that it says": ({"ipFamilies": ["IPv4"]}, ("IPv4",)),
    "that of its address": ({"clusterIP": "fd00::1"}, ("IPv6",)),
    "what a headless one says": ({"clusterIP": "None", "ipFamilies": ["IPv4", "IPv6"]}, ("IPv4", "IPv6")),
    "both, if it is headless and says none": ({"clusterIP": "None"}, ("IPv4", "IPv6")),
}


@pytest.mark.parametrize("case", FAMILIES)
def test_the_address_families_of_a_service_are(case):
    spec, expected = FAMILIES[case]
    assert families(service(**spec)) == expected


def test_an_endpoint_has_the_pods_address_of_its_family():
    dual = replace(pod(), other_ip="fd00::4")
    assert [endpoint_of(service(), dual, None, family).ip for family in ("IPv4", "IPv6")] == ["1.2.3.4", "fd00::4"]
    assert [address_in(pod(), family) for family in ("IPv4", "IPv6")] == ["1.2.3.4", ""]


FOLLOWS = {
    "no labels at all": ({}, {}, True),
    "a label of the Service that the slice does not have": (OWN, {"a": "1"}, False),
    "a Service's label beside reserved ones": (OWN, {**dict.fromkeys(OWN, "bad"), "a": "1"}, False),
    "a label of the Service that says it is headless": ({}, HEADLESS, True),
    "and the slice says so": ({**OWN, **HEADLESS}, HEADLESS, True),
    "equal labels": ({"a": "1"}, {"a": "1"}, True),
    "a label that the Service does not have": ({**OWN, "a": "1"}, {}, False),
    "another value": ({"a": "1"}, {"a": "2"}, False),
    "only what the controller itself sets": ({**OWN, **HEADLESS}, {}, True),
    "a reserved label on the Service": (OWN, {"kubernetes.io/service-name": "bad"}, True),
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_labels_of_a_slice_follow_its_service(case):
    labels, own, expected = FOLLOWS[case]
    assert follows(labels, service(labels=own)) is expected


def test_a_distribution_that_is_not_known_gives_no_hints():
    node = Object("Node", "", "node-1", "n", 0, 0, labels={"topology.kubernetes.io/zone": "a"})
    near = service(trafficDistribution="PreferSameNode")
    assert endpoint_of(near, pod(), node).for_nodes == ("node-1",)
    assert endpoint_of(near, pod(), node, "IPv4", ("PreferClose",)).for_zones == ()


def test_the_topology_annotation_comes_before_a_distribution():
    """Else a learner who sets both would believe that trafficDistribution wins (endpointslice reconciler.go: hintsEnabled first)."""
    node = Object("Node", "", "node-1", "n", 0, 0, labels={"topology.kubernetes.io/zone": "a"})
    both = replace(service(trafficDistribution="PreferSameZone"), annotations={"service.kubernetes.io/topology-mode": "Auto"})
    assert endpoint_of(both, pod(), node).for_zones == ()
