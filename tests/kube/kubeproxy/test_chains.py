"""The names of chains, against kube-proxy's own (pkg/proxy/iptables/proxier_test.go)."""

from __future__ import annotations

import pytest

from playground.kube.kubeproxy.chains import address, endpoint_chain, service_chain


@pytest.mark.parametrize("kind", ["SVC", "SVL", "EXT", "FW"])
def test_all_chains_of_a_service_port_have_the_same_hash(kind: str) -> None:
    assert service_chain(kind, "ns1/svc1:p80", "TCP") == f"KUBE-{kind}-XPGD46QRK7WJZT7O"


def test_the_chain_of_an_unnamed_port() -> None:
    assert service_chain("SVC", "ns1/svc1", "TCP") == "KUBE-SVC-AQI2S6QIMU7PVVRP"


@pytest.mark.parametrize(
    ("name", "ip", "hashed"),
    [
        ("ns1/svc1:p80", "10.180.0.1", "SXIVWICOYRO3J4NJ"),
        ("ns1/svc1", "10.0.1.1", "3JOIVZTXZZRGORX4"),
        ("ns1/svc1", "10.0.1.2", "IO5XOSKPAXIFQXAJ"),
        ("ns1/svc1", "10.0.1.3", "XGJFVO3L2O5SRFNT"),
    ],
)
def test_the_chain_of_an_endpoint(name: str, ip: str, hashed: str) -> None:
    assert endpoint_chain(name, "TCP", ip, 80) == f"KUBE-SEP-{hashed}"


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert address("fd00:10::1", 80) == "[fd00:10::1]:80"
