"""Requests in clusters of two families, and of IPv6 alone: names, addresses, doors, and what a program does when one family fails."""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.explain.fates import Fate
from playground.kube.settings import ClusterSettings
from tests.kube.dual import IPV6, ask, cluster, endpoint_slice, pod, pods, service, spec
from tests.laws.histories import schema


@pytest.fixture(scope="module")
def kept() -> bytes:
    """A settled cluster: `web` of both families behind a load balancer, `old` of one, `six` of IPv6 alone."""
    host = pod("host", "debian:13", hostNetwork=True, nodeName="node-a")
    six = service("six", "SingleStack", ipFamilies=["IPv6"])
    return cluster(service(type="LoadBalancer"), service("old", None), six, host).snapshot()


@pytest.fixture
def made(kept: bytes) -> Cluster:
    return Cluster.restore(kept, schema())


def hops(made: Cluster, request) -> str:
    return "\n".join(f"{hop.title}: {hop.what} {hop.why}" for hop in made.network.explain(request))


def test_curl_asks_a_name_of_both_families_by_ipv6_also_from_musl(made):
    """Else a learner would think that curl takes IPv4 in an Alpine Pod, because musl puts that family first."""
    ipv4, ipv6 = spec(made)["clusterIPs"]
    assert (ask(made, "web:80").address, ask(made, "web:80", "alpine").address) == (ipv6, ipv6)
    assert f"would try IPv4: musl, as RFC 6724 does, gives {ipv4} the precedence 35 and {ipv6} 3" in hops(
        made, ask(made, "web:80", "alpine")
    )


def test_a_datagram_to_a_name_of_both_families_goes_by_ipv6_from_glibc_and_by_ipv4_from_musl(made):
    """Else a learner would think that every program goes by IPv6 as curl does, where a datagram takes the C library's first address."""
    ipv4, ipv6 = spec(made)["clusterIPs"]
    assert (ask(made, "web:80/UDP").address, ask(made, "web:80/UDP", "alpine").address) == (ipv6, ipv4)
    assert f"IPv6 is tried first: glibc gives {ipv6} the precedence 40 and {ipv4} 10" in hops(made, ask(made, "web:80/UDP"))


def test_a_single_stack_service_has_addresses_of_its_family_only(made):
    (record,) = ask(made, "old:80").resolution.walk.queries
    assert (record.ipv4.addresses, record.ipv6.addresses) == (tuple(spec(made, "old")["clusterIPs"]), ())
    request = ask(made, "six:80", "alpine")
    assert (request.outcome, request.address) == ("ok", spec(made, "six")["clusterIP"])


@pytest.mark.parametrize("source", ["client", "node:node-b", "outside:2001:db8:9::1"])
def test_every_door_of_the_second_family_leads_to_a_pod(made, source):
    port = spec(made)["ports"][0]["nodePort"]
    doors = ["[2001:db8:1::1]:80", f"[fd00:192:168::3]:{port}"]
    doors += [f"[{spec(made)['clusterIPs'][1]}]:80"] if not source.startswith("outside") else []
    for door in doors:
        request = ask(made, door, source)
        assert (request.outcome, request.service) == ("ok", "default/web"), door
        assert request.passage.ip in [each.other_ip for each in pods(made)], door


def test_a_pod_is_reached_at_both_of_its_addresses(made):
    one = pods(made)[0]
    for ip in (one.ip, f"[{one.other_ip}]"):
        assert ask(made, f"{ip}:80").endpoint == f"default/{one.name}"


def test_a_host_network_pod_has_both_addresses_of_its_node(made):
    host = made.store.get("Pod", "default", "host")
    assert (host.ip, host.other_ip) == ("192.168.0.2", "fd00:192:168::2")
    status = made.server.encode(host)["status"]
    assert status["podIPs"] == status["hostIPs"] == [{"ip": "192.168.0.2"}, {"ip": "fd00:192:168::2"}]


def test_what_leaves_a_node_has_its_nodes_address_of_that_family(made):
    client = made.store.get("Pod", "default", "client")
    own = made.server.encode(client)["status"]["hostIPs"][1]["ip"]
    other = next(each for each in ("fd00:192:168::2", "fd00:192:168::3", "fd00:192:168::4") if each != own)
    request = ask(made, f"[{other}]:{spec(made)['ports'][0]['nodePort']}")
    assert (request.passage.entry.source, request.passage.entry.node_ip) == (own, other)
    assert f"The Pod sees {other} as the sender: masqueraded." in hops(made, request)


def test_a_process_on_a_node_that_asks_an_ipv6_address_is_masqueraded_with_the_nodes_own(made):
    request = ask(made, f"[{spec(made)['clusterIPs'][1]}]:80", "node:node-b")
    assert "The Pod sees fd00:192:168::3 as the sender: masqueraded." in hops(made, request)


def test_loopback_of_ipv6_stays_in_the_pod_and_has_no_node_ports(made):
    assert ask(made, "[::1]:80", pods(made)[0].name).outcome == "ok"
    assert ask(made, "[::1]:80").outcome == "refused"
    port = spec(made)["ports"][0]["nodePort"]
    assert (ask(made, f"127.0.0.1:{port}", "node:node-a").outcome, ask(made, f"[::1]:{port}", "node:node-a").outcome) == ("ok", "refused")


def test_whoever_has_no_address_of_a_family_cannot_ask_one_of_it(made):
    request = ask(made, "[2001:db8:1::1]:80", "outside:203.0.113.10")
    assert (request.outcome, request.where) == ("unreachable", "network")
    assert "The sender has no IPv6 address to send from." in hops(made, request)
    assert ask(made, "198.51.100.1:80", "outside:2001:db8:9::1").outcome == "unreachable"


