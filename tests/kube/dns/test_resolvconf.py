"""What the kubelet writes into /etc/resolv.conf (pkg/kubelet/network/dns/dns_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.dns.resolvconf import MOST_SEARCHES, ResolvConf, resolv_conf, within_limits

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


THREE = ("127.0.0.1", "10.0.0.10", "8.8.8.8")
MERGED: dict[str, tuple[dict[str, Any], ResolvConf, ResolvConf]] = {
    "three servers of the Node stay": ({}, ResolvConf(THREE), ResolvConf(THREE)),
    "a fourth does not": ({}, ResolvConf((*THREE, "1.2.3.4")), ResolvConf(THREE)),
    "options of the Node stay": ({}, ResolvConf((), (), ("ndots:5", "debug")), ResolvConf((), (), ("ndots:5", "debug"))),
    "options of the Pod come to them": (
        {"options": [{"name": "single-request"}, {"name": "attempts", "value": "3"}]},
        ResolvConf((), (), ("ndots:5", "debug")),
        ResolvConf((), (), ("ndots:5", "debug", "single-request", "attempts:3")),
    ),
}


@pytest.mark.parametrize(("config", "node", "expected"), MERGED.values(), ids=MERGED)
def test_the_nodes_own_file(config: dict[str, Any], node: ResolvConf, expected: ResolvConf) -> None:
    assert resolv_conf("testns", {"dnsPolicy": "Default", "dnsConfig": config}, "10.0.0.10", "cluster.local", node) == expected


@pytest.mark.parametrize(
    ("given", "most", "kept"),
    [(5, MOST_SEARCHES, 5), (32, MOST_SEARCHES, 32), (33, MOST_SEARCHES, 32), (7, 6, 6)],
    ids=["five fit", "32 fit", "33 do not", "once there were six at most"],
)
def test_search_suffixes_within_limits(given: int, most: int, kept: int) -> None:
    searches = ("testns.svc.test", "svc.test", "test", *(str(number) for number in range(4, 40)))
    assert within_limits(searches[:given], most) == searches[:kept]


@pytest.mark.parametrize(("spec", "expected"), CASES.values(), ids=CASES)
def test_resolv_conf(spec: dict[str, Any], expected: ResolvConf) -> None:
    assert resolv_conf("testns", spec, "10.0.0.10", "cluster.local", NODE) == expected


def test_ndots_and_attempts_are_read_from_the_options() -> None:
    assert (NODE.ndots, NODE.attempts) == (1, 2)
    conf = ResolvConf((), (), ("ndots:2", "attempts:4", "debug"))
    assert (conf.ndots, conf.attempts) == (2, 4)
    assert ResolvConf((), (), ("ndots:x",)).ndots == 1


def test_an_option_with_an_empty_value_is_written_as_one_without() -> None:
    """pkg/kubelet/network/dns/dns.go, mergeDNSOptions."""
    spec = {"dnsConfig": {"options": [{"name": "edns0", "value": ""}]}}
    assert resolv_conf("default", spec, "172.17.0.10", "cluster.local", ResolvConf(("192.168.0.254",))).options == ("ndots:5", "edns0")
