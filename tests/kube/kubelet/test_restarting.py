"""Which containers are started again (pkg/api/v1/pod/util.go, ContainerShouldRestart; KEP-5307), and what becomes of a Pod whose sandbox is gone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kube.world import World, pod_spec

ENDS = {"image": "busybox", "ports": []}
PROXY = {"name": "proxy", "image": "envoy", "restartPolicy": "Always"}


def rule(operator: str, *values: int) -> dict[str, Any]:
    return {
        "restartPolicy": "Never",
        "restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": operator, "values": list(values)}}],
    }


def spec(code: int, policy: str, own: dict[str, Any]) -> dict[str, Any]:
    container = {"name": "c", "image": "busybox", "command": ["sh", "-c", f"sleep 1; exit {code}"], **own}
    return {"restartPolicy": policy, "containers": [container]}


CASES = {
    # the exit code, the Pod's policy, what the container says for itself; whether it is started again, and the phase
    "its own Never comes before Always": (0, "Always", {"restartPolicy": "Never"}, False, "Succeeded"),
    "its own Never, and it failed": (1, "Always", {"restartPolicy": "Never"}, False, "Failed"),
    "its own Always comes before Never": (0, "Never", {"restartPolicy": "Always"}, True, "Running"),
    "its own OnFailure, and it ended well": (0, "Always", {"restartPolicy": "OnFailure"}, False, "Succeeded"),
    "its own OnFailure, and it failed": (1, "Never", {"restartPolicy": "OnFailure"}, True, "Running"),
    "a rule of this exit code": (42, "Never", rule("In", 42), True, "Running"),
    "a rule of another": (1, "Never", rule("In", 42), False, "Failed"),
    "a rule of any other": (42, "Never", rule("NotIn", 1), True, "Running"),
    "a rule of any but this": (1, "Never", rule("NotIn", 1), False, "Failed"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_container_that_ended(case: str) -> None:
    """Else a learner would think that all containers of a Pod share its restart policy, as before 1.35."""
    code, policy, own, again, phase = CASES[case]
    world = World()
    world.pod("p", spec(code, policy, own))
    world.run(20)
    state = world.get("Pod", "p").state
    assert (state.containers[0].restarts > 0, state.phase) == (again, phase)


def test_a_pod_runs_as_long_as_its_sidecar_does() -> None:
    """Else a learner would think that a Pod is finished while something in it still runs (getPhase counts sidecars)."""
    world = World()
    world.pod("p", pod_spec(restartPolicy="Never", initContainers=[PROXY], command=["sleep", "2"], **ENDS))
    phases = []
    for _ in range(80):
        world.run(0.1)
        state = world.get("Pod", "p").state
        phases.append((state.phase, *(each.state for each in (*state.init, *state.containers))))
    assert list(dict.fromkeys(phases))[-2:] == [("Running", "running", "terminated"), ("Succeeded", "terminated", "terminated")]


@pytest.fixture
def rebooted() -> World:
    """A Pod with an init container and a sidecar, whose Node had no power for 20 seconds."""
    world = World()
    first = {"name": "first", "image": "busybox", "command": ["sleep", "3"]}
    world.pod("p", pod_spec(initContainers=[first, PROXY]), node="node-a")
    world.run(15)
    world.was = world.get("Pod", "p")
    world.kubelet.power("node-a", False)
    world.run(20)
    world.kubelet.power("node-a", True)
    return world


def test_after_a_power_cut_a_pod_has_another_sandbox_and_another_address(rebooted: World) -> None:
    """Else a learner would think that a Pod has one IP for its whole life, even through a reboot of its Node."""
    rebooted.run(20)
    pod = rebooted.get("Pod", "p")
    assert (pod.uid, pod.state.ready) == (rebooted.was.uid, True)
    assert pod.ip not in ("", rebooted.was.ip)
    assert "SandboxChanged" in rebooted.reasons("p")
    assert [each.restarts for each in (*pod.state.init, *pod.state.containers)] == [1, 1, 1]


def test_its_init_containers_run_again_before_all_others(rebooted: World) -> None:
    rebooted.run(4)
    state = rebooted.get("Pod", "p").state
    assert (state.phase, [each.state for each in (*state.init, *state.containers)]) == ("Pending", ["running", "terminated", "terminated"])


def test_a_container_that_had_ended_well_is_left_alone_where_only_failures_restart() -> None:
    world = World()
    done, goes_on = ({"name": name, "image": "busybox", "command": ["sleep", time]} for name, time in (("done", "1"), ("on", "3600")))
    world.pod("p", {"restartPolicy": "OnFailure", "containers": [done, goes_on]}, node="node-a")
    world.run(10)
    world.kubelet.power("node-a", False)
    world.run(5)
    world.kubelet.power("node-a", True)
    world.run(15)
    assert [each.restarts for each in world.get("Pod", "p").state.containers] == [0, 1]


def test_a_pod_that_is_never_restarted_has_failed() -> None:
    world = World()
    world.pod("p", pod_spec(restartPolicy="Never"), node="node-a")
    world.run(5)
    world.kubelet.power("node-a", False)
    world.run(5)
    world.kubelet.power("node-a", True)
    world.run(5)
    pod = world.get("Pod", "p")
    assert (pod.state.phase, pod.state.containers[0].ended.exit_code) == ("Failed", 255)
    assert pod.state.sandbox_since == pod.state.containers[0].ended.finished


def test_the_new_sandbox_is_there_since_the_reboot_which_begins_with_a_kubelet(rebooted: World) -> None:
    """Else a learner would read that the network of a Pod had lived through a reboot."""
    rebooted.run(20)
    pod = rebooted.get("Pod", "p")
    assert pod.state.sandbox_since > rebooted.was.state.sandbox_since
    assert rebooted.reasons("node-a")[-2:] == ["Starting", "Rebooted"]


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("nginx:1.29", ['Container image "nginx:1.29" already present on machine and can be accessed by the pod']),
        ("nginx", ['Pulling image "nginx"', 'Successfully pulled image "nginx" in ']),
    ],
)
def test_the_events_of_a_start_are_the_kubelets(image: str, said: list[str]) -> None:
    """Else a learner would think that an image that is always pulled is not looked up when it is there."""
    world = World()
    policy = "IfNotPresent" if ":" in image else "Always"
    world.pod("p", pod_spec(image=image, imagePullPolicy=policy))
    world.run(5)
    told = [each.message for each in world.machinery.events if getattr(each, "component", "") == "kubelet" and each.name == "p"]
    assert all(message.startswith(start) for message, start in zip(told, [*said, "Container created", "Container started"], strict=True))
