"""What leaves the cluster: by which rules, under which address, and what a server outside makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.apiserver.objects import Endpoint
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.dns.corefile import shipped_text
from playground.kube.errors import Refusal
from playground.kube.network.requests import Hop, Request
from playground.kube.network.senders import Machine, Sender
from playground.kube.settings import ClusterSettings
from tests.kube.kubeproxy.builders import add, add_pod, add_service, add_slice
from tests.kube.network.test_outside import address
from tests.kube.network.test_outside import cluster as balanced
from tests.kube.network.world import NODES, World
from tests.laws.histories import schema

COM, CLIENT = "192.0.2.10", Machine("203.0.113.10")


def ended(world: World, to: str, source: Sender | None = None, header: str = "") -> tuple[Request, dict[str, Hop]]:
    """A request, and its hops by title."""
    found = world.network.request(world.network.send(source or world.pod("client"), to, header=header))
    assert found is not None
    return found, {hop.title: hop for hop in world.network.explain(found)}


def alias(target: str = "my.database.example.com", name: str = "ext") -> World:
    world = World()
    add_service(world.machinery, name, "", [], type="ExternalName", externalName=target)
    return world


def manual(ip: str = COM, port: int = 80) -> World:
    """A Service without a selector whose EndpointSlice is written by hand."""
    world = World()
    add_service(world.machinery, "shop", "172.17.0.40", [{"port": 80, "targetPort": port}])
    add_slice(world.machinery, "shop", [Endpoint(ip, ready=True, serving=True, terminating=False)], [("", port, "TCP")])
    world.settle()
    return world


# --- the way out


def test_what_a_pod_sends_out_of_the_cluster_leaves_with_its_nodes_address() -> None:
    """Else a learner would think that a server outside sees the address of a Pod, and write a firewall rule for it."""
    request, hops = ended(World(), "example.com:80")
    assert (request.outcome, request.address, request.service, request.endpoint) == ("ok", COM, None, None)
    assert list(hops) == ["Name", "Address", "Source", "Server", "Answer"]
    assert hops["Source"].detail == {"source": NODES["node-a"], "node": "node-a", "masquerade": True}
    assert "the rules of kube-proxy pass it by" in hops["Address"].why
    assert hops["Answer"].detail["prints"] == f"Hello from example.com, outside of the cluster. You come from {NODES['node-a']}."


def test_what_sees_the_request_is_told_whom_it_saw() -> None:
    world = World()
    assert world.network.seen_source(ended(world, f"{COM}:80")[0]) == NODES["node-a"]
    assert world.network.seen_source(ended(world, f"{COM}:80", CLIENT)[0]) == CLIENT.ip


def test_a_node_and_a_client_outside_keep_their_own_address() -> None:
    """Else a learner would think that whatever leaves a Node is masqueraded."""
    world = World()
    _, hops = ended(world, "example.org:80", world.network.senders.require("node:node-b"))
    assert (hops["Source"].detail["source"], "masquerade" in hops["Source"].detail) == (NODES["node-b"], False)
    request, hops = ended(world, "example.org:80", CLIENT)
    assert (request.outcome, list(hops), hops["Server"].detail["source"]) == ("ok", ["Name", "Address", "Server", "Answer"], CLIENT.ip)


@pytest.mark.parametrize("to", [f"{COM}:5432", f"{COM}:80/UDP", f"{COM}:443/SCTP"])
def test_another_port_is_silent(to: str) -> None:
    """Else a learner would think that a firewall's drop is heard, as a refusal is."""
    request, hops = ended(World(), to)
    assert (request.outcome, request.where) == ("timeout", "network")
    assert "It lets 80/TCP (HTTP), 443/TCP (HTTPS) and pings through" in hops["Server"].why


@pytest.mark.parametrize("source", ["pod", "client"])
def test_an_address_outside_that_nobody_has_is_silent_and_it_is_said_who_is_there(source: str) -> None:
    """Else a learner would think that a cluster knows which addresses of the internet answer: the packet leaves, and nothing comes back."""
    request, hops = ended(World(), "192.0.2.11:80", CLIENT if source == "client" else None)
    assert (request.outcome, request.where) == ("timeout", "network")
    assert "only example.com, example.org and example.net" in hops["Address"].why
    assert hops["Answer"].why.startswith("Nobody outside has 192.0.2.11")


def test_a_ping_is_answered_from_outside() -> None:
    world = World()
    assert world.network.ping(world.pod("client"), COM) == "ok"
    request = world.network.recent(1)[0]
    assert "answers pings" in {hop.title: hop for hop in world.network.explain(request)}["Server"].why


