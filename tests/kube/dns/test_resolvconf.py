"""What the kubelet writes into /etc/resolv.conf (pkg/kubelet/network/dns/dns_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.dns.resolvconf import ResolvConf, resolv_conf

NODE = ResolvConf(("8.8.8.8",), ("host.domain",))
SEARCH = ("testns.svc.cluster.local", "svc.cluster.local", "cluster.local", "host.domain")
CLUSTER = ResolvConf(("10.0.0.10",), SEARCH, ("ndots:5",))
EXTRA = {
    "nameservers": ["10.0.0.11"],
    "searches": ["my.domain", "cluster.local"],
    "options": [{"name": "ndots", "value": "3"}, {"name": "debug"}],
}

CASES: dict[str, tuple[dict[str, Any], ResolvConf]] = {
    "no policy is ClusterFirst": ({}, CLUSTER),
    "ClusterFirst": ({"dnsPolicy": "ClusterFirst"}, CLUSTER),
    "ClusterFirst on the host's network falls back to Default": ({"dnsPolicy": "ClusterFirst", "hostNetwork": True}, NODE),
    "ClusterFirstWithHostNet": ({"dnsPolicy": "ClusterFirstWithHostNet", "hostNetwork": True}, CLUSTER),
    "ClusterFirstWithHostNet on the Pod network": ({"dnsPolicy": "ClusterFirstWithHostNet"}, CLUSTER),
    "Default": ({"dnsPolicy": "Default"}, NODE),
    "None takes what dnsConfig says": (
        {"dnsPolicy": "None", "dnsConfig": EXTRA},
        ResolvConf(("10.0.0.11",), ("my.domain", "cluster.local"), ("ndots:3", "debug")),
    ),
    "dnsConfig adds to ClusterFirst, once each, and overrides options": (
        {"dnsConfig": EXTRA},
        ResolvConf(("10.0.0.10", "10.0.0.11"), (*SEARCH, "my.domain"), ("ndots:3", "debug")),
    ),
    "dnsConfig adds to Default": (
        {"dnsPolicy": "Default", "dnsConfig": EXTRA},
        ResolvConf(("8.8.8.8", "10.0.0.11"), ("host.domain", "my.domain", "cluster.local"), ("ndots:3", "debug")),
    ),
    "at most three servers": (
        {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"]}},
        ResolvConf(("1.1.1.1", "2.2.2.2", "3.3.3.3")),
    ),
    "at most 32 search suffixes": (
        {"dnsPolicy": "None", "dnsConfig": {"searches": [f"s{n}" for n in range(33)]}},
        ResolvConf((), tuple(f"s{n}" for n in range(32))),
    ),
    "at most 2048 characters of them": (
        {"dnsPolicy": "None", "dnsConfig": {"searches": [f"{n:02}" + "x" * 198 for n in range(12)]}},
        ResolvConf((), tuple(f"{n:02}" + "x" * 198 for n in range(10))),
    ),
}


@pytest.mark.parametrize(("spec", "expected"), CASES.values(), ids=CASES)
def test_resolv_conf(spec: dict[str, Any], expected: ResolvConf) -> None:
    assert resolv_conf("testns", spec, "10.0.0.10", "cluster.local", NODE) == expected


def test_ndots_and_attempts_are_read_from_the_options() -> None:
    assert (NODE.ndots, NODE.attempts) == (1, 2)
    conf = ResolvConf((), (), ("ndots:2", "attempts:4", "debug"))
    assert (conf.ndots, conf.attempts) == (2, 4)
    assert ResolvConf((), (), ("ndots:x",)).ndots == 1
