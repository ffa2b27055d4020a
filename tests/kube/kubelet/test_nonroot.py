"""Who may not run as root (pkg/kubelet/kuberuntime/security_context.go, verifyRunAsNonRoot)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.kubelet.nonroot import objection
from tests.kube.world import World

WILL = "container has runAsNonRoot and image will run as root"
BREAKS = "container's runAsUser breaks non-root policy"


def by_name(user: str) -> str:
    return f"container has runAsNonRoot and image has non-numeric user ({user}), cannot verify user is non-root"


CASES: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "nobody asks": ("nginx", {}, {}, ""),
    "nginx": ("nginx", {}, {"runAsNonRoot": True}, WILL),
    "with a tag": ("docker.io/library/busybox:1.36", {}, {"runAsNonRoot": True}, WILL),
    "the Pod says so": ("redis", {"runAsNonRoot": True}, {}, WILL),
    "the container says otherwise": ("redis", {"runAsNonRoot": True}, {"runAsNonRoot": False}, ""),
    "as somebody": ("nginx", {}, {"runAsNonRoot": True, "runAsUser": 1000}, ""),
    "as the Pod's user": ("nginx", {"runAsUser": 1000}, {"runAsNonRoot": True}, ""),
    "as 0": ("mine:1", {}, {"runAsNonRoot": True, "runAsUser": 0}, BREAKS),
    "the Pod's 0": ("mine:1", {"runAsNonRoot": True, "runAsUser": 0}, {}, BREAKS),
    "a name": ("curlimages/curl:8.18.0", {}, {"runAsNonRoot": True}, by_name("curl_user")),
    "an official name": ("memcached", {}, {"runAsNonRoot": True}, by_name("memcache")),
    "one that is made for it": ("nginxinc/nginx-unprivileged", {}, {"runAsNonRoot": True}, ""),
    "nobody knows": ("ghcr.io/me/nginx:1", {}, {"runAsNonRoot": True}, ""),
    "of Kubernetes": ("registry.k8s.io/e2e-test-images/agnhost:2.53", {}, {"runAsNonRoot": True}, WILL),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_kubelet_objects_to(case: str) -> None:
    image, pod, own, said = CASES[case]
    assert objection({"name": "c", "image": image, "securityContext": own}, pod) == said


def test_the_container_is_not_created_and_its_pod_waits() -> None:
    """Else a learner would think that runAsNonRoot makes a container run as somebody else."""
    world = World()
    container = {"name": "c", "image": "nginx", "securityContext": {"runAsNonRoot": True}}
    world.pod("p", {"containers": [container]})
    world.run(10)
    pod = world.get("Pod", "p")
    said = f'{WILL} (pod: "p_default({pod.uid})", container: c)'
    state = pod.state.containers[0]
    assert (pod.state.phase, state.state, state.reason, state.message) == ("Pending", "waiting", "CreateContainerConfigError", said)
    assert world.messages("Failed") == [f"Error: {said}"]
    assert world.reasons("p")[-2:] == ["Pulled", "Failed"]


def test_with_another_image_it_is_created() -> None:
    world = World()
    container = {"name": "c", "image": "nginx", "securityContext": {"runAsNonRoot": True}}
    world.pod("p", {"containers": [container]})
    world.run(10)
    world.edit(world.get("Pod", "p"), containers=[{**container, "image": "nginxinc/nginx-unprivileged"}])
    world.run(10)
    assert world.get("Pod", "p").state.ready
