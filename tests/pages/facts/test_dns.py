"""What the inspector says of CoreDNS and its Corefile, and how it is stopped and started."""

from __future__ import annotations

from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.dns.corefile import shipped_text
from playground.pages.facts import inspection
from playground.pages.facts.values import Overview
from tests.laws.histories import started

SHIPPED = shipped_text("cluster.local")


def overview(cluster: Cluster, kind: str, name: str) -> Overview:
    found = inspection.inspect(cluster, kind, "kube-system", name, "overview")
    assert found is not None
    return found.overview


def facts(cluster: Cluster) -> dict[str, str]:
    return {fact.label: fact.value for fact in overview(cluster, "ConfigMap", "coredns").facts}


def write(cluster: Cluster, text: str) -> None:
    cluster.submit(actions.Patch("ConfigMap", "coredns", {"data": {"Corefile": text}}, "kube-system"))


def pressed(cluster: Cluster, kind: str, name: str) -> Any:
    return next(row.buttons[0] for row in overview(cluster, kind, name).rows if row.title == "CoreDNS")


def test_coredns_is_stopped_and_started_where_its_service_or_deployment_is_looked_at() -> None:
    cluster = started()
    assert {pressed(cluster, *each).label for each in (("Service", "kube-dns"), ("Deployment", "coredns"))} == {"Stop CoreDNS"}
    cluster.submit(actions.Scale("Deployment", "coredns", 0, "kube-system"))
    again = pressed(cluster, "Service", "kube-dns")
    assert (again.label, again.verb, again.fields["replicas"]) == ("Start CoreDNS", "scale", 2)


def test_the_corefile_says_what_is_cached_and_who_runs_by_it() -> None:
    cluster = started()
    assert facts(cluster) == {
        "Zones": "cluster.local., in-addr.arpa. and ip6.arpa.",
        "TTL": "30 s",
        "Pod names": "insecure",
        "Cache": "up to 30 s, denials 30 s, but not cluster.local.",
        "Not followed here": "nothing",
        "Runs by it": "2 of 2 Pods",
    }


def test_a_changed_corefile_is_run_by_later() -> None:
    cluster = started()
    write(cluster, SHIPPED.replace("ttl 30", "ttl 5").replace("    loop\n", "    hosts\n"))
    assert (facts(cluster)["Runs by it"], facts(cluster)["Not followed here"]) == ("0 of 2 Pods", "hosts")
    cluster.advance(cluster.now + 90 * SECOND)
    assert facts(cluster)["Runs by it"] == "2 of 2 Pods"


def test_a_wrong_corefile_is_told_in_coredns_words() -> None:
    cluster = started()
    write(cluster, SHIPPED.replace("cache 30", "cash 30"))
    assert "Unknown directive 'cash'" in overview(cluster, "ConfigMap", "coredns").sentence
