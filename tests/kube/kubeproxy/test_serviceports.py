"""What kube-proxy reads from a Service."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import Object
from playground.kube.kubeproxy.serviceports import ServicePort, service_ports

PORTS = [{"name": "http", "port": 80}, {"name": "dns", "port": 53, "protocol": "UDP"}]


def service(spec: dict[str, Any], status: dict[str, Any] | None = None, **labels: str) -> Object:
    return Object(
        "Service", "ns", "svc", "u", 1, 0, labels=labels, spec={"clusterIP": "172.17.0.5", "ports": PORTS, **spec}, status=status or {}
    )


def test_each_port_is_one_service_port() -> None:
    assert [(port.name, port.key) for port in service_ports(service({}))] == [
        ("ns/svc:http", ("172.17.0.5", "TCP", 80)),
        ("ns/svc:dns", ("172.17.0.5", "UDP", 53)),
    ]


def test_an_unnamed_port_has_no_colon() -> None:
    (port,) = service_ports(service({"ports": [{"port": 80}]}))
    assert (port.name, port.service) == ("ns/svc", "ns/svc")


@pytest.mark.parametrize(
    "skipped",
    [
        service({"clusterIP": "None"}),
        service({"clusterIP": ""}),
        service({"type": "ExternalName"}),
        service({}, None, **{"service.kubernetes.io/service-proxy-name": "other"}),
        service({}, None, **{"service.kubernetes.io/headless": ""}),
    ],
    ids=["headless", "no address yet", "ExternalName, even with an address", "left to another proxy", "labelled headless"],
)
def test_not_proxied(skipped: Object) -> None:
    assert service_ports(skipped) == ()


VIP = {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}
PROXY = {"loadBalancer": {"ingress": [{"ip": "1.2.3.4", "ipMode": "Proxy"}]}}
HOSTNAME = {"loadBalancer": {"ingress": [{"hostname": "lb.example"}]}}
NODE_PORT = [{"port": 80, "nodePort": 30080}]
LOCAL = {"externalTrafficPolicy": "Local"}


@pytest.mark.parametrize(
    ("spec", "status", "uses_cluster", "uses_local"),
    [
        ({}, {}, True, False),
        ({"internalTrafficPolicy": "Local"}, {}, False, True),
        ({"internalTrafficPolicy": "Local", "type": "NodePort", "ports": NODE_PORT}, {}, True, True),
        ({"type": "NodePort", "ports": NODE_PORT, **LOCAL}, {}, True, True),
        ({**LOCAL}, {}, True, False),
        ({"externalIPs": ["192.168.99.1"], **LOCAL}, {}, True, True),
        ({"type": "LoadBalancer", **LOCAL}, VIP, True, True),
        ({"type": "LoadBalancer", **LOCAL}, PROXY, True, False),
        ({"type": "LoadBalancer", **LOCAL}, HOSTNAME, True, False),
    ],
    ids=[
        "a plain Service uses all endpoints",
        "internal Local uses this Node's alone",
        "internal Local with a node port uses both",
        "external Local uses both: all of them for senders inside",
        "external Local does not count for a plain Service",
        "external Local counts with an external address",
        "external Local counts with a load balancer's address",
        "but not if the load balancer keeps the address to itself",
        "nor if it has only a name",
    ],
)
def test_which_sets_it_uses(spec: dict[str, Any], status: dict[str, Any], uses_cluster: bool, uses_local: bool) -> None:
    port = service_ports(service(spec, status))[0]
    assert (port.uses_cluster, port.uses_local) == (uses_cluster, uses_local)


def first(spec: dict[str, Any], status: dict[str, Any] | None = None, family: str = "IPv4") -> ServicePort:
    return service_ports(service(spec, status), family)[0]


def test_addresses_outside_are_those_of_the_family_as_kubernetes_prints_them() -> None:
    ingress = [
        {"ip": "1.2.3.004"},
        {"ip": "5.6.7.8", "ipMode": "VIP"},
        {"ip": "9.9.9.9", "ipMode": "Proxy"},
        {"hostname": "lb"},
        {"ip": "2001:db8::9"},
    ]
    port = first({"externalIPs": ["192.168.099.022", "2001:db8::1"]}, {"loadBalancer": {"ingress": ingress}})
    assert (port.external_ips, port.load_balancer_ips) == (("192.168.99.22",), ("1.2.3.4", "5.6.7.8"))


def test_before_there_was_an_ip_mode_every_address_was_taken() -> None:
    (port, _) = service_ports(service({}, PROXY), ip_mode=False)
    assert port.load_balancer_ips == ("1.2.3.4",)


def test_source_ranges_of_the_other_family_do_not_count() -> None:
    port = first({"loadBalancerSourceRanges": [" 203.0.113.000/025", "2001:db8::/32"]}, VIP)
    assert port.source_ranges == ("203.0.113.0/25",)
    assert port.accepts("203.0.113.2", "")
    assert not port.accepts("203.0.113.130", "")
    assert first({"loadBalancerSourceRanges": ["2001:db8::/32"]}, VIP).accepts("203.0.113.130", "")


def test_a_range_that_holds_the_node_lets_in_the_load_balancers_own_addresses() -> None:
    port = first({"loadBalancerSourceRanges": ["192.168.0.0/24"]}, VIP)
    assert port.accepts("1.2.3.4", "192.168.0.2")
    assert not port.accepts("1.2.3.4", "192.168.1.2")


@pytest.mark.parametrize(
    ("spec", "seconds"),
    [
        ({}, 0),
        ({"sessionAffinity": "None"}, 0),
        ({"sessionAffinity": "ClientIP"}, 10_800),
        ({"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}}}, 60),
    ],
)
def test_affinity_is_three_hours_unless_it_is_said(spec: dict[str, Any], seconds: int) -> None:
    assert first(spec).sticky == seconds


@pytest.mark.parametrize(
    ("spec", "checked"),
    [
        ({"type": "LoadBalancer", **LOCAL}, 32000),
        ({"type": "LoadBalancer"}, 0),
        ({"type": "NodePort", **LOCAL}, 0),
        ({"externalIPs": ["198.51.100.1"], **LOCAL}, 0),
    ],
    ids=["a load balancer with external Local", "not with Cluster", "not a NodePort", "nor with an external address alone"],
)
def test_who_has_a_health_check(spec: dict[str, Any], checked: int) -> None:
    assert first({**spec, "healthCheckNodePort": 32000}).health_check_port == checked


def test_each_family_has_the_cluster_ip_of_its_own() -> None:
    dual = {"clusterIPs": ["172.17.0.5", "fd00::5"], "ipFamilies": ["IPv4", "IPv6"]}
    assert (first(dual).ip, first(dual, family="IPv6").ip) == ("172.17.0.5", "fd00::5")
    assert service_ports(service({}), "IPv6") == ()
    six = {"clusterIP": "fd00::5", "clusterIPs": ["fd00::5"], "ipFamilies": ["IPv6"]}
    assert (service_ports(service(six)), first(six, family="IPv6").ip) == ((), "fd00::5")


def test_a_port_is_known_by_every_address_it_has() -> None:
    port = first({"type": "LoadBalancer", "externalIPs": ["198.51.100.1"], "ports": NODE_PORT, "healthCheckNodePort": 32000, **LOCAL}, VIP)
    assert port.keys() == (
        ("172.17.0.5", "TCP", 80), ("198.51.100.1", "TCP", 80), ("1.2.3.4", "TCP", 80), ("IPv4", "TCP", 30080), ("IPv4", "health", 32000),
    )  # fmt: skip
