"""What does the API show as a Pod's status?  The kubelet's conditions and container statuses, from the Pod's small typed state.

Source: pkg/kubelet/status/generate.go, pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses);
pkg/registry/core/pod/strategy.go (applySchedulingGatedCondition).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from playground.kube.apiserver.objects import ContainerState, Ended, Pod
from playground.kube.apiserver.pods import GATED, is_gated, told_reason
from playground.kube.apiserver.qos import quality

JSON = dict[str, Any]
OWN = frozenset("PodScheduled PodReadyToStartContainers Initialized Ready ContainersReady AllContainersRestarting".split())
RESETTING = "RestartingAllContainers"
Stamp = Callable[[int], str]


def pod_status(pod: Pod, stamp: Stamp, hosts: tuple[str, ...] = ()) -> JSON:
    """`stamp` turns virtual microseconds into the API's timestamps; `hosts` are the addresses that the Pod's Node has."""
    state = pod.state
    told = state.scheduled is not None or state.unschedulable or state.started is not None or is_gated(pod)
    status: JSON = {"conditions": _conditions(pod, stamp)} if told else {}
    for key, states in (("containers", state.containers), ("initContainers", state.init)):
        if states:
            named = zip(pod.spec.get(key, ()), states, strict=False)
            status["containerStatuses" if key == "containers" else "initContainerStatuses"] = [
                _container(pod, spec, each, key == "initContainers", stamp) for spec, each in named
            ]
    if pod.host_ip:
        status |= {"hostIP": pod.host_ip, "hostIPs": [{"ip": ip} for ip in hosts or (pod.host_ip,)]}
    reason, message = told_reason(pod)
    status |= {"message": message} if message else {}
    status["phase"] = state.phase
    if pod.ip:
        status |= {"podIP": pod.ip, "podIPs": [{"ip": ip} for ip in (pod.ip, pod.other_ip) if ip]}
    status["qosClass"] = quality(pod.spec)
    status |= {"reason": reason} if reason else {}
    status |= {"startTime": stamp(state.started)} if state.started is not None else {}
    return status


def _conditions(pod: Pod, stamp: Stamp) -> list[JSON]:
    state = pod.state
    if is_gated(pod):
        return [_condition("PodScheduled", False, stamp(pod.created), GATED, "Scheduling is blocked due to non-empty scheduling gates")]
    if state.scheduled is None and not pod.node:
        return [_condition("PodScheduled", False, stamp(pod.created), "Unschedulable", state.unschedulable)]
    # A Pod that names its Node passes the scheduler by: its kubelet is the first to say anything.
    scheduled = _condition("PodScheduled", True, stamp(state.scheduled or state.started or 0))
    if state.started is None:
        return [scheduled]
    unready = _unready(pod)
    done = state.phase in ("Succeeded", "Failed")
    reason = "PodCompleted" if state.phase == "Succeeded" else "PodFailed" if done else "ContainersNotReady"
    message = "" if done else f"containers with unready status: [{' '.join(unready)}]"
    all_ready, begun = bool(state.containers) and not unready, state.started
    # Of a Pod on a silent Node, the Node's controller takes away Ready and gives no reason.
    ready = _closed_gates(pod) if all_ready else (reason, message)
    return [
        *state.conditions,
        _condition("PodReadyToStartContainers", bool(pod.ip) and not done, stamp(max(state.sandbox_since, begun))),
        _initialized(pod, stamp),
        _condition("Ready", state.ready, stamp(max(state.ready_since, begun)), *(() if state.ready else ready)),
        _condition(
            "ContainersReady", all_ready, stamp(max(state.containers_ready_since, begun)), *(() if all_ready else (reason, message))
        ),
        scheduled,
        *([_restarting(pod, reason if done else "", begun, stamp)] if _may_restart(pod.spec) else ()),
    ]


def _restarting(pod: Pod, over: str, begun: int, stamp: Stamp) -> JSON:
    """Whether all its containers are being restarted in place; of a Pod that is over, for what reason not."""
    goes_on, since = pod.state.restarting or (False, begun)
    if over or not goes_on:
        return _condition("AllContainersRestarting", False, stamp(since), over)
    return _condition(
        "AllContainersRestarting", True, stamp(since), "RestartAllContainersStarted", "container exited with restart policy rule"
    )


def _may_restart(spec: JSON) -> bool:
    """A container has a rule that restarts all of them (podutil.AllContainersCouldRestart)."""
    containers = (*spec.get("initContainers", ()), *spec.get("containers", ()))
    return any(rule.get("action") == "RestartAllContainers" for each in containers for rule in each.get("restartPolicyRules") or ())


def of_others(status: JSON) -> tuple[JSON, ...]:
    """The conditions of a status that are not its kubelet's to set."""
    times = {"lastProbeTime": None, "lastTransitionTime": None}
    return tuple({**times, **each} for each in status.get("conditions") or () if each.get("type") not in OWN)


