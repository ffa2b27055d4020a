"""What the inspector says of a Pod whose containers do not start."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.pages.facts import pods
from playground.pages.facts.values import Overview
from playground.terminal.commands import SOFTWARE
from tests.laws.histories import schema, started


def overview(init: str = "", **container: Any) -> Overview:
    inits = [{"name": "wait", "image": "busybox", "command": ["sh", "-c", init]}] if init else []
    return told(with_pod({"containers": [{"name": "c", "image": "nginx", **container}], "initContainers": inits}))


def with_pod(spec: Any) -> Cluster:
    cluster = Cluster.restore(started().snapshot(), schema(), SOFTWARE)
    cluster.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}]))
    cluster.advance(cluster.now + 10 * SECOND)
    return cluster


def told(cluster: Cluster) -> Overview:
    return pods.overview(cluster, cluster.store.get("Pod", "default", "p"))


def test_a_missing_config_map_is_named() -> None:
    said = overview(envFrom=[{"configMapRef": {"name": "settings"}}]).sentence
    assert said == 'The kubelet cannot start its container, and tries again and again: configmap "settings" not found.'


def test_a_name_that_no_image_can_have_is_explained() -> None:
    assert "must be lowercase" in overview(image="NGINX").sentence


def test_a_command_that_the_image_does_not_have_is_told_in_the_runtimes_words() -> None:
    said = overview(command=["nosuchprogram"]).sentence
    assert said.startswith("The container runtime cannot start its container: failed to create containerd task: ")
    assert 'exec: "nosuchprogram": executable file not found in $PATH' in said


HINTS = {"ngnix": "nginx", "bitnami/postgress:17": "", "posgres:17": "postgres", "nginx": "", "nginx2": "", "mine": ""}


@pytest.mark.parametrize(("image", "meant"), HINTS.items(), ids=HINTS)
def test_a_name_like_that_of_a_well_known_image_is_asked_about(image: str, meant: str) -> None:
    (note,) = [fact.note for fact in overview(image=image).facts if fact.label == "Container"]
    assert note == (f"{image}: images are not pulled here, so any name runs; was {meant} meant?" if meant else image)


RUNS, GUESSED = (
    "its command is run: what it sends is drawn, what it says is in its logs",
    'its command is not run here, only how long it lasts is guessed: "apk" is not simulated',
)
COMMANDS = {
    "while true; do wget -qO- web; sleep 1; done": RUNS,
    "until mysql -h db; do sleep 2; done": RUNS,
    "apk add curl": GUESSED,
    "sleep 3600": "",
}


@pytest.mark.parametrize(("script", "said"), COMMANDS.items(), ids=COMMANDS)
def test_it_says_whether_its_command_is_run(script: str, said: str) -> None:
    (note,) = [fact.note for fact in overview(image="alpine", command=["sh", "-c", script]).facts if fact.label == "Container"]
    assert note == "; ".join(filter(None, ("alpine", said)))


def test_it_says_which_init_container_it_waits_for() -> None:
    found = overview(init="until nslookup nothere; do sleep 2; done")
    assert found.sentence == "Its init container wait runs: the next one is started when it has ended well."
    assert [fact.value for fact in found.facts if fact.label == "Init container"] == ["wait: running, no restarts"]


EXECS = {"true": "", "nginx -t": 'its exec probe is not run here, and counts as passed: "nginx" is not simulated'}


@pytest.mark.parametrize(("command", "said"), EXECS.items(), ids=EXECS)
def test_it_says_that_an_exec_probe_is_not_run(command: str, said: str) -> None:
    (note,) = [fact.note for fact in overview(readinessProbe={"exec": {"command": command.split()}}).facts if fact.label == "Container"]
    assert note == "; ".join(filter(None, ("nginx", said)))


def test_it_says_that_a_hook_is_not_run() -> None:
    hook = {"preStop": {"exec": {"command": ["nginx", "-s", "quit"]}}}
    (note,) = [fact.note for fact in overview(lifecycle=hook).facts if fact.label == "Container"]
    assert note.endswith(
        'its preStop hook is not run here, only how long it sleeps is guessed, and it counts as passed: "nginx" is not simulated'
    )


def test_it_says_that_its_post_start_hook_goes_on() -> None:
    found = overview(lifecycle={"postStart": {"sleep": {"seconds": 30}}})
    assert found.sentence == "The postStart hook of a container goes on: before it is done, the container does not count as running."
    (value,) = [fact.value for fact in found.facts if fact.label == "Container"]
    assert value.endswith(": its postStart hook goes on, no restarts")


PROBE = {"httpGet": {"path": "/healthz", "port": 80}}
ASKED = {
    "no probe": ({}, []),
    "readiness": ({"readinessProbe": PROBE}, ["Readiness probe"]),
    "liveness": ({"livenessProbe": PROBE}, ["Liveness probe"]),
}


@pytest.mark.parametrize("case", ASKED)
def test_only_a_probe_that_it_has_can_be_made_to_pass_or_fail(case: str) -> None:
    """Else a learner would think that each Pod has a readiness probe."""
    container, rows = ASKED[case]
    found = overview(**container)
    assert [row.title for row in found.rows if row.title.endswith("probe")] == rows
    assert ("Readiness probe", "none") in [(fact.label, fact.value) for fact in found.facts] or "readinessProbe" in container


def test_it_does_not_say_that_a_sidecar_has_to_end() -> None:
    """Wrong lesson: what stands behind a sidecar is started when that has ended."""
    sidecar = {"name": "proxy", "image": "nginx", "restartPolicy": "Always"}
    wait = {"name": "wait", "image": "busybox", "command": ["sleep", "60"]}
    found = told(with_pod({"containers": [{"name": "c", "image": "nginx"}], "initContainers": [sidecar, wait]}))
    assert found.sentence == "Its init container wait runs: the next one is started when it has ended well."
    assert [fact.label for fact in found.facts if "nginx" in fact.note or "busybox" in fact.note] == [
        "Sidecar",
        "Init container",
        "Container",
    ]


def test_it_says_what_a_sidecar_that_runs_still_lacks() -> None:
    slow = {
        "name": "proxy",
        "image": "nginx",
        "restartPolicy": "Always",
        "startupProbe": {"httpGet": {"port": 80}, "initialDelaySeconds": 60},
    }
    found = told(with_pod({"containers": [{"name": "c", "image": "nginx"}], "initContainers": [slow]}))
    assert found.sentence == "Its sidecar proxy runs: what comes after it is started once its startup probe has passed."


def test_it_says_which_init_container_has_ended_too_often() -> None:
    said = overview(init="exit 1").sentence
    assert said == "Its init container wait has ended too often: the kubelet waits longer each time before it starts it again."


def test_a_pod_whose_node_is_not_there_is_not_said_to_be_started() -> None:
    said = told(with_pod({"nodeName": "node-zz", "containers": [{"name": "c", "image": "nginx"}]})).sentence
    assert said == "There is no Node node-zz in the cluster: what is bound to it is removed within a minute or so."


def test_nobody_kills_what_terminates_on_a_node_without_power() -> None:
    """Wrong lesson: a Pod of a dead Node is gone when its grace period is over."""
    cluster = with_pod({"nodeName": "node-a", "containers": [{"name": "c", "image": "nginx"}]})
    cluster.submit(actions.PowerOff("node-a"))
    cluster.submit(actions.Delete("Pod", "p", "default"))
    cluster.advance(cluster.now + 60 * SECOND)
    found = told(cluster)
    assert found.sentence == (
        "It was asked to stop, but its Node, node-a, has no power: it stays like this until the Node is back or deleted, or the Pod is killed by force."
    )
    assert "Killed at" not in [fact.label for fact in found.facts]


def test_what_the_scheduler_said_ends_with_one_full_stop() -> None:
    said = told(with_pod({"nodeSelector": {"disk": "ssd"}, "containers": [{"name": "c", "image": "nginx"}]})).sentence
    assert said.startswith("It waits for a Node: 0/")
    assert said.endswith("scheduling.")
