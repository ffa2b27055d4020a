"""What a Corefile says (coredns plugin/kubernetes, plugin/cache and plugin/reload setup.go), and how a wrong one is refused."""

from __future__ import annotations

import pytest

from playground.kube.dns.corefile import Caching, Plan, shipped, shipped_text
from playground.kube.dns.reading import LONGEST, BadCorefile, read


def block(*lines: str, keys: str = ".:53") -> str:
    return "\n".join([f"{keys} {{", *lines, "}", ""])


def caching(*lines: str) -> Caching:
    found = read(block(*lines)).corefile.caching
    assert found is not None
    return found


def test_the_shipped_file_says_what_is_shipped_and_all_of_it_is_followed() -> None:
    assert read(shipped_text("cluster.local")) == (shipped("cluster.local"), ())


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["cache"], Caching()),
        (["cache 30"], Caching(success=Plan(30), denial=Plan(30))),
        (["cache 30 Example.ORG cluster.local."], Caching(("example.org.", "cluster.local."), Plan(30), Plan(30))),
        (["cache example.org"], Caching(("example.org.",))),
        (["cache {", "success 2000 60 10", "denial 1024 5", "}"], Caching(success=Plan(60, 10), denial=Plan(5))),
        (["cache 30 {", "disable denial", "}"], Caching(success=Plan(30), denial=Plan(30, exempt=(".",)))),
    ],
    ids=["alone", "with a TTL", "with zones", "with zones only", "with capacities", "without denials"],
)
def test_the_cache_plugin(lines: list[str], wanted: Caching) -> None:
    assert caching(*lines) == wanted


def test_the_kubernetes_plugin() -> None:
    lines = ["kubernetes cluster.local {", "pods verified # comment", "ttl 0", "fallthrough", "ignore empty_service", "}", "reload 1m30s"]
    found = read(block(*lines)).corefile
    assert (found.zones, found.pods, found.ttl, found.fall, found.ignore_empty_service) == (
        ("cluster.local.",),
        "verified",
        0,
        (".",),
        True,
    )
    assert (found.reload, found.forwards, found.caching) == (90, False, None)


def test_what_is_not_followed_is_told() -> None:
    lines = ["kubernetes cluster.local {", "namespaces shop", "}", "hosts {", "1.2.3.4 example.org", "}", "cache {", "prefetch 2", "}"]
    text = block(*lines) + block("forward . 1.1.1.1", keys="example.org:53")
    assert read(text).unread == ("kubernetes namespaces", "hosts", "cache prefetch", "example.org:53")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (block("loadbalance fair"), "plugin/loadbalance: unknown policy: fair"),
        (block("cash 30"), "Corefile:2 - Error during parsing: Unknown directive 'cash'"),
        (block("cache 0"), "cache TTL can not be zero or negative: 0"),
        (block("cache {", "success many", "}"), "Corefile:3"),
        (block("cache {", "disable all", "}"), "after 'disable all'"),
        (block("cache", "cache"), "this plugin can only be used once per Server Block"),
        (block("kubernetes cluster.local {", "ttl 3601", "}"), "ttl must be in range [0, 3600]: 3601"),
        (block("kubernetes cluster.local {", "pods some", "}"), "must be one of: disabled, verified, insecure"),
        (block("kubernetes cluster.local {", "tl 3", "}"), "unknown property 'tl'"),
        (block("kubernetes in-addr.arpa"), "non-reverse zone name must be used"),
        (block("reload 1s"), "interval value must be greater or equal to 2s"),
        (block("reload soon"), 'invalid duration "soon"'),
        (block("forward"), "plugin/forward"),
        (block("cache 30 {"), "Unexpected EOF"),
        ("}", "Unexpected '}'"),
        (block("errors", keys="cluster.local"), "no server block for every zone"),
        ("", "no server block for every zone"),
        ("#" * (LONGEST + 1), "too many"),
    ],
)
def test_a_wrong_file_is_refused_with_what_was_seen(text: str, words: str) -> None:
    with pytest.raises(BadCorefile) as refused:
        read(text)
    assert words in str(refused.value)
