"""What CoreDNS answers (coredns plugin/kubernetes, and the Kubernetes DNS specification)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.machinery import Machinery
from playground.kube.dns.addresses import endpoint_name
from playground.kube.dns.corefile import Corefile
from playground.kube.dns.records import Records
from tests.kube.kubeproxy.builders import add, add_service, add_slice, endpoint, machinery


def records() -> tuple[Machinery, Records]:
    made = machinery()
    found = Records(made)
    for name in ("shop", "data"):
        add(made, "Namespace", "", name)
    add_service(made, "web", "10.96.1.1", [{"name": "http", "port": 80}, {"name": "alt", "port": 8080}], namespace="shop")
    add_slice(made, "web", [endpoint("10.244.1.5")], namespace="shop")
    add_service(made, "idle", "10.96.1.2", [{"port": 80}], namespace="shop")
    add_service(made, "dual", "10.96.1.3", [{"port": 80}], namespace="shop", clusterIPs=["10.96.1.3", "fd00::3"])
    add_service(made, "db", "None", [{"name": "pg", "port": 5432}], namespace="data")
    add_slice(
        made, "db",
        [endpoint("10.244.1.9", hostname="db-0"), endpoint("10.244.2.9", "not-ready", hostname="db-1"), endpoint("10.244.3.9", hostname="db-2"),
         endpoint("10.244.3.7", "serving", hostname="db-3"), endpoint("10.244.3.8")],
        namespace="data",
    )  # fmt: skip
    add_service(made, "unready", "None", [{"port": 80}], namespace="data")
    add_slice(made, "unready", [endpoint("10.244.2.1", "not-ready")], namespace="data")
    aliases = {
        "saas": "api.example.com", "alias": "web.shop.svc.cluster.local", "dangling": "gone.shop.svc.cluster.local",
        "ipname": "10.1.2.3", "almost": "203.0.113.256", "loop": "loop.shop.svc.cluster.local",
    }  # fmt: skip
    for name, target in aliases.items():
        add_service(made, name, "", [], namespace="shop", type="ExternalName", externalName=target)
    return made, found


A: dict[str, tuple[str, str, str, list[str]]] = {
    "a Service answers its own address, never those of Pods": ("web.shop", "A", "ANSWER", ["10.96.1.1"]),
    "and does so without any endpoint": ("idle.shop", "A", "ANSWER", ["10.96.1.2"]),
    "its name exists without an IPv6 address": ("web.shop", "AAAA", "NODATA", []),
    "and is no alias": ("web.shop", "CNAME", "NODATA", []),
    "a Service of two families answers each": ("dual.shop", "AAAA", "ANSWER", ["fd00::3"]),
    "a headless Service answers every ready endpoint": ("db.data", "A", "ANSWER", ["10.244.1.9", "10.244.3.9", "10.244.3.8"]),
    "a headless Service with none ready does not exist": ("unready.data", "A", "NXDOMAIN", []),
    "a StatefulSet's Pod has a name": ("db-0.db.data", "A", "ANSWER", ["10.244.1.9"]),
    "but not while it is not ready": ("db-1.db.data", "A", "NXDOMAIN", []),
    "nor once it is terminating, even if it still serves": ("db-3.db.data", "A", "NXDOMAIN", []),
    "an endpoint without a hostname has its address with dashes": ("10-244-3-8.db.data", "A", "ANSWER", ["10.244.3.8"]),
    "one with a hostname has only that": ("10-244-1-9.db.data", "A", "NXDOMAIN", []),
    "endpoints of a Service with an address have names too": ("10-244-1-5.web.shop", "A", "ANSWER", ["10.244.1.5"]),
    "a port's name leads to the Service's address": ("_http._tcp.web.shop", "A", "ANSWER", ["10.96.1.1"]),
    "without underscores as well": ("http.tcp.web.shop", "A", "ANSWER", ["10.96.1.1"]),
    "an unknown port does not exist": ("_ftp._tcp.web.shop", "A", "NXDOMAIN", []),
    "nor one of another protocol": ("_http._udp.web.shop", "A", "NXDOMAIN", []),
    "three labels before the Service do not exist": ("a._http._tcp.web.shop", "A", "NXDOMAIN", []),
    "an external name is an alias, and upstream knows no more": ("saas.shop", "A", "ANSWER", ["api.example.com."]),
    "an alias inside is followed": ("alias.shop", "A", "ANSWER", ["web.shop.svc.cluster.local.", "10.96.1.1"]),
    "the alias alone, if that was asked": ("alias.shop", "CNAME", "ANSWER", ["web.shop.svc.cluster.local."]),
    "an alias of nothing has no address and is not shown": ("dangling.shop", "A", "NODATA", []),
    "but is there if asked for": ("dangling.shop", "CNAME", "ANSWER", ["gone.shop.svc.cluster.local."]),
    "an alias whose target lacks the family": ("alias.shop", "AAAA", "NODATA", []),
    "an alias of itself": ("loop.shop", "A", "NODATA", []),
    "an external name that is an address does not exist": ("ipname.shop", "A", "NXDOMAIN", []),
    "one that only looks like an address does": ("almost.shop", "A", "ANSWER", ["203.0.113.256."]),
    "nothing is below an external name": ("x.saas.shop", "A", "NXDOMAIN", []),
    "no such Service": ("gone.shop", "A", "NXDOMAIN", []),
    "no such namespace": ("web.gone", "A", "NXDOMAIN", []),
    "wildcards are names like others": ("*.shop", "A", "NXDOMAIN", []),
    "the case of letters does not matter": ("WEB.Shop", "A", "ANSWER", ["10.96.1.1"]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "type", "word", "values"), A.values(), ids=A)
def test_service_names(name: str, type: str, word: str, values: list[str]) -> None:
    _, found = records()
    answer = found.answer(f"{name}.svc.cluster.local.", type)
    assert (answer.word, [record.value for record in answer.records]) == (word, values)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("cluster.local.", "NODATA"),
        ("svc.cluster.local.", "NODATA"),
        ("shop.svc.cluster.local.", "NODATA"),
        ("gone.svc.cluster.local.", "NXDOMAIN"),
        ("web.shop.cluster.local.", "NXDOMAIN"),
        ("www.example.com.", "SERVFAIL"),
        ("xcluster.local.", "SERVFAIL"),
        ("web..svc.cluster.local.", "NXDOMAIN"),
        ("pod.cluster.local.", "NODATA"),
        ("shop.pod.cluster.local.", "NODATA"),
        ("gone.pod.cluster.local.", "NXDOMAIN"),
        ("10-244-1-5.gone.pod.cluster.local.", "NXDOMAIN"),
        ("10-244-1.shop.pod.cluster.local.", "NXDOMAIN"),
        ("fd00--1.shop.pod.cluster.local.", "NODATA"),
    ],
)
def test_names_that_are_no_service(name: str, word: str) -> None:
    _, found = records()
    assert found.answer(name, "A").word == word


def test_the_name_of_a_pods_address_is_echoed_in_any_namespace_there_is() -> None:
    _, found = records()
    assert found.answer("10-244-1-5.shop.pod.cluster.local", "A").addresses == ("10.244.1.5",)
    for spelled in ("fd00--1", "fd00-0000--0001", "x.fd00--1"):
        assert found.answer(f"{spelled}.data.pod.cluster.local", "AAAA").addresses == ("fd00::1",)


def test_an_address_that_a_service_has_is_the_services_own_even_where_an_endpoint_has_it_too() -> None:
    """Else a learner who looks an address up would take a Service that fronts another one for the Pod behind it."""
    made, found = records()
    add_service(made, "front", "10.96.1.9", [{"port": 80}], namespace="shop")
    add_slice(made, "front", [endpoint("10.96.1.1")], namespace="shop")
    values = [each.value for each in found.answer("1.1.96.10.in-addr.arpa.", "PTR").records]
    assert values == ["web.shop.svc.cluster.local."]


def test_of_nested_zones_the_longest_answers() -> None:
    """Else a name of an inner cluster zone would be read as a Namespace of the outer one."""
    nested = Corefile(("local.", "cluster.local."))
    assert nested.zone_of("web.shop.svc.Cluster.local.") == "Cluster.local."
    assert nested.zone_of("printer.local.") == "local."
    assert nested.zone_of("example.com.") == ""


def test_the_owner_keeps_the_letters_as_asked() -> None:
    _, found = records()
    assert found.answer("Web.shop.SVC.cluster.local.", "A").records[0].name == "Web.shop.SVC.cluster.local."


def test_a_chain_of_eleven_aliases_is_followed_and_one_of_twelve_is_not() -> None:
    made, found = records()
    for number in range(12):
        target = "web" if number == 11 else f"chain-{number + 1}"
        name = f"{target}.shop.svc.cluster.local"
        add_service(made, f"chain-{number}", "", [], namespace="shop", type="ExternalName", externalName=name)
    assert len(found.answer("chain-1.shop.svc.cluster.local", "A").records) == 12
    assert found.answer("chain-0.shop.svc.cluster.local", "A").word == "NODATA"


@pytest.mark.parametrize(
    ("ip", "hostname", "pod", "pod_names", "name"),
    [
        ("10.11.12.13", "", "", False, "10-11-12-13"),
        ("10.11.12.13", "epname", "", False, "epname"),
        ("10.11.12.13", "", "hello-abcde", False, "10-11-12-13"),
        ("10.11.12.13", "epname", "hello-abcde", False, "epname"),
        ("10.11.12.13", "epname", "hello-abcde", True, "epname"),
        ("10.11.12.13", "", "hello-abcde", True, "hello-abcde"),
        ("2001:db8:3333:4444:5555:6666:7777:8888", "", "", False, "2001-db8-3333-4444-5555-6666-7777-8888"),
        ("2001:db8:3333:4444:5555:6666::", "", "", False, "2001-db8-3333-4444-5555-6666--0"),
    ],
)
def test_endpoint_names(ip: str, hostname: str, pod: str, pod_names: bool, name: str) -> None:
    assert endpoint_name(endpoint(ip, hostname=hostname, pod=pod), pod_names) == name


def change_slice(made: Machinery) -> None:
    made.store.replace(made.store.get("EndpointSlice", "data", "db-1"), endpoints=(endpoint("10.244.9.9", hostname="db-0"),))


def rename_target(made: Machinery) -> None:
    web = made.store.get("Service", "shop", "web")
    made.store.replace(web, spec={**web.spec, "clusterIP": "10.96.9.9"})


CHANGES: dict[str, tuple[str, Any, str]] = {
    "a Service that is made": (
        "new.shop.svc.cluster.local",
        lambda made: add_service(made, "new", "10.96.1.9", [], namespace="shop"),
        "10.96.1.9",
    ),
    "an endpoint that changes": ("db-0.db.data.svc.cluster.local", change_slice, "10.244.9.9"),
    "the target of an alias that changes": ("alias.shop.svc.cluster.local", rename_target, "10.96.9.9"),
}


@pytest.mark.parametrize(("name", "change", "value"), CHANGES.values(), ids=CHANGES)
def test_what_an_answer_needs_is_told_of_when_it_changes(name: str, change: Any, value: str) -> None:
    made, found = records()
    needs, told = found.answer(name, "A").needs, []
    found.listen(told.append)
    change(made)
    assert set(needs) & set(told)
    assert found.answer(name, "A").addresses == (value,)


def test_a_change_of_endpoints_does_not_touch_a_service_with_an_address() -> None:
    _, found = records()
    assert found.answer("web.shop.svc.cluster.local", "A").needs == (("service", "shop", "web"),)
