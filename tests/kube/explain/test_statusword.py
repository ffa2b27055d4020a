"""Which word stands in a Pod's STATUS column?  Cases of TestPrintPod in pkg/printers/internalversion/printers_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import ContainerState, Pod, PodState
from playground.kube.explain.statusword import word

RUNS = ContainerState("running", 0, "", True, True)
PODS: list[tuple[dict[str, Any], str]] = [
    ({}, "Pending"),
    ({"spec": {"schedulingGates": [{"name": "a"}]}}, "SchedulingGated"),
    ({"deleting": 0}, "Terminating"),
    ({"spec": {"initContainers": [{"name": "wait"}]}, "state": PodState(init=(RUNS,))}, "Init:0/1"),
    (
        {"spec": {"initContainers": [{"name": "side", "restartPolicy": "Always"}, {"name": "wait"}]}, "state": PodState(init=(RUNS, RUNS))},
        "Init:1/2",
    ),
]


@pytest.mark.parametrize(("fields", "expected"), PODS)
def test_the_word_of_a_pod_is_kubectls(fields: dict[str, Any], expected: str) -> None:
    """Else a learner would read Pending where kubectl says SchedulingGated, or not see that a Pod is on its way out."""
    assert word(Pod("Pod", "default", "p", "uid", 0, 0, **fields)) == expected
