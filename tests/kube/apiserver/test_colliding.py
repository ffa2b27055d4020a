"""What apply and patch make of two ports of one number (kubernetes/kubernetes issues 39188, 59482, 101393, 103544, 105610)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.colliding import patch

UDP = {"name": "dns", "port": 53, "protocol": "UDP"}
TCP = {"name": "dns-tcp", "port": 53, "protocol": "TCP"}
HTTP = {"name": "http", "port": 80, "protocol": "TCP"}


def ports(world: Any) -> list[str]:
    return [f"{each['name']} {each['port']}/{each['protocol']}" for each in world.json("Service", "web")["spec"]["ports"]]


def test_a_port_of_the_same_number_that_is_added_behind_the_other_changes_nothing(world: Any, service: Any) -> None:
    """Else a learner would think that `kubectl apply` can add TCP to a Service that has UDP (issue 59482)."""
    world.server.apply(service(ports=[UDP, HTTP]))
    world.server.apply(service(ports=[UDP, TCP, HTTP]))
    assert ports(world) == ["dns 53/UDP", "http 80/TCP"]


def test_a_port_of_the_same_number_that_is_added_before_the_other_takes_its_place(world: Any, service: Any) -> None:
    """Else a learner would not know the trap of DNS and QUIC: one port is left of two (issue 105610)."""
    world.server.apply(service(ports=[UDP]))
    world.server.apply(service(ports=[TCP, UDP]))
    assert ports(world) == ["dns-tcp 53/TCP"]


def test_a_service_that_is_made_with_both_has_both_and_keeps_them_when_it_is_applied_again(world: Any, service: Any) -> None:
    """Else a learner would think that one number cannot be served over two protocols."""
    world.server.apply(service(ports=[UDP, TCP]))
    world.server.apply(service(ports=[UDP, TCP], selector={"app": "x"}))
    assert ports(world) == ["dns 53/UDP", "dns-tcp 53/TCP"]


def test_one_of_two_that_is_taken_away_takes_the_other_with_it(world: Any, service: Any) -> None:
    """Else a learner would think that a manifest without TCP leaves UDP, where apply asks for the end of both."""
    world.server.apply(service(ports=[UDP, TCP]))
    refusal = world.refusal(world.server.apply, service(ports=[UDP]))
    assert [str(cause) for cause in refusal.causes] == ["spec.ports: Required value"]


def test_a_strategic_patch_meets_the_first_port_of_a_number(world: Any, service: Any) -> None:
    """Else a learner would think that a patch tells ports apart by their protocol."""
    world.server.create(service(ports=[UDP, TCP]))
    refusal = world.refusal(
        world.server.patch,
        "Service",
        "default",
        "web",
        {"spec": {"ports": [{"port": 53, "protocol": "TCP", "targetPort": 5353}]}},
        "strategic",
    )
    assert "spec.ports[1]: Duplicate value" in refusal.message


def test_the_other_ways_to_write_see_both(world: Any, service: Any) -> None:
    """Else a learner would find no way out: `replace` and server-side apply tell ports apart."""
    world.server.create(service(ports=[UDP]))
    world.server.replace(service(ports=[UDP, TCP]))
    assert ports(world) == ["dns 53/UDP", "dns-tcp 53/TCP"]


CASES: list[tuple[list[Any], list[Any], list[Any], list[Any]]] = [
    ([UDP], [UDP, TCP], [UDP], [TCP, UDP]),
    ([UDP], [TCP, UDP], [UDP], [TCP]),
    ([UDP, TCP], [UDP], [UDP, TCP], [{**UDP, "$patch": "delete"}]),
    ([UDP, TCP], [UDP, TCP], [UDP, TCP], []),
    ([], [UDP, TCP], [], [UDP, TCP]),
    ([], [UDP, TCP], [HTTP], [TCP, UDP]),
]


@pytest.mark.parametrize(("original", "modified", "current", "expected"), CASES)
def test_the_patch_that_kubectl_sends(original: list[Any], modified: list[Any], current: list[Any], expected: list[Any]) -> None:
    """Else the page's kubectl and the real one would do different things to one Service."""
    assert patch(original, modified, current, "port") == expected
