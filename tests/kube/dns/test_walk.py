"""Which names are asked for a name (glibc's __libc_res_nsearch)."""

from __future__ import annotations

import pytest

from playground.kube.dns.message import Answer, Record
from playground.kube.dns.records import Records
from playground.kube.dns.resolvconf import ResolvConf
from playground.kube.dns.walk import walk
from tests.kube.dns.test_records import records

M, N, HIT, F = "NXDOMAIN", "NODATA", "ANSWER", "SERVFAIL"
CASES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "a Service of the own namespace is found at once": ("shop", "web", [("web.shop.svc.cluster.local.", HIT)]),
    "one of another namespace with its namespace": (
        "data", "web.shop", [("web.shop.data.svc.cluster.local.", M), ("web.shop.svc.cluster.local.", HIT)]),
    "with svc, the third suffix hits": (
        "data", "web.shop.svc",
        [("web.shop.svc.data.svc.cluster.local.", M), ("web.shop.svc.svc.cluster.local.", M), ("web.shop.svc.cluster.local.", HIT)]),
    "four dots are fewer than ndots: the whole name comes last": (
        "data", "web.shop.svc.cluster.local",
        [("web.shop.svc.cluster.local.data.svc.cluster.local.", M), ("web.shop.svc.cluster.local.svc.cluster.local.", M),
         ("web.shop.svc.cluster.local.cluster.local.", M), ("web.shop.svc.cluster.local.", HIT)]),
    "with a dot at the end it is the only one": ("data", "web.shop.svc.cluster.local.", [("web.shop.svc.cluster.local.", HIT)]),
    "five dots are enough": ("shop", "db-0.db.data.svc.cluster.local", [("db-0.db.data.svc.cluster.local.", HIT)]),
    "a Pod of a StatefulSet": (
        "shop", "db-0.db.data", [("db-0.db.data.shop.svc.cluster.local.", M), ("db-0.db.data.svc.cluster.local.", HIT)]),
    "a bare name of another namespace is not found": (
        "shop", "db", [("db.shop.svc.cluster.local.", M), ("db.svc.cluster.local.", M), ("db.cluster.local.", M), ("db.", F)]),
    "the search goes on after NODATA": (
        "shop", "shop", [("shop.shop.svc.cluster.local.", M), ("shop.svc.cluster.local.", N), ("shop.cluster.local.", M), ("shop.", F)]),
    "a name of the world outside ends upstream": (
        "shop", "www.example.com",
        [("www.example.com.shop.svc.cluster.local.", M), ("www.example.com.svc.cluster.local.", M),
         ("www.example.com.cluster.local.", M), ("www.example.com.", F)]),
}  # fmt: skip


@pytest.mark.parametrize(("namespace", "name", "steps"), CASES.values(), ids=CASES)
def test_walk(namespace: str, name: str, steps: list[tuple[str, str]]) -> None:
    _, found = records()
    conf = ResolvConf((), (f"{namespace}.svc.cluster.local", "svc.cluster.local", "cluster.local"), ("ndots:5",))
    walked = walk(name, conf, found.answer)
    assert [(query.name, query.ipv4.word) for query in walked.queries] == steps
    assert bool(walked.ipv4) == (steps[-1][1] == HIT)
    assert walked.rcode == ("NOERROR" if walked.ipv4 else "NXDOMAIN")


def test_both_families_are_asked_for_in_each_step() -> None:
    _, found = records()
    walked = walk("dual.shop.svc.cluster.local.", ResolvConf(()), found.answer)
    assert (walked.ipv4, walked.ipv6) == (("10.96.1.3",), ("fd00::3",))


MUSL: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "musl stops at the first name that exists without an address": (
        "shop",
        [("shop.shop.svc.cluster.local.", M), ("shop.svc.cluster.local.", N)],
    ),
    "and goes on after one that does not exist": (
        "web.shop",
        [("web.shop.shop.svc.cluster.local.", M), ("web.shop.svc.cluster.local.", HIT)],
    ),
    "a name with a dot at its end is the only one": ("web.shop.svc.cluster.local.", [("web.shop.svc.cluster.local.", HIT)]),
    "a Pod of a StatefulSet is found as with glibc": (
        "db-0.db.data",
        [("db-0.db.data.shop.svc.cluster.local.", M), ("db-0.db.data.svc.cluster.local.", HIT)],
    ),
    "and by its whole name": ("db-0.db.data.svc.cluster.local", [("db-0.db.data.svc.cluster.local.", HIT)]),
    "a bare name of another namespace ends upstream": (
        "db",
        [("db.shop.svc.cluster.local.", M), ("db.svc.cluster.local.", M), ("db.cluster.local.", M), ("db.", F)],
    ),
    "so does a name of the world outside": (
        "www.example.com",
        [
            ("www.example.com.shop.svc.cluster.local.", M),
            ("www.example.com.svc.cluster.local.", M),
            ("www.example.com.cluster.local.", M),
            ("www.example.com.", F),
        ],
    ),
    "a name with ndots dots is asked as it is only": ("no-0.db.data.svc.cluster.local", [("no-0.db.data.svc.cluster.local.", M)]),
}


@pytest.mark.parametrize(("name", "steps"), MUSL.values(), ids=MUSL)
def test_musl(name: str, steps: list[tuple[str, str]]) -> None:
    _, found = records()
    conf = ResolvConf((), ("shop.svc.cluster.local", "svc.cluster.local", "cluster.local"), ("ndots:5",))
    assert [(query.name, query.ipv4.word) for query in walk(name, conf, found.answer, musl=True).queries] == steps


@pytest.mark.parametrize("musl", [False, True], ids=["glibc", "musl"])
@pytest.mark.parametrize("name", ["db", "www.example.com"])
def test_what_no_suffix_finds_is_found_upstream(name: str, musl: bool) -> None:
    def world(name: str, type: str) -> Answer:
        return Answer("NOERROR", (Record(name, "A", "192.0.2.1", 60),), authoritative=False) if type == "A" else Answer("NOERROR")

    made, _ = records()
    conf = ResolvConf((), ("shop.svc.cluster.local", "svc.cluster.local", "cluster.local"), ("ndots:5",))
    walked = walk(name, conf, Records(made, upstream=world).answer, musl)
    assert (walked.queries[-1].name, walked.queries[-1].ipv4.authoritative, walked.ipv4) == (f"{name}.", False, ("192.0.2.1",))


def test_glibc_searches_for_a_name_with_ndots_dots_once_it_is_not_found() -> None:
    _, found = records()
    walked = walk("no-0.db.data.svc.cluster.local", ResolvConf((), ("cluster.local",), ("ndots:5",)), found.answer)
    assert [query.name for query in walked.queries] == ["no-0.db.data.svc.cluster.local.", "no-0.db.data.svc.cluster.local.cluster.local."]
