"""What a load balancer hears from a Node (pkg/proxy/healthcheck/service_health.go; TestHealthCheckNodePortWhenTerminating)."""

from __future__ import annotations

import pytest

from playground.kube.apiserver.objects import Endpoint, EndpointPort
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.healthcheck import HealthAnswer, health_answer
from playground.kube.kubeproxy.serviceports import HEALTH
from playground.kube.kubeproxy.table import table_of
from tests.kube.kubeproxy.builders import endpoint
from tests.kube.kubeproxy.test_routing import piece, service

CONFIG = ProxyConfig(node="node-a")
CHECKED = service("checked", "172.30.0.7", externalTrafficPolicy="Local", healthCheckNodePort=32000)


def answer(*endpoints: Endpoint, ports: tuple[EndpointPort, ...] = (EndpointPort(port=80),)) -> HealthAnswer:
    (rules,) = table_of(CONFIG, [CHECKED], [piece("checked", *endpoints, ports=ports)]).find(("IPv4", HEALTH, 32000))
    return health_answer(CONFIG, rules)


@pytest.mark.parametrize(
    ("endpoints", "count", "code"),
    [
        ([endpoint("10.0.0.1"), endpoint("10.0.0.2"), endpoint("10.0.0.3", node="node-b")], 2, 200),
        ([endpoint("10.0.0.1", node="node-b")], 0, 503),
        ([endpoint("10.0.0.1", "not-ready"), endpoint("10.0.0.2", "serving"), endpoint("10.0.0.3", "terminating")], 0, 503),
        ([*(endpoint(f"10.0.0.{number}") for number in (1, 2, 3)), endpoint("10.0.0.4", "not-ready")], 3, 200),
        ([Endpoint("10.0.0.1", node="node-a", ready=False, serving=True, terminating=False), endpoint("10.0.0.2", "serving")], 0, 503),
        ([], 0, 503),
    ],
    ids=[
        "ready ones of this Node count",
        "those of others do not",
        "terminating ones do not, though they still serve",
        "nor those that are not ready, beside others",
        "nor those that serve without being ready",
        "none at all",
    ],
)
def test_the_answer(endpoints: list[Endpoint], count: int, code: int) -> None:
    found = answer(*endpoints)
    assert (found.count, found.code, found.headers["X-Load-Balancing-Endpoint-Weight"]) == (count, code, str(count))
    assert found.body == {"service": {"namespace": "ns", "name": "checked"}, "localEndpoints": count, "serviceProxyHealthy": True}


def test_it_counts_each_address_once_over_all_ports_of_the_slices_also_such_as_the_service_has_not() -> None:
    ports = (EndpointPort("web", 80), EndpointPort("metrics", 9090))
    assert answer(endpoint("10.0.0.1"), endpoint("10.0.0.2"), ports=ports).count == 2
    assert answer(endpoint("10.0.0.1"), ports=(EndpointPort("metrics", 9090),)).code == 200