def test_no_client_outside_can_have_a_servers_address() -> None:
    with pytest.raises(Refusal, match=r"is the address of example\.com: a client outside needs an address of its own"):
        World().network.senders.require(f"outside:{COM}")


# --- names


def test_an_external_name_leads_to_the_addresses_of_its_target() -> None:
    """Else a learner would think that the ExternalName of Kubernetes' own documentation leads nowhere."""
    request, hops = ended(alias(), "ext:80")
    assert (request.outcome, request.address) == ("ok", COM)
    query = hops["Name"].detail["queries"][-1]
    assert (query["A"], query["forwarded"]) == (
        "CNAME my.database.example.com., 192.0.2.10 (TTL 30)",
        "my.database.example.com. to 192.168.0.254:53",
    )
    assert "another name (CNAME) for my.database.example.com." in hops["Name"].why


def test_an_external_name_can_lead_to_another_service() -> None:
    """Else a learner would think that no rule has a part in it, where only the first name has none."""
    request, hops = ended(alias("web-svc.default.svc.cluster.local"), "ext:80")
    assert (request.outcome, request.service) == ("ok", "default/web-svc")
    assert "another name (CNAME) for web-svc.default.svc.cluster.local.: DNS alone leads there" in hops["Name"].why
    assert hops["Name"].detail["queries"][-1]["A"] == "CNAME web-svc.default.svc.cluster.local., 172.17.0.5 (TTL 30)"


def test_the_search_list_comes_before_a_name_outside_and_each_query_is_listed() -> None:
    """Else a learner would not see that a name with few dots costs four questions (ndots:5)."""
    _, hops = ended(World(), "example.com:80")
    suffixes = ("default.svc.cluster.local.", "svc.cluster.local.", "cluster.local.")
    assert [each["name"] for each in hops["Name"].detail["queries"]] == [*(f"example.com.{each}" for each in suffixes), "example.com."]
    assert ["forwarded" in each for each in hops["Name"].detail["queries"]] == [False, False, False, True]


def test_what_coredns_has_cached_it_does_not_forward_again() -> None:
    """Else a learner would think that each question for a name outside goes out of the cluster."""
    world = alias()
    ended(world, "ext:80")
    world.machinery.clock.run_until(world.machinery.now + 10 * SECOND)
    for to in ("ext:80", "my.database.example.com.:80"):
        query = ended(world, to)[1]["Name"].detail["queries"][-1]
        assert ("(TTL 20, cached 10 s before)" in query["A"], "forwarded" in query) == (True, False)


def test_a_pod_with_the_policy_default_asks_the_nodes_resolver_itself() -> None:
    world = World()
    add_pod(world.machinery, "custom", "10.244.0.6", "node-a", host_ip=NODES["node-a"], spec={"dnsPolicy": "Default"})
    request, hops = ended(world, "example.com:80", world.pod("custom"))
    queries = hops["Name"].detail["queries"]
    assert (request.outcome, [each["endpoint"] for each in queries], "forwarded" in queries[0]) == ("ok", ["192.168.0.254:53"], False)


def test_without_forward_no_name_outside_has_an_address() -> None:
    """Else a learner would think that CoreDNS knows the internet by itself."""
    world = World()
    text = shipped_text("cluster.local").replace("forward . /etc/resolv.conf", "# nothing")
    text = text.replace("# nothing {\n       max_concurrent 1000\n    }", "")
    add(world.machinery, "ConfigMap", "kube-system", "coredns", rest={"data": {"Corefile": text}})
    volumes = [{"name": "config", "configMap": {"name": "coredns", "items": [{"key": "Corefile", "path": "Corefile"}]}}]
    world.store.replace(world.pod("coredns-1", "kube-system"), spec={"dnsPolicy": "Default", "volumes": volumes})
    request, hops = ended(world, "example.com:80")
    assert (request.outcome, hops["Name"].detail["queries"][-1]["A"]) == ("nxdomain", "SERVFAIL")
    add_service(world.machinery, "ext", "", [], type="ExternalName", externalName="example.com")
    assert "is asked of nobody: the Corefile has no forward" in ended(world, "ext:80")[1]["Name"].what


@pytest.mark.parametrize(
    ("to", "told"), [("www.example.test:80", True), ("nowhere:80", False), ("web-svc.nowhere.svc.cluster.local:80", False)]
)
def test_of_a_name_that_nobody_has_it_is_said_which_names_there_are(to: str, told: bool) -> None:
    """Else a learner would think that a name of the real internet is mistyped."""
    assert ("The world outside of this playground has only example.com" in ended(World(), to)[1]["Name"].why) == told


