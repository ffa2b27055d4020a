"""Which family is tried first, by the tables of glibc and of musl."""

import pytest

from playground.kube.dns.walk import Walk
from playground.kube.network.destinations import in_turn, policy, reason
from playground.kube.network.senders import Machine

ULA, GLOBAL, IPV4 = "fd00:10:96::5", "2001:db8::5", "10.96.0.5"
BOTH = Machine("10.244.1.2", "node-a", "fd00:10:244::2")
GLOBALLY = Machine("10.244.1.2", "node-a", "2001:db8:1::2")
ONLY_IPV4, ONLY_IPV6 = Machine("10.244.1.2", "node-a"), Machine("fd00:10:244::2", "node-a")

# RFC 6724, section 2.1, and posix/gai.conf of glibc 2.36: precedence, then label.
TABLES = [
    ("::1", (50, 0), (50, 0)),
    (GLOBAL, (40, 1), (40, 1)),
    (ULA, (40, 6), (3, 13)),
    (IPV4, (10, 4), (35, 4)),
    ("2002::1", (30, 2), (30, 2)),
    ("2001::1", (40, 7), (5, 5)),
]


@pytest.mark.parametrize(("address", "glibc", "musl"), TABLES)
def test_precedence_and_label_of_an_address(address, glibc, musl):
    assert tuple((found.precedence, found.label) for found in (policy(address, False), policy(address, True))) == (glibc, musl)


ORDERS = [
    ("glibc puts unique local addresses before IPv4", ULA, BOTH, False, "IPv6"),
    ("musl puts IPv4 before unique local addresses", ULA, BOTH, True, "IPv4"),
    ("both put global addresses before IPv4", GLOBAL, GLOBALLY, True, "IPv6"),
    ("a label that is not the source's comes last, though its precedence is higher", GLOBAL, BOTH, False, "IPv4"),
    ("a family that the sender has not comes last", ULA, ONLY_IPV4, False, "IPv4"),
    ("a family that the sender has not comes last, whatever its precedence", ULA, ONLY_IPV6, True, "IPv6"),
]


@pytest.mark.parametrize(("ipv6", "sender", "musl", "first"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS])
def test_the_family_that_is_tried_first(ipv6, sender, musl, first):
    walk = Walk((), (IPV4,), (ipv6,))
    assert [each[0] for each in in_turn(walk, sender, musl, curl=False)] == ([ipv6, IPV4] if first == "IPv6" else [IPV4, ipv6])
    assert f"{first} is tried first" in reason(walk, sender, musl, curl=False)


CURLS = [
    ("curl begins with IPv6 also with musl", ULA, BOTH, True, "IPv6", "would try IPv4: musl"),
    ("curl begins with IPv6 also where the labels speak for IPv4", GLOBAL, BOTH, False, "IPv6", "would try IPv4: 10.96.0.5 goes with"),
    ("curl and glibc agree on unique local addresses", ULA, BOTH, False, "IPv6", "would try IPv6 too: glibc"),
    ("curl uses the family that the sender has", ULA, ONLY_IPV4, True, "IPv4", "the sender has no IPv6 address."),
]


@pytest.mark.parametrize(("ipv6", "sender", "musl", "first", "said"), [case[1:] for case in CURLS], ids=[case[0] for case in CURLS])
def test_the_family_that_curl_tries_first(ipv6, sender, musl, first, said):
    """Else it would be taught that curl in an Alpine Pod goes by IPv4 where both families are there."""
    walk = Walk((), (IPV4,), (ipv6,))
    assert [each[0] for each in in_turn(walk, sender, musl, curl=True)] == ([ipv6, IPV4] if first == "IPv6" else [IPV4, ipv6])
    assert said in reason(walk, sender, musl, curl=True)
