"""How a Pod's resolver asks: name by name, over which socket, and for how long (glibc resolv/res_send.c, musl src/network/res_msend.c)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.clock import SECOND
from playground.kube.dns.resolvconf import ResolvConf
from playground.kube.network.lookups import PATIENCE, Resolution, timing
from tests.kube.kubeproxy.builders import add_pod, add_service
from tests.kube.network.world import DNS, World

MUSL = {"containers": [{"name": "c", "image": "alpine:3.22"}]}


def two_servers(dead: bool = False) -> World:
    """CoreDNS Pods on node-a and node-b; node-b has no power if one is to be `dead`."""
    world = World()
    add_pod(world.machinery, "coredns-2", "10.244.1.9", "node-b", "kube-system")
    pods = [world.endpoint(name, "kube-system") for name in ("coredns-1", "coredns-2")]
    world.endpoints(*pods, service="kube-dns", namespace="kube-system")
    if dead:
        world.kubelet.off.add("node-b")
    return world


def sender(world: World, **spec: Any) -> None:
    add_pod(world.machinery, "custom", "10.244.0.6", "node-a", host_ip="192.168.0.11", spec=spec)


def resolved(world: World, name: str = "web-svc", source: str = "client") -> Resolution:
    return world.resolver.resolve(world.pod(source), name)


def without_endpoints(world: World) -> None:
    world.endpoints(service="kube-dns", namespace="kube-system")


def options(**values: str) -> dict[str, Any]:
    return {"dnsConfig": {"options": [{"name": name, "value": value} for name, value in values.items()]}}


# --- which Pod is asked


def test_each_name_of_a_search_is_a_flow_of_its_own_that_any_coredns_pod_may_get() -> None:
    world = two_servers()
    found = [resolved(world, "web-svc.default") for _ in range(100)]
    ways = {tuple(exchange.by.pod.name for exchange in each.exchanges if exchange.by and exchange.by.pod) for each in found}
    assert ways == {(one, two) for one in ("coredns-1", "coredns-2") for two in ("coredns-1", "coredns-2")}


def test_both_questions_for_a_name_go_over_one_socket() -> None:
    exchange = resolved(two_servers()).exchanges[0]
    assert (len(exchange.failed), exchange.by.reach) == (0, "accepts")
    assert (exchange.query.ipv4.word, exchange.query.ipv6.word) == ("ANSWER", "NODATA")


def test_after_silence_glibc_asks_the_same_pod_again() -> None:
    world = two_servers(dead=True)
    sender(world, **options(timeout="1"))
    silent = [each for each in (resolved(world, source="custom") for _ in range(50)) if each.walk is None]
    assert 10 <= len(silent) <= 40  # half of them
    for each in silent:
        first, second = each.exchanges[0].failed
        assert (first.again, second.again, second.passage is first.passage) == (False, True, True)


def test_after_a_refusal_glibc_opens_a_new_socket() -> None:
    world = two_servers()
    world.kubelet.ports["coredns-2"] = set()
    found = [resolved(world) for _ in range(200)]
    assert {len(each.attempts) for each in found} == {1, 2}
    assert 25 <= sum(each.walk is None for each in found) <= 75  # a quarter
    assert {each.waited for each in found} == {0}


# --- how long it takes


@pytest.mark.parametrize(
    ("conf", "musl", "seconds", "attempts"),
    [
        (ResolvConf(("a",)), False, (5,), 2),
        (ResolvConf(("a", "b", "c")), False, (5, 3, 6), 2),
        (ResolvConf(("a",), options=("timeout:0", "attempts:9")), False, (1,), 5),
        (ResolvConf(("a",), options=("timeout:99",)), False, (30,), 2),
        (ResolvConf(("a", "b")), True, (5,), 1),
        (ResolvConf(("a",), options=("timeout:99",)), True, (60,), 1),
    ],
    ids=["one server", "three servers", "a timeout of zero", "a long timeout", "musl", "musl with a long timeout"],
)
def test_each_library_waits_as_its_source_says(conf: ResolvConf, musl: bool, seconds: tuple[int, ...], attempts: int) -> None:
    found = timing(conf, musl)
    assert (found.seconds, found.attempts) == (tuple(each * SECOND for each in seconds), attempts)


def test_the_program_gives_up_before_a_silent_server_is_asked_again() -> None:
    world = two_servers(dead=True)
    silent = next(each for each in (resolved(world) for _ in range(50)) if each.walk is None)
    assert (silent.gave_up, silent.waited, len(silent.attempts)) == (True, PATIENCE, 1)


def test_with_a_short_timeout_the_next_server_is_asked_in_time() -> None:
    world = World()
    world.kubelet.off.add("node-b")
    config = {"nameservers": ["10.244.1.2", "172.17.0.10"], "searches": ["default.svc.cluster.local"], "options": []}
    sender(world, dnsPolicy="None", dnsConfig={**config, "options": [{"name": "timeout", "value": "1"}, {"name": "ndots", "value": "2"}]})
    request = world.send("web-svc:80", source="custom")
    assert (request.outcome, request.resolution.waited) == ("ok", SECOND)


def test_an_empty_dns_config_is_as_none() -> None:
    """Else `dnsConfig: {}`, as tools write it, would keep a Pod from asking for any name."""
    world = World()
    sender(world, dnsConfig={})
    assert world.send("web-svc:80", source="custom").outcome == "ok"


def test_without_endpoints_glibc_hears_at_once_and_musl_waits() -> None:
    world = World()
    sender(world, **MUSL)
    without_endpoints(world)
    glibc, musl = resolved(world), resolved(world, source="custom")
    assert ([each.reach for each in glibc.attempts], glibc.waited, glibc.gave_up) == (["REJECT", "REJECT"], 0, False)
    assert ([each.reach for each in musl.attempts], musl.waited, musl.gave_up) == (["REJECT"], PATIENCE, True)


def test_a_lookup_that_ends_before_the_program_does_is_not_resolved() -> None:
    world = two_servers(dead=True)
    sender(world, **options(timeout="1", attempts="1"))
    requests = [world.send("web-svc:80", source="custom") for _ in range(50)]
    failed = next(each for each in requests if each.where == "dns")
    assert (failed.outcome, failed.resolution.gave_up, failed.resolution.waited) == ("timeout", False, SECOND)
    assert world.network.explain(failed)[-1].detail["prints"] == "curl: (6) Could not resolve host: web-svc"


def test_musl_asks_all_servers_at_once() -> None:
    world = two_servers()
    config = {"nameservers": ["8.8.8.8", "172.17.0.10"], "searches": ["default.svc.cluster.local"]}
    sender(world, **MUSL, dnsPolicy="None", dnsConfig={**config, "options": [{"name": "ndots", "value": "2"}]})
    found = resolved(world, source="custom")
    assert ([each.at for each in found.exchanges[0].failed], found.addresses, found.waited) == ([0], ("172.17.0.5",), 0)


def test_a_server_out_of_reach_is_passed_over() -> None:
    world = World()
    config = {"nameservers": ["2001:db8::53", "172.17.0.10"], "searches": ["default.svc.cluster.local"]}
    sender(world, dnsPolicy="None", dnsConfig={**config, "options": [{"name": "ndots", "value": "2"}]})
    request = world.send("web-svc:80", source="custom")
    assert [attempt.reach for attempt in request.resolution.attempts] == ["no source", "accepts"]
    assert (request.outcome, request.resolution.waited) == ("ok", 0)


def test_a_server_outside_that_nobody_has_is_silent() -> None:
    """Else a learner would think that a name server behind a firewall is passed over at once, where it costs five seconds a try."""
    world = World()
    config = {"nameservers": ["8.8.8.8", "172.17.0.10"], "searches": ["default.svc.cluster.local"]}
    sender(world, dnsPolicy="None", dnsConfig=config)
    found = resolved(world, source="custom")
    assert (found.gave_up, [each.reach for each in found.attempts]) == (True, ["outside"])


# --- what is found


def test_an_alpine_image_resolves_as_musl_does() -> None:
    world = World()
    sender(world, **MUSL)
    walks = [resolved(world, "default", name).walk for name in ("client", "custom")]
    assert [len(walk.queries) for walk in walks if walk] == [4, 2]


@pytest.mark.parametrize(
    "image", ["nicolaka/netshoot:v0.14", "registry.k8s.io/e2e-test-images/agnhost:2.53", "busybox:1.37-musl", "curlimages/curl:8.16.0"]
)
def test_an_image_that_is_made_with_musl_resolves_as_musl_does(image: str) -> None:
    """Else a learner who looks a name up from netshoot would see the search go on where musl stops, and no wait where musl waits."""
    world = World()
    sender(world, containers=[{"name": "c", "image": image}])
    assert resolved(world, source="custom").musl


def test_what_was_found_is_kept_until_a_record_changes() -> None:
    world = World()
    first = resolved(world).walk
    assert resolved(world).walk is first
    service = world.store.get("Service", "default", "web-svc")
    world.store.replace(service, spec={**service.spec, "clusterIP": "172.17.0.6"})
    assert resolved(world).addresses == ("172.17.0.6",)
    assert resolved(world, "later").rcode == "NXDOMAIN"
    add_service(world.machinery, "later", "172.17.0.7", [])
    assert resolved(world, "later").addresses == ("172.17.0.7",)


# --- the words


def name_hop(world: World, source: str = "client", to: str = "web-svc:80") -> Any:
    return next(each for each in world.network.explain(world.send(to, source)) if each.title == "Name")


def test_the_card_lists_each_query_with_who_answered_and_the_ttl() -> None:
    queries = name_hop(World(), to="web-svc.default:80").detail["queries"]
    assert [(each["name"], each["pod"], each["A"]) for each in queries] == [
        ("web-svc.default.default.svc.cluster.local.", "kube-system/coredns-1", "NXDOMAIN"),
        ("web-svc.default.svc.cluster.local.", "kube-system/coredns-1", "172.17.0.5 (TTL 30)"),
    ]


def test_the_card_says_that_the_client_keeps_no_answer() -> None:
    assert "It may be kept for 30 s, but glibc keeps nothing: the next request asks again." in name_hop(World()).why


def test_the_card_says_how_long_a_silent_server_costs_and_for_what() -> None:
    world = World()
    world.store.remove(world.pod("coredns-1", "kube-system"))
    hop = name_hop(world)
    assert hop.what == "Could not resolve web-svc: no DNS server answered within 2 s."
    assert "glibc waits 5 s for an answer and asks 2 times, 10 s in all, each time from the same socket" in hop.why
    assert [(each["server"], each["waits"]) for each in hop.detail["unanswered"]] == [("172.17.0.10", "5 s")]


def test_the_card_says_that_a_refusal_is_heard_at_once_but_not_by_musl() -> None:
    world = World()
    sender(world, **MUSL)
    without_endpoints(world)
    assert "hears of that at once" in name_hop(world).why
    assert "musl does not hear of it" in name_hop(world, "custom").why


def test_only_a_udp_server_answers() -> None:
    world = World()
    world.kubelet.ports["coredns-1"] = {(DNS, "TCP")}
    assert name_hop(world).detail["unanswered"][0]["result"].startswith("the CoreDNS Pod is there")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "db.corp",
            "web-ext.default.svc.cluster.local. is another name (CNAME) for db.corp., which is outside of the cluster and has no address there",
        ),
        ("default.svc.cluster.local", "web-ext.default.svc.cluster.local. exists, but has none (NOERROR without records, called NODATA)"),
    ],
)
@pytest.mark.parametrize("image", ["alpine:3.22", "debian:13"])
def test_a_name_that_exists_without_an_address_is_no_nxdomain(target: str, said: str, image: str) -> None:
    """Else an ExternalName to the world outside would teach that its Service is not there."""
    world = World()
    add_service(world.machinery, "web-ext", "", [], type="ExternalName", externalName=target)
    sender(world, containers=[{"name": "c", "image": image}])
    hop = name_hop(world, "custom", "web-ext:80")
    assert said in hop.what
    assert "It may be kept" not in hop.why


def test_a_name_that_nobody_has_is_nxdomain() -> None:
    """Else a learner could not tell a name that nobody has from one that exists without an address (NODATA)."""
    assert name_hop(World(), to="nope:80").what == "nope has no address: the answer is NXDOMAIN."


def test_the_card_says_whose_resolver_a_pod_has_and_from_where_that_is_known() -> None:
    """Else a learner would think that the cluster says how a Pod resolves names, where the C library in its image does."""
    world = World()
    sender(world, **MUSL)
    assert name_hop(world).detail["resolver"] == "glibc, by the image of the Pod's first container"
    assert name_hop(world, "custom").detail["resolver"].startswith("musl, ")
