"""What each CoreDNS Pod answers: by the Corefile that it last read, and from a cache of its own."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.dns.corefile import shipped_text
from playground.kube.dns.message import Answer, Record
from playground.kube.dns.records import Upstream
from playground.kube.dns.servers import Servers
from tests.kube.kubeproxy.builders import RUNNING, add, add_pod, add_service, add_slice, endpoint, machinery

NAME = "web.shop.svc.cluster.local."
FOREIGN = "www.example.com."
VOLUMES = {"volumes": [{"name": "config-volume", "configMap": {"name": "coredns", "items": [{"key": "Corefile", "path": "Corefile"}]}}]}
SHIPPED = shipped_text("cluster.local")
CACHED = SHIPPED.replace("cache 30 {\n       disable success cluster.local\n       disable denial cluster.local\n    }", "cache 30")
SOA = Record(".", "SOA", "a. b. 1 2 3 4 86400", 86_400)
LATEST = 90 * SECOND


def unknown(name: str, type: str) -> Answer:
    return Answer("NXDOMAIN", authority=(SOA,), authoritative=False, forwarded=name)


def known(name: str, type: str) -> Answer:
    address = "192.0.2.1" if type == "A" else "2001:db8::1"
    return Answer("NOERROR", (Record(name, type, address, 300),), authoritative=False, forwarded=name)


class Yard:
    """A headless Service with one Pod, and two CoreDNS Pods."""

    def __init__(self, text: str = SHIPPED, upstream: Upstream = unknown) -> None:
        self.made: Machinery = machinery()
        self.store = self.made.store
        self.servers = Servers(self.made, upstream)
        add(self.made, "Namespace", "", "shop")
        add_service(self.made, "web", "None", [{"port": 80}], namespace="shop")
        add_slice(self.made, "web", [endpoint("10.244.1.5")], namespace="shop")
        add(self.made, "ConfigMap", "kube-system", "coredns", rest={"data": {"Corefile": text}})
        for number in (1, 2):
            add_pod(self.made, f"coredns-{number}", f"10.244.0.{number}", "node-a", "kube-system", spec=VOLUMES)

    def pod(self, number: int = 1) -> Pod:
        found: Pod = self.store.get("Pod", "kube-system", f"coredns-{number}")
        return found

    def ask(self, number: int = 1, name: str = NAME) -> Any:
        return self.servers.ask(self.pod(number), name)

    def addresses(self, number: int = 1) -> tuple[str, ...]:
        found: tuple[str, ...] = self.ask(number).query.ipv4.addresses
        return found

    def move(self, *addresses: str) -> None:
        piece = self.store.get("EndpointSlice", "shop", "web-1")
        self.store.replace(piece, endpoints=tuple(endpoint(each) for each in addresses))

    def write(self, text: str) -> None:
        thing = self.store.get("ConfigMap", "kube-system", "coredns")
        self.store.replace(thing, rest={"data": {"Corefile": text}})

    def wait(self, duration: int) -> None:
        self.made.clock.run_until(self.made.now + duration)


def test_as_shipped_a_headless_answer_is_of_the_moment() -> None:
    yard = Yard()
    assert yard.addresses() == ("10.244.1.5",)
    yard.move("10.244.1.6")
    assert yard.addresses() == ("10.244.1.6",)
    assert yard.ask().ages == ()


def test_with_a_cache_for_the_clusters_zone_an_answer_is_stale_until_its_ttl_is_over() -> None:
    yard = Yard(CACHED)
    yard.addresses()
    yard.move("10.244.1.6")
    yard.wait(29 * SECOND)
    stale = yard.ask()
    assert (stale.query.ipv4.addresses, stale.ages) == (("10.244.1.5",), (29, 29))
    yard.wait(SECOND)
    assert yard.addresses() == ("10.244.1.6",)


def test_a_denial_is_cached_too() -> None:
    yard = Yard(CACHED)
    yard.move()
    assert yard.ask().query.ipv4.rcode == "NXDOMAIN"
    yard.move("10.244.1.6")
    yard.wait(29 * SECOND)
    assert yard.ask().query.ipv4.rcode == "NXDOMAIN"


def test_each_pod_has_a_cache_of_its_own() -> None:
    yard = Yard(CACHED)
    yard.addresses(1)
    yard.move("10.244.1.6")
    assert (yard.addresses(1), yard.addresses(2)) == (("10.244.1.5",), ("10.244.1.6",))


def test_a_foreign_name_is_cached_as_shipped() -> None:
    yard = Yard()
    yard.ask(name=FOREIGN)
    yard.wait(10 * SECOND)
    assert yard.ask(name=FOREIGN).ages == (10, 10)


def test_an_alias_that_leads_out_of_the_cluster_is_answered_through_the_cache() -> None:
    """Else a learner would think that an ExternalName's answer is of the moment, where it is as old as CoreDNS has it of the name behind it."""
    yard = Yard(upstream=known)
    add_service(yard.made, "ext", "", [], namespace="shop", type="ExternalName", externalName="www.example.com")
    alias = "ext.shop.svc.cluster.local."
    assert [(each.type, each.ttl) for each in yard.ask(name=alias).query.ipv4.records] == [("CNAME", 30), ("A", 30)]
    yard.wait(10 * SECOND)
    assert yard.ask(name=FOREIGN).ages == (10, 10)
    assert [each.ttl for each in yard.servers.answer(yard.pod(), alias, "A").records] == [20, 20]