def open_gates(pod: Pod) -> bool:
    """Whether the conditions of all of its readiness gates are True."""
    return not _closed_gates(pod)[0]


def _closed_gates(pod: Pod) -> tuple[str, str]:
    """Why it is not ready though its containers are: a reason and a message, or nothing."""
    found = {each["type"]: each.get("status") for each in pod.state.conditions}
    closed = []
    for kind in (gate["conditionType"] for gate in pod.spec.get("readinessGates", ())):
        if kind not in found:
            closed.append(f'corresponding condition of pod readiness gate "{kind}" does not exist.')
        elif found[kind] != "True":
            closed.append(f'the status of pod readiness gate "{kind}" is not "True", but {found[kind]}')
    return ("ReadinessGatesNotReady", ", ".join(closed)) if closed else ("", "")


def _unready(pod: Pod) -> list[str]:
    """The names of the containers that are to be ready and are not: sidecars count, other init containers do not."""
    sidecars = ((spec, each) for spec, each in zip(pod.spec.get("initContainers", ()), pod.state.init, strict=False) if _is_sidecar(spec))
    containers = zip(pod.spec.get("containers", ()), pod.state.containers, strict=False)
    return [spec["name"] for spec, each in (*sidecars, *containers) if not each.ready]


def _initialized(pod: Pod, stamp: Stamp) -> JSON:
    state = pod.state
    if state.initialized is not None:
        return _condition("Initialized", True, stamp(state.initialized), "PodCompleted" if state.phase == "Succeeded" else "")
    waiting = [spec["name"] for spec, each in zip(pod.spec.get("initContainers", ()), state.init, strict=False) if not _ready(spec, each)]
    message = f"containers with incomplete status: [{' '.join(waiting)}]"
    return _condition("Initialized", False, stamp(state.started or 0), "ContainersNotInitialized", message)


def _ready(spec: JSON, init: ContainerState) -> bool:
    """An init container is ready when it has succeeded, a sidecar as long as it runs and its probe passes."""
    if _is_sidecar(spec):
        return init.ready
    return init.ended is not None and init.state == "terminated" and init.ended.exit_code == 0


def _is_sidecar(spec: JSON) -> bool:
    return bool(spec.get("restartPolicy") == "Always")


def _condition(kind: str, true: bool, since: str, reason: str = "", message: str = "") -> JSON:
    condition: JSON = {"lastProbeTime": None, "lastTransitionTime": since}
    condition |= {"message": message} if message else {}
    condition |= {"reason": reason} if reason else {}
    return condition | {"status": "True" if true else "False", "type": kind}


def _container(pod: Pod, spec: JSON, state: ContainerState, init: bool, stamp: Stamp) -> JSON:
    image, state = spec.get("image", ""), state.shown or state
    status: JSON = {"containerID": _id(pod, spec, state.restarts)} if state.state != "waiting" or state.restarts or state.last else {}
    return status | {
        "image": image,
        "imageID": f"{image.partition('@')[0]}@sha256:{hashlib.sha256(image.encode()).hexdigest()}" if status else "",
        "lastState": {"terminated": _terminated(pod, spec, state.last, _last_number(state), stamp)} if state.last else {},
        "name": spec.get("name", ""),
        "ready": _ready(spec, state) if init else state.ready,
        "restartCount": state.restarts,
        "started": state.started,
        "state": _state(pod, spec, state, stamp),
    }


def _last_number(state: ContainerState) -> int:
    """Which start ended last: of what waits it is the newest one."""
    return state.restarts if state.state == "waiting" else max(state.restarts - 1, 0)


def _state(pod: Pod, spec: JSON, state: ContainerState, stamp: Stamp) -> JSON:
    if state.state == "running":
        return {"running": {"startedAt": stamp(state.since)}}
    if state.state == "terminated" and state.ended:
        return {"terminated": _terminated(pod, spec, state.ended, state.restarts, stamp)}
    return {"waiting": {key: value for key, value in (("message", state.message), ("reason", state.reason)) if value}}


def _terminated(pod: Pod, spec: JSON, ended: Ended, number: int, stamp: Stamp) -> JSON:
    if ended.reason == RESETTING:  # its kubelet has removed the container, and knows no more
        return {"exitCode": ended.exit_code, "finishedAt": None, "message": ended.message, "reason": ended.reason, "startedAt": None}
    return {
        "containerID": _id(pod, spec, number),
        "exitCode": ended.exit_code,
        "finishedAt": stamp(ended.finished),
        **({"message": ended.message} if ended.message else {}),
        "reason": ended.reason,
        "startedAt": stamp(ended.started),
    }


def _id(pod: Pod, spec: JSON, number: int) -> str:
    """A container's id: made up, but its own and always the same."""
    return "containerd://" + hashlib.sha256(f"{pod.uid}/{spec.get('name')}/{number}".encode()).hexdigest()
