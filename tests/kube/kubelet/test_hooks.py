"""What the kubelet does at a container's start and before its end (container-lifecycle-hooks.md; pkg/kubelet/kuberuntime/kuberuntime_container.go)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.podstatus import pod_status
from playground.kube.events import Recorded
from tests.kube.world import World, pod_spec

REFUSED = {"httpGet": {"port": 81, "path": "/", "scheme": "HTTP"}}
ANSWERED = {"httpGet": {"port": 5000, "path": "/", "scheme": "HTTP"}}


def started(hook: dict[str, Any], seconds: float = 5, **more: Any) -> World:
    world = World()
    world.pod("p", pod_spec(lifecycle={"postStart": hook}, **more))
    world.run(seconds)
    return world


def shown(world: World, slot: int = 0) -> dict[str, Any]:
    status = pod_status(world.get("Pod", "p"), str)
    return dict(status["containerStatuses"][slot]["state"])


def test_a_container_does_not_run_before_its_post_start_hook_is_done() -> None:
    """Else a learner would think that a hook at the start costs nothing."""
    world = started({"sleep": {"seconds": 10}})
    assert shown(world) == {"waiting": {"reason": "ContainerCreating"}}
    assert (world.get("Pod", "p").state.phase, world.get("Pod", "p").state.ready) == ("Pending", False)
    assert world.kubelet.serves(world.get("Pod", "p"), 5000) == "accepts"
    world.run(10)
    assert "running" in shown(world)
    assert (world.get("Pod", "p").state.phase, world.get("Pod", "p").state.ready) == ("Running", True)


def test_the_next_container_is_started_when_the_hook_of_the_one_before_is_done() -> None:
    """Else a hook that holds the application until its proxy is ready would hold nothing (SyncPod starts one after the other)."""
    world = World()
    first = {"name": "proxy", "image": "envoy", "lifecycle": {"postStart": {"sleep": {"seconds": 10}}}}
    world.pod("p", {"containers": [first, {"name": "web", "image": "nginx"}]})
    world.run(8)
    assert world.reasons("p").count("Started") == 1
    world.run(8)
    assert world.reasons("p").count("Started") == 2
    assert world.get("Pod", "p").state.ready


def test_a_sidecars_hook_holds_back_the_containers_after_it() -> None:
    world = World()
    proxy = {"name": "proxy", "image": "envoy", "restartPolicy": "Always", "lifecycle": {"postStart": {"sleep": {"seconds": 10}}}}
    world.pod("p", pod_spec(initContainers=[proxy]))
    world.run(8)
    assert world.get("Pod", "p").state.initialized is None
    world.run(8)
    assert world.get("Pod", "p").state.ready


def test_a_post_start_hook_that_fails_kills_its_container_which_is_started_again_with_back_off() -> None:
    world = started(REFUSED, 3)
    pod = world.get("Pod", "p")
    told = [(each.reason, each.message) for each in world.machinery.events if isinstance(each, Recorded) and each.name == "p"]
    assert told[3:6] == [
        ("Started", "Container started"),
        ("FailedPostStartHook", "PostStartHook failed"),
        ("Killing", "FailedPostStartHook"),
    ]
    world.run(3)
    address = pod.ip
    message = (
        f'HTTP lifecycle hook (/) for Container "web" in Pod "p_default({pod.uid})" failed - error:'
        f' Get "http://{address}:81/": dial tcp {address}:81: connect: connection refused'
    )
    seen = []
    for _ in range(200):
        world.run(0.1)
        seen.append(shown(world))
    assert {"waiting": {"reason": "PostStartHookError", "message": message}} in seen
    assert not [each for each in seen if "running" in each]
    world.run(20)
    assert shown(world)["waiting"]["reason"] == "CrashLoopBackOff"
    assert world.get("Pod", "p").state.phase == "Running"


def test_a_post_start_hook_that_fails_ends_a_container_that_is_not_restarted() -> None:
    world = started(REFUSED, 10, restartPolicy="Never")
    assert world.get("Pod", "p").state.phase == "Succeeded"  # the server took its SIGTERM and ended with 0
    assert "terminated" in shown(world)


def test_a_post_start_request_that_is_answered_lets_the_container_run() -> None:
    world = started(ANSWERED)
    assert world.get("Pod", "p").state.ready
    assert "FailedPostStartHook" not in world.reasons("p")


def test_a_post_start_request_to_a_container_that_is_not_started_yet_fails() -> None:
    world = World()
    first = {"name": "first", "image": "busybox", "command": ["sleep", "3600"], "lifecycle": {"postStart": ANSWERED}}
    world.pod("p", {"containers": [first, pod_spec()["containers"][0]]})
    world.run(3)
    assert "FailedPostStartHook" in world.reasons("p")


def test_a_hook_of_a_tcp_socket_always_fails() -> None:
    """Else a learner would think that a hook can do what a probe can (handlers.go knows no tcpSocket)."""
    world = started({"tcpSocket": {"port": 5000}}, 20)
    last = world.get("Pod", "p").state.containers[0]
    assert "FailedPostStartHook" in world.reasons("p")
    assert last.restarts > 0


def test_a_pod_that_is_deleted_during_its_post_start_hook_ends_as_any_other() -> None:
    world = started({"sleep": {"seconds": 20}})
    delete(world.machinery, world.get("Pod", "p"), None)
    world.run(3)
    assert world.get("Pod", "p") is None
    assert world.reasons("p")[-1] == "Killing"


def test_probes_begin_when_the_post_start_hook_is_done() -> None:
    """Else a slow start would be punished by the liveness probe."""
    liveness = {"tcpSocket": {"port": 1}, "periodSeconds": 1, "failureThreshold": 1}
    world = started({"sleep": {"seconds": 10}}, 8, livenessProbe=liveness)
    assert "Unhealthy" not in world.reasons("p")
    world.run(6)
    assert "Unhealthy" in world.reasons("p")


@pytest.mark.parametrize(("hook", "told"), [(REFUSED, True), (ANSWERED, False)])
def test_a_pre_stop_request_is_made(hook: dict[str, Any], told: bool) -> None:
    world = World()
    world.pod("p", pod_spec(lifecycle={"preStop": hook}))
    world.run(5)
    delete(world.machinery, world.get("Pod", "p"), None)
    world.run(3)
    assert ("PreStopHook failed" in world.messages("FailedPreStopHook")) is told
    assert world.get("Pod", "p") is None


def test_a_hook_that_goes_on_survives_that_the_cluster_is_saved() -> None:
    world = started({"sleep": {"seconds": 10}}).copy()
    assert shown(world) == {"waiting": {"reason": "ContainerCreating"}}
    world.run(10)
    assert world.get("Pod", "p").state.ready


def test_a_failed_hook_survives_that_the_cluster_is_saved() -> None:
    world = World()
    world.pod("p", pod_spec(lifecycle={"postStart": REFUSED, "preStop": {"sleep": {"seconds": 10}}}))
    world.run(5)
    assert "Killing" in world.reasons("p")
    other = world.copy()
    seen = []
    for _ in range(120):
        other.run(0.1)
        seen.append(shown(other))
    assert [each for each in seen if each.get("waiting", {}).get("reason") == "PostStartHookError"]


def test_a_pre_stop_hook_that_goes_on_survives_that_the_cluster_is_saved() -> None:
    world = World()
    world.pod("p", pod_spec(lifecycle={"preStop": {"sleep": {"seconds": 10}}}))
    world.run(5)
    delete(world.machinery, world.get("Pod", "p"), None)
    world.run(2)
    other = world.copy()
    other.run(7)
    assert other.kubelet.serves(other.get("Pod", "p"), 5000) == "accepts"
    other.run(3)
    assert other.get("Pod", "p") is None
