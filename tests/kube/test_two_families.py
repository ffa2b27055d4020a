"""What follows when a Service's families change: its slices, each Node's rules, its load balancer, DNS; and what a Pod is told of its addresses."""

from __future__ import annotations

from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings, Networks
from tests.kube.dual import IPV6, ask, cluster, pod, pods, service, spec
from tests.laws.histories import schema


def patch(made: Cluster, **wanted: Any) -> None:
    made.submit(actions.Patch("Service", "web", {"spec": wanted}, "default"))
    made.advance(made.now + 10 * SECOND)


def slices(made: Cluster) -> list[str]:
    found = made.store.find(made.machinery.slices_by_service, ("default", "web"))
    return sorted(each.address_type for each in found for _ in each.endpoints)


def ingress(made: Cluster) -> list[str]:
    service = made.store.get("Service", "default", "web")
    return [each["ip"] for each in service.status["loadBalancer"].get("ingress", ())]


def text(made: Cluster, family: str) -> str:
    return "".join(made.proxies.iptables(node.name, family).save() for node in made.store.list("Node"))


def test_an_upgrade_brings_slices_rules_records_and_a_second_load_balancers_address():
    made = cluster(service(policy="SingleStack", type="LoadBalancer"))
    assert (slices(made), ingress(made), "default/web" in text(made, "IPv6")) == (["IPv4"] * 3, ["198.51.100.1"], False)
    patch(made, ipFamilyPolicy="PreferDualStack")
    assert slices(made) == ["IPv4"] * 3 + ["IPv6"] * 3
    assert ingress(made) == ["198.51.100.1", "2001:db8:1::1"]
    assert text(made, "IPv6").count("default/web loadbalancer IP") == 3
    assert ask(made, "web:80").address == spec(made)["clusterIPs"][1]


def test_a_downgrade_takes_them_away_again():
    made = cluster(service(type="LoadBalancer"))
    patch(made, ipFamilyPolicy="SingleStack")
    assert (slices(made), ingress(made), "default/web" in text(made, "IPv6")) == (["IPv4"] * 3, ["198.51.100.1"], False)
    assert ask(made, "web:80").address == spec(made)["clusterIP"]
    assert made.store.get("Service", "default", "web").spec["clusterIPs"] == [spec(made)["clusterIP"]]


def test_a_headless_service_has_a_record_of_each_family_for_each_pod():
    made = cluster(service(clusterIP="None"))
    (query,) = ask(made, "web:80").resolution.walk.queries
    assert sorted(query.ipv4.addresses) == sorted(each.ip for each in pods(made))
    assert sorted(query.ipv6.addresses) == sorted(each.other_ip for each in pods(made))


def test_a_cloud_without_ipv6_gives_one_address():
    made = cluster(service(type="LoadBalancer"), settings=ClusterSettings(second=Networks("fd00::/112", "fd01::/56", "fd02::/64")))
    assert ingress(made) == ["198.51.100.1"]


def test_a_load_balancers_address_that_is_asked_for_is_of_one_family():
    made = cluster(service(type="LoadBalancer", loadBalancerIP="2001:db8:1::9"))
    assert ingress(made) == ["198.51.100.1", "2001:db8:1::9"]


def test_endpoints_show_the_primary_family_only():
    made = cluster(service(ipFamilies=["IPv6", "IPv4"]))
    (subset,) = made.server.encode(made.store.get("Endpoints", "default", "web"))["subsets"]
    assert sorted(each["ip"] for each in subset["addresses"]) == sorted(each.other_ip for each in pods(made))


def test_variables_of_services_have_the_primary_address():
    made = cluster(service(ipFamilies=["IPv6", "IPv4"]))
    made.submit(actions.Apply([pod("late", "debian:13")]))
    made.advance(made.now + 5 * SECOND)
    variables = dict(made.kubelet.environment(made.store.get("Pod", "default", "late"), ""))
    assert variables["WEB_SERVICE_HOST"] == spec(made)["clusterIP"] == spec(made)["clusterIPs"][0]
    assert ":" in variables["WEB_SERVICE_HOST"]


def test_a_container_learns_both_addresses_of_its_pod_and_node():
    document = pod("told", "debian:13")
    fields = ("status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs")
    env = [{"name": each, "valueFrom": {"fieldRef": {"fieldPath": each}}} for each in fields]
    document["spec"]["containers"][0]["env"] = env
    made = cluster(document)
    told = made.store.get("Pod", "default", "told")
    node = made.store.get("Node", "", told.node)
    hosts = [each["address"] for each in node.status["addresses"] if each["type"] == "InternalIP"]
    variables = dict(made.kubelet.environment(told, ""))
    expected = (told.ip, f"{told.ip},{told.other_ip}", hosts[0], ",".join(hosts))
    assert tuple(variables[each] for each in fields) == expected


def test_a_pod_keeps_both_addresses_when_its_document_is_written_again():
    made = cluster()
    before = made.store.get("Pod", "default", "client")
    made.submit(actions.Patch("Pod", "client", {"metadata": {"labels": {"a": "b"}}}, "default"))
    after = made.store.get("Pod", "default", "client")
    assert (after.ip, after.other_ip) == (before.ip, before.other_ip)


def test_each_node_has_a_network_and_an_address_of_each_family():
    made = cluster()
    node = made.server.encode(made.store.get("Node", "", "node-b"))
    assert node["spec"]["podCIDRs"] == ["10.244.2.0/24", "fd00:10:244:2::/64"]
    assert [each["address"] for each in node["status"]["addresses"]] == ["192.168.0.3", "fd00:192:168::3", "node-b"]


def test_rules_of_a_family_name_its_own_pod_network_and_its_own_loopback():
    made = cluster(service(type="NodePort"))
    assert text(made, "IPv6").count("! -s fd00:10:244::/56 -d ") == 3
    assert text(made, "IPv6").count("! -d ::1/128") == 3
    assert "10.244." not in text(made, "IPv6")
    assert "fd00:" not in text(made, "IPv4")


def test_a_failed_probe_names_an_ipv6_address_in_brackets():
    document = pod("probed", "nginx")
    document["spec"]["containers"][0] |= {"livenessProbe": {"tcpSocket": {"port": 81}}}
    made = cluster(document, settings=IPV6)
    made.advance(made.now + 40 * SECOND)
    probed = made.store.get("Pod", "default", "probed")
    (said, *_) = [told.last.message for told in made.machinery.recorder.about(probed.uid) if told.last.reason == "Unhealthy"]
    ip = probed.ip
    assert said == f"Liveness probe failed: dial tcp [{ip}]:81: connect: connection refused"


def test_a_pod_that_waited_for_its_volume_has_an_address_of_each_family_then():
    made = cluster(pod("late", "nginx", volumes=[{"name": "v", "configMap": {"name": "c"}}]))
    waiting = made.store.get("Pod", "default", "late")
    assert (waiting.ip, waiting.other_ip, waiting.host_ip != "") == ("", "", True)
    made.submit(actions.Apply([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}]))
    made.advance(made.now + 30 * SECOND)
    late = made.store.get("Pod", "default", "late")
    assert late.ip.startswith("10.")
    assert late.other_ip.startswith("fd00:10:244:")


def test_a_restored_cluster_of_two_families_is_the_same():
    made = cluster(service(type="LoadBalancer"))
    twin = Cluster.restore(made.snapshot(), schema())
    for each in (made, twin):
        each.submit(actions.Scale("Deployment", "web", 5, "default"))
        each.advance(each.now + 20 * SECOND)
    assert twin.hash() == made.hash()
