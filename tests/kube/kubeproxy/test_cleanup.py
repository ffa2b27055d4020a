"""Which flows of datagrams kube-proxy deletes, and when.

Source: pkg/proxy/conntrack/cleanup_test.go (TestCleanStaleEntries, TestServiceWithoutEndpoints), with its addresses and ports, but for the
entries of TCP and SCTP: those are never deleted, and are not kept here; pkg/proxy/endpointschangetracker.go (ConntrackCleanupRequired).
"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint
from playground.kube.kubeproxy import Proxies
from playground.kube.kubeproxy.cleanup import is_stale
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.conntrack import Flow
from playground.kube.kubeproxy.table import table_of
from tests.kube.kubeproxy.builders import add_node, add_service, add_slice, machinery
from tests.kube.kubeproxy.test_proxies import settle

CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER_IP = ADDRESSES = ("172.30.1.1", "192.168.99.100", "1.2.3.4")
SERVING, NOT_SERVING, DELETED = ENDPOINTS = ("10.240.0.4", "10.240.1.5", "10.240.2.6")
OLD_PORT, ENDPOINT_PORT, SERVICE_PORT, NODE_PORT, OTHER_PORT = 8080, 9090, 8000, 32000, 3000
PORTS = [
    {"name": "test-tcp", "port": SERVICE_PORT, "protocol": "TCP"},
    {"name": "test-udp", "port": SERVICE_PORT, "protocol": "UDP", "nodePort": NODE_PORT},
    {"name": "test-sctp", "port": SERVICE_PORT, "protocol": "SCTP", "nodePort": NODE_PORT},
]


def objects(slice_of: str = "cleanup-test") -> tuple[Machinery, Any]:
    """The Service and the EndpointSlice of the source's test, and the table that kube-proxy makes of them."""
    made = machinery()
    service = add_service(made, "cleanup-test", CLUSTER_IP, PORTS, type="LoadBalancer", externalIPs=[EXTERNAL_IP])
    service = made.store.replace(service, status={"loadBalancer": {"ingress": [{"ip": LOAD_BALANCER_IP}]}})
    endpoints = [Endpoint(SERVING, serving=True), Endpoint(NOT_SERVING, serving=False)]
    piece = add_slice(made, slice_of, endpoints, [(port["name"], ENDPOINT_PORT, port["protocol"]) for port in PORTS])
    return made, table_of(ProxyConfig(), [service], [piece])


def deleted(table: Any, ip: str, port: int, to: str = "", to_port: int = ENDPOINT_PORT) -> bool:
    """Whether a flow to `ip:port` is deleted that leads to `to:to_port`, or on to where it is addressed."""
    flow = Flow(0, 0, endpoint=Endpoint(to) if to else None, port=to_port if to else 0)
    return is_stale(("10.244.0.9", 1, ip, port), flow, table.find)


@pytest.mark.parametrize("to", ENDPOINTS)
@pytest.mark.parametrize("ip", ADDRESSES)
def test_a_flow_to_a_service_stays_only_if_it_leads_to_an_endpoint_that_serves(ip: str, to: str) -> None:
    _, table = objects()
    assert deleted(table, ip, SERVICE_PORT, to) is (to != SERVING)


@pytest.mark.parametrize("to", ENDPOINTS)
@pytest.mark.parametrize("ip", ADDRESSES)
def test_a_flow_to_another_port_of_the_same_address_stays(ip: str, to: str) -> None:
    _, table = objects()
    assert not deleted(table, ip, OTHER_PORT, to)


@pytest.mark.parametrize("to", ENDPOINTS)
def test_of_a_node_port_only_the_number_counts(to: str) -> None:
    _, table = objects()
    assert deleted(table, "192.168.0.11", NODE_PORT, to) is (to != SERVING)


@pytest.mark.parametrize("ip", ADDRESSES)
def test_a_flow_to_an_endpoint_that_has_changed_its_port_is_deleted(ip: str) -> None:
    _, table = objects()
    assert deleted(table, ip, SERVICE_PORT, SERVING, OLD_PORT)


@pytest.mark.parametrize("ip", ADDRESSES)
def test_a_flow_that_no_rule_caught_is_deleted_when_the_service_has_an_endpoint(ip: str) -> None:
    _, table = objects()
    assert deleted(table, ip, SERVICE_PORT)
    assert not deleted(table, ip, OTHER_PORT)


