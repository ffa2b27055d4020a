"""Where does a load balancer send what comes to it?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.kube.network.outsiders import CLIENT, address, ask, balancer, cluster, elsewhere, home, outcomes


def test_a_load_balancer_with_policy_cluster_uses_every_node_and_hides_the_client() -> None:
    made = cluster()
    assert outcomes(made, f"{balancer(made)}:80") == {("ok", "node-a"), ("ok", "node-b"), ("ok", "node-c")}
    request, hops = ask(made, f"{balancer(made)}:80")
    assert hops["Source"].detail["source"] == address(made, request.ruled_by)
    assert "/healthz of kube-proxy: 3 of 3" in hops["Load balancer"].why


def test_a_load_balancer_with_policy_local_uses_only_nodes_with_an_endpoint_and_keeps_the_client() -> None:
    made = cluster(externalTrafficPolicy="Local")
    assert outcomes(made, f"{balancer(made)}:80") == {("ok", home(made))}
    _, hops = ask(made, f"{balancer(made)}:80")
    assert hops["Source"].detail["source"] == CLIENT
    assert "1 of 3 answer well" in hops["Load balancer"].why


def test_with_policy_local_packets_are_lost_until_the_probes_have_noticed_that_a_node_has_no_endpoint_any_more() -> None:
    """The lesson of healthCheckNodePort: three probes, eight seconds apart, must fail first."""
    made = cluster(externalTrafficPolicy="Local")
    before = home(made)
    made.submit(actions.Patch("Node", before, {"spec": {"unschedulable": True}}))
    made.submit(actions.Delete("Pod", made.machinery.pods_matching("default", {"app": "web"})[0].name, "default"))
    made.advance(made.now + 12 * SECOND)
    assert home(made) != before
    assert ("timeout", before) in outcomes(made, f"{balancer(made)}:80")
    made.advance(made.now + 24 * SECOND)
    assert outcomes(made, f"{balancer(made)}:80") == {("ok", home(made))}


@pytest.mark.parametrize("deed", [actions.PowerOff, actions.StopProxy])
def test_a_node_that_answers_no_probe_is_left_out_in_time(deed: Any) -> None:
    made = cluster()
    made.submit(deed(elsewhere(made)))
    made.advance(made.now + 25 * SECOND)
    assert elsewhere(made) not in {node for _, node in outcomes(made, f"{balancer(made)}:80")}


@pytest.mark.parametrize(("policy", "left_out"), [("Cluster", True), ("Local", False)])
def test_a_node_that_the_autoscaler_is_about_to_delete_fails_the_probes_of_policy_cluster(policy: str, left_out: bool) -> None:
    """With Local its Pods' endpoints say when it is time."""
    made = cluster(externalTrafficPolicy=policy)
    taint = {"key": "ToBeDeletedByClusterAutoscaler", "value": "1", "effect": "NoSchedule"}
    made.submit(actions.Patch("Node", home(made), {"spec": {"taints": [taint]}}))
    made.advance(made.now + 25 * SECOND)
    assert (home(made) not in {node for _, node in outcomes(made, f"{balancer(made)}:80")}) is left_out


def test_an_excluded_node_is_never_used() -> None:
    made = cluster()
    label = {"node.kubernetes.io/exclude-from-external-load-balancers": ""}
    made.submit(actions.Patch("Node", "node-b", {"metadata": {"labels": label}}))
    made.advance(made.now + 9 * SECOND)
    assert {node for _, node in outcomes(made, f"{balancer(made)}:80")} == {"node-a", "node-c"}


def test_with_no_healthy_node_it_sends_to_all_of_them() -> None:
    made = cluster(replicas=0, externalTrafficPolicy="Local")
    assert outcomes(made, f"{balancer(made)}:80") == {("refused", "node-a"), ("refused", "node-b"), ("refused", "node-c")}
    assert "With none left it sends to all" in ask(made, f"{balancer(made)}:80")[1]["Load balancer"].why


def test_a_balancer_of_mode_proxy_opens_its_own_connection_to_the_node_port() -> None:
    """Node and Pod see the load balancer, even with policy Local, so that source addresses are lost."""
    made = cluster(mode="Proxy", externalTrafficPolicy="Local")
    request, hops = ask(made, f"{balancer(made)}:80")
    assert request.outcome == "ok"
    assert hops["Source"].detail["source"] == balancer(made)
    assert "the node port of the Service" in hops["Service"].what
    assert hops["Load balancer"].detail["ip_mode"] == "Proxy"


def test_a_pod_leaves_its_node_for_a_balancer_of_mode_proxy_and_not_for_one_of_mode_vip() -> None:
    for mode, through in (("VIP", None), ("Proxy", "default/web-svc")):
        made = cluster(mode=mode)
        request, _ = ask(made, f"{balancer(made)}:80", f"default/{made.machinery.pods_matching('default', {'app': 'web'})[0].name}")
        assert (request.outcome, request.balancer) == ("ok", through)


@pytest.mark.parametrize("mode", ["VIP", "Proxy"])
def test_source_ranges_keep_other_clients_out(mode: str) -> None:
    made = cluster(mode=mode, loadBalancerSourceRanges=["203.0.113.0/28"])
    assert ask(made, f"{balancer(made)}:80")[0].outcome == "ok"
    assert ask(made, f"{balancer(made)}:80", "outside:203.0.113.77")[0].outcome == "timeout"


def test_a_node_that_source_ranges_keep_out_is_not_told_that_it_comes_from_outside() -> None:
    made = cluster(loadBalancerSourceRanges=["203.0.113.0/28"], externalTrafficPolicy="Local")
    request, hops = ask(made, f"{balancer(made)}:80", f"node:{elsewhere(made)}")
    assert request.outcome == "timeout"
    assert hops["Service"].why == "It has loadBalancerSourceRanges, which are looked at before any policy, also for Pods and Nodes."
    assert hops["Rule"].why.startswith("The sender's address is in none of its loadBalancerSourceRanges")


def test_a_port_that_the_service_has_not_is_closed_at_the_balancer() -> None:
    made = cluster()
    request, hops = ask(made, f"{balancer(made)}:81")
    assert (request.outcome, request.where, request.balancer) == ("timeout", "network", "default/web-svc")
    assert "no such port" in hops["Address"].why


def test_the_health_check_port_answers_as_kube_proxy_does() -> None:
    made = cluster(externalTrafficPolicy="Local", healthCheckNodePort=32000)
    request, hops = ask(made, f"{address(made, home(made))}:32000")
    assert request.outcome == "ok"
    assert '"localEndpoints": 1' in hops["Answer"].detail["prints"]
    assert '"localEndpoints": 0' in ask(made, f"{address(made, elsewhere(made))}:32000")[1]["Answer"].detail["prints"]


def test_an_external_address_is_routed_to_a_node_that_is_up() -> None:
    made = cluster(externalIPs=["192.0.2.7"])
    assert ask(made, "192.0.2.7:80")[0].ruled_by == "node-a"
    made.submit(actions.PowerOff("node-a"))
    assert ask(made, "192.0.2.7:80")[0].ruled_by == "node-b"
