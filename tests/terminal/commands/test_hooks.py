"""What do hooks do that run a command?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.cluster import Cluster
from playground.terminal.commands import SOFTWARE
from tests.laws.histories import schema
from tests.terminal.commands.cluster import container, create, events, logs, run, state
from tests.terminal.commands.test_files import execute


def hook(*command: str) -> dict[str, Any]:
    return {"exec": {"command": list(command)}}


def reasons(kube: Cluster, pod: str = "p") -> list[str]:
    return [reason for reason, _ in events(kube, pod)]


def shown(kube: Cluster, pod: str = "p") -> Any:
    found = state(kube, pod)
    return found.shown or found


def test_a_post_start_command_writes_what_a_readiness_probe_looks_for(kube: Cluster) -> None:
    """Else what is ready in every cluster would never be ready here."""
    probe = {"exec": {"command": ["test", "-f", "/tmp/ok"]}, "periodSeconds": 2}
    create(kube, "p", container("sleep 3600", lifecycle={"postStart": hook("touch", "/tmp/ok")}, readinessProbe=probe))
    run(kube, 8)
    assert kube.store.get("Pod", "default", "p").state.ready


def test_a_loop_in_a_post_start_command_waits_for_what_the_container_does(kube: Cluster) -> None:
    script = "until test -f /tmp/up; do sleep 1; done"
    create(kube, "p", container("sleep 10; touch /tmp/up; sleep 3600", lifecycle={"postStart": hook("sh", "-c", script)}))
    run(kube, 9)
    assert (shown(kube).state, shown(kube).reason) == ("waiting", "ContainerCreating")
    run(kube, 6)
    assert (shown(kube).state, shown(kube).started) == ("running", True)


def test_a_post_start_command_that_fails_says_why_in_the_containers_state(kube: Cluster) -> None:
    """Else a learner would not find the words that a cluster shows for a hook with a mistake."""
    create(kube, "p", container("sleep 3600", lifecycle={"postStart": hook("sh", "-c", "echo a > /tmp/p; echo no >&2; exit 3")}))
    run(kube, 4)
    assert events(kube, "p")[-2:] == [("FailedPostStartHook", "PostStartHook failed"), ("Killing", "FailedPostStartHook")]
    uid, command = kube.store.get("Pod", "default", "p").uid, "sh -c echo a > /tmp/p; echo no >&2; exit 3"
    found: list[Any] = []
    for _ in range(320):
        run(kube, 0.1)
        found.append(shown(kube))
    waited = next(each for each in found if each.reason == "PostStartHookError")
    assert waited.last.exit_code == 137
    assert waited.message == (
        f'Exec lifecycle hook ([{command}]) for Container "main" in Pod "p_default({uid})" failed'
        f" - error: command '{command}' exited with 3: no\n, message: \"no\\n\""
    )


def test_a_post_start_program_that_is_not_there_fails(kube: Cluster) -> None:
    create(kube, "p", container("sleep 3600", lifecycle={"postStart": hook("nosuch")}))
    run(kube, 4)
    assert "FailedPostStartHook" in reasons(kube)


def test_a_container_that_ends_during_its_post_start_command_fails_it(kube: Cluster) -> None:
    create(kube, "p", container("sleep 2; exit 1", lifecycle={"postStart": hook("sleep", "60")}))
    run(kube, 6)
    assert "FailedPostStartHook" in reasons(kube)


def test_what_a_post_start_command_names_in_dollars_and_brackets_is_left_as_it_is(kube: Cluster) -> None:
    """The kubelet expands $(NAME) in a container's command only (kuberuntime_container.go hands a hook on as it is)."""
    env = [{"name": "WHO", "value": "world"}]
    create(kube, "p", container("sleep 3600", env=env, lifecycle={"postStart": hook("mkdir", "/tmp/$(WHO)")}))
    run(kube, 5)
    assert "/tmp/$(WHO)" in kube.kubelet.files(kube.store.get("Pod", "default", "p"), 0)


def delete(kube: Cluster) -> None:
    kube.submit(actions.Delete("Pod", "p", "default"))


def test_a_pre_stop_command_is_run_before_the_sigterm(kube: Cluster) -> None:
    script = "trap 'echo bye; exit 0' TERM; while true; do if test -f /tmp/stop; then echo draining; fi; sleep 1; done"
    create(kube, "p", container(script, lifecycle={"preStop": hook("sh", "-c", "touch /tmp/stop; sleep 4")}))
    run(kube, 5)
    delete(kube)
    run(kube, 3)
    assert set(logs(kube, "p")) == {"draining"}
    run(kube, 4)
    assert kube.store.get("Pod", "default", "p") is None


@pytest.mark.parametrize("command", [("nosuch",), ("sh", "-c", "exit 3")])
def test_a_pre_stop_command_that_fails_is_told_and_then_comes_the_sigterm(kube: Cluster, command: tuple[str, ...]) -> None:
    create(kube, "p", container("trap 'exit 0' TERM; while true; do sleep 1; done", lifecycle={"preStop": hook(*command)}))
    run(kube, 5)
    uid = kube.store.get("Pod", "default", "p").uid
    delete(kube)
    run(kube, 3)
    told = [(each.last.reason, each.last.message) for each in kube.machinery.recorder.about(uid)]
    assert ("FailedPreStopHook", "PreStopHook failed") in told
    assert kube.store.get("Pod", "default", "p") is None


def test_a_pre_stop_command_that_never_ends_is_cut_off_by_the_grace(kube: Cluster) -> None:
    script = "trap 'exit 0' TERM; while true; do sleep 1; done"
    create(
        kube,
        "p",
        container(script, lifecycle={"preStop": hook("sh", "-c", "while true; do sleep 1; done")}),
        terminationGracePeriodSeconds=6,
    )
    run(kube, 5)
    uid = kube.store.get("Pod", "default", "p").uid
    delete(kube)
    run(kube, 5)
    assert kube.store.get("Pod", "default", "p") is not None
    run(kube, 4)
    assert kube.store.get("Pod", "default", "p") is None
    assert "FailedPreStopHook" in [each.last.reason for each in kube.machinery.recorder.about(uid)]


def test_a_hooks_command_goes_on_in_a_cluster_that_is_restored(kube: Cluster) -> None:
    create(kube, "p", container("sleep 3600", lifecycle={"postStart": hook("sh", "-c", "echo a >&2; sleep 5; touch /tmp/x; exit 4")}))
    run(kube, 4)
    other = Cluster.restore(kube.snapshot(), schema(), SOFTWARE)
    for each in (kube, other):
        run(each, 5)
    assert kube.snapshot() == other.snapshot()
    assert "FailedPostStartHook" in reasons(other)


def test_files_of_a_hook_are_seen_by_exec(kube: Cluster) -> None:
    create(kube, "p", container("sleep 3600", lifecycle={"postStart": hook("sh", "-c", "echo Hello > /tmp/message")}))
    run(kube, 5)
    assert "Hello" in str(execute(kube, "p", "cat /tmp/message"))


def test_the_documentations_own_exercise(kube: Cluster) -> None:
    """Else the page "Attach Handlers to Container Lifecycle Events" would end in a file that is not there."""
    script = "echo Hello from the postStart handler > /usr/share/message"
    create(kube, "p", {"name": "main", "image": "nginx", "lifecycle": {"postStart": hook("/bin/sh", "-c", script)}})
    run(kube, 5)
    assert "Hello from the postStart handler" in str(execute(kube, "p", "cat /usr/share/message"))