def test_a_programs_own_question_for_such_a_name_says_it_too() -> None:
    world = World()
    for name, told in (("www.example.test", True), ("example.com", False), ("web-svc.default.svc.cluster.local", False)):
        world.network.look_up(world.pod("client"), name, "A", "")
        said = world.network.explain(world.network.recent(1)[0])[-1].why
        assert ("has only example.com, example.org and example.net" in said) == told


# --- what a server makes of it


def test_a_server_does_not_know_a_service_that_leads_to_it() -> None:
    """Else a learner would think that an ExternalName works for HTTP as for any protocol (the caution of kubernetes.io)."""
    request, hops = ended(alias(), "ext:80")
    assert request.outcome == "ok"
    assert hops["Server"].what == "The server of example.com got it, for the host ext, which is none of its names: 404 Not Found."
    assert hops["Server"].why.startswith("An ExternalName decides only where the packet goes.")
    assert "curl -H 'Host: my.database.example.com'" in hops["Server"].why
    assert hops["Answer"].detail["prints"] == "404 Not Found: example.com does not know the host ext"


@pytest.mark.parametrize("header", ["example.com", "my.database.example.com:80"])
def test_with_a_header_that_it_knows_it_answers(header: str) -> None:
    _, hops = ended(alias(), "ext:80", header=header)
    assert hops["Answer"].detail["prints"].startswith(f"Hello from {header.partition(':')[0]}, outside")


def test_its_certificate_is_not_for_a_service_that_leads_to_it() -> None:
    """Else a learner would think that https helps where the header Host is wrong."""
    _, hops = ended(alias(), "ext:443")
    assert "a certificate that is not for ext" in hops["Server"].what
    assert hops["Answer"].detail["prints"] == "curl: (60) SSL: no alternative certificate subject name matches target hostname 'ext'"
    assert ended(alias(), "my.database.example.com:443")[1]["Answer"].detail["prints"].startswith("Hello from my.database.example.com")


# --- Services whose endpoints are outside


def test_a_service_with_endpoints_written_by_hand_leads_out_of_the_cluster() -> None:
    """Else a learner would think that a Service leads to Pods only, and not to a database outside."""
    request, hops = ended(manual(), "shop:80", header="example.com")
    assert (request.outcome, request.service, request.passage.ip) == ("ok", "default/shop", COM)
    assert [*hops][1:] == ["Service", "Rule", "Endpoint", "Source", "Server", "Answer"]
    assert hops["Source"].detail["source"] == NODES["node-a"]
    assert "No rule of kube-proxy does that" in hops["Source"].why


def test_such_a_service_does_not_change_the_header_either() -> None:
    _, hops = ended(manual(), "shop:80")
    assert "which is none of its names: 404" in hops["Server"].what
    assert hops["Server"].why.startswith("A Service decides only where the packet goes.")


@pytest.mark.parametrize(("ip", "port"), [("192.0.2.42", 80), (COM, 5432)])
def test_an_endpoint_that_does_not_answer_is_silent(ip: str, port: int) -> None:
    request, _ = ended(manual(ip, port), "shop:80")
    assert (request.outcome, request.where, request.service) == ("timeout", "network", "default/shop")


def test_a_client_outside_that_comes_by_a_node_port_leaves_masqueraded_by_kube_proxy() -> None:
    """Else the server would answer the client directly, who never asked it."""
    made = balanced(selector=None)
    made.submit(actions.Apply([written_by_hand("web-svc")]))
    made.advance(made.now + 3 * SECOND)
    number = made.network.send(made.network.senders.require("outside"), f"{address(made, 'node-b')}:30080", header="example.com")
    request = made.network.request(number)
    assert request is not None
    assert request.outcome == "ok"
    hops = {hop.title: hop for hop in made.network.explain(request)}
    assert hops["Source"].detail["source"] == address(made, "node-b")
    assert hops["Source"].why.startswith("kube-proxy's rules masquerade it")


def written_by_hand(service: str) -> dict[str, Any]:
    meta = {"name": "by-hand", "labels": {"kubernetes.io/service-name": service}}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": meta,
        "addressType": "IPv4",
        "ports": [{"name": "", "port": 80, "protocol": "TCP"}],
        "endpoints": [{"addresses": [COM]}],
    }


def test_a_long_header_is_refused() -> None:
    made = Cluster.create(ClusterSettings(), schema())
    with pytest.raises(Refusal, match="a host has at most 253 characters"):
        made.submit(actions.Send("outside", f"{COM}:80", header="a" * 254))
