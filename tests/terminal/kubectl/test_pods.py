"""Which of its Pods does an object mean?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.terminal.kubectl import pods

EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-01T00:00:09Z"


def pod(name: str, ready: str = EARLY, deleted: str = "", phase: str = "Running", restarts: int = 0) -> dict[str, Any]:
    ready_since = [{"type": "Ready", "status": "True", "lastTransitionTime": ready}] if ready else []
    status = {"phase": phase, "conditions": ready_since, "containerStatuses": [{"name": "c", "restartCount": restarts}]}
    meta = {"name": name, "creationTimestamp": EARLY, **({"deletionTimestamp": deleted} if deleted else {})}
    return {"metadata": meta, "spec": {"nodeName": "node-a"}, "status": status}


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (pod("old", EARLY, deleted=LATE), pod("new", LATE)),
        (pod("old", EARLY, deleted=EARLY), pod("new", EARLY, deleted=LATE)),
        (pod("new", LATE), pod("old", EARLY)),
        (pod("unready", ""), pod("deleted", EARLY, deleted=LATE)),
        (pod("ended", "", phase="Succeeded"), pod("started", "", phase="Running")),
        (pod("restarted", restarts=2), pod("steady")),
    ],
)
def test_exec_goes_into_the_pod_that_is_most_alive(worse: dict[str, Any], better: dict[str, Any]) -> None:
    assert sorted([worse, better], key=pods._by_activity)[0] is better


def test_logs_are_those_of_the_pod_that_was_ready_first_even_if_it_goes() -> None:
    leaving, new = pod("old", EARLY, deleted=LATE), pod("new", LATE)
    assert sorted([new, leaving], key=pods._by_logging)[0] is leaving


def test_logs_are_those_of_the_pod_that_was_restarted_most() -> None:
    steady, restarted = pod("steady"), pod("restarted", restarts=2)
    assert sorted([steady, restarted], key=pods._by_logging)[0] is restarted
