"""What is a Pod's phase, and is it ready?  It follows from its containers.

Source: pkg/kubelet/kubelet_pods.go (getPhase), pkg/kubelet/status/generate.go (GeneratePodReadyCondition).
"""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.objects import ContainerState, Pod, PodState
from playground.kube.apiserver.pods import EXPIRED
from playground.kube.apiserver.podstatus import open_gates
from playground.kube.kubelet.views import View

States = tuple[ContainerState, ...]


def states(pod: Pod) -> States:
    """The states of all containers by slot."""
    state = pod.state
    return state.init + state.containers if state.init else state.containers


def settled(pod: Pod, view: View, after: States, now: int, final: bool = False) -> PodState:
    """The Pod's state once its containers are in these states; `final` when they will never run again."""
    before = pod.state
    init, main = after[: view.inits], after[view.inits :]
    initialized = before.initialized
    if initialized is None and _initialized(view, init):
        initialized = now
    phase = _phase(view, init, main, initialized is not None, final)
    if before.reason == EXPIRED and not any(state.state == "running" for state in after):
        phase = "Failed"
    ready = phase == "Running" and initialized is not None and _containers_ready(view, after) and open_gates(pod)
    return msgspec.structs.replace(
        before,
        phase=phase,
        initialized=initialized,
        init=init,
        containers=main,
        ready=ready,
        ready_since=now if ready != before.ready else before.ready_since,
    )


def _initialized(view: View, init: States) -> bool:
    return all(
        state.started if container.sidecar else state.ended is not None and state.ended.exit_code == 0 and state.state == "terminated"
        for container, state in zip(view.containers, init, strict=False)
    )


def _containers_ready(view: View, after: States) -> bool:
    return all(state.ready for slot, state in enumerate(after) if slot >= view.inits or view.containers[slot].sidecar)


def _phase(view: View, init: States, main: States, initialized: bool, final: bool) -> str:
    if final:
        return "Succeeded" if all(_succeeded(state) for state in main) else "Failed"
    if not initialized:
        return "Failed" if view.policy == "Never" and any(_failed(state) for state in init) else "Pending"
    if any(state.state == "waiting" and state.last is None for state in main):
        return "Pending"
    if view.policy == "Always" or any(state.state == "running" for state in main):
        return "Running"
    if all(_succeeded(state) for state in main):
        return "Succeeded"
    return "Failed" if view.policy == "Never" else "Running"


def _succeeded(state: ContainerState) -> bool:
    return state.state == "terminated" and state.ended is not None and state.ended.exit_code == 0


def _failed(state: ContainerState) -> bool:
    return state.state == "terminated" and state.ended is not None and state.ended.exit_code != 0
