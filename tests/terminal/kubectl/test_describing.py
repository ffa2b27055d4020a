"""What is never told by `kubectl describe`, and what always is?  Whole pages are compared with the real kubectl, in the table."""

from __future__ import annotations

from typing import Any

import pytest

from playground.clusters import scenes
from playground.curriculum.playing import play
from playground.terminal.kubectl.describing.services import addresses


def typed(*lines: str) -> str:
    return play(scenes.start(scenes.find("empty")), list(lines), {})[-1].said


def test_a_secret_is_told_by_the_size_of_its_values_and_never_by_them() -> None:
    said = typed("kubectl create secret generic s --from-literal=password=hunter2", "kubectl describe secret s")
    assert "password:  7 bytes" in said
    assert "hunter2" not in said
    assert "aHVudGVyMg" not in said


@pytest.mark.parametrize(
    ("make", "look", "told"),
    [
        ("kubectl create job j --image=busybox -- date", "kubectl describe job j", "Pods Statuses:"),
        ("kubectl create pdb p --selector=app=web --min-available=1", "kubectl describe pdb p", "Allowed disruptions:"),
        ("kubectl create role r --verb=get --verb=list --resource=pods", "kubectl describe role r", "[get list]"),
        ("kubectl create quota q --hard=pods=3", "kubectl describe namespace default", "Resource Quotas"),
    ],
)
def test_a_kind_is_told_on_its_own_page(make: str, look: str, told: str) -> None:
    assert told in typed(make, look)


def test_names_of_fields_with_other_signs_than_letters_stay_as_they_are() -> None:
    definition = (
        "kubectl apply -f - <<'END'\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n"
        "spec: {group: example.com, scope: Namespaced, names: {plural: things, singular: thing, kind: Thing}, versions: [{name: v1, served: true, "
        "storage: true, schema: {openAPIV3Schema: {type: object}}}]}\nEND"
    )
    thing = (
        "kubectl apply -f - <<'END'\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec: {my.key: x, podIP: 1.2.3.4}\nEND"
    )
    said = typed(definition, thing, "kubectl describe thing t")
    assert "my.key:" in said
    assert "Pod IP:" in said


SLICE = {"ports": [{"name": "h", "port": 80}], "endpoints": [{"addresses": [f"10.9.0.{n}"], "conditions": {}} for n in (1, 2, 3)]}


@pytest.mark.parametrize(
    ("ports", "more", "told"),
    [
        ([{"name": "h", "port": 80}], [], "10.9.0.1:80,10.9.0.2:80,10.9.0.3:80"),
        ([{"name": "i", "port": 80}], [], ""),
        ([], [], "10.9.0.1,10.9.0.2,10.9.0.3"),
        ([], [False], "10.9.0.1,10.9.0.2,10.9.0.3 + 0 more..."),
        ([], [True], "10.9.0.1,10.9.0.2,10.9.0.3 + 1 more..."),
    ],
    ids=["its port", "another port", "no port", "a fourth that is not ready", "a fourth that is"],
)
def test_the_endpoints_of_a_services_port_are_told_as_the_real_one_does(ports: list[Any], more: list[bool], told: str) -> None:
    fourth = [{"addresses": ["10.9.0.4"], "conditions": {"ready": ready}} for ready in more]
    assert addresses([{**SLICE, "ports": ports, "endpoints": [*SLICE["endpoints"], *fourth]}], "h") == told
