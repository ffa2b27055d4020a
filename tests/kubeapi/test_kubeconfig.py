"""The file that tells kubectl where the cluster is, and the command that prints it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.kubeapi import access
from playground.kubeapi.kubeconfig import kubeconfig
from playground.kubeapi.models import Key


def printed(*words: str) -> Any:
    out = StringIO()
    call_command("kubeconfig", *words, stdout=out, stderr=StringIO())
    return yaml.safe_load(out.getvalue())


def page(cluster: Cluster) -> str:
    return f"http://127.0.0.1:8000/clusters/{cluster.pk}/"


def server_of(config: Any) -> str:
    return config["clusters"][0]["cluster"]["server"]


def test_the_address_holds_the_key_and_the_port(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    config = printed(page(cluster))
    assert server_of(config) == f"http://127.0.0.1:8123/w/{access.key_of(cluster).pk}"
    assert config["clusters"][0]["cluster"]["insecure-skip-tls-verify"] is True
    assert config["contexts"][0]["context"]["namespace"] == "default"


def test_over_https_certificates_are_verified(cluster: Cluster) -> None:
    config = yaml.safe_load(kubeconfig("https://play.example/", access.key_of(cluster)))
    assert server_of(config).startswith("https://play.example/w/")
    assert "insecure-skip-tls-verify" not in config["clusters"][0]["cluster"]


def test_asked_again_it_prints_the_same_and_after_a_revocation_another(cluster: Cluster) -> None:
    first = server_of(printed(page(cluster)))
    assert server_of(printed(page(cluster))) == first
    assert server_of(printed(page(cluster), "--revoke")) != first
    assert access.find(first.rpartition("/")[2]) is None


def test_a_key_for_looking_only_is_another_one(cluster: Cluster) -> None:
    assert server_of(printed(page(cluster), "--read-only")) != server_of(printed(page(cluster)))
    assert Key.objects.filter(cluster=cluster, writes=False).count() == 1


def test_an_id_alone_will_do(cluster: Cluster) -> None:
    out = StringIO()
    call_command("kubeconfig", "--", cluster.pk, stdout=out)
    assert yaml.safe_load(out.getvalue()) == printed(page(cluster))


def test_a_new_cluster_is_made_where_that_is_asked_for(here: Runtime, db: None) -> None:
    config = printed("--new")
    assert Key.objects.get().cluster_id in config["current-context"]


@pytest.mark.parametrize("words", [(), ("nobody",)])
def test_without_a_cluster_there_is_no_file(db: None, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="cluster"):
        printed(*words)
