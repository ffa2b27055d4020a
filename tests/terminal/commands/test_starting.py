"""Which commands cannot be started, and what does a learner see then?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.explain.statusword import word
from playground.terminal.commands.starting import complaint
from tests.terminal.commands.cluster import create, events, run, state

NOT_FOUND, NO_SUCH = 'exec: "{}": executable file not found in $PATH', 'exec: "{0}": stat {0}: no such file or directory'
MOUNT = {"volumeMounts": [{"name": "tools", "mountPath": "/opt/tools"}]}


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("nginx", ["nosuchprogram"]),
        ("busybox:1.36", ["sleeep", "100"]),
        ("busybox", ["sleep 3600"]),
        ("busybox", ["bash", "-c", "true"]),
        ("nginx:1.29-alpine", ["bash"]),
        ("nginx", ["ping", "web"]),
        ("curlimages/curl", ["python3"]),
        ("registry.k8s.io/pause:3.10", ["sh"]),
    ],
)
def test_a_name_that_the_image_surely_does_not_have(image: str, words: list[str]) -> None:
    assert complaint({"image": image, "command": words}) == NOT_FOUND.format(words[0])


@pytest.mark.parametrize("path", ["/nosuch", "/bin/sh -c echo hi", "/usr/bin/nosuch", "/app/run.sh", "/bin/cat /tmp/x"])
def test_a_path_that_leads_nowhere(path: str) -> None:
    assert complaint({"image": "busybox", "command": [path], **MOUNT}) == NO_SUCH.format(path)


@pytest.mark.parametrize(
    "container",
    [
        {"image": "nginx", "command": ["nginx", "-g", "daemon off;"]},
        {"image": "nginx", "command": ["nginx-debug"]},
        {"image": "nginx", "command": ["/docker-entrypoint.sh", "nginx"]},
        {"image": "nginx", "command": ["tar", "c"]},
        {"image": "httpd", "command": ["httpd-foreground"]},
        {"image": "redis", "args": ["nosuch"]},
        {"image": "redis", "command": ["redis-server", "--appendonly", "yes"]},
        {"image": "busybox", "command": ["httpd", "-f"]},
        {"image": "nginx"},
        {"image": "frontend:1", "command": ["nosuch"]},
        {"image": "bitnami/nginx", "command": ["/opt/bitnami/run.sh"]},
        {"image": "nicolaka/netshoot", "command": ["termshark"]},
        {"image": "busybox", "command": ["/opt/tools/run"], **MOUNT},
        {"image": "busybox", "command": ["run"], "volumeMounts": [{"name": "tools", "mountPath": "/usr/local/bin"}]},
        {"image": "busybox", "command": ["run"], "env": [{"name": "PATH", "value": "/opt/tools"}], **MOUNT},
        {"image": "busybox", "command": ["./run.sh"]},
        {"image": "busybox", "command": ["/tmp/run.sh"]},
        {"image": "busybox", "command": ["$(PROGRAM)"]},
    ],
)
def test_nothing_is_claimed_of_what_is_there_or_is_not_sure(container: dict[str, Any]) -> None:
    """Else a learner would see a manifest crash that works in a real cluster."""
    assert complaint(container) == ""


def test_a_command_that_is_not_there_is_never_running(kube: Cluster) -> None:
    """Else a learner would think that a Pod with a mistyped command runs."""
    create(kube, "web", {"name": "main", "image": "nginx", "command": ["nosuchprogram"]})
    seen = [""]
    for _ in range(30):
        run(kube, 0.2)
        now = word(kube.store.get("Pod", "default", "web"))
        seen += [now] if now != seen[-1] else []
    assert seen[1:] == ["ContainerCreating", "RunContainerError", "CrashLoopBackOff"]
    status = kube.shown("Pod/default/web")["status"]
    last = status["containerStatuses"][0]["lastState"]["terminated"]
    assert (last["exitCode"], last["reason"], last["startedAt"]) == (128, "StartError", "1970-01-01T00:00:00Z")
    assert last["message"].startswith("failed to create containerd task: failed to create shim task: OCI runtime create failed: ")
    assert last["message"].endswith(f"error during container init: {NOT_FOUND.format('nosuchprogram')}: unknown")
    assert (status["phase"], status["containerStatuses"][0]["restartCount"]) == ("Running", 1)


def test_its_events_say_why(kube: Cluster) -> None:
    """Else a learner would not find the reason where the real one stands."""
    create(kube, "web", {"name": "main", "image": "busybox:1.36", "command": ["/nosuch"]})
    run(kube, 10)
    told = events(kube, "web")
    assert [reason for reason, _ in told] == ["Scheduled", "Pulled", "Created", "Failed", "BackOff"]
    assert told[3][1].startswith("Error: failed to create containerd task: ")
    assert told[4][1].startswith("Back-off restarting failed container main in pod web_default(")


def test_its_back_off_grows_however_old_the_cluster_is(kube: Cluster) -> None:
    """Else the start time of the epoch would look as if it had run for long."""
    kube.advance(kube.now + 3_600 * SECOND)
    create(kube, "web", {"name": "main", "image": "nginx", "command": ["nosuchprogram"]})
    run(kube, 100)
    assert "back-off 1m20s" in state(kube, "web").message


def test_one_that_is_never_restarted_fails(kube: Cluster) -> None:
    """Else a Job of such a command would seem to wait for ever."""
    create(kube, "once", {"name": "main", "image": "busybox", "command": ["sleeep", "100"]}, restartPolicy="Never")
    run(kube, 5)
    pod = kube.store.get("Pod", "default", "once")
    assert (word(pod), pod.state.phase, state(kube, "once").ended.exit_code) == ("StartError", "Failed", 128)


def test_an_init_container_that_cannot_start_holds_the_others_back(kube: Cluster) -> None:
    init = {"name": "first", "image": "busybox", "command": ["nosuch"]}
    create(kube, "app", {"name": "main", "image": "nginx"}, initContainers=[init])
    run(kube, 10)
    assert word(kube.store.get("Pod", "default", "app")) == "Init:CrashLoopBackOff"
    assert state(kube, "app", 1).reason == "PodInitializing"


def test_with_another_image_it_starts(kube: Cluster) -> None:
    create(kube, "web", {"name": "main", "image": "busybox", "command": ["bash", "-c", "sleep 100"]})
    run(kube, 10)
    change = {"spec": {"containers": [{"name": "main", "image": "debian"}]}}
    kube.submit(actions.Patch("Pod", "web", change, "default", "strategic"))
    run(kube, 10)
    assert state(kube, "web").state == "running"
