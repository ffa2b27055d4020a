"""Addresses within names (coredns plugin/kubernetes, plugin/pkg/dnsutil/reverse.go)."""

from __future__ import annotations

import pytest

from playground.kube.dns.addresses import read_address, reverse_address, undashed
from playground.kube.dns.question import Path, parse

ADDRESSES = {
    "an IPv4 address": ("10.1.2.3", ("A", "10.1.2.3")),
    "an IPv6 address is written short": ("2001:DB8::0:1", ("AAAA", "2001:db8::1")),
    "an IPv4 address in IPv6 clothes": ("::ffff:102:304", ("A", "1.2.3.4")),
    "a number too large": ("203.0.113.256", None),
    "three numbers": ("1.2.3", None),
    "a zone": ("fe80::1%eth0", None),
    "a name": ("example.com", None),
}


@pytest.mark.parametrize(("text", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_what_is_an_address(text: str, expected: tuple[str, str] | None) -> None:
    assert read_address(text) == expected


@pytest.mark.parametrize(
    ("label", "text"), [("1-2-3-4", "1.2.3.4"), ("fd00--1", "fd00::1"), ("1--2-3", "1::2:3"), ("a-b-c-d-e", "a:b:c:d:e")]
)
def test_dashes(label: str, text: str) -> None:
    assert undashed(label) == text


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("4.3.2.1.in-addr.arpa.", "1.2.3.4"),
        ("1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa.", "2001:db8::1"),
        ("3.2.1.in-addr.arpa.", ""),
        ("5.4.3.2.1.in-addr.arpa.", ""),
        ("x.3.2.1.in-addr.arpa.", ""),
        ("4.3.2.1.cluster.local.", ""),
    ],
)
def test_reverse_names(name: str, address: str) -> None:
    assert reverse_address(name) == address


PARSED = {
    "a port of a Service": ("_http._tcp.web.shop.svc", Path("svc", "shop", "web", "", "http", "tcp")),
    "an endpoint": ("1-2-3-4.web.shop.svc", Path("svc", "shop", "web", "1-2-3-4")),
    "a Service, in any letters": ("Web.Shop.SVC", Path("svc", "shop", "web")),
    "a namespace": ("shop.pod", Path("pod", "shop")),
    "the zone": ("", Path()),
    "svc itself": ("svc", Path()),
    "something else": ("web.shop.pood", None),
    "too many labels": ("a.b.c.web.shop.svc", None),
    "a zone of the cloud before a Service": ("us-west-2a.pin._zone.web.shop.svc", None),
    "too many labels before a Pod's namespace": ("too.long.for.what.I.am.trying.to.pod", None),
    "pod itself": ("pod", Path()),
    "empty labels before a Service": ("..web.shop.svc", Path("svc", "shop", "web")),
}


@pytest.mark.parametrize(("left", "path"), PARSED.values(), ids=PARSED)
def test_what_a_name_asks_for(left: str, path: Path | None) -> None:
    zone = "inter.webs.tests."
    assert parse(f"{left}.{zone}".removeprefix("."), zone) == path
