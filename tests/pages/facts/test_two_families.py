"""What the inspector and the picture say of a cluster of two families."""

from __future__ import annotations

import pytest

from playground.clusters import journeys
from playground.clusters.picture import Picture
from playground.kube.cluster import Cluster
from playground.pages.facts import listing, nodes, pods, rules, services
from playground.pages.facts.choices import choices
from playground.pages.facts.states import ready_endpoints
from playground.pages.facts.values import Overview
from tests.kube import dual


@pytest.fixture(scope="module")
def running() -> Cluster:
    return dual.cluster(dual.service(), dual.service("old", None), dual.service("six", "SingleStack", ipFamilies=["IPv6"]))


def facts(overview: Overview) -> dict[str, str]:
    return {fact.label: fact.value for fact in overview.facts}


def test_a_service_shows_both_addresses_and_why_it_has_them(running: Cluster) -> None:
    service = running.store.get("Service", "default", "web")
    found = facts(services.overview(running, service))
    assert found["Cluster IPs"] == ", ".join(service.spec["clusterIPs"])
    assert found["Families"] == "IPv4, IPv6 (PreferDualStack)"
    assert f"name and addresses, {' and '.join(service.spec['clusterIPs'])}, for" in services.overview(running, service).sentence
    assert "Families" not in facts(services.overview(running, running.store.get("Service", "default", "old")))
    assert facts(services.overview(running, running.store.get("Service", "default", "six")))["Families"] == "IPv6 (SingleStack)"


def test_a_pod_and_a_node_show_both_addresses(running: Cluster) -> None:
    pod, node = dual.pods(running)[0], running.store.get("Node", "", "node-b")
    assert facts(pods.overview(running, pod))["Addresses"] == f"{pod.ip}, {pod.other_ip}"
    found = facts(nodes.overview(running, node))
    assert (found["Addresses"], found["Pod networks"]) == ("192.168.0.3, fd00:192:168::3", "10.244.2.0/24, fd00:10:244:2::/64")


def test_each_pod_counts_once_as_a_ready_endpoint(running: Cluster) -> None:
    for name in ("web", "old", "six"):
        service = running.store.get("Service", "default", name)
        seen = Picture(running).sections["services"][f"default/{name}"]
        assert (ready_endpoints(running, service), seen["ready"], len(seen["endpoints"])) == (3, 3, 3)
        assert seen.get("families") == (["IPv4", "IPv6"] if name == "web" else None)


def test_the_rule_of_each_family_has_a_key_of_its_own(running: Cluster) -> None:
    found = Picture(running).sections["rules"]["node-a"]
    ipv4, ipv6 = dual.spec(running)["clusterIPs"]
    assert (found["default/web:80"]["address"], found["default/web:80/IPv6"]["address"]) == (f"{ipv4}:80", f"[{ipv6}]:80")


def test_a_journey_says_that_it_went_by_ipv6(running: Cluster) -> None:
    assert journeys.entry(dual.ask(running, "web:80"))[13:] == ["IPv6"]
    assert journeys.entry(dual.ask(running, "old:80"))[13:] == []


def test_a_node_shows_the_rules_of_both_programs(running: Cluster) -> None:
    iptables, ip6tables = rules.tables(running, "node-a")
    assert (iptables.name, ip6tables.name) == ("iptables", "ip6tables")
    assert [name for name, _ in ip6tables.tables] == ["nat", "mangle", "filter"]
    assert "icmp6-port-unreachable" not in dict(iptables.tables)["filter"]
    assert "-d fd00:10:96::" in dict(ip6tables.tables)["nat"]


def test_both_families_are_offered_as_targets_and_senders() -> None:
    running = dual.cluster(dual.service(type="LoadBalancer"))
    port = dual.spec(running)["ports"][0]["nodePort"]
    found = choices(running)
    assert {"[2001:db8:1::1]:80", f"[fd00:192:168::2]:{port}", f"192.168.0.2:{port}"} <= set(found.targets)
    assert found.machines[:2] == ("outside:203.0.113.10", "outside:2001:db8:203::10")


def test_a_list_of_objects_shows_all_addresses(running: Cluster) -> None:
    rows = {row.ref: row.what for row in listing.listing(running).rows}
    assert rows["Node/-/node-a"] == "192.168.0.2, fd00:192:168::2"
    assert rows["Service/default/web"].startswith(", ".join(dual.spec(running)["clusterIPs"]))
