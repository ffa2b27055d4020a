"""The kubeconfig that a page hands out."""

from __future__ import annotations

import yaml
from django.test import Client as Browser

from playground.clusters.models import Cluster
from playground.kubeapi.models import Key


def opened() -> tuple[Browser, str]:
    """A visitor, and the address of their cluster."""
    browser = Browser()
    return browser, browser.get("/")["Location"]


def server_of(browser: Browser, address: str) -> str:
    response = browser.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/yaml")
    return yaml.safe_load(response.content)["clusters"][0]["cluster"]["server"]


def test_the_owner_gets_a_file_that_leads_to_the_cluster(db: None) -> None:
    browser, cluster = opened()
    server = server_of(browser, f"{cluster}kubeconfig")
    assert server == f"http://testserver/w/{Key.objects.get().pk}"
    assert server_of(browser, f"{cluster}kubeconfig") == server
    assert f'href="{cluster}kubeconfig"' in browser.get(cluster).content.decode()


def test_one_for_looking_only_is_another(db: None) -> None:
    browser, cluster = opened()
    assert server_of(browser, f"{cluster}kubeconfig?read-only") != server_of(browser, f"{cluster}kubeconfig")


def test_a_stranger_finds_nothing(db: None) -> None:
    _, cluster = opened()
    assert Browser().get(f"{cluster}kubeconfig").status_code == 404
    assert not Key.objects.exists()
    assert Cluster.objects.exists()