def test_source_ranges_of_one_family_do_not_filter_the_other():
    made = cluster(service(type="LoadBalancer", loadBalancerSourceRanges=["203.0.113.0/24"]))
    assert ask(made, "198.51.100.1:80", "outside:192.0.2.1").outcome == "timeout"
    assert ask(made, "[2001:db8:1::1]:80", "outside:2001:db8:9::1").outcome == "ok"


def test_external_addresses_of_both_families():
    made = cluster(service(externalIPs=["192.0.2.80", "2001:db8:80:0::80"]))
    assert ask(made, "192.0.2.80:80", "outside:203.0.113.10").outcome == "ok"
    assert ask(made, "[2001:db8:80::80]:80", "outside:2001:db8:9::1").outcome == "ok"


def test_the_health_check_port_answers_on_both_families():
    made = cluster(service(type="LoadBalancer", externalTrafficPolicy="Local"))
    port = spec(made)["healthCheckNodePort"]
    for to, source in ((f"192.168.0.2:{port}", "outside"), (f"[fd00:192:168::2]:{port}", "outside:2001:db8:9::1")):
        request = ask(made, to, source)
        assert (request.outcome, request.passage.health.service) == ("ok", "web")


def test_session_affinity_remembers_each_family_apart():
    made = cluster(service(sessionAffinity="ClientIP"))
    for ip in (spec(made)["clusterIPs"][0], f"[{spec(made)['clusterIPs'][1]}]"):
        assert len({ask(made, f"{ip}:80").endpoint for _ in range(8)}) == 1


# --- one family fails


def halves(policy: str = "Cluster", node: str = "", *kinds: str) -> Cluster:
    """A Service of both families whose endpoints, written by hand, are of these families only."""
    addresses = {"IPv4": "10.244.1.9", "IPv6": "fd00:10:244:1::9"}
    slices = [endpoint_slice("web", kind, addresses[kind], node=node) for kind in kinds]
    return cluster(service(selector=None, internalTrafficPolicy=policy), *slices)


def with_ipv4_endpoint(policy: str = "Cluster") -> Cluster:
    made = cluster(service(selector=None, internalTrafficPolicy=policy))
    made.submit(actions.Apply([endpoint_slice("web", "IPv4", pods(made)[0].ip)]))
    made.advance(made.now + 3 * SECOND)
    return made


def test_a_family_that_is_refused_gives_way_to_the_other():
    made = with_ipv4_endpoint()
    request = ask(made, "web:80")
    assert (request.outcome, request.address) == ("ok", spec(made)["clusterIPs"][0])
    assert (request.other.outcome, request.other.address) == ("refused", spec(made)["clusterIPs"][1])
    assert f"[{spec(made)['clusterIPs'][1]}]:80 was tried too: it was refused." in hops(made, request)


def test_a_program_that_begins_with_the_good_family_never_tries_the_other(made):
    """Else a learner would think that a client tries both families of a name though the first one has answered."""
    assert ask(made, "web:80", "alpine").other is None


def test_a_silent_family_gives_way_to_one_that_answers():
    made = cluster(service(selector=None, internalTrafficPolicy="Local"))
    here = made.store.get("Pod", "default", "client")
    ready = next(each for each in pods(made) if each.node == here.node)
    far = endpoint_slice("web", "IPv6", "fd00:10:244:9::9", node="elsewhere")
    made.submit(actions.Apply([endpoint_slice("web", "IPv4", ready.ip, node=here.node), far]))
    made.advance(made.now + 3 * SECOND)
    request = ask(made, "web:80")
    assert (request.outcome, request.other.outcome) == ("ok", "timeout")


def test_where_both_fail_silence_outlasts_a_refusal():
    made = halves("Cluster", "", "IPv4")
    request = ask(made, "web:80")
    assert (request.outcome, request.other.outcome) == ("timeout", "refused")
    refused = ask(halves(), "web:80")
    assert (refused.outcome, refused.other.outcome) == ("refused", "refused")
    assert refused.address == spec(made)["clusterIPs"][1]


def test_what_if_counts_the_second_try_as_the_engine_does():
    made = with_ipv4_endpoint()
    (share,) = made.what_if("default/client", "web:80", 100)
    assert share.fate == Fate("ok", "pod", f"default/{pods(made)[0].name}", pods(made)[0].node)


def test_a_pod_without_ipv6_asks_ipv4_and_says_why():
    """Endpoints of IPv6 can be written by hand in a cluster of IPv4 alone."""
    headless = service("both", None, selector=None, clusterIP="None")
    slices = [endpoint_slice("both", "IPv6", "fd00::9"), endpoint_slice("both", "IPv4", "10.244.1.9")]
    made = cluster(headless, *slices, settings=ClusterSettings())
    request = ask(made, "both:80")
    assert (request.outcome, request.address, request.other.outcome) == ("timeout", "10.244.1.9", "unreachable")
    assert "IPv4 is tried first: the sender has no IPv6 address." in hops(made, request)


# --- IPv6 alone


def test_a_cluster_of_ipv6_alone_works_as_one_of_ipv4():
    made = cluster(service(type="LoadBalancer"), settings=IPV6)
    assert spec(made)["ipFamilies"] == ["IPv6"]
    assert ask(made, "web:80").outcome == ask(made, "[2001:db8:1::1]:80", "outside").outcome == ask(made, "kubernetes:443").outcome == "ok"
    client = made.store.get("Pod", "default", "client")
    assert made.resolver.conf(client).servers == ("fd00:10:96::a",)
    assert ("WEB_PORT", f"tcp://[{spec(made)['clusterIP']}]:80") in made.kubelet.environment(client, "")
    assert made.server.encode(made.store.get("Endpoints", "default", "web"))["subsets"][0]["addresses"][0]["ip"].startswith("fd00:10:244:")
