"""What the inspector says of a Pod whose containers do not start."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.pages.facts import pods
from playground.pages.facts.values import Overview
from tests.laws.histories import started


def overview(**container: Any) -> Overview:
    cluster = started()
    spec = {"containers": [{"name": "c", "image": "nginx", **container}]}
    cluster.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}]))
    cluster.advance(cluster.now + 10 * SECOND)
    return pods.overview(cluster, cluster.store.get("Pod", "default", "p"))


def test_a_missing_config_map_is_named() -> None:
    said = overview(envFrom=[{"configMapRef": {"name": "settings"}}]).sentence
    assert said == 'The kubelet cannot start its container, and tries again and again: configmap "settings" not found.'


def test_a_name_that_no_image_can_have_is_explained() -> None:
    assert "must be lowercase" in overview(image="NGINX").sentence


HINTS = {"ngnix": "nginx", "bitnami/postgress:17": "", "posgres:17": "postgres", "nginx": "", "nginx2": "", "mine": ""}


@pytest.mark.parametrize(("image", "meant"), HINTS.items(), ids=HINTS)
def test_a_name_like_that_of_a_well_known_image_is_asked_about(image: str, meant: str) -> None:
    (note,) = [fact.note for fact in overview(image=image).facts if fact.label == "Container"]
    assert note == (f"{image}: images are not pulled here, so any name runs; was {meant} meant?" if meant else image)
