"""What kube-proxy reads from a Service."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import Object
from playground.kube.kubeproxy.serviceports import service_ports

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
