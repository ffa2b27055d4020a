"""What does a Pod's state say?  Whether it counts as active, as finished, as available.

Source: pkg/api/v1/pod/util.go and pkg/controller/controller_utils.go (IsPodActive, IsPodAvailable).
"""

from __future__ import annotations

from playground.kube.apiserver.objects import Pod

EXPIRED = "DeadlineExceeded"
GATED = "SchedulingGated"


def is_gated(pod: Pod) -> bool:
    """No scheduler looks at it before all of its scheduling gates are taken away."""
    return not pod.node and bool(pod.spec.get("schedulingGates"))


def is_finished(pod: Pod) -> bool:
    """Its containers have ended for good."""
    return pod.state.phase in ("Succeeded", "Failed")


def is_active(pod: Pod) -> bool:
    """It counts as a replica: neither finished nor on its way out."""
    return pod.deleting is None and pod.state.phase not in ("Succeeded", "Failed")


def is_running_and_ready(pod: Pod) -> bool:
    return pod.state.phase == "Running" and pod.state.ready


def is_available(pod: Pod, min_ready: int, now: int) -> bool:
    """Ready for at least `min_ready` microseconds."""
    return pod.state.ready and (not min_ready or pod.state.ready_since + min_ready <= now)


def told_reason(pod: Pod) -> tuple[str, str]:
    """The reason and the message of a Pod's status. While containers still run, its kubelet does not tell that its deadline is over
    (pkg/kubelet/status/status_manager.go, mergePodStatus)."""
    state = pod.state
    return ("", "") if state.reason == EXPIRED and state.phase != "Failed" else (state.reason, state.message)
