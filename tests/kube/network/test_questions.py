"""What does a program hear that asks DNS itself, or pings?"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.actions import Record, Reply
from playground.kube.errors import Refusal
from tests.kube.network.world import World
from tests.laws.histories import started

WEB = "web-svc.default.svc.cluster.local."


def ask(world: World, name: str, type: str = "", server: str = "") -> Reply:
    return world.network.look_up(world.pod("client"), name, type, server)


def test_a_query_of_a_type_asks_for_the_name_as_it_is() -> None:
    world = World()
    assert ask(world, "web-svc", "a").rcode == "NXDOMAIN"
    assert ask(world, WEB, "a") == Reply("ok", "172.17.0.10", "NOERROR", True, records=(Record(WEB, "A", "172.17.0.5", 30),))


def test_a_negative_reply_carries_the_zones_soa() -> None:
    reply = ask(World(), "web.default.svc.cluster.local", "A")
    assert (reply.rcode, [each.type for each in reply.authority]) == ("NXDOMAIN", ["SOA"])


def test_a_look_up_without_a_type_walks_the_search_list() -> None:
    reply = ask(World(), "web-svc")
    assert (reply.server, [each.value for each in reply.records]) == ("172.17.0.10", ["172.17.0.5"])
    assert ask(World(), "nowhere").rcode == "NXDOMAIN"


def test_a_server_can_be_named() -> None:
    world = World()
    assert ask(world, WEB, "A", "10.244.0.2").server == "10.244.0.2"
    assert ask(world, WEB, "A", "192.168.0.254").rcode == "NXDOMAIN"


@pytest.mark.parametrize(
    ("server", "outcome"),
    [
        ("10.244.1.2", "refused"),
        ("172.17.0.99", "timeout"),
        ("8.8.8.8", "timeout"),
        ("192.0.2.10", "timeout"),
        ("2001:db8::53", "unreachable"),
        ("127.0.0.1", "refused"),
    ],
)
def test_a_server_that_does_not_answer_is_told_apart(server: str, outcome: str) -> None:
    assert ask(World(), WEB, "A", server) == Reply(outcome, server)


def test_without_coredns_the_query_is_rejected() -> None:
    world = World()
    world.store.replace(world.dns_slice, endpoints=())
    world.settle()
    assert ask(world, WEB, "A") == ask(world, "web-svc") == Reply("refused", "172.17.0.10")


@pytest.mark.parametrize("name", ["", "a" * 256])
def test_a_name_of_no_possible_length_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="is not a DNS name"):
        ask(World(), name, "A")


@pytest.mark.parametrize(
    ("ip", "heard"),
    [
        ("10.244.1.2", "ok"),
        ("192.168.0.12", "ok"),
        ("127.0.0.1", "ok"),
        ("172.17.0.5", "timeout"),
        ("10.244.1.99", "timeout"),
        ("8.8.8.8", "timeout"),
        ("192.0.2.10", "ok"),
        ("2001:db8::53", "unreachable"),
    ],
)
def test_a_ping_reaches_pods_and_nodes_but_no_cluster_ip(ip: str, heard: str) -> None:
    world = World()
    assert world.network.ping(world.pod("client"), ip) == heard


def test_a_ping_is_kept_as_a_request_of_its_own() -> None:
    cluster = started()
    receipt = cluster.submit(actions.Ping("client", "172.17.0.10"))
    assert receipt.reply is not None
    assert receipt.reply.outcome == "timeout"
    kept = cluster.network.recent(1)[0]
    assert (kept.target.text, kept.target.protocol, kept.outcome) == ("172.17.0.10", "ICMP", "timeout")
    assert [hop.title for hop in cluster.network.explain(kept)][-1] == "Answer"


def test_the_queries_of_a_lookup_are_kept_as_requests_that_say_what_they_ask() -> None:
    cluster = started()
    cluster.submit(actions.Lookup("client", "web-svc"))
    kept = cluster.network.recent(1)[0]
    assert (kept.target.text, kept.asks, kept.outcome) == ("172.17.0.10:53/UDP", f"{WEB} A, AAAA", "ok")
    assert kept.service == "kube-system/kube-dns"
    assert [hop.title for hop in cluster.network.explain(kept)][-1] == "Answer"


def test_a_lookup_is_an_action_whose_receipt_holds_the_reply() -> None:
    cluster = started()
    receipt = cluster.submit(actions.Lookup("client", "web-svc"))
    assert receipt.reply is not None
    assert [each.name for each in receipt.reply.records] == [WEB]


def test_the_receipt_of_sent_requests_names_the_first() -> None:
    cluster = started()
    first = cluster.submit(actions.Send("client", "web-svc:80", 3)).first_request
    second = cluster.submit(actions.Send("client", "web-svc:80")).first_request
    assert first is not None
    assert second == first + 3
    request = cluster.network.request(first)
    assert request is not None
    assert request.target.text == "web-svc:80"
