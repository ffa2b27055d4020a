"""Which word does kubectl show in a Pod's STATUS column, and since when is it true?

Source: pkg/printers/internalversion/printers.go, printPod.
Simplified: no exit signals, no readiness gates.
"""

from __future__ import annotations

from playground.kube.apiserver.objects import ContainerState, Pod
from playground.kube.apiserver.pods import GATED, is_gated, told_reason
from playground.kube.clock import SECOND


def word(pod: Pod) -> str:
    """Running, Pending, ContainerCreating, Init:0/1, CrashLoopBackOff, Terminating, ..."""
    state = pod.state
    if pod.deleting is not None:
        return "Unknown" if state.reason == "NodeLost" else "Terminating"
    if is_gated(pod):
        return GATED
    return _initializing(pod) or _containers(state.containers, state.ready) or told_reason(pod)[0] or state.phase


def since(pod: Pod) -> int:
    """Virtual microseconds of the last change that the word may come from."""
    state = pod.state
    if pod.deleting is not None:
        return pod.deleting - SECOND * int(pod.meta.get("deletionGracePeriodSeconds", 0))
    moments = [pod.created, state.scheduled or 0, state.started or 0, state.initialized or 0, state.ready_since]
    return max(*moments, *(each.since for each in (*state.init, *state.containers)))


def _initializing(pod: Pod) -> str:
    """A sidecar that has started lets the next one begin; any other has to end well."""
    init, specs = pod.state.init, pod.spec.get("initContainers", ())
    for place, (true, spec) in enumerate(zip(init, specs, strict=False)):
        each = true.shown or true
        if each.state == "terminated" and each.ended is not None:
            if each.ended.exit_code == 0:
                continue
            return f"Init:{each.reason or f'ExitCode:{each.ended.exit_code}'}"
        if each.state == "running" and each.started and spec.get("restartPolicy") == "Always":
            continue
        if each.state == "waiting" and each.reason not in ("", "PodInitializing", "ContainerCreating"):
            return f"Init:{each.reason}"
        return f"Init:{place}/{len(init)}"
    return ""


def _containers(containers: tuple[ContainerState, ...], ready: bool) -> str:
    shown, running = "", False
    for true in reversed(containers):
        each = true.shown or true
        running = running or (each.state == "running" and each.ready)
        if each.state == "waiting" and each.reason:
            shown = each.reason
        elif each.state == "terminated" and each.ended is not None:
            shown = each.reason or each.ended.reason or f"ExitCode:{each.ended.exit_code}"
    if shown == "Completed" and running:
        return "Running" if ready else "NotReady"
    return shown
