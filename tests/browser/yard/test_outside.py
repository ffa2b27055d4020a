"""Are clients outside, servers outside and load balancers drawn beside the cluster, and do requests fly there?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.yard.harness import Yard
from tests.browser.yard.pictures import first_cluster, request

pytestmark = pytest.mark.browser

SERVER = "default/frontend-6d4cf56db6-p7q4m"
CLIENT = "outside:203.0.113.10"
STREAM = {"id": "t2", "from": CLIENT, "to": "198.51.100.1:80", "rate": 2, "keepAlive": False}


def balanced(addresses: list[str]) -> dict[str, Any]:
    made = first_cluster()
    made["services"]["default/frontend-svc"] |= {"type": "LoadBalancer", "balancer": addresses}
    return made


def test_a_cluster_that_nobody_uses_from_outside_shows_no_outside(yard: Yard) -> None:
    page = yard.open(first_cluster())
    expect(page.get_by_label("Outside of the cluster")).to_be_hidden()


def test_a_load_balancer_stands_outside_with_its_address_and_leads_to_its_service(yard: Yard) -> None:
    page = yard.open(balanced(["198.51.100.1"]))
    expect(page.get_by_label("Load balancers")).to_contain_text("198.51.100.1 → frontend-svc")
    expect(page.locator("a.balancer")).to_have_attribute("data-ref", "Service/default/frontend-svc")


def test_one_without_an_address_is_pending(yard: Yard) -> None:
    page = yard.open(balanced([]))
    expect(page.locator("a.balancer[data-state=pending]")).to_contain_text("<pending>")


def test_a_client_with_a_stream_is_drawn_with_what_it_sends(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.send_frame([["traffic", "t2", STREAM]])
    expect(page.get_by_label("Clients outside")).to_contain_text("203.0.113.10→ 198.51.100.1:80 · 2/s")


def test_a_request_from_outside_flies_through_the_load_balancer(yard: Yard) -> None:
    yard.open(balanced(["198.51.100.1"]))
    sent = request(7, 0, "ok", "pod", SERVER, "node-b", source=CLIENT, to="198.51.100.1:80", balancer="default/frontend-svc")
    yard.send_frame(requests=[sent])
    [flight] = yard.flights()
    assert flight["stops"] == ["client 203.0.113.10", "balancer default/frontend-svc", "proxy node-a", f"pod {SERVER}"]
    assert flight["legs"] == 3


def test_a_request_of_a_node_starts_at_its_name(yard: Yard) -> None:
    yard.open(first_cluster())
    yard.send_frame(requests=[request(7, 0, "ok", "pod", SERVER, "node-b", source="node:node-a")])
    [flight] = yard.flights()
    assert flight["stops"][0] == "node node-a"


def test_a_node_whose_kube_proxy_is_stopped_is_marked(yard: Yard) -> None:
    page = yard.open(first_cluster())
    node = first_cluster()["nodes"]["node-b"] | {"proxied": False}
    yard.send_frame([["nodes", "node-b", node]])
    expect(page.locator('section[aria-label="Node node-b"]')).to_contain_text("kube-proxy stopped")


# --- servers outside


def leaving(rid: int = 7, outcome: str = "ok", where: str = "pod", address: str = "192.0.2.10", **more: Any) -> list[Any]:
    """A request to a server outside, as a frame says it."""
    return request(rid, 0, outcome, where, "outside:example.com", address, **{"to": "example.com:80", "of": None, **more})


def flight_of(yard: Yard, sent: list[Any]) -> dict[str, Any]:
    yard.open(first_cluster())
    yard.send_frame(requests=[sent])
    [flight] = yard.flights()
    return flight


def test_a_server_outside_is_drawn_when_a_request_has_gone_there(yard: Yard) -> None:
    page = yard.open(first_cluster())
    expect(page.get_by_label("Servers outside")).to_be_hidden()
    yard.send_frame(requests=[leaving(), leaving(8, address="2001:db8:192::10")])
    expect(page.get_by_label("Servers outside").get_by_role("listitem")).to_have_text("example.com192.0.2.10, 2001:db8:192::10")


def test_a_request_that_leaves_the_cluster_flies_by_its_nodes_rules_to_the_server(yard: Yard) -> None:
    """Else a learner would see a dot end at kube-proxy, or none that shows that the packet leaves."""
    flight = flight_of(yard, leaving())
    assert flight["stops"] == ["pod default/client", "proxy node-a", "server example.com"]
    assert flight["legs"] == 2


def test_one_of_a_client_outside_does_not_come_by_the_cluster(yard: Yard) -> None:
    assert flight_of(yard, leaving(source=CLIENT, source_node=""))["stops"] == ["client 203.0.113.10", "server example.com"]


def test_one_that_the_servers_firewall_drops_ends_on_the_way_there(yard: Yard) -> None:
    flight = flight_of(yard, leaving(outcome="timeout", where="network"))
    assert flight["stops"][-1] == "server example.com"
    assert flight["half"] is True


def test_one_to_an_address_that_nobody_has_draws_no_server(yard: Yard) -> None:
    flight = flight_of(yard, request(7, 0, "timeout", "network", to="192.0.2.11:80", of=None))
    assert flight["stops"] == ["pod default/client", "proxy node-a"]
    expect(yard.page.get_by_label("Servers outside")).to_be_hidden()


def test_with_reduced_motion_the_server_lights_up(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(reduced_motion="reduce")
    page = yard.open(first_cluster())
    yard.send_frame(requests=[leaving()])
    page.wait_for_function("window.lit.includes(document.querySelector('.server'))")
    assert page.evaluate("document.querySelector('switch-yard').flightsInView()") == []
