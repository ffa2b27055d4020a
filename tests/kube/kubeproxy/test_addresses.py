"""How addresses and networks are read (pkg/proxy/iptables/proxier_test.go: TestBadIPs, TestLoadBalancer)."""

from __future__ import annotations

import pytest

from playground.kube.kubeproxy.addresses import canonical, family, network, of_family, within


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("192.168.099.022", "192.168.99.22"),
        (" 1.2.3.004 ", "1.2.3.4"),
        ("FD00::0010", "fd00::10"),
        ("1.2.3", ""),
        ("1.2.3.256", ""),
        ("lb.example", ""),
        ("", ""),
    ],
)
def test_an_address_is_written_as_kubernetes_prints_it(text: str, read: str) -> None:
    assert canonical(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (" 203.0.113.0/25", "203.0.113.0/25"),
        ("203.0.113.000/025", "203.0.113.0/25"),
        ("192.168.50.77/24", "192.168.50.0/24"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("1.2.3.4", ""),
        ("1.2.3.4/33", ""),
        ("here/8", ""),
    ],
)
def test_a_network_is_written_without_its_host_bits(text: str, read: str) -> None:
    assert network(text) == read


def test_families_do_not_mix() -> None:
    assert (family("10.0.0.1"), family("fd00::/8")) == ("IPv4", "IPv6")
    assert of_family("IPv6", ["10.0.0.1", "", "fd00::1"]) == ("fd00::1",)
    assert not within("10.0.0.1", "::/0")
    assert within("10.0.0.1", "10.0.0.0/8")