@pytest.mark.parametrize("to", [SERVING, DELETED])
def test_a_service_without_endpoints_that_serve_keeps_its_flows(to: str) -> None:
    _, table = objects("non-existing-service")
    assert not deleted(table, EXTERNAL_IP, SERVICE_PORT, to)


# --- when


OLD, NEW = Endpoint("10.0.1.1", ready=True, serving=True), Endpoint("10.0.1.2", ready=True, serving=True)


def cluster() -> tuple[Machinery, Proxies]:
    """A Service on 53/UDP and 53/TCP with the endpoint OLD, and a Node that remembers a flow to it."""
    made = machinery()
    proxies = Proxies(made)
    add_node(made, "node-a")
    add_service(made, "svc", "172.17.0.5", [{"name": each, "port": 53, "protocol": each.upper()} for each in ("tcp", "udp")])
    add_slice(made, "svc", [OLD], [("tcp", 53, "TCP"), ("udp", 53, "UDP")])
    settle(made)
    assert ask(proxies) == "10.0.1.1"
    return made, proxies


def ask(proxies: Proxies) -> str:
    """Where a datagram of the same socket goes."""
    decision = proxies.route_flow("node-a", "172.17.0.5", 53, "10.244.0.9", 1)
    return decision.endpoint.ip if decision.endpoint else decision.verdict


def change(made: Machinery, *endpoints: Endpoint) -> None:
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), endpoints=endpoints)


def test_when_the_endpoint_has_left_the_next_datagram_after_the_sync_is_chosen_anew() -> None:
    made, proxies = cluster()
    change(made, NEW)
    assert ask(proxies) == "10.0.1.1"
    settle(made)
    assert ask(proxies) == "10.0.1.2"


def test_a_flow_stays_with_an_endpoint_that_terminates_but_serves_though_new_ones_go_elsewhere() -> None:
    made, proxies = cluster()
    change(made, Endpoint("10.0.1.1", ready=False, serving=True, terminating=True), NEW)
    settle(made)
    assert ask(proxies) == "10.0.1.1"
    assert proxies.route("node-a", "172.17.0.5", "UDP", 53, "10.244.0.9").endpoint == NEW


def test_when_the_last_endpoint_leaves_the_flow_still_leads_to_it_until_another_comes() -> None:
    made, proxies = cluster()
    change(made)
    settle(made)
    assert ask(proxies) == "10.0.1.1"
    assert proxies.route("node-a", "172.17.0.5", "UDP", 53, "10.244.0.9").verdict == "REJECT"
    change(made, NEW)
    settle(made)
    assert ask(proxies) == "10.0.1.2"


def test_where_kube_proxy_is_stopped_nobody_deletes_it_until_it_starts() -> None:
    made, proxies = cluster()
    proxies.stop("node-a")
    change(made, NEW)
    settle(made)
    assert ask(proxies) == "10.0.1.1"
    proxies.start("node-a")
    settle(made)
    assert ask(proxies) == "10.0.1.2"


def test_a_flow_that_began_before_a_nodes_first_sync_is_deleted_by_it() -> None:
    made, proxies = cluster()
    add_node(made, "node-b")
    assert proxies.route_flow("node-b", "172.17.0.5", 53, "10.244.1.9", 2).verdict == ""
    settle(made)
    assert proxies.route_flow("node-b", "172.17.0.5", 53, "10.244.1.9", 2).endpoint == OLD


@pytest.mark.parametrize(("protocol", "is_kept"), [("TCP", True), ("UDP", False)])
def test_a_node_looks_at_all_its_flows_when_any_udp_endpoints_have_changed(protocol: str, is_kept: bool) -> None:
    """With publishNotReadyAddresses kube-proxy leads datagrams to an endpoint that does not serve, and deletes the flow at its next look."""
    made, proxies = cluster()
    change(made, Endpoint("10.0.1.3", ready=True, serving=False), OLD)
    settle(made)
    socket = next(
        each for each in range(2, 50) if proxies.route_flow("node-a", "172.17.0.5", 53, "10.244.0.9", each).endpoint.ip == "10.0.1.3"
    )
    add_slice(made, "another", [NEW], [("", 99, protocol)])
    add_service(made, "another", "172.17.0.6", [{"port": 99, "protocol": protocol}])
    settle(made)
    add_slice(made, "another", [OLD], [("", 99, protocol)], name="another-2")
    settle(made)
    assert (proxies.route_flow("node-a", "172.17.0.5", 53, "10.244.0.9", socket).flow is not None) is is_kept
