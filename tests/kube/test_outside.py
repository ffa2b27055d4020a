"""Who is outside of the cluster, and whom do they serve?"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from playground.kube import outside
from playground.kube.network.senders import NEIGHBOURS
from playground.kube.outside import SITES
from playground.kube.settings import ClusterSettings

DOCUMENTATION = [ip_network(each) for each in ("192.0.2.0/24", "2001:db8::/32")]
ADDRESSES = [ip for site in SITES for ip in (site.ipv4, site.ipv6)]


def test_the_servers_have_addresses_that_are_kept_for_documentation_and_that_nobody_else_has() -> None:
    settings = ClusterSettings()
    others = [
        ip_network(each)
        for each in (*settings.service_networks, *settings.pod_networks, *settings.node_networks, *settings.balancer_networks)
    ]
    assert len(dict.fromkeys(ADDRESSES)) == len(ADDRESSES)
    for each in map(ip_address, ADDRESSES):
        assert any(each in network for network in DOCUMENTATION)
        assert not any(each in network for network in others)
        assert str(each) not in NEIGHBOURS.values()


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("example.com", "example.com"),
        ("My.Database.Example.COM.", "example.com"),
        ("www.example.org", "example.org"),
        ("badexample.com", ""),
        ("com", ""),
        ("example.com.default.svc.cluster.local.", ""),
    ],
)
def test_each_of_them_has_its_name_and_those_below_it(name: str, site: str) -> None:
    found = outside.of(name)
    assert (found.name if found else "") == site


def test_a_server_does_not_know_the_hosts_of_another() -> None:
    """Else a learner would think that one web server serves whatever name leads to it."""
    site = outside.at("192.0.2.10")
    assert site is not None
    assert outside.says(site, "www.example.com", "192.168.0.2") == (
        200,
        "Hello from www.example.com, outside of the cluster. You come from 192.168.0.2.",
    )
    assert [outside.says(site, each, "192.168.0.2").code for each in ("example.org", "my-ext", "192.0.2.10", "")] == [404] * 4
