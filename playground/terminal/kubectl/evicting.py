"""How are the Pods of a drained Node sent away, and what is said until they are gone?

Source: staging/src/k8s.io/kubectl/pkg/drain/drain.go (evictPods, deletePods, waitForDelete).
Simplified: Pods are evicted in the order of their names, where the real one begins with all at once.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import msgspec

from playground.kube.actions import Action, Delete, Evict
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import golang
from playground.terminal.kubectl.asks import Act, Look, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Bare, Wrong
from playground.terminal.kubectl.submitting import dry_run
from playground.terminal.programs.asks import Wait

BUDGET, RETRY = 429, 5.0
LOOKS = 1.0
EXPIRED = "context deadline exceeded"
DRY = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


class _Round(msgspec.Struct):
    """Pods that are still to be asked to go, those that are going, and what went wrong; since when, in seconds, and when is asked next."""

    asked: list[Any]
    going: list[Any] = []
    errors: list[Exception] = []
    passed: float = 0.0
    next: float = 0.0


def evict(call: Call, pods: list[Any]) -> Steps:
    """Evict, and wait until they are gone; what went wrong. A budget that forbids it now is asked again, until there is no more time."""
    timeout = call.flags.of("timeout") or math.inf
    state = _Round(list(pods))
    while state.asked or state.going:
        if state.asked and state.passed >= state.next:
            state.next += RETRY
            yield from _ask(call, state, timeout)
        state.going = yield from _left(call, state.going, "evicted")
        if state.passed >= timeout:
            state.errors += [
                Bare(f'error when waiting for pod "{pod.name}" in namespace "{pod.namespace}" to terminate: {EXPIRED}')
                for pod in state.going
            ]
            state.going = []
        if state.asked or state.going:
            step = _step(state, timeout)
            yield Wait(step)
            state.passed += step
    return state.errors


def delete(call: Call, pods: list[Any]) -> Steps:
    """The same without asking any budget, as --disable-eviction has it."""
    for pod in pods:
        yield from _submit(call, Delete("Pod", pod.name, pod.namespace, _grace(call)))
    left, passed, timeout = list(pods), 0.0, call.flags.of("timeout") or math.inf
    while dry_run(call) == "none" and (left := (yield from _left(call, left, "deleted"))):
        if passed >= timeout:
            return [Wrong(EXPIRED)]
        step = min(LOOKS, timeout - passed)
        yield Wait(step)
        passed += step
    return []


def skipped(call: Call, pod: Any, now: int) -> bool:
    """One that is being deleted for longer than --skip-wait-for-delete-timeout is not waited for."""
    seconds = call.flags.of("skip-wait-for-delete-timeout", 0)
    return seconds > 0 and pod.deleting is not None and (now - pod.deleting) // SECOND > seconds


def _ask(call: Call, state: _Round, timeout: float) -> Steps:
    asked, state.asked = state.asked, []
    for pod in asked:
        yield from out(f"evicting pod {pod.namespace}/{pod.name}{DRY[dry_run(call)]}\n")
        about = f'error when evicting pods/"{pod.name}" -n "{pod.namespace}"'
        if state.passed >= timeout:
            state.errors.append(Bare(f"{about}: global timeout reached: {golang.duration(timeout)}"))
            continue
        try:
            yield from _submit(call, Evict(pod.name, pod.namespace, _grace(call)))
        except Refusal as refusal:
            if refusal.code == BUDGET:
                yield from err(f"{about} (will retry after 5s): {refusal.message}\n")
                state.asked.append(pod)
            elif refusal.reason != "NotFound":
                state.errors.append(Bare(f"{about}: {refusal.message}"))
        else:
            state.going += [pod] if dry_run(call) == "none" else []


def _submit(call: Call, action: Action) -> Steps:
    if dry_run(call) == "server":
        yield Look(lambda kube: kube.rehearse(action))
    else:
        yield Act(action)


def _left(call: Call, pods: list[Any], verb: str) -> Steps:
    """Those that are still there; of the others it is said that they are gone, or that nobody waits for them."""
    left = []
    for pod, now in zip(pods, (yield Look(partial(_present, pods))) if pods else (), strict=True):
        if now is None:
            yield from out(f"pod/{pod.name} {verb}\n")
        elif skipped(call, *now):
            seconds = call.flags.of("skip-wait-for-delete-timeout")
            yield from out(f'pod "{pod.name}" has DeletionTimestamp older than {seconds} seconds, skipping\n')
        else:
            left.append(pod)
    return left


def _present(pods: list[Any], kube: Cluster) -> list[tuple[Any, int] | None]:
    found = [kube.store.by_uid(pod.uid) for pod in pods]
    return [None if each is None else (each, kube.now) for each in found]


def _step(state: _Round, timeout: float) -> float:
    """How long to the next moment at which something is looked at or asked."""
    steps = [LOOKS]
    if state.asked:
        steps.append(state.next - state.passed)
    if state.going and timeout > state.passed:
        steps.append(timeout - state.passed)
    return min(steps)


def _grace(call: Call) -> int | None:
    """Below nought it is the Pod's own."""
    grace: int = call.flags.of("grace-period", -1)
    return None if grace < 0 else grace
