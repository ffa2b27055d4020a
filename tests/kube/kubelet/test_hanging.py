"""A process that stands still: its ports are open and nobody answers, until a liveness probe or a signal that cannot be caught ends it."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.errors import Refusal
from tests.kube.world import World, pod_spec

HTTP = {"httpGet": {"path": "/", "port": 5000}}
TCP = {"tcpSocket": {"port": 5000}}


def hanging(**container: Any) -> World:
    world = World()
    world.pod("p", pod_spec(**{"ports": [{"containerPort": 5000}], **container}))
    world.run(15)
    world.kubelet.hang(world.get("Pod", "p"))
    return world


def serves(world: World) -> str:
    return str(world.kubelet.serves(world.get("Pod", "p"), 5000))


def restarts(world: World) -> int:
    return int(world.get("Pod", "p").state.containers[0].restarts)


def test_its_ports_stay_open_and_nobody_answers() -> None:
    world = hanging()
    assert (serves(world), world.kubelet.hangs(world.get("Pod", "p"))) == ("hangs", True)
    assert world.kubelet.serves(world.get("Pod", "p"), 5001) == "refuses"


def test_it_goes_on_when_it_is_woken() -> None:
    world = hanging()
    world.kubelet.wake(world.get("Pod", "p"))
    assert serves(world) == "accepts"


@pytest.mark.parametrize(("probe", "ready"), [(HTTP, False), (TCP, True)], ids=["httpGet", "tcpSocket, which the kernel answers"])
def test_what_its_readiness_probe_finds(probe: dict[str, Any], ready: bool) -> None:
    world = hanging(readinessProbe=probe)
    world.run(31)
    assert world.get("Pod", "p").state.ready is ready


def test_without_probes_it_hangs_for_ever_and_counts_as_ready() -> None:
    world = hanging()
    world.run(600)
    assert (serves(world), world.get("Pod", "p").state.ready) == ("hangs", True)


def test_a_liveness_probe_has_it_killed_when_its_grace_is_over_and_the_next_process_answers() -> None:
    world = hanging(livenessProbe=HTTP)
    world.run(31)
    assert "Killing" in world.reasons("p")
    assert (serves(world), restarts(world)) == ("hangs", 0)
    world.run(35)
    assert (serves(world), restarts(world)) == ("accepts", 1)


def test_it_is_deaf_to_sigterm() -> None:
    world = hanging()
    delete(world.machinery, world.get("Pod", "p"))
    world.run(29)
    assert world.get("Pod", "p") is not None
    world.run(2)
    assert world.get("Pod", "p") is None


def test_only_what_runs_can_hang() -> None:
    world = World()
    world.pod("p", pod_spec())
    with pytest.raises(Refusal, match="is not running"):
        world.kubelet.hang(world.get("Pod", "p"))
