"""The names of chains, against kube-proxy's own (pkg/proxy/iptables/proxier_test.go)."""

from __future__ import annotations

import pytest

from playground.kube.kubeproxy.chains import address, endpoint_chain, hash16, service_chain


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


HASHES = {
    "ns1/svc1tcp": "AQI2S6QIMU7PVVRP",
    "ns1/svc1tcp10.0.1.2:80": "IO5XOSKPAXIFQXAJ",
    "ns1/svc1:p80tcp10.0.0.0:80": "DKGQUZGBKLTPAR56",
    "ns1/svc1:p80tcp10.0.1.1:80": "SNQ3ZNILQDEJNDQO",
    "ns2/svc2:p80tcp": "GNZBNJ2PO5MGZ6GT",
    "ns2/svc2:p8080tcp": "2VJB64SDSIJUP5T6",
    "ns2/svc2:p8080tcp10.0.2.1:8080": "UHEGFW77JX3KXTOV",
    "ns3/svc3:p80tcp": "X27LE4BHSL4DOUIK",
    "ns3/svc3:p80tcp10.0.3.1:80": "BSWRHOQ77KEXZLNL",
    "ns3/svc3:p80tcp10.0.3.3:80": "JVVZVJ7BSEPPRNBS",
    "ns3/svc3:p80tcp10.180.0.3:80": "OYPFS5VJICHGATKP",
    "ns4/svc4:p80tcp10.180.0.5:80": "C6EBXVWJJZMIWKLZ",
    "ns4/svc4:p8082tcp10.4.0.1:8082": "SU5STNODRYEWJAUF",
}


@pytest.mark.parametrize(("text", "hashed"), HASHES.items())
def test_the_hash_of_a_name_with_its_protocol_and_endpoint(text: str, hashed: str) -> None:
    assert hash16(text) == hashed


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert address("fd00:10::1", 80) == "[fd00:10::1]:80"
