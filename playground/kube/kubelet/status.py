"""What is a Pod's phase, and is it ready?  It follows from its containers.

Source: pkg/kubelet/kubelet_pods.go (getPhase), pkg/kubelet/status/generate.go (GeneratePodReadyCondition).
"""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.objects import ContainerState, Pod, PodState
from playground.kube.apiserver.pods import EXPIRED, is_finished
from playground.kube.apiserver.podstatus import RESETTING, open_gates
from playground.kube.kubelet.restarting import goes_on, restarts
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
    shown = tuple(state.shown or state for state in after) if view.held else after
    initialized = before.initialized
    if initialized is None and _initialized(view, shown[: view.inits]):
        initialized = now
    phase = _phase(view, shown, initialized is not None, final)
    if before.reason == EXPIRED and not any(state.state == "running" for state in after):
        phase = "Failed"
    contained, was_contained = _containers_ready(view, after), bool(before.containers) and _containers_ready(view, states(pod))
    ready = phase == "Running" and initialized is not None and contained and open_gates(pod)
    over = phase in ("Succeeded", "Failed") and not is_finished(pod)
    return msgspec.structs.replace(
        before,
        phase=phase,
        initialized=initialized,
        init=init,
        containers=main,
        ready=ready,
        ready_since=now if ready != before.ready else before.ready_since,
        containers_ready_since=now if contained != was_contained else before.containers_ready_since,
        sandbox_since=now if over else before.sandbox_since,
    )


def _initialized(view: View, init: States) -> bool:
    return all(
        state.started if container.sidecar else has_succeeded(state) for container, state in zip(view.containers, init, strict=False)
    )


def _containers_ready(view: View, after: States) -> bool:
    return all(state.ready for slot, state in enumerate(after) if slot >= view.inits or view.containers[slot].sidecar)


def is_over(view: View, after: States) -> bool:
    """Whether none of its containers will run again, but for sidecars that still do."""
    return bool(after) and all(
        _is_stopped(state) and not _restarts(view, slot, state) for slot, state in enumerate(after) if slot >= view.inits
    )


def _phase(view: View, after: States, initialized: bool, final: bool) -> str:
    main = after[view.inits :]
    if final:
        return _end(main)
    regular = [(slot, after[slot]) for slot in range(view.inits) if not view.containers[slot].sidecar]
    sidecars = [after[slot] for slot in range(view.inits) if view.containers[slot].sidecar]
    if any(_is_stopped(state) and _code(state) and not _restarts(view, slot, state) for slot, state in regular):
        return "Failed"
    if not all(_is_stopped(state) for _, state in regular) or (not initialized and any(_is_pending(state) for state in sidecars)):
        return "Pending"
    if any(is_fresh(state) for state in (*sidecars, *main)):
        return "Pending"
    if any(state.state == "running" for state in (*sidecars, *main)) or not is_over(view, after):
        return "Running"
    return _end(main)


def _end(main: States) -> str:
    return "Succeeded" if all(state.state == "terminated" and _code(state) == 0 for state in main) else "Failed"


def _restarts(view: View, slot: int, state: ContainerState) -> bool:
    """One that waits for its next start is started whatever code it has ended with (pkg/kubelet/kubelet_pods.go, getPhase)."""
    return restarts(view, slot, _code(state)) or (state.state == "waiting" and goes_on(view, slot))


def is_fresh(state: ContainerState) -> bool:
    """It has never been started."""
    return state.state == "waiting" and state.last is None


def next_number(state: ContainerState) -> int:
    """How often it will have been started again with its next start."""
    return state.restarts + (not is_fresh(state) and state.reason != RESETTING)


def has_succeeded(state: ContainerState) -> bool:
    """It has ended, and well."""
    return state.ended is not None and state.ended.exit_code == 0


def _is_stopped(state: ContainerState) -> bool:
    """It has run, and does not now; one that is to be started with all others counts as new."""
    return state.state != "running" and not is_fresh(state) and state.reason != RESETTING


def _is_pending(state: ContainerState) -> bool:
    return is_fresh(state) or (state.state == "running" and not state.started)


def _code(state: ContainerState) -> int:
    """The exit code of its last run."""
    ended = state.ended or state.last
    return ended.exit_code if ended is not None else 0
