"""Does the yard show what the picture says, and follow what frames change?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.yard.harness import ORIGIN, Yard
from tests.browser.yard.pictures import crowd, first_cluster, picture, pod, troubled_cluster

pytestmark = pytest.mark.browser

FRONTEND = "Pod/default/frontend-6d4cf56db6-x2x9k"


def test_the_filter_of_namespaces_has_a_name_before_there_is_a_picture(yard: Yard) -> None:
    """Else a screen reader meets a button without a word."""
    yard.greets = False
    yard.page.goto(f"{ORIGIN}/clusters/c1/")
    expect(yard.page.locator(".yard-filter summary")).to_have_text("Namespaces")


def test_every_node_pod_and_service_of_the_picture_is_drawn_and_kube_system_is_hidden(yard: Yard) -> None:
    page = yard.open(first_cluster())
    expect(page.locator("section.node")).to_have_count(3)
    expect(page.locator("a.pod")).to_have_count(5)
    expect(page.locator("a.service")).to_have_count(2)
    expect(page.locator("section.node").first).to_contain_text("10.244.0.0/24")
    expect(page.locator(f'[data-ref="{FRONTEND}"]')).to_contain_text("10.244.0.3:5000")
    expect(page.locator("a.service").first).to_contain_text("ClusterIP 172.17.0.5:80 → 5000")
    expect(page.locator("a.service").first).to_contain_text("3 ready")
    expect(page.locator("section.node").first.locator(".rule").first).to_contain_text("172.17.0.5:80")
    expect(page.locator("section.node").first.locator(".rule .verdict").first).to_have_text("→ 1/3")


def test_a_namespace_can_be_shown_and_hidden(yard: Yard) -> None:
    page = yard.open(first_cluster())
    page.get_by_text("Namespaces: default").click()
    page.get_by_label("kube-system").check()
    expect(page.locator('[data-ref^="Pod/kube-system/"]')).to_have_count(1)
    expect(page.locator("a.service")).to_have_count(3)
    page.get_by_label("kube-system").uncheck()
    expect(page.locator('[data-ref^="Pod/kube-system/"]')).to_have_count(0)


def test_one_line_runs_to_each_endpoint_and_a_line_to_one_that_is_not_ready_is_marked(yard: Yard) -> None:
    page = yard.open(first_cluster())
    expect(page.locator("path.wire")).to_have_count(4)
    changed = first_cluster()["services"]["default/frontend-svc"]
    changed["endpoints"][0][3] = "not-ready"
    changed |= {"ready": 2, "notReady": 1}
    yard.send_frame([["services", "default/frontend-svc", changed]])
    expect(page.locator('path.wire[data-state="not-ready"]')).to_have_count(1)
    expect(page.locator("a.service").first).to_contain_text("1 not ready")


def test_a_killed_pod_is_terminating_then_an_outline_and_its_replacement_joins(yard: Yard) -> None:
    page = yard.open(first_cluster())
    key = FRONTEND.removeprefix("Pod/")
    dying = first_cluster()["pods"][key] | {"terminating": True, "ready": False, "status": "Terminating"}
    successor = pod(
        "frontend-6d4cf56db6-n3w5c", "node-c", "10.244.2.9", "frontend", (5000,), ready=False, status="ContainerCreating", phase="Pending"
    )
    yard.send_frame([["pods", key, dying], ["pods", "default/" + successor["name"], successor]])
    expect(page.locator(f'[data-ref="{FRONTEND}"]')).to_have_attribute("data-state", "terminating")
    joined = page.locator(f'[data-ref="Pod/default/{successor["name"]}"]')
    expect(joined).to_have_attribute("data-state", "starting")
    yard.send_frame(
        [
            ["pods", key, None],
            ["pods", "default/" + successor["name"], successor | {"ready": True, "status": "Running", "phase": "Running"}],
        ]
    )
    expect(page.locator(f'[data-ref="{FRONTEND}"]')).to_have_count(0)
    expect(page.locator(".ghost")).to_have_count(1)
    expect(joined).to_have_attribute("data-state", "ready")


def test_an_update_keeps_the_element_so_that_focus_and_pointer_stay(yard: Yard) -> None:
    page = yard.open(first_cluster())
    page.evaluate("ref => { const link = document.querySelector(`[data-ref='${ref}']`); link.kept = true; link.focus(); }", FRONTEND)
    key = FRONTEND.removeprefix("Pod/")
    yard.send_frame([["pods", key, first_cluster()["pods"][key] | {"ready": False}]])
    expect(page.locator(f'[data-ref="{FRONTEND}"]')).to_have_attribute("data-state", "not-ready")
    yard.send_picture(first_cluster())
    expect(page.locator(f'[data-ref="{FRONTEND}"]')).to_have_attribute("data-state", "ready")
    assert page.evaluate("document.activeElement.kept === true")


def test_a_pod_without_a_node_waits_in_the_tray_and_leaves_it_when_scheduled(yard: Yard) -> None:
    page = yard.open(troubled_cluster())
    tray = page.locator(".tray")
    expect(tray.locator("a.pod")).to_have_count(1)
    waiting = troubled_cluster()["pods"]["default/frontend-6d4cf56db6-zz9qp"]
    yard.send_frame([["pods", "default/" + waiting["name"], waiting | {"node": "node-b", "status": "ContainerCreating"}]])
    expect(tray).to_be_hidden()
    expect(page.locator('section[aria-label="Node node-b"]').locator('[data-ref$="zz9qp"]')).to_be_visible()


def test_node_states_and_rules_that_drop_or_lag_are_said_in_words(yard: Yard) -> None:
    page = yard.open(troubled_cluster())
    expect(page.locator('section[aria-label="Node node-d"]')).to_contain_text("powered off")
    expect(page.locator('section[aria-label="Node node-e"]')).to_contain_text("cordoned")
    dropping = page.locator('section[aria-label="Node node-a"] .rule').first
    expect(dropping).to_contain_text("DROP")
    expect(dropping).to_contain_text("no local endpoint")
    expect(page.locator('section[aria-label="Node node-b"] .proxy')).to_contain_text("behind")
    expect(page.locator('section[aria-label="Node node-a"] .rule').last).to_contain_text("REJECT")
    expect(page.get_by_text("Local only")).to_be_visible()


def test_a_cluster_without_nodes_says_so(yard: Yard) -> None:
    page = yard.open(picture([], [], []))
    expect(page.get_by_text("This cluster has no Node yet")).to_be_visible()


def test_five_hundred_pods_and_a_hundred_services_fit_as_dots(yard: Yard) -> None:
    page = yard.open(crowd(20, 500, 100))
    expect(page.locator("a.pod")).to_have_count(501)
    expect(page.locator(".stage")).to_have_attribute("data-density", "dots")
    expect(page.locator("a.service")).to_have_count(100)
    expect(page.locator("path.wire")).to_have_count(0)
    page.locator("a.service").first.hover()
    expect(page.locator("path.wire").first).to_be_attached()
