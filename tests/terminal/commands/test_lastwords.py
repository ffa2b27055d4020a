"""What does a container say at its end?  (kubernetes.io "Determine the Reason for Pod Failure")"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.podstatus import pod_status
from playground.kube.cluster import Cluster
from playground.terminal.commands import SOFTWARE
from tests.laws.histories import schema
from tests.terminal.commands.cluster import container, create, run
from tests.terminal.commands.test_files import execute

FALLS_BACK = {"terminationMessagePolicy": "FallbackToLogsOnError"}


def message(kube: Cluster, pod: str = "p") -> str:
    status = pod_status(kube.store.get("Pod", "default", pod), str)
    found: str = status["containerStatuses"][0]["state"]["terminated"].get("message", "")
    return found


CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "the documentation's own exercise": ("sleep 1; echo Sleep expired > /dev/termination-log", {}, "Sleep expired\n"),
    "one that fails": ("echo done > /dev/termination-log; exit 4", {}, "done\n"),
    "another path": ("echo done > /tmp/my-log; exit 4", {"terminationMessagePath": "/tmp/my-log"}, "done\n"),
    "a path where the image has no such directory": ("echo done > /app/log", {"terminationMessagePath": "/app/log"}, "done\n"),
    "a root that cannot be written": ("echo done > /dev/termination-log", {"securityContext": {"readOnlyRootFilesystem": True}}, "done\n"),
    "who is not root": ("echo done > /dev/termination-log", {"securityContext": {"runAsUser": 1000}}, "done\n"),
    "only logs": ("echo last words; exit 4", {}, ""),
    "logs of one that failed": ("echo first; echo last words; exit 4", FALLS_BACK, "first\nlast words\n"),
    "logs of one that ended well": ("echo last words", FALLS_BACK, ""),
    "a message before the logs": ("echo a > /dev/termination-log; echo b; exit 4", FALLS_BACK, "a\n"),
    "the last 80 lines": ("for i in $(seq 90); do echo $i; done; exit 1", FALLS_BACK, "".join(f"{i}\n" for i in range(11, 91))),
    "the last 2048 bytes": ("for i in $(seq 30); do echo " + "x" * 99 + "; done; exit 1", FALLS_BACK, ("x" * 99 + "\n") * 21),
}


@pytest.mark.parametrize("case", CASES)
def test_its_message(kube: Cluster, case: str) -> None:
    """Else a learner would not find the reason where a cluster shows it."""
    script, more, said = CASES[case]
    create(kube, "p", container(script, **more), restartPolicy="Never")
    run(kube, 25)
    assert message(kube) == (said[-2048:] if "2048" in case else said)


def test_a_message_is_empty_at_first_and_each_start_has_its_own(kube: Cluster) -> None:
    create(kube, "p", container("cat /dev/termination-log; echo bye >> /dev/termination-log; sleep 2; exit 1"))
    run(kube, 6)
    status = pod_status(kube.store.get("Pod", "default", "p"), str)["containerStatuses"][0]
    assert status["restartCount"] == 1
    assert status["lastState"]["terminated"]["message"] == "bye\n"


def test_logs_of_an_earlier_start_are_not_among_its_words(kube: Cluster) -> None:
    create(kube, "p", container("echo bye; sleep 2; exit 1", **FALLS_BACK))
    run(kube, 8)
    status = pod_status(kube.store.get("Pod", "default", "p"), str)["containerStatuses"][0]
    assert status["restartCount"] == 1
    assert status["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    assert status["lastState"]["terminated"]["message"] == "bye\n"


def test_a_message_written_by_exec_counts_and_survives_that_the_cluster_is_saved(kube: Cluster) -> None:
    create(kube, "p", container("sleep 6; exit 1"), restartPolicy="Never")
    run(kube, 4)
    execute(kube, "p", "echo by hand > /dev/termination-log")
    other = Cluster.restore(kube.snapshot(), schema(), SOFTWARE)
    run(other, 6)
    assert message(other) == "by hand\n"


def test_twelve_kilobytes_are_shared_by_all_containers(kube: Cluster) -> None:
    """normalizeStatus of pkg/kubelet/status/status_manager.go."""
    text = "x" * 3_900
    first = container(f"echo {text} > /dev/termination-log")
    create(kube, "p", first, *(container("sleep 1", name=f"c{number}") for number in range(3)), restartPolicy="Never")
    run(kube, 8)
    assert len(message(kube)) == 12 * 1024 // 4
