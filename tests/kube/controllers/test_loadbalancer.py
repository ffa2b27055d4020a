"""When a Service of type LoadBalancer gets an address, and when it gives it back.

Source: staging/src/k8s.io/cloud-provider/controllers/service/controller.go.
"""

from __future__ import annotations

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.events import Recorded
from playground.kube.settings import ClusterSettings, LoadBalancers
from tests.kube.world import World

PENDING = {"loadBalancer": {}}


def world(**cloud):
    return World(nodes=1, settings=ClusterSettings(load_balancers=LoadBalancers(**cloud)))


def balanced(made, name="web", **spec):
    return made.put("Service", name, {"type": "LoadBalancer", "clusterIP": "172.17.0.9", "ports": [], **spec}, status=PENDING)


def ingress(made, name="web"):
    return made.get("Service", name).status["loadBalancer"].get("ingress", [])


def reasons(made):
    return [each.rest["reason"] for each in made.machinery.recorder.objects() if each.rest["involvedObject"]["kind"] == "Service"]


def test_its_address_comes_after_the_time_that_the_cloud_takes():
    made = world(delay=5)
    balanced(made)
    made.run(4.9)
    assert ingress(made) == []
    made.run(0.2)
    assert ingress(made) == [{"ip": "198.51.100.1", "ipMode": "VIP"}]
    assert reasons(made) == ["EnsuringLoadBalancer", "EnsuredLoadBalancer"]


def test_without_a_cloud_it_stays_pending():
    made = world(network="")
    balanced(made)
    made.run(600)
    assert ingress(made) == []
    assert reasons(made) == []


def test_one_of_another_class_is_left_to_another_controller():
    made = world()
    balanced(made, loadBalancerClass="example.com/other")
    made.run(60)
    assert ingress(made) == []
    assert "finalizers" not in made.get("Service", "web").meta


def test_the_cloud_says_how_its_balancers_pass_packets_on():
    made = world(mode="Proxy")
    balanced(made)
    made.run(6)
    assert ingress(made) == [{"ip": "198.51.100.1", "ipMode": "Proxy"}]


def test_every_service_has_an_address_of_its_own():
    made = world()
    balanced(made, "one")
    balanced(made, "two")
    made.run(6)
    assert [ingress(made, name)[0]["ip"] for name in ("one", "two")] == ["198.51.100.1", "198.51.100.2"]


def test_an_address_that_is_asked_for_is_given_if_it_is_free():
    made = world()
    balanced(made, "one", loadBalancerIP="198.51.100.77")
    made.run(6)
    balanced(made, "two", loadBalancerIP="198.51.100.77")
    made.run(6)
    assert ingress(made, "one")[0]["ip"] == "198.51.100.77"
    assert ingress(made, "two") == []
    assert reasons(made)[-1] == "SyncLoadBalancerFailed"


@pytest.mark.parametrize("asked", ["lb.example.com", "198.51.100", "198.51.100.77/32", "2001:db8::1%eth0"])
def test_what_is_asked_for_and_is_no_address_cannot_be_given(asked):
    made = world()
    balanced(made, loadBalancerIP=asked)
    made.run(20)
    assert ingress(made) == []
    assert reasons(made)[-1] == "SyncLoadBalancerFailed"


def test_with_no_address_left_it_is_tried_again():
    made = world(network="198.51.100.0/30")
    for name in ("one", "two", "three"):
        balanced(made, name)
    made.run(6)
    assert ingress(made, "three") == []
    delete(made.machinery, made.get("Service", "one"))
    made.run(6)
    assert ingress(made, "three")[0]["ip"] == "198.51.100.1"


def test_a_deleted_service_goes_when_its_load_balancer_is_gone():
    made = world()
    balanced(made)
    made.run(6)
    delete(made.machinery, made.get("Service", "web"))
    assert made.get("Service", "web").deleting is not None
    made.run(1)
    assert made.get("Service", "web") is None
    assert reasons(made)[-2:] == ["DeletingLoadBalancer", "DeletedLoadBalancer"]


@pytest.mark.parametrize("waited", [1, 6])
def test_a_service_of_another_type_now_gives_its_address_back(waited):
    made = world()
    service = balanced(made)
    made.run(waited)
    service = made.get("Service", "web")
    made.store.replace(service, spec={**service.spec, "type": "ClusterIP"})
    made.run(10)
    assert ingress(made) == []
    assert "finalizers" not in made.get("Service", "web").meta


