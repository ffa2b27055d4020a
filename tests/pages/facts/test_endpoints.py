"""What do pages say of endpoints that nothing is sent to, and of those that DNS alone leads to?  (pkg/proxy/endpointslicecache.go, plugin/kubernetes)"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.pages.facts import endpoints, other, pods, relations, services
from tests.laws.histories import started

WEB = {"containers": [{"name": "web", "image": "nginx", "ports": [{"containerPort": 80, "name": "http"}]}]}
UNREADY = {"containers": [{**WEB["containers"][0], "readinessProbe": {"tcpSocket": {"port": 81}}}]}


def cluster_of(*documents: dict[str, Any]) -> Cluster:
    """With a Pod `p` that listens on 80 and calls that http."""
    cluster = started()
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "labels": {"app": "p"}}, "spec": WEB}
    cluster.submit(actions.Apply([pod, *documents]))
    cluster.advance(cluster.now + 10 * SECOND)
    return cluster


def service(name: str, **spec: Any) -> dict[str, Any]:
    whole = {"selector": {"app": "p"}, "ports": [{"port": 80}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {key: each for key, each in whole.items() if each}}


def slice_of(name: str, labels: dict[str, str], address: str = "10.9.9.9", kind: str = "IPv4", **fields: Any) -> dict[str, Any]:
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": name, "labels": labels},
        "addressType": kind,
        "endpoints": [{"addresses": [address], **fields}],
        "ports": [{"name": "", "port": 80}],
    }


def sentence(cluster: Cluster, kind: str, name: str) -> str:
    page = {"Service": services, "Pod": pods}.get(kind, other)
    return page.overview(cluster, cluster.store.get(kind, "default", name)).sentence


def rows(cluster: Cluster, name: str) -> list[tuple[str, str]]:
    found = endpoints.of_service(cluster, cluster.store.get("Service", "default", name))
    return [(row.badge.word, row.why) for row in found]


def test_a_slice_without_a_port_of_its_service_is_of_no_use() -> None:
    cluster = cluster_of(service("s", ports=[{"port": 80, "targetPort": "nosuch"}]))
    (piece,) = cluster.store.find(cluster.machinery.slices_by_service, ("default", "s"))
    assert "no port of it, by name and protocol, so that kube-proxy makes no rules of these" in sentence(
        cluster, "EndpointSlice", piece.name
    )


def test_a_headless_service_is_a_matter_of_dns_alone() -> None:
    cluster = cluster_of(service("s", clusterIP="None"))
    assert rows(cluster, "s") == [("ready", "DNS answers with it")]
    (piece,) = cluster.store.find(cluster.machinery.slices_by_service, ("default", "s"))
    assert "which is headless: DNS answers with those that are ready, and kube-proxy has no rules for them" in sentence(
        cluster, "EndpointSlice", piece.name
    )
    page = services.overview(cluster, cluster.store.get("Service", "default", "s"))
    assert "Internal traffic" not in [each.label for each in page.facts] + [row.title for row in page.rows]


def test_a_headless_service_without_ready_endpoints_has_no_name() -> None:
    assert "DNS says that there is no such name (NXDOMAIN)" in sentence(
        cluster_of(service("s", clusterIP="None", selector={"app": "none"})), "Service", "s"
    )


def test_a_headless_service_does_not_fall_back_on_what_is_terminating() -> None:
    """kube-proxy does that, for virtual addresses; CoreDNS names ready endpoints only."""
    leaving = {"conditions": {"ready": False, "serving": True, "terminating": True}}
    cluster = cluster_of(service("s", clusterIP="None", selector=None), slice_of("a", {"kubernetes.io/service-name": "s"}, **leaving))
    assert rows(cluster, "s") == [("terminating", "is terminating: DNS does not name it, though it still answers")]


def test_an_endpoint_that_somebody_wrote_has_no_pod_that_could_be_unready() -> None:
    cluster = cluster_of(service("s", selector=None), slice_of("a", {"kubernetes.io/service-name": "s"}, conditions={"ready": False}))
    assert rows(cluster, "s") == [("not ready", "its slice says that it is not ready: gets no requests")]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({}, "Endpoints of no Service: without the label kubernetes.io/service-name nothing is sent to them."),
        ({"kubernetes.io/service-name": "nope"}, "Endpoints of nope, and there is no such Service: nothing is sent to them."),
        ({"kubernetes.io/service-name": "s"}, "Endpoints of s: every kube-proxy makes its rules of these. 1 of 1 are ready."),
    ],
)
def test_a_slice_that_somebody_wrote_counts_only_for_the_service_it_names(labels: dict[str, str], said: str) -> None:
    assert sentence(cluster_of(service("s", selector=None), slice_of("a", labels)), "EndpointSlice", "a") == said


@pytest.mark.parametrize(
    ("kind", "address", "why"),
    [
        ("IPv6", "2001:db8::9", "is of a family that this Service does not have: gets no requests"),
        ("FQDN", "www.example.com", "is a name, and kube-proxy goes by addresses only: gets no requests"),
    ],
)
def test_kube_proxy_uses_addresses_of_the_services_own_families(kind: str, address: str, why: str) -> None:
    cluster = cluster_of(service("s", selector=None), slice_of("a", {"kubernetes.io/service-name": "s"}, address, kind))
    assert rows(cluster, "s") == [("not used", why)]
    assert "0 ready" in services.overview(cluster, cluster.store.get("Service", "default", "s")).badge.word


def test_an_external_name_selects_no_pods_whatever_its_selector_says() -> None:
    cluster = cluster_of(service("s", type="ExternalName", externalName="example.com"))
    assert relations.services_group(cluster, cluster.store.get("Pod", "default", "p")).links == ()
    assert services.overview(cluster, cluster.store.get("Service", "default", "s")).groups == ()


def test_an_external_name_that_is_an_address_is_no_name_to_dns() -> None:
    cluster = cluster_of(service("s", type="ExternalName", externalName="10.0.0.7", selector=None, ports=None))
    said = "It looks like an address, but is taken for a name: CoreDNS says that there is no such name (NXDOMAIN), and nothing leads there."
    assert sentence(cluster, "Service", "s") == f"Another name for 10.0.0.7. {said}"
    (note,) = [
        fact.note
        for fact in services.overview(cluster, cluster.store.get("Service", "default", "s")).facts
        if fact.label == "External name"
    ]
    assert "CNAME" not in note


def test_an_empty_tab_says_what_is_so_of_this_service() -> None:
    cluster = cluster_of(
        service("none", selector={"app": "none"}),
        service("hand", selector=None),
        service("headless", clusterIP="None", selector={"app": "none"}),
        service("other", type="ExternalName", externalName="example.com"),
    )
    said = {name: endpoints.none_of(cluster.store.get("Service", "default", name)) for name in ("none", "hand", "headless", "other")}
    assert "refused" in said["none"]
    assert "refused" in said["hand"]
    assert "EndpointSlice" in said["hand"]
    assert "NXDOMAIN" in said["headless"]
    assert "an ExternalName has none" in said["other"]