def test_without_a_cache_an_alias_has_the_ttls_that_its_parts_have() -> None:
    yard = Yard(SHIPPED.replace("cache 30 {\n       disable success cluster.local\n       disable denial cluster.local\n    }", ""), known)
    add_service(yard.made, "ext", "", [], namespace="shop", type="ExternalName", externalName="www.example.com")
    assert [each.ttl for each in yard.ask(name="ext.shop.svc.cluster.local.").query.ipv4.records] == [30, 300]


def test_a_cached_answer_is_told_with_what_is_left_of_its_ttl() -> None:
    """Else a learner who runs dig again would think that nothing is cached."""
    yard = Yard(upstream=known)
    seen = []
    for _ in range(3):
        seen.append(yard.servers.answer(yard.pod(), FOREIGN, "A").records[0].ttl)
        yard.wait(7 * SECOND)
    assert seen == [30, 23, 16]


def test_what_is_no_address_is_cached_as_shipped() -> None:
    """Else a learner who asks again for 8.8.8.8's name would think that a denial may be kept for a day, and never counts down."""
    yard = Yard()
    outside = "8.8.8.8.in-addr.arpa."
    assert [each.ttl for each in yard.servers.answer(yard.pod(), outside, "PTR").authority] == [30]
    yard.wait(10 * SECOND)
    assert [each.ttl for each in yard.servers.answer(yard.pod(), outside, "PTR").authority] == [20]
    assert [each.ttl for each in yard.servers.answer(yard.pod(2), outside, "PTR").authority] == [30]


def test_the_name_of_a_pods_address_may_be_half_a_minute_old() -> None:
    """Else a learner would think that `disable success cluster.local` exempts reverse zones too, and not know why a name is stale."""
    yard = Yard()
    reverse = "5.1.244.10.in-addr.arpa."
    assert yard.servers.answer(yard.pod(), reverse, "PTR").rcode == "NOERROR"
    yard.move()
    yard.wait(29 * SECOND)
    assert yard.servers.answer(yard.pod(), reverse, "PTR").rcode == "NOERROR"
    yard.wait(SECOND)
    assert yard.servers.answer(yard.pod(), reverse, "PTR").rcode == "NXDOMAIN"


def test_a_cache_does_not_survive_its_process() -> None:
    yard = Yard(CACHED)
    yard.addresses()
    yard.move("10.244.1.6")
    container = msgspec.structs.replace(RUNNING.containers[0], restarts=1)
    yard.store.replace(yard.pod(), state=msgspec.structs.replace(RUNNING, containers=(container,)))
    assert yard.addresses() == ("10.244.1.6",)


