"""What does `kubectl describe` tell of parts that few objects have?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.terminal.kubectl.describing.page import Page
from playground.terminal.kubectl.describing.template import containers, spread, tolerations, volumes

META = {"name": "p", "labels": {"a": "b"}}


def environment(source: dict[str, Any], meta: dict[str, Any] | None) -> str:
    page = Page()
    resources = {"limits": {"memory": "128Mi"}, "requests": {"cpu": "100m"}}
    listed = [{"name": "c", "resources": resources, "env": [{"name": "E", "valueFrom": source}]}]
    containers(page, "Containers", listed, None, meta, "")
    return next(line for line in page.text().splitlines() if line.strip().startswith("E:")).split("E:")[1].strip()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"resourceFieldRef": {"resource": "limits.memory"}}, "134217728 (limits.memory)"),
        ({"resourceFieldRef": {"resource": "limits.cpu"}}, "node allocatable (limits.cpu)"),
        ({"resourceFieldRef": {"resource": "requests.cpu", "divisor": "1m"}}, "100 (requests.cpu)"),
        ({"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}, "p (v1:metadata.name)"),
        ({"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.labels['a']"}}, "b (v1:metadata.labels['a'])"),
        ({"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}, "(v1:status.podIP)"),
    ],
)
def test_a_variable_of_a_pod_is_told_with_its_value(source: dict[str, Any], told: str) -> None:
    assert environment(source, META) == told


def test_a_field_of_a_template_has_no_value_yet() -> None:
    assert environment({"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}, None) == "(v1:metadata.name)"


def test_tolerations_stand_in_the_order_of_their_keys() -> None:
    page = Page()
    tolerations(page, {"tolerations": [{"key": "a", "value": "b"}, {"operator": "Exists"}]}, "")
    assert [line.split()[-1] for line in page.text().splitlines()] == ["op=Exists", "a=b"]


def test_how_pods_are_to_be_spread_is_told() -> None:
    page = Page()
    asked = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"a": "b"}}}
    spread(page, {"topologySpreadConstraints": [asked]}, "")
    assert page.text().split(":  ")[1] == "zone:DoNotSchedule when max skew 1 is exceeded for selector a=b\n"


def test_a_volume_of_the_downward_api_is_told_with_its_files() -> None:
    page = Page()
    volumes(page, [{"name": "v", "downwardAPI": {"items": [{"path": "x", "fieldRef": {"fieldPath": "metadata.name"}}]}}], "")
    assert page.text().splitlines()[-2:] == ["    Items:", "      metadata.name -> x"]
