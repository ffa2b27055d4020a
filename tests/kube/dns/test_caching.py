"""What a CoreDNS caches, and for how long (coredns plugin/cache)."""

from __future__ import annotations

import pytest

from playground.kube.clock import SECOND
from playground.kube.dns.caching import MOST_KEPT, Cache, covers, lasting
from playground.kube.dns.corefile import Caching, Plan, shipped
from playground.kube.dns.message import Answer, Record, soa

NAME = "web.shop.svc.cluster.local."
FOUND = Answer("NOERROR", (Record(NAME, "A", "10.0.0.1", 30),))
DENIED = Answer("NXDOMAIN", authority=(soa("cluster.local.", 30, 1),))


@pytest.mark.parametrize(
    ("caching", "answer", "seconds"),
    [
        (Caching(), FOUND, 30),
        (Caching(success=Plan(10)), FOUND, 10),
        (Caching(success=Plan(3_600, 60)), FOUND, 60),
        (Caching(), DENIED, 30),
        (Caching(denial=Plan(1_800, exempt=("cluster.local.",))), DENIED, 0),
        (Caching(success=Plan(30, exempt=("cluster.local.",))), FOUND, 0),
        (Caching(), Answer("SERVFAIL"), 0),
        (Caching(), Answer("NOERROR", FOUND.records, truncated=True), 0),
        (Caching(), Answer("NOERROR", (Record(NAME, "A", "10.0.0.1", 0),)), 5),
    ],
    ids=[
        "its TTL",
        "at most",
        "at least",
        "a denial: the SOA's",
        "denials exempt",
        "success exempt",
        "a failure",
        "cut",
        "a TTL of 0: 5 s",
    ],
)
def test_how_long_an_answer_is_kept(caching: Caching, answer: Answer, seconds: int) -> None:
    assert lasting(caching, NAME, answer) == seconds


def test_as_shipped_only_names_outside_of_the_clusters_zone_are_cached() -> None:
    caching = shipped("cluster.local").caching
    assert caching is not None
    assert [covers(caching, name) for name in (NAME, "www.example.com.", "5.0.17.172.in-addr.arpa.")] == [False, True, True]


def test_an_answer_is_found_until_its_seconds_are_over() -> None:
    cache = Cache()
    cache.keep((NAME, "A"), FOUND, 30, now=SECOND)
    assert cache.find((NAME, "A"), 31 * SECOND - 1) is not None
    assert cache.find((NAME, "A"), 31 * SECOND) is None


def test_what_denies_goes_before_what_exists() -> None:
    cache = Cache()
    cache.keep((NAME, "A"), FOUND, 30, 0)
    cache.keep((NAME, "A"), DENIED, 5, 0)
    assert [cache.find((NAME, "A"), at * SECOND).answer.rcode for at in (0, 5)] == ["NXDOMAIN", "NOERROR"]


def test_the_oldest_makes_room() -> None:
    cache = Cache()
    for number in range(MOST_KEPT + 1):
        cache.keep((f"{number}.", "A"), FOUND, 30, 0)
    assert cache.find(("0.", "A"), 0) is None
    assert cache.find(("1.", "A"), 0) is not None


def test_it_is_saved_without_what_is_over() -> None:
    cache, again = Cache(), Cache()
    cache.keep((NAME, "A"), FOUND, 30, 0)
    cache.keep((NAME, "AAAA"), DENIED, 5, 0)
    state = cache.state(10 * SECOND)
    again.restore(state)
    assert again.find((NAME, "A"), 10 * SECOND).answer == FOUND
    assert again.state(10 * SECOND) == state
    assert [len(box) for box in state] == [1, 0]
