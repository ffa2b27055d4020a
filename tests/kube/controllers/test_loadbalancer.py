"""When a Service of type LoadBalancer gets an address, and when it gives it back.

Source: staging/src/k8s.io/cloud-provider/controllers/service/controller.go.
"""

from __future__ import annotations

import pytest

from playground.kube.apiserver.deletion import delete
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
