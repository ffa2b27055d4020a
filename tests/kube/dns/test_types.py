"""What CoreDNS answers to each type of question, in each of its modes; as recorded from a running CoreDNS 1.13.1 where the source leaves doubt."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import PodState
from playground.kube.dns.corefile import REVERSE_ZONES, Corefile
from playground.kube.dns.message import Answer, Record
from playground.kube.dns.records import Records
from tests.kube.kubeproxy.builders import add, add_pod, add_service, add_slice, endpoint, machinery

ZONES = ("cluster.local.", *REVERSE_ZONES)
TCP_UDP = [{"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]


def server(upstream: Any = None, **options: Any) -> Records:
    """One of each kind of Service, and a CoreDNS at 10.244.0.2 behind kube-dns."""
    made = machinery()
    corefile = Corefile(ZONES, **{"pods": "insecure", "ttl": 30, "addresses": ("10.244.0.2",), **options})
    answering = Records(made, corefile, upstream) if upstream else Records(made, corefile)
    for name in ("shop", "data", "kube-system", "svc"):
        add(made, "Namespace", "", name)
    add_service(made, "kube-dns", "10.96.0.10", TCP_UDP, namespace="kube-system")
    add_slice(
        made,
        "kube-dns",
        [endpoint("10.244.0.2"), endpoint("10.244.3.2")],
        [("dns", 53, "UDP"), ("dns-tcp", 53, "TCP")],
        namespace="kube-system",
    )
    add_service(
        made, "web", "10.96.1.1", [{"name": "http", "port": 80}, {"name": "metrics", "port": 9090, "protocol": "UDP"}], namespace="shop"
    )
    add_slice(
        made,
        "web",
        [endpoint("10.244.1.5"), endpoint("10.244.2.6", "not-ready")],
        [("http", 8080, "TCP"), ("metrics", 9091, "UDP")],
        namespace="shop",
    )
    add_service(made, "plain", "10.96.1.2", [{"port": 8080}], namespace="shop")
    add_service(made, "dual", "10.96.1.3", [{"name": "http", "port": 80}], namespace="shop", clusterIPs=["10.96.1.3", "fd00::3"])
    add_service(made, "saas", "", [], namespace="shop", type="ExternalName", externalName="api.example.com")
    add_service(made, "db", "None", [{"name": "pg", "port": 5432}], namespace="data")
    pets = [
        endpoint("10.244.1.9", hostname="db-0"),
        endpoint("10.244.2.9", "not-ready", hostname="db-1"),
        endpoint("10.244.3.9", hostname="db-2"),
    ]
    add_slice(made, "db", pets, [("pg", 5432, "TCP")], namespace="data")
    add_service(made, "portless", "None", [], namespace="data")
    portless = add_slice(made, "portless", [endpoint("10.244.4.1")], namespace="data")
    made.store.replace(portless, ports=())
    add_slice(made, "orphan", [endpoint("10.244.7.7", hostname="relic")], namespace="data")
    add_pod(made, "web-1", "10.244.1.5", "node-a", "shop")
    add_pod(made, "done", "10.244.1.6", "node-a", "shop", state=PodState(phase="Succeeded"))
    add_pod(made, "going", "10.244.1.7", "node-a", "shop", deleting=1)
    add_pod(made, "six", "fd00:10::", "node-a", "shop")
    return answering


def told(answer: Answer) -> tuple[str, list[str], list[str]]:
    """What it is, its records and the additional ones, as `type value` (`name type value` of additional ones)."""
    records = sorted(f"{each.type} {each.value}" for each in answer.records)
    return answer.word, records, sorted(f"{each.name} {each.type} {each.value}" for each in answer.additional)


S, Z = "svc.cluster.local.", "cluster.local."
NODATA, NXDOMAIN = ("NODATA", [], []), ("NXDOMAIN", [], [])
CASES: dict[str, tuple[str, str, tuple[str, list[str], list[str]]]] = {
    "SRV of a port: the Service's port and name": (
        f"_http._tcp.web.shop.{S}", "SRV", ("ANSWER", [f"SRV 0 100 80 web.shop.{S}"], [f"web.shop.{S} A 10.96.1.1"])),
    "SRV of a Service lists all its ports, which share the weight": (
        f"web.shop.{S}", "SRV", ("ANSWER", [f"SRV 0 50 80 web.shop.{S}", f"SRV 0 50 9090 web.shop.{S}"], [f"web.shop.{S} A 10.96.1.1"])),
    "even a port without a name": (f"plain.shop.{S}", "SRV", ("ANSWER", [f"SRV 0 100 8080 plain.shop.{S}"], [f"plain.shop.{S} A 10.96.1.2"])),
    "SRV of two families is one record of half the weight": (
        f"dual.shop.{S}", "SRV", ("ANSWER", [f"SRV 0 50 80 dual.shop.{S}"], [f"dual.shop.{S} A 10.96.1.3", f"dual.shop.{S} AAAA fd00::3"])),
    "SRV of a headless Service: a name and the Pod's own port for each ready endpoint": (
        f"_pg._tcp.db.data.{S}", "SRV",
        ("ANSWER", [f"SRV 0 50 5432 db-0.db.data.{S}", f"SRV 0 50 5432 db-2.db.data.{S}"],
         [f"db-0.db.data.{S} A 10.244.1.9", f"db-2.db.data.{S} A 10.244.3.9"])),
    "SRV of one endpoint": (f"db-0.db.data.{S}", "SRV", ("ANSWER", [f"SRV 0 100 5432 db-0.db.data.{S}"], [f"db-0.db.data.{S} A 10.244.1.9"])),
    "an endpoint of a Service with an address has the Pod's ports": (
        f"10-244-1-5.web.shop.{S}", "SRV",
        ("ANSWER", [f"SRV 0 50 8080 10-244-1-5.web.shop.{S}", f"SRV 0 50 9091 10-244-1-5.web.shop.{S}"], [f"10-244-1-5.web.shop.{S} A 10.244.1.5"])),
    "SRV without ports": (f"portless.data.{S}", "SRV", NODATA),
    "but there is an address": (f"portless.data.{S}", "A", ("ANSWER", ["A 10.244.4.1"], [])),
    "SRV of an external name": (f"saas.shop.{S}", "SRV", NODATA),
    "SRV of a Pod's address has port 0": (
        "10-244-1-5.shop.pod.cluster.local.", "SRV",
        ("ANSWER", ["SRV 0 100 0 10-244-1-5.shop.pod.cluster.local."], ["10-244-1-5.shop.pod.cluster.local. A 10.244.1.5"])),
    "SRV of a port that is not there": (f"_ftp._tcp.web.shop.{S}", "SRV", NXDOMAIN),
    "a bare underscore is any port": (
        f"_._udp.web.shop.{S}", "SRV", ("ANSWER", [f"SRV 0 100 9090 web.shop.{S}"], [f"web.shop.{S} A 10.96.1.1"])),
    "and any protocol": (f"_http._.web.shop.{S}", "A", ("ANSWER", ["A 10.96.1.1"], [])),
    "even of an external name": (f"_._.saas.shop.{S}", "CNAME", ("ANSWER", ["CNAME api.example.com."], [])),
    "PTR of a Service's address": ("1.1.96.10.in-addr.arpa.", "PTR", ("ANSWER", [f"PTR web.shop.{S}"], [])),
    "PTR of an IPv6 one": ("3." + "0." * 27 + "0.0.d.f.ip6.arpa.", "PTR", ("ANSWER", [f"PTR dual.shop.{S}"], [])),
    "PTR of an endpoint's address is its name under its Service": ("5.1.244.10.in-addr.arpa.", "PTR", ("ANSWER", [f"PTR 10-244-1-5.web.shop.{S}"], [])),
    "PTR of one with a hostname": ("9.1.244.10.in-addr.arpa.", "PTR", ("ANSWER", [f"PTR db-0.db.data.{S}"], [])),
    "PTR of one that is not ready": ("9.2.244.10.in-addr.arpa.", "PTR", NXDOMAIN),
    "PTR needs a slice only, no Service": ("7.7.244.10.in-addr.arpa.", "PTR", ("ANSWER", [f"PTR relic.orphan.data.{S}"], [])),
    "whose own name does not exist": (f"relic.orphan.data.{S}", "A", NXDOMAIN),
    "PTR of a name of a Service": (f"web.shop.{S}", "PTR", NODATA),
    "a reverse name with another type": ("1.1.96.10.in-addr.arpa.", "A", NXDOMAIN),
    "a part of a reverse name": ("96.10.in-addr.arpa.", "PTR", NXDOMAIN),
    "the reverse zone itself": ("in-addr.arpa.", "PTR", NODATA),
    "a Service's name in a reverse zone": ("web.shop.svc.in-addr.arpa.", "PTR", NXDOMAIN),
    "TXT of the schema's version": (f"dns-version.{Z}", "TXT", ("ANSWER", ["TXT 1.1.0"], [])),
    "in any zone": ("dns-version.ip6.arpa.", "TXT", ("ANSWER", ["TXT 1.1.0"], [])),
    "which has no other type": (f"dns-version.{Z}", "A", NXDOMAIN),
    "TXT of a Service": (f"web.shop.{S}", "TXT", NODATA),
    "TXT of a namespace": (f"shop.{S}", "TXT", NXDOMAIN),
    "TXT of the zone": (Z, "TXT", NXDOMAIN),
    "ANY of a namespace": (f"shop.{S}", "ANY", NODATA),
    "ANY, MX, HINFO and the like tell that a name exists": (f"web.shop.{S}", "ANY", NODATA),
    "or not": (f"gone.shop.{S}", "MX", NXDOMAIN),
    "NS of the zone is the DNS Service": (Z, "NS", ("ANSWER", [f"NS kube-dns.kube-system.{S}"], [f"kube-dns.kube-system.{S} A 10.96.0.10"])),
    "but not in other letters": ("Cluster.local.", "NS", NODATA),
    "NS of a Service": (f"web.shop.{S}", "NS", NODATA),
    "ns.dns has the DNS Service's address": (f"ns.dns.{Z}", "A", ("ANSWER", ["A 10.96.0.10"], [])),
    "and no other family": (f"ns.dns.{Z}", "AAAA", NODATA),
    "but is no text": (f"ns.dns.{Z}", "TXT", NXDOMAIN),
    "nor there in other letters": ("ns.dns.Cluster.local.", "A", NXDOMAIN),
    "SOA below the zone": (f"web.shop.{S}", "SOA", NODATA),
    "zone transfers are refused": (Z, "AXFR", ("REFUSED", [], [])),
    "one or two labels before a Pod's address do not matter": ("_a._b.1-2-3-4.shop.pod.cluster.local.", "A", ("ANSWER", ["A 1.2.3.4"], [])),
    "three do": ("a.b.c.1-2-3-4.shop.pod.cluster.local.", "A", NXDOMAIN),
    "a namespace may be called svc": (f"svc.{S}", "A", NODATA),
}  # fmt: skip


@pytest.mark.parametrize(("name", "type", "expected"), CASES.values(), ids=CASES)
def test_types(name: str, type: str, expected: tuple[str, list[str], list[str]]) -> None:
    assert told(server().ask(name, type)) == expected


def test_weights_are_shared_by_all_that_is_there_before_what_is_there_twice_is_left_out() -> None:
    made = machinery()
    found = Records(made, Corefile(ZONES))
    add(made, "Namespace", "", "shop")
    add_service(made, "many", "None", [{"name": "http", "port": 80}], namespace="shop")
    for number in range(2):
        add_slice(made, "many", [endpoint("10.244.1.1"), endpoint("10.244.1.2")], [("http", 80, "TCP")], f"many-{number}", "shop")
    assert [record.value.split()[1] for record in found.ask(f"many.shop.{S}", "SRV").records] == ["25", "25"]
    for number in range(101):
        add_slice(made, "many", [endpoint(f"10.244.2.{number}")], [("http", 80, "TCP")], f"more-{number}", "shop")
    assert {record.value.split()[1] for record in found.ask(f"many.shop.{S}", "SRV").records} == {"1"}


def test_a_negative_answer_carries_its_zones_start_of_authority() -> None:
    found = server(ttl=400)
    for name, zone in ((f"gone.shop.{S}", Z), ("x.Cluster.Local.", "Cluster.Local."), ("9.2.244.10.in-addr.arpa.", "in-addr.arpa.")):
        (authority,) = found.ask(name, "A").authority
        assert (authority.name, authority.type, authority.ttl) == (zone, "SOA", 300)
        assert authority.value.split()[:2] == [f"ns.dns.{zone}", f"hostmaster.{zone}"]
        assert authority.value.split()[3:] == ["7200", "1800", "86400", "400"]
    assert found.ask(f"web.shop.{S}", "A").authority == ()
    assert found.ask("Cluster.local.", "SOA").records[0].name == "Cluster.local."


def test_names_that_the_server_writes_are_lower_case_but_for_the_zone() -> None:
    answer = server().ask("_HTTP._tcp.Web.SHOP.svc.Cluster.LOCAL.", "SRV")
    assert answer.records[0] == Record("_HTTP._tcp.Web.SHOP.svc.Cluster.LOCAL.", "SRV", "0 100 80 web.shop.svc.Cluster.LOCAL.", 30)
    assert answer.additional[0].name == "web.shop.svc.Cluster.LOCAL."


VERIFIED = {
    "a Pod's address in its namespace": ("10-244-1-5.shop", "A", "ANSWER"),
    "in another namespace": ("10-244-1-5.data", "A", "NXDOMAIN"),
    "an address that no Pod has": ("1-2-3-4.shop", "A", "NXDOMAIN"),
    "that of a Pod that has ended": ("10-244-1-6.shop", "A", "NXDOMAIN"),
    "that of a Pod that is on its way out": ("10-244-1-7.shop", "A", "NXDOMAIN"),
    "as the Pod's address is written": ("fd00-10--.shop", "AAAA", "ANSWER"),
    "in another spelling": ("fd00-10--0.shop", "AAAA", "NXDOMAIN"),
}


@pytest.mark.parametrize(("name", "type", "word"), VERIFIED.values(), ids=VERIFIED)
def test_pods_verified(name: str, type: str, word: str) -> None:
    assert server(pods="verified").ask(f"{name}.pod.cluster.local.", type).word == word


def test_pods_disabled() -> None:
    found = server(pods="disabled")
    assert [found.ask(f"{name}pod.{Z}", "A").word for name in ("10-244-1-5.shop.", "shop.", "")] == ["NXDOMAIN", "NXDOMAIN", "NODATA"]


def test_until_it_is_synced_it_knows_of_nothing_and_says_so() -> None:
    found = server(synced=False)
    words = [
        found.ask(name, type).word
        for name, type in ((f"web.shop.{S}", "A"), (f"shop.{S}", "A"), (S, "A"), (Z, "SOA"), (f"dns-version.{Z}", "TXT"))
    ]
    assert words == ["SERVFAIL", "SERVFAIL", "NODATA", "ANSWER", "ANSWER"]
    failed = found.ask(f"web.shop.{S}", "A")
    assert failed.authoritative
    assert failed.authority[0].type == "SOA"


def test_a_zone_to_fall_through_asks_upstream_for_what_is_not_known() -> None:
    asked = []

    def upstream(name: str, type: str) -> Answer:
        asked.append((name, type))
        return Answer("NOERROR", (Record(name, "PTR", "host.example.", 60),), authoritative=False)

    found = server(upstream, fall=REVERSE_ZONES)
    assert found.ask("8.8.8.8.in-addr.arpa.", "PTR").records[0].value == "host.example."
    assert not found.ask("1.1.96.10.in-addr.arpa.", "A").authoritative
    assert found.ask("1.1.96.10.in-addr.arpa.", "PTR").authoritative
    assert found.ask("8.8.8.8.in-addr.arpa.", "SOA").word == "NODATA"
    assert found.ask(f"gone.shop.{S}", "A").word == "NXDOMAIN"
    assert asked == [("8.8.8.8.in-addr.arpa.", "PTR"), ("1.1.96.10.in-addr.arpa.", "A")]


def test_an_alias_of_a_name_outside_is_answered_with_what_upstream_says() -> None:
    def upstream(name: str, type: str) -> Answer:
        return Answer("NOERROR", (Record(name, type, "1.2.3.4", 60),), authoritative=False, truncated=True)

    answer = server(upstream).ask(f"saas.shop.{S}", "A")
    assert [record.value for record in answer.records] == ["api.example.com.", "1.2.3.4"]
    assert answer.truncated


def test_without_upstream_a_name_outside_fails_without_authority() -> None:
    answer = server().ask("www.example.com", "A")
    assert (answer.rcode, answer.authoritative, answer.authority) == ("SERVFAIL", False, ())


def test_only_exposed_namespaces_are_there() -> None:
    found = server(namespaces=("data",))
    assert [found.ask(name, "A").word for name in (f"web.shop.{S}", f"shop.{S}", f"db.data.{S}")] == ["NXDOMAIN", "NXDOMAIN", "ANSWER"]
    assert found.ask("1.1.96.10.in-addr.arpa.", "PTR").word == "NXDOMAIN"
    assert found.ask("5.1.244.10.in-addr.arpa.", "PTR").word == "NXDOMAIN"


def test_a_service_without_ready_endpoints_may_be_left_out() -> None:
    assert server().ask(f"plain.shop.{S}", "A").word == "ANSWER"
    found = server(ignore_empty_service=True)
    assert [found.ask(f"{name}.shop.{S}", "A").word for name in ("plain", "web")] == ["NXDOMAIN", "ANSWER"]
    assert found.ask(f"saas.shop.{S}", "CNAME").word == "ANSWER"


def test_endpoints_may_be_named_after_their_pods() -> None:
    made = machinery()
    found = Records(made, Corefile(ZONES, endpoint_pod_names=True))
    add(made, "Namespace", "", "shop")
    add_service(made, "web", "None", [{"port": 80}], namespace="shop")
    add_slice(made, "web", [endpoint("10.244.1.1", pod="web-1"), endpoint("10.244.1.2", pod="p" * 64)], namespace="shop")
    assert found.ask(f"web-1.web.shop.{S}", "A").addresses == ("10.244.1.1",)
    assert found.ask(f"10-244-1-2.web.shop.{S}", "A").addresses == ("10.244.1.2",)


def test_a_server_that_no_service_leads_to_is_its_own_name_server() -> None:
    found = server(addresses=("127.0.0.1",))
    assert told(found.ask(Z, "NS")) == ("ANSWER", [f"NS ns.dns.{Z}"], [f"ns.dns.{Z} A 127.0.0.1"])
    shipped = server(addresses=None)
    assert told(shipped.ask(f"ns.dns.{Z}", "A"))[1] == ["A 10.96.0.10"]
