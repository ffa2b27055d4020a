"""What becomes of one request, in every way it can end."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from playground.kube.apiserver.objects import PodState
from playground.kube.errors import Refusal
from playground.kube.events import RequestEnded
from playground.kube.network.network import REQUESTS_KEPT
from tests.kube.kubeproxy.builders import add_pod, add_service, add_slice
from tests.kube.network.world import DNS, NODES, WEB, World


def power_off(world: World, *nodes: str) -> None:
    world.kubelet.off.update(nodes)


def delete_pods(world: World) -> None:
    for name in ("web-1", "web-2"):
        world.store.remove(world.pod(name))


def local(world: World) -> None:
    service = world.store.get("Service", "default", "web-svc")
    world.store.replace(service, spec={**service.spec, "internalTrafficPolicy": "Local"})
    world.settle()


def silent(world: World) -> None:
    world.kubelet.ports["web-1"] = world.kubelet.ports["web-2"] = set()


def nothing(world: World) -> None:
    pass


WAYS: dict[str, tuple[Any, str, tuple[str, str]]] = {
    "by name": (nothing, "web-svc:80", ("ok", "pod")),
    "by the name with its namespace": (nothing, "web-svc.default:80", ("ok", "pod")),
    "by ClusterIP": (nothing, "172.17.0.5:80", ("ok", "pod")),
    "by the Pod's own address": (nothing, "10.244.1.2:5000", ("ok", "pod")),
    "a port where nobody listens": (nothing, "10.244.1.2:80", ("refused", "pod")),
    "a Service whose Pods listen elsewhere": (silent, "web-svc:80", ("refused", "pod")),
    "a Service without endpoints": (lambda world: world.endpoints(), "web-svc:80", ("refused", "proxy")),
    "a Local Service with endpoints on other Nodes only": (local, "web-svc:80", ("timeout", "proxy")),
    "a port that the Service does not have": (nothing, "172.17.0.5:81", ("timeout", "network")),
    "an address of the Service network that nobody has": (nothing, "172.17.0.99:80", ("timeout", "network")),
    "a Pod's address that nobody has": (nothing, "10.244.1.77:5000", ("timeout", "network")),
    "endpoints whose Nodes are off": (lambda world: power_off(world, "node-b", "node-c"), "web-svc:80", ("timeout", "network")),
    "endpoints whose processes hang": (lambda world: world.kubelet.hanging.update(("web-1", "web-2")), "web-svc:80", ("timeout", "pod")),
    "endpoints whose Pods are gone": (delete_pods, "web-svc:80", ("timeout", "network")),
    "an unknown name": (nothing, "nowhere:80", ("nxdomain", "dns")),
    "a name of the world outside": (nothing, "www.example.com:80", ("ok", "pod")),
    "a name that the world outside does not have": (nothing, "www.example.test:80", ("nxdomain", "dns")),
    "an address outside that nobody has": (nothing, "8.8.8.8:53", ("timeout", "network")),
    "an address of a family that the Pod does not have": (nothing, "[2001:db8::53]:53", ("unreachable", "network")),
    "a Node, where nobody listens": (nothing, "192.168.0.12:80", ("refused", "pod")),
    "a Node that is off": (lambda world: power_off(world, "node-b"), "192.168.0.12:80", ("timeout", "network")),
    "the API server": (nothing, "192.168.0.1:6443", ("ok", "pod")),
    "another port of it": (nothing, "192.168.0.1:80", ("refused", "pod")),
    "no CoreDNS endpoint": (lambda world: world.endpoints(service="kube-dns", namespace="kube-system"), "web-svc:80", ("refused", "dns")),
    "a CoreDNS Pod that does not listen": (lambda world: world.kubelet.ports.pop("coredns-1"), "web-svc:80", ("refused", "dns")),
    "a CoreDNS Pod that is gone": (lambda world: world.store.remove(world.pod("coredns-1", "kube-system")), "web-svc:80", ("timeout", "dns")),
    "itself, where nobody listens": (nothing, "localhost:80", ("refused", "pod")),
}  # fmt: skip


@pytest.mark.parametrize(("change", "to", "ending"), WAYS.values(), ids=WAYS)
def test_a_request_ends(change: Any, to: str, ending: tuple[str, str]) -> None:
    world = World()
    change(world)
    request = world.send(to)
    assert (request.outcome, request.where) == ending
    hops = world.network.explain(request)
    assert hops[-1].detail["outcome"] == request.outcome
    assert all(hop.what and hop.why for hop in hops)


def test_a_request_knows_service_endpoint_and_node() -> None:
    request = World().send("web-svc:80")
    assert (request.sender, request.service) == ("default/client", "default/web-svc")
    assert (request.endpoint, request.endpoint_node) in {("default/web-1", "node-b"), ("default/web-2", "node-c")}


def test_a_request_to_a_pod_that_is_gone_still_names_it() -> None:
    world = World()
    delete_pods(world)
    assert world.send("web-svc:80").endpoint in {"default/web-1", "default/web-2"}


def test_the_endpoint_is_the_one_that_has_the_address_now() -> None:
    world = World()
    delete_pods(world)
    for name, ip in (("web-1", "10.244.2.2"), ("web-2", "10.244.1.2")):
        add_pod(world.machinery, name, ip, "node-b")
    request = world.send("web-svc:80")
    assert request.pod.ip == request.passage.ip


def test_a_finished_pod_that_had_the_address_before_is_not_asked() -> None:
    world = World()
    add_pod(world.machinery, "job", "10.244.1.2", "node-b", state=PodState(phase="Succeeded"))
    assert world.send("10.244.1.2:5000").pod.name == "web-1"
    assert world.send("10.244.1.2:81").outcome == "refused"


def test_a_pod_on_the_host_network_answers_at_its_nodes_address_and_is_seen_as_the_node() -> None:
    world = World()
    for name, port in (("agent-1", 9100), ("agent-2", 9200)):
        add_pod(world.machinery, name, "192.168.0.12", "node-b", host_ip="192.168.0.12", spec={"hostNetwork": True})
        world.kubelet.ports[name] = {(port, "TCP")}
    assert [world.send(f"192.168.0.12:{port}").endpoint for port in (9100, 9200)] == ["default/agent-1", "default/agent-2"]
    assert world.send("192.168.0.12:9300").outcome == "refused"
    request = world.send("172.17.0.5:80", source="agent-1")
    assert request.outcome == "ok"
    assert next(hop for hop in world.network.explain(request) if hop.title == "Source").detail["masquerade"]


def test_an_endpoint_with_another_nodes_address_sees_the_senders_node() -> None:
    """The network plugin knows the Pods' networks only: what goes to a machine leaves with the Node's address, by whichever way."""
    world = World()
    for node in ("node-a", "node-b"):
        add_pod(world.machinery, f"on-{node}", NODES[node], node, host_ip=NODES[node], spec={"hostNetwork": True})
        world.kubelet.ports[f"on-{node}"] = {(WEB, "TCP")}
        world.endpoints(world.endpoint(f"on-{node}"))
        request = world.send("web-svc:80")
        source = next(hop for hop in world.network.explain(request) if hop.title == "Source")
        seen = "10.244.0.5" if node == "node-a" else NODES["node-a"]
        assert (request.outcome, world.network.seen_source(request), source.detail["source"]) == ("ok", seen, seen)
        assert ("network plugin" in source.why) is (node == "node-b")


def test_a_pod_that_reaches_itself_through_its_service_is_masqueraded() -> None:
    world = World()
    world.endpoints(world.endpoint("web-1"))
    source = next(hop for hop in world.network.explain(world.send("web-svc:80", source="web-1")) if hop.title == "Source")
    assert "hairpin" in source.why


def test_localhost_is_the_pod_itself() -> None:
    world = World()
    request = world.send("localhost:5000", source="web-1")
    assert (request.outcome, request.endpoint, request.resolution) == ("ok", "default/web-1", None)
    assert world.network.seen_source(request) == "127.0.0.1"


def test_a_headless_service_leads_straight_to_one_of_its_pods() -> None:
    world = World()
    add_service(world.machinery, "db", "None", [{"port": WEB}])
    add_slice(world.machinery, "db", [world.endpoint("web-1"), world.endpoint("web-2")], [("", WEB, "TCP")])
    requests = [world.send(f"db:{WEB}") for _ in range(30)]
    assert {request.endpoint for request in requests} == {"default/web-1", "default/web-2"}
    assert {request.service for request in requests} == {None}
    assert world.send("db:80").outcome == "refused"


def test_each_node_asks_by_its_own_rules() -> None:
    world = World()
    world.store.replace(world.store.get("EndpointSlice", "default", "web-svc-1"), endpoints=())
    outcomes = []
    for _ in range(20):
        world.machinery.clock.run_until(world.machinery.now + 50_000)
        outcomes.append((world.send("172.17.0.5:80").outcome, world.send("172.17.0.5:80", source="web-1").outcome))
    assert ("ok", "refused") in outcomes or ("refused", "ok") in outcomes
    assert outcomes[-1] == ("refused", "refused")


# --- DNS over the network


def test_a_pod_with_policy_default_asks_the_nodes_resolver_which_knows_no_service() -> None:
    world = World()
    add_pod(world.machinery, "outsider", "10.244.0.6", "node-a", spec={"dnsPolicy": "Default"})
    request = world.send("web-svc.default.svc.cluster.local:80", source="outsider")
    assert (request.outcome, request.resolution.attempts[0].ip) == ("nxdomain", "192.168.0.254")


@pytest.mark.parametrize("image", ["alpine:3.22", "curlimages/curl:8.16.0"])
def test_an_image_made_of_alpine_resolves_as_musl_does(image: str) -> None:
    world = World()
    add_pod(
        world.machinery,
        "musl",
        "10.244.0.6",
        "node-a",
        host_ip="192.168.0.11",
        spec={"containers": [{"name": "c", "image": image}]},
    )
    walks = [world.resolver.resolve(world.pod(name), "default").walk for name in ("client", "musl")]
    assert [len(walk.queries) for walk in walks if walk] == [4, 2]


def test_the_queries_go_by_udp() -> None:
    world = World()
    world.kubelet.ports["coredns-1"] = {(DNS, "TCP")}
    assert world.send("web-svc:80").where == "dns"


# --- the words


def hop(world: World, to: str, title: str) -> Any:
    return next(each for each in world.network.explain(world.send(to)) if each.title == title)


def test_every_name_asked_stands_in_the_trace() -> None:
    detail = hop(World(), "nowhere.shop:80", "Name").detail
    assert [(query["name"], query["A"]) for query in detail["queries"]] == [
        ("nowhere.shop.default.svc.cluster.local.", "NXDOMAIN"),
        ("nowhere.shop.svc.cluster.local.", "NXDOMAIN"),
        ("nowhere.shop.cluster.local.", "NXDOMAIN"),
        ("nowhere.shop.", "NXDOMAIN"),
    ]


def test_the_rule_names_its_chains_and_the_number_drawn() -> None:
    world = World()
    request = world.send("172.17.0.5:80")
    rule = next(each for each in world.network.explain(request) if each.title == "Rule")
    assert [chain[:9] for chain in rule.detail["chains"]] == ["KUBE-SERV", "KUBE-SVC-", "KUBE-SEP-"]
    assert int(rule.detail["drawn"] * 2) + 1 == rule.detail["place"]
    assert rule.detail["probability"] == ("0.5000000000" if rule.detail["place"] == 1 else "")


def test_the_endpoint_hop_says_why_others_were_not_usable() -> None:
    world = World()
    world.endpoints(world.endpoint("web-1"), world.endpoint("web-2", ready=False))
    detail = hop(world, "web-svc:80", "Endpoint").detail
    assert detail["pod"] == "web-1"
    assert [(other["pod"], other["state"], other["why"]) for other in detail["unusable"]] == [("web-2", "not-ready", "it is not ready")]


def test_a_request_by_rules_that_are_out_of_date_says_so() -> None:
    world = World()
    world.store.replace(world.store.get("EndpointSlice", "default", "web-svc-1"), endpoints=(world.endpoint("web-1"),))
    assert "had not heard of the latest change" in hop(world, "web-svc:80", "Service").why


@pytest.mark.parametrize(
    ("change", "to", "printed"),
    [
        (nothing, "web-svc:80", "Hello from web-"),
        (
            lambda world: world.endpoints(),
            "web-svc:80",
            "curl: (7) Failed to connect to web-svc port 80 after 0 ms: Could not connect to server",
        ),
        (local, "web-svc:80", "curl: (28) Connection timed out after 2001 milliseconds"),
        (nothing, "nowhere:80", "curl: (6) Could not resolve host: nowhere"),
        (nothing, "[2001:db8::5]:53", "curl: (7) Failed to connect to 2001:db8::5 port 53 after 0 ms: Could not connect to server"),
        (
            lambda world: world.store.remove(world.pod("coredns-1", "kube-system")),
            "web-svc:80",
            "curl: (28) Resolving timed out after 2000 milliseconds",
        ),
        (nothing, "192.168.0.1:6443", "Client sent an HTTP request to an HTTPS server."),
    ],
    ids=["answered", "refused", "dropped", "not resolved", "unreachable", "no DNS server", "the API server"],
)
def test_the_program_prints(change: Any, to: str, printed: str) -> None:
    world = World()
    change(world)
    assert hop(world, to, "Answer").detail["prints"].startswith(printed)


# --- what is kept


def test_requests_are_numbered_told_of_and_kept_for_a_while() -> None:
    world = World()
    numbers = [world.network.send(world.pod("client"), "172.17.0.5:80") for _ in range(REQUESTS_KEPT + 2)]
    assert numbers == list(range(1, REQUESTS_KEPT + 3))
    assert [event.number for event in world.machinery.events if isinstance(event, RequestEnded)] == numbers
    assert world.network.request(2) is None
    assert world.network.request(3).number == 3
    assert [request.number for request in world.network.recent(2)] == [REQUESTS_KEPT + 2, REQUESTS_KEPT + 1]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("web-svc", "expected name:port"),
        (":80", "expected name:port"),
        ("web-svc:0", '"0" is not a port'),
        ("web-svc:65536", "from 1 to 65535"),
        ("web-svc:http", '"http" is not a port'),
        ("web_svc!:80", "is not a DNS name"),
        ("10.244.0.300:80", "is not an IPv4 address"),
        ("10.244:80", "is not an IPv4 address"),
        ("fd00::1:80", "stands in brackets"),
        ("[fd00::g]:80", "is not an IPv6 address"),
        ("[fe80::1%eth0]:80", "is not an IPv6 address"),
        ("-web:80", "is not a DNS name"),
        ("x" * 64 + ":80", "is not a DNS name"),
    ],
)
def test_a_bad_target_is_refused(to: str, words: str) -> None:
    world = World()
    for refused in (lambda: world.network.check_target(to), lambda: world.send(to)):
        with pytest.raises(Refusal, match="target") as refusal:
            refused()
        assert words in refusal.value.message
    assert world.network.state()["number"] == 0


def test_a_pod_that_does_not_run_cannot_send() -> None:
    world = World()
    world.store.replace(world.pod("client"), state=PodState())
    with pytest.raises(Refusal, match="none of its containers is running"):
        world.send("web-svc:80")
    power_off(world, "node-a")
    with pytest.raises(Refusal, match="Node node-a is off"):
        world.send("web-svc:80")


def test_what_is_kept_of_a_request_shares_what_was_decided() -> None:
    world = World()
    one, two = world.send("web-svc:80"), world.send("web-svc:80")
    assert one.resolution.walk is two.resolution.walk
    assert one.passage.decision.rules is two.passage.decision.rules
    assert msgspec.structs.asdict(one)["source"] is msgspec.structs.asdict(two)["source"]


def test_a_kept_connection_to_a_process_that_hangs_times_out() -> None:
    world = World()
    connection = world.network.kept(world.send("10.244.1.2:5000"))
    world.kubelet.hanging.add("web-1")
    number = world.network.send(world.pod("client"), "10.244.1.2:5000", connection)
    request = world.network.request(number)
    assert (request.outcome, request.where) == ("timeout", "pod")
    assert "its process hangs" in world.network.explain(request)[-1].why


def test_a_process_that_hangs_sends_nothing() -> None:
    world = World()
    world.kubelet.hanging.add("client")
    with pytest.raises(Refusal, match="its process hangs"):
        world.send("web-svc:80")