def test_while_only_looking_nothing_is_cached() -> None:
    yard = Yard(CACHED)
    yard.servers.closed = True
    yard.addresses()
    yard.move("10.244.1.6")
    assert yard.addresses() == ("10.244.1.6",)


# --- the file


def test_a_changed_corefile_is_read_within_a_minute_and_a_half() -> None:
    yard = Yard()
    before = yard.ask().query.ipv4.records[0].ttl
    yard.write(SHIPPED.replace("ttl 30", "ttl 7"))
    at_once = yard.ask().query.ipv4.records[0].ttl
    yard.wait(LATEST)
    assert (before, at_once, yard.ask().query.ipv4.records[0].ttl) == (30, 30, 7)


def test_pods_read_it_each_at_its_own_time() -> None:
    yard = Yard()
    yard.write(CACHED)
    seen = []
    for _ in range(90):
        yard.wait(SECOND)
        seen.append((yard.servers.runs_by(yard.pod(1)) == CACHED, yard.servers.runs_by(yard.pod(2)) == CACHED))
    assert seen[-1] == (True, True)
    assert {(True, False), (False, True)} & set(seen)


def test_a_pod_that_starts_after_the_change_has_it_at_once() -> None:
    yard = Yard()
    yard.write(CACHED)
    add_pod(yard.made, "coredns-3", "10.244.0.3", "node-a", "kube-system", spec=VOLUMES)
    assert yard.servers.runs_by(yard.pod(3)) == CACHED


def test_without_the_plugin_reload_a_process_keeps_its_file() -> None:
    yard = Yard(SHIPPED.replace("    reload\n", ""))
    yard.write(CACHED)
    yard.wait(10 * LATEST)
    assert yard.servers.runs_by(yard.pod()) != CACHED


@pytest.mark.parametrize("text", ["", ".:53 {\n cash 30\n}\n"], ids=["empty", "wrong"])
def test_a_file_that_cannot_be_read_leaves_a_process_as_it_is(text: str) -> None:
    yard = Yard(CACHED)
    yard.write(text)
    yard.wait(LATEST)
    assert yard.servers.runs_by(yard.pod()) == CACHED


def test_a_reload_empties_the_cache() -> None:
    yard = Yard(CACHED.replace("cache 30", "cache 3000").replace("ttl 30", "ttl 3000"))
    yard.addresses()
    yard.move("10.244.1.6")
    yard.write(CACHED)
    yard.wait(LATEST)
    assert yard.addresses() == ("10.244.1.6",)


def test_pods_verified_follows_pods() -> None:
    yard = Yard(SHIPPED.replace("pods insecure", "pods verified"))
    asked = "10-244-1-9.shop.pod.cluster.local."
    assert yard.ask(name=asked).query.ipv4.rcode == "NXDOMAIN"
    add_pod(yard.made, "late", "10.244.1.9", "node-a", "shop")
    assert yard.ask(name=asked).query.ipv4.addresses == ("10.244.1.9",)


def test_a_pod_without_a_file_answers_as_shipped() -> None:
    yard = Yard(CACHED)
    add_pod(yard.made, "coredns-3", "10.244.0.3", "node-a", "kube-system")
    yard.addresses(3)
    yard.move("10.244.1.6")
    assert yard.addresses(3) == ("10.244.1.6",)


def test_what_is_cached_and_what_is_read_is_saved() -> None:
    yard = Yard(CACHED)
    yard.addresses()
    yard.write(SHIPPED)
    yard.move("10.244.1.6")
    again = Yard(SHIPPED)
    again.move("10.244.1.6")
    again.servers.restore(msgspec.json.decode(msgspec.json.encode(yard.servers.state())))
    assert again.addresses() == ("10.244.1.5",)
    assert again.servers.state() == yard.servers.state()
