"""What is said of a command or a probe that is only guessed at, and that nothing is said of what is run, waits or serves."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.cluster import Cluster
from playground.terminal.commands import SOFTWARE
from tests.laws.histories import schema, started

GUESSED = 'its command is not run here, only how long it lasts is guessed: "{}" is not simulated'
PASSED = 'its exec probe is not run here, and counts as passed: "{}" is not simulated'


def hints(container: dict[str, Any], kind: str = "Pod", **spec: Any) -> list[str]:
    """What is said when it is applied; and that the second time nothing is."""
    cluster = Cluster.restore(started().snapshot(), schema(), SOFTWARE)
    made = {"containers": [{"name": "c", **container}], **spec}
    document: dict[str, Any] = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": made}
    if kind == "Deployment":
        template = {"metadata": {"labels": {"app": "p"}}, "spec": made}
        spec_ = {"selector": {"matchLabels": {"app": "p"}}, "template": template}
        document = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "p"}, "spec": spec_}
    said = [list(cluster.submit(actions.Apply([document])).warnings) for _ in range(2)]
    assert said[1] == []
    return said[0]


def test_a_script_with_a_word_that_is_not_simulated_is_said_to_be_guessed_at() -> None:
    """Else a learner would wait for what a script does not do here."""
    script = ["sh", "-c", "apk add curl && while true; do curl web; sleep 1; done"]
    assert hints({"image": "alpine", "command": script}) == [f"hint: spec.containers[0].command: {GUESSED.format('apk')}"]
    assert hints({"image": "alpine", "command": script}, "Deployment") == [
        f"hint: spec.template.spec.containers[0].command: {GUESSED.format('apk')}"
    ]
    init = [{"name": "i", "image": "mysql", "command": ["sh", "-c", "until mysql -h db; do sleep 1; done"]}]
    assert hints({"image": "nginx"}, initContainers=init) == [f"hint: spec.initContainers[0].command: {GUESSED.format('mysql')}"]


def test_a_probe_that_is_not_run_is_said_to_pass() -> None:
    """Else a learner would believe that a probe watches what nobody looks at."""
    probe = {"exec": {"command": ["/app/healthy", "--fast"]}}
    assert hints({"image": "mine:1", "livenessProbe": probe}) == [
        f"hint: spec.containers[0].livenessProbe: {PASSED.format('/app/healthy')}"
    ]


def test_a_hook_that_is_not_run_is_said_to_pass() -> None:
    """Else a learner would believe that a hook does here what it does in a cluster."""
    hook = {"exec": {"command": ["/app/drain"]}}
    said = 'its preStop hook is not run here, only how long it sleeps is guessed, and it counts as passed: "/app/drain" is not simulated'
    assert hints({"image": "mine:1", "lifecycle": {"preStop": hook}}) == [f"hint: spec.containers[0].lifecycle.preStop: {said}"]


@pytest.mark.parametrize(
    "container",
    [
        {"image": "nginx"},
        {"image": "redis", "command": ["redis-server", "--appendonly", "yes"]},
        {"image": "mine:1", "command": ["/app/server"]},
        {"image": "python:3", "command": ["python", "app.py"]},
        {"image": "busybox", "command": ["sleep", "3600"]},
        {"image": "busybox", "command": ["sh", "-c", "while true; do sleep 1; done"]},
        {"image": "busybox", "command": ["sh", "-c", "touch /tmp/x; sleep 30"]},
        {"image": "busybox", "command": ["sh"], "stdin": True},
        {"image": "python:3", "command": ["sh", "-c", "pip install x; python app.py"], "ports": [{"containerPort": 80}]},
        {"image": "busybox", "command": ["sleep", "1"], "lifecycle": {"postStart": {"exec": {"command": ["touch", "/tmp/x"]}}}},
        {"image": "nginx", "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}}},
        {"image": "busybox", "command": ["sleep", "1"], "readinessProbe": {"exec": {"command": ["cat", "/tmp/x"]}}},
    ],
)
def test_nothing_is_said_of_what_is_run_or_waits_or_serves(container: dict[str, Any]) -> None:
    assert hints(container) == []
