"""What do probes find that run a command?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.cluster import Cluster
from tests.terminal.commands.cluster import container, create, events, run, state
from tests.terminal.commands.test_files import execute


def probe(*command: str, **more: Any) -> dict[str, Any]:
    return {"exec": {"command": list(command)}, "periodSeconds": 5, **more}


def ready(kube: Cluster, pod: str = "p") -> bool:
    found: bool = kube.store.get("Pod", "default", pod).state.ready
    return found


def unhealthy(kube: Cluster, pod: str = "p") -> list[str]:
    return [message for reason, message in events(kube, pod) if reason == "Unhealthy"]


def test_the_documentations_own_liveness_exercise(kube: Cluster) -> None:
    """Else the best known exercise about liveness would show a container that is never restarted."""
    liveness = {
        "name": "liveness",
        "image": "registry.k8s.io/busybox:1.27.2",
        "args": ["/bin/sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"],
        "livenessProbe": probe("cat", "/tmp/healthy", initialDelaySeconds=5),
    }
    create(kube, "p", liveness)
    run(kube, 33)
    assert (state(kube, "p").state, state(kube, "p").restarts, unhealthy(kube)) == ("running", 0, [])
    run(kube, 16)
    assert events(kube, "p")[-2:] == [
        ("Unhealthy", "Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n"),
        ("Killing", "Container liveness failed liveness probe, will be restarted"),
    ]
    run(kube, 32)  # its shell does not hear SIGTERM
    assert (state(kube, "p").state, state(kube, "p").restarts, state(kube, "p").last.exit_code) == ("running", 1, 137)
    run(kube, 25)
    assert len(unhealthy(kube)) == 1


def test_a_pod_is_ready_when_somebody_makes_the_file_and_no_more_when_it_is_gone(kube: Cluster) -> None:
    """Else the most used exercise about readiness would show a Pod that is ready whatever one does."""
    create(kube, "p", container("sleep 3600", readinessProbe=probe("cat", "/tmp/ready", failureThreshold=1)))
    run(kube, 10)
    assert not ready(kube)
    assert unhealthy(kube) == ["Readiness probe failed: cat: can't open '/tmp/ready': No such file or directory\n"]
    execute(kube, "p", "touch /tmp/ready")
    run(kube, 5)
    assert ready(kube)
    execute(kube, "p", "rm /tmp/ready")
    run(kube, 5)
    assert not ready(kube)


def test_failures_are_counted_and_told_each_time(kube: Cluster) -> None:
    create(
        kube,
        "p",
        container("touch /tmp/x; sleep 20; rm /tmp/x; sleep 3600", readinessProbe=probe("test", "-f", "/tmp/x", initialDelaySeconds=5)),
    )
    run(kube, 33)
    assert ready(kube)
    run(kube, 5)
    assert not ready(kube)
    told = kube.machinery.recorder.about(kube.store.get("Pod", "default", "p").uid)
    assert next(each.count for each in told if each.last.reason == "Unhealthy") == 3


@pytest.mark.parametrize(
    ("image", "command", "passes"),
    [
        ("busybox", ["sh", "-c", "exit 1"], False),
        ("busybox", ["true"], True),
        ("nginx", ["curl", "-fs", "localhost"], True),
        ("nginx:alpine", ["wget", "-q", "--spider", "http://127.0.0.1:80"], True),
        ("nginx:alpine", ["sh", "-c", "nc -z localhost 81"], False),
        ("postgres:17", ["pg_isready", "-U", "postgres"], True),
        ("postgres:17", ["pg_isready", "-p", "5433"], False),
        ("mysql:8", ["mysqladmin", "ping", "-h", "localhost", "-uroot", "-psecret"], True),
        ("redis", ["redis-cli", "ping"], True),
        ("redis", ["redis-cli", "-p", "6380", "ping"], False),
        ("nginx", ["sh", "-c", "pg_isready"], False),
        ("alpine", ["sh", "-c", "apk info"], True),
        ("mine:1", ["/app/healthy"], True),
    ],
)
def test_what_a_command_finds(kube: Cluster, image: str, command: list[str], passes: bool) -> None:
    """Else a learner would think that a database's probe says nothing about the database."""
    own = {"command": ["sleep", "3600"]} if image in ("busybox", "alpine", "mine:1") else {}
    create(kube, "p", {"name": "main", "image": image, "readinessProbe": probe(*command), **own})
    run(kube, 12)
    assert ready(kube) is passes


def test_what_takes_longer_than_its_timeout_fails(kube: Cluster) -> None:
    create(kube, "p", container("sleep 3600", readinessProbe=probe("sh", "-c", "sleep 2", timeoutSeconds=1)))
    create(kube, "q", container("sleep 3600", readinessProbe=probe("sh", "-c", "sleep 2", timeoutSeconds=3)))
    run(kube, 8)
    assert (ready(kube), ready(kube, "q")) == (False, True)
    assert unhealthy(kube) == ['Readiness probe failed: command timed out: "sh -c sleep 2" timed out after 1s']


def test_a_program_that_is_not_there_is_an_error_and_no_failure(kube: Cluster) -> None:
    """Else a liveness probe with a mistyped command would restart the container, which it never does."""
    container_ = {"name": "main", "image": "nginx", "livenessProbe": probe("nosuch")}
    create(kube, "p", container_)
    run(kube, 40)
    assert (ready(kube), state(kube, "p").restarts) == (True, 0)
    assert unhealthy(kube)[0].startswith(
        "Liveness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in"
    )
    assert unhealthy(kube)[0].endswith('exec: "nosuch": executable file not found in $PATH: unknown')


def test_a_startup_probe_holds_the_others_back_until_the_file_is_there(kube: Cluster) -> None:
    script = "sleep 12; touch /tmp/started; sleep 3600"
    probes = {"startupProbe": probe("cat", "/tmp/started", failureThreshold=10), "readinessProbe": probe("true")}
    create(kube, "p", container(script, **probes))
    run(kube, 12)
    assert not state(kube, "p").started
    run(kube, 8)
    assert (state(kube, "p").started, ready(kube)) == (True, True)


def test_what_a_probe_sends_is_not_among_the_requests(kube: Cluster) -> None:
    create(kube, "p", {"name": "main", "image": "nginx", "readinessProbe": probe("curl", "-fs", "localhost")})
    run(kube, 20)
    assert kube.network.recent(10) == []


def test_a_probe_can_still_be_made_to_fail(kube: Cluster) -> None:
    create(kube, "p", container("sleep 3600", readinessProbe=probe("true")))
    run(kube, 8)
    kube.submit(actions.SetProbe("p", "readiness", False))
    run(kube, 16)
    assert not ready(kube)
    kube.submit(actions.SetProbe("p", "readiness", None))
    run(kube, 6)
    assert ready(kube)


def test_from_a_snapshot_the_count_goes_on(kube: Cluster) -> None:
    liveness = probe("test", "-f", "/tmp/x", failureThreshold=4)
    create(kube, "p", container("sleep 3600", livenessProbe=liveness), terminationGracePeriodSeconds=1)
    run(kube, 12)
    twin = kube.fork()
    for each in (kube, twin):
        run(each, 15)
        assert state(each, "p").restarts == 1
    assert kube.snapshot() == twin.snapshot()
