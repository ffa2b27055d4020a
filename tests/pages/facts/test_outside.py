"""Do the yard and the inspector say what each Node does with requests from outside, by externalTrafficPolicy, and who is there?"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from playground.clusters import journeys, scenes
from playground.clusters.picture import Picture
from playground.kube import outside
from playground.kube.actions import Apply, Patch
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.pages.facts import endpoints, rules, services
from tests.kube.network.test_leaving import written_by_hand

LOCAL, ANYWHERE = "default/web-local:80/outside", "default/web-cluster:80/outside"
NODES = ("node-a", "node-b", "node-c")


@pytest.fixture(scope="module")
def running() -> Cluster:
    """Two Pods of the same Deployment behind a load balancer with policy Cluster, and behind one with Local."""
    return scenes.start(scenes.find("from-outside"))


def service(running: Cluster, name: str) -> Any:
    return running.store.get("Service", "default", name)


def homes(running: Cluster) -> set[str]:
    return {pod.node for pod in running.store.list("Pod", "default")}


def request(running: Cluster, source: str, to: str) -> Any:
    return running.network.request(running.network.send(running.network.senders.require(source), to))


def told(running: Cluster, entry: list[Any]) -> dict[str, Any]:
    """The rule of the Node that decided, in the picture that the yard has."""
    return Picture(running).sections["rules"][entry[3]][entry[14]]


def test_with_policy_local_each_node_has_only_its_own_endpoints_for_requests_from_outside(running: Cluster) -> None:
    found = Picture(running).sections["rules"]
    assert {node: (found[node][LOCAL]["verdict"], found[node][LOCAL]["count"]) for node in NODES} == {
        node: ("forward", 1) if node in homes(running) else ("DROP", 0) for node in NODES
    }
    assert {found[node]["default/web-local:80"]["count"] for node in NODES} == {2}


def test_with_policy_cluster_every_node_has_all_endpoints_for_requests_from_outside(running: Cluster) -> None:
    found = Picture(running).sections["rules"]
    assert {(found[node][ANYWHERE]["verdict"], found[node][ANYWHERE]["count"]) for node in NODES} == {("forward", 2)}


def test_the_rule_of_what_comes_from_outside_names_the_load_balancers_address_and_the_node_port(running: Cluster) -> None:
    rule, port = Picture(running).sections["rules"]["node-a"][LOCAL], service(running, "web-local").spec["ports"][0]
    assert (rule["address"], rule["nodePort"]) == ("198.51.100.2:80", port["nodePort"])


def test_a_service_that_is_not_reached_from_outside_has_no_such_rule() -> None:
    found = Picture(scenes.start(scenes.find("shop"))).sections["rules"]["node-a"]
    assert [key for key in found if "outside" in key] == []


@pytest.mark.parametrize("to", ["198.51.100.1:80", "198.51.100.2:80", "node port"])
def test_a_request_from_outside_lights_the_rule_that_decided(running: Cluster, to: str) -> None:
    port = service(running, "web-local").spec["ports"][0]["nodePort"]
    asked = request(running, "outside:203.0.113.10", f"192.168.0.3:{port}" if to == "node port" else to)
    entry = journeys.entry(asked)
    assert told(running, entry)["count"] == (asked.passage.decision.way.choice.count if asked.outcome == "ok" else 0)
    assert entry[14] == f"{asked.service}:80/outside"


def test_a_request_of_a_node_itself_lights_no_rule_of_policy_local_as_it_may_go_to_any_endpoint(running: Cluster) -> None:
    entry = journeys.entry(request(running, "node:node-a", "198.51.100.2:80"))
    assert entry[6] == "ok"
    assert entry[13:] == ["IPv4", ""]


def test_a_request_to_a_cluster_ip_is_told_as_before(running: Cluster) -> None:
    asked = request(running, "node:node-a", f"{service(running, 'web-local').spec['clusterIP']}:80")
    assert journeys.entry(asked)[13:] == []


def test_the_rules_tab_of_a_service_has_two_rows_for_each_node(running: Cluster) -> None:
    found = [row for row in rules.shown(running, service(running, "web-local")) if row.outside]
    assert {row.node: row.badge.word for row in found} == {node: "1 of 1" if node in homes(running) else "DROP" for node in NODES}
    assert all(row.address.startswith("198.51.100.2:80, node port ") for row in found)
    assert all("externalTrafficPolicy is Local" in row.why for row in found)


def test_the_rules_tab_of_a_node_says_what_it_does_with_each_service_from_outside(running: Cluster) -> None:
    idle = next(node for node in NODES if node not in homes(running))
    found = {row.service: row.badge.word for row in rules.shown(running, running.store.get("Node", "", idle)) if row.outside}
    assert found == {"default/web-cluster": "1 of 2", "default/web-local": "DROP"}


def test_an_external_name_says_where_it_leads_and_is_no_failure() -> None:
    running = scenes.start(scenes.find("empty"))
    spec = {"type": "ExternalName", "externalName": "db.example.com"}
    running.submit(Apply([{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db"}, "spec": spec}]))
    said = services.overview(running, service(running, "db"))
    assert ("External name", "db.example.com") in [(fact.label, fact.value) for fact in said.facts]
    assert said.badge is None
    assert Picture(running).sections["services"]["default/db"]["externalName"] == "db.example.com"


def test_the_external_policy_is_switched_by_two_buttons_where_the_type_has_one(running: Cluster) -> None:
    rows = {row.title: row.buttons for row in services.overview(running, service(running, "web-local")).rows}
    assert [(each.label, each.pressed) for each in rows["External traffic"]] == [("Cluster", False), ("Local", True)]
    assert "External traffic" not in [row.title for row in services.overview(running, service(running, "kubernetes")).rows]


def test_an_external_name_that_nobody_has_is_said_to_be_none_of_the_world_outside() -> None:
    """Else a learner would look for the fault in the Service, where the name is one that this playground does not have."""
    running = scenes.start(scenes.find("empty"))
    notes = {}
    for name in ("db.corp", "db.example.com"):
        spec = {"type": "ExternalName", "externalName": name}
        running.submit(Apply([{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db"}, "spec": spec}]))
        notes[name] = next(fact.note for fact in services.overview(running, service(running, "db")).facts if fact.label == "External name")
    assert [outside.THE_WORLD in notes[name] for name in ("db.corp", "db.example.com")] == [True, False]
    assert {"db:80", "example.com:80"} <= {*services.targets(running)}


def test_an_endpoint_that_is_a_server_outside_is_named() -> None:
    running = scenes.start(scenes.find("empty"))
    by_hand = written_by_hand("shop")
    by_hand["endpoints"].append({"addresses": ["192.0.2.42"]})
    plain = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": {"ports": [{"port": 80}]}}
    running.submit(Apply([plain, by_hand]))
    assert [(row.address, row.outside) for row in endpoints.of_service(running, service(running, "shop"))] == [
        ("192.0.2.10", "example.com"),
        ("192.0.2.42", ""),
    ]


@pytest.mark.parametrize("page", ["_new_traffic.html", "_help.html"])
def test_the_page_says_who_is_outside(page: str) -> None:
    """Else a learner would think that a name of the real internet is broken here."""
    text = (settings.BASE_DIR / "templates" / "pages" / page).read_text("utf-8")
    assert outside.THE_WORLD in text.replace("The world", "the world")


def test_who_is_kept_out_by_the_source_ranges_reads_that_and_nothing_of_a_policy() -> None:
    """Else a learner would look for a missing endpoint where the sender's address is the reason."""
    running = scenes.start(scenes.find("from-outside"))
    running.submit(Patch("Service", "web-cluster", {"spec": {"loadBalancerSourceRanges": ["10.9.0.0/16"]}}, "default"))
    running.advance(running.now + 5 * SECOND)
    address = service(running, "web-cluster").status["loadBalancer"]["ingress"][0]["ip"]
    asked = request(running, "outside", f"{address}:80")
    assert asked.outcome == "timeout"
    assert journeys.sentence(asked).endswith("dropped it: the sender is in none of the loadBalancerSourceRanges of web-cluster")
