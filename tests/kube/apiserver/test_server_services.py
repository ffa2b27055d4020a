"""Which addresses and ports does a Service get as it is written, and which status may it have?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.errors import Refusal


def test_a_service_gets_an_address_of_the_upper_band(world: Any, service: Any) -> None:
    spec = world.server.create(service()).thing.spec
    assert spec["clusterIPs"] == [spec["clusterIP"]]
    assert 16 < int(spec["clusterIP"].rpartition(".")[2]) < 255
    assert (spec["ipFamilies"], spec["ipFamilyPolicy"]) == (["IPv4"], "SingleStack")


def test_an_address_is_not_given_twice(world: Any, service: Any) -> None:
    world.server.create(service("a", clusterIP="172.17.0.77"))
    refusal = world.refusal(world.server.create, service("b", clusterIP="172.17.0.77"))
    assert refusal.message == (
        'Service "b" is invalid: spec.clusterIPs: Invalid value: ["172.17.0.77"]: failed to allocate IP 172.17.0.77: '
        "provided IP is already allocated"
    )
    world.server.delete("Service", "default", "a")
    assert world.server.create(service("b", clusterIP="172.17.0.77")).verb == "created"


def test_a_full_network_says_so(make_world: Any, service: Any) -> None:
    world = make_world(service_network="172.17.0.0/29")
    for number in range(6):
        world.server.create(service(f"s{number}"))
    refusal = world.refusal(world.server.create, service("one-more"))
    assert (refusal.code, refusal.message) == (500, "Internal error occurred: failed to allocate a serviceIP: range is full")


def test_a_node_port_is_kept_by_an_update_and_free_after_a_change_of_type(world: Any, service: Any) -> None:
    world.server.apply(service(type="NodePort", ports=[{"port": 80, "nodePort": 30080}]))
    taken = world.refusal(world.server.create, service("b", type="NodePort", ports=[{"port": 1, "nodePort": 30080}]))
    assert taken.message.endswith("spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated")
    kept = world.server.replace(service(type="NodePort", ports=[{"port": 80, "targetPort": 5000}])).thing
    assert kept.spec["ports"][0]["nodePort"] == 30080
    plain = world.server.replace(service(ports=[{"port": 80, "nodePort": 30080}])).thing
    assert "nodePort" not in plain.spec["ports"][0]
    assert world.server.create(service("b", type="NodePort", ports=[{"port": 1, "nodePort": 30080}])).verb == "created"


def test_a_port_keeps_its_node_port_by_its_name(world: Any, service: Any) -> None:
    def node_ports(*ports: dict[str, Any]) -> list[int]:
        world.server.replace(service(type="NodePort", ports=list(ports)))
        return [port["nodePort"] for port in world.json("Service", "web")["spec"]["ports"]]

    world.server.create(service(type="NodePort"))
    (first,) = node_ports({"port": 80})
    assert node_ports({"port": 8080}) == [first], "one without a name too, whatever its number"
    (renamed,) = node_ports({"port": 8080, "name": "http"})
    assert renamed != first
    assert node_ports({"port": 90, "name": "http"}, {"port": 8080, "name": "web"})[0] == renamed


def test_a_balancer_of_local_traffic_gets_a_health_check_port(world: Any, service: Any) -> None:
    spec = world.server.create(service(type="LoadBalancer", externalTrafficPolicy="Local")).thing.spec
    ports = {spec["healthCheckNodePort"], spec["ports"][0]["nodePort"]}
    assert len(ports) == 2
    assert all(30_000 <= port <= 32_767 for port in ports)


def test_a_service_may_become_headless_never_but_may_turn_into_a_name_and_back(world: Any, service: Any) -> None:
    world.server.create(service())
    change = {"spec": {"type": "ExternalName", "externalName": "example.com"}}
    named = world.server.patch("Service", "default", "web", change).thing.spec
    assert "clusterIP" not in named
    assert "ipFamilies" not in named
    assert named["internalTrafficPolicy"] == "Cluster", "kept, as it comes from no pool"
    assert world.server.replace(service()).thing.spec["clusterIP"].startswith("172.17.0.")


def test_the_status_of_a_load_balancer_is_checked_and_filled_in(world: Any, service: Any) -> None:
    def told(*ingress: dict[str, Any]) -> Any:
        return world.server.patch("Service", "default", "web", {"status": {"loadBalancer": {"ingress": list(ingress)}}}, "merge", "status")

    world.server.create(service(type="LoadBalancer", loadBalancerClass="example.com/mine"))
    assert told({"ip": "9.9.9.9"}).thing.status["loadBalancer"]["ingress"] == [{"ip": "9.9.9.9", "ipMode": "VIP"}]
    with pytest.raises(Refusal) as refused:
        told({"ip": "9.9.9", "ipMode": "Foo"}, {"hostname": "1.2.3.4", "ipMode": "VIP"})
    assert [(each.field.removeprefix("status.loadBalancer.ingress"), each.message) for each in refused.value.causes] == [
        ("[0].ip", 'Invalid value: "9.9.9": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
        ("[0].ipMode", 'Unsupported value: "Foo": supported values: "Proxy", "VIP"'),
        ("[1].ipMode", "Forbidden: may not be specified when `ip` is not set"),
        ("[1].hostname", 'Invalid value: "1.2.3.4": must be a DNS name, not an IP address'),
    ]
    assert world.server.replace(service(type="NodePort")).thing.status["loadBalancer"] == {}, "gone with the type"
    with pytest.raises(Refusal, match=r"may only be used when `spec\.type` is 'LoadBalancer'"):
        told({"ip": "9.9.9.9"})