def test_a_load_balancer_that_was_being_made_is_made_after_a_restore():
    made = world()
    balanced(made)
    made.run(2)
    again = made.copy()
    again.run(4)
    assert ingress(again) == [{"ip": "198.51.100.1", "ipMode": "VIP"}]


ENSURED = [("EnsuringLoadBalancer", "Ensuring load balancer"), ("EnsuredLoadBalancer", "Ensured load balancer")]


def told(made, seconds=20):
    """What is said of Services since the last call, and in this time."""
    made.run(seconds)
    return [(each.reason, each.message) for each in made.events() if isinstance(each, Recorded) and each.kind == "Service"]


def ensured(delay=5, **spec):
    made = world(delay=delay)
    balanced(made, **spec)
    assert told(made) == ENSURED
    return made


CHANGES = {
    "another policy": (
        {"externalTrafficPolicy": "Cluster"},
        {"externalTrafficPolicy": "Local"},
        ("ExternalTrafficPolicy", "Cluster -> Local"),
    ),
    "source ranges": (
        {},
        {"loadBalancerSourceRanges": ["10.0.0.0/8", "1.2.3.0/24"]},
        ("LoadBalancerSourceRanges", "[] -> [10.0.0.0/8 1.2.3.0/24]"),
    ),
    "more external addresses": ({}, {"externalIPs": ["1.2.3.4"]}, ("ExternalIP", "Count: 0 -> 1")),
    "another external address": ({"externalIPs": ["1.2.3.4"]}, {"externalIPs": ["1.2.3.5"]}, ("ExternalIP", "Added: 1.2.3.5")),
    "an address that is asked for": ({}, {"loadBalancerIP": "198.51.100.9"}, ("LoadbalancerIP", " -> 198.51.100.9")),
    "a health check port": ({}, {"healthCheckNodePort": 30001}, ("HealthCheckNodePort", "0 -> 30001")),
    "two families": ({"ipFamilies": ["IPv4"]}, {"ipFamilies": ["IPv4", "IPv6"]}, ("IPFamilies", "Count: 1 -> 2")),
    "ports, of which no event tells": ({}, {"ports": [{"port": 81}]}, None),
    "affinity, of which no event tells": ({}, {"sessionAffinity": "ClientIP"}, None),
}


@pytest.mark.parametrize(("before", "after", "event"), CHANGES.values(), ids=CHANGES)
def test_a_change_that_concerns_the_load_balancer_is_told_and_ensured(before, after, event):
    """Wrong lesson: the cloud hears nothing of a Service that changes after its load balancer was made."""
    made = ensured(**before)
    made.edit(made.get("Service", "web"), **after)
    assert told(made) == [*([event] if event else []), *ENSURED]


def test_a_change_that_does_not_concern_the_load_balancer_is_not_told():
    made = ensured()
    made.edit(made.get("Service", "web"), selector={"app": "other"})
    assert told(made) == []


def test_changes_while_it_is_being_made_are_ensured_when_it_is_there():
    made = world(delay=5)
    balanced(made)
    made.run(1)
    made.edit(made.get("Service", "web"), sessionAffinity="ClientIP")
    assert told(made, 5) == [*ENSURED, ENSURED[0]]
    assert told(made, 5) == [ENSURED[1]]


def test_a_service_that_becomes_one_and_stops_to_be_one_says_so():
    """Wrong lesson: only the load balancer's own events tell that a Service is of another type."""
    made = world(delay=5)
    made.put("Service", "web", {"type": "ClusterIP", "clusterIP": "172.17.0.9", "ports": []}, status=PENDING)
    made.run(1)
    made.edit(made.get("Service", "web"), type="LoadBalancer")
    assert told(made) == [("Type", "ClusterIP -> LoadBalancer"), *ENSURED]
    made.edit(made.get("Service", "web"), type="NodePort")
    assert [reason for reason, _ in told(made)] == ["Type", "DeletingLoadBalancer", "DeletedLoadBalancer"]


def test_nodes_that_come_go_or_are_left_out_are_told_to_each_load_balancer():
    """Wrong lesson: a new Node gets requests from outside without anybody telling the load balancer."""
    made = ensured()
    updated = ("UpdatedLoadBalancer", "Updated load balancer with new hosts")
    made.kubelet.register("node-b", {})
    assert told(made) == [updated]
    node = made.get("Node", "node-b")
    made.store.replace(node, labels={**node.labels, "node.kubernetes.io/exclude-from-external-load-balancers": ""})
    assert told(made) == [updated]
    made.store.remove(made.get("Node", "node-b"))
    assert told(made) == []
    made.store.remove(made.get("Node", "node-a"))
    assert told(made) == [("UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer")]
