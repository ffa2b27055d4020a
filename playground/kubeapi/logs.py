"""What is answered to `kubectl logs`?

Source: pkg/registry/core/pod/rest/log.go, pkg/registry/core/pod/strategy.go (LogLocation, validateContainer);
pkg/kubelet/kubelet_pods.go (validateContainerLogStatus); pkg/kubelet/kuberuntime/logs for since and tail.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from playground.kube.apiserver.objects import Ended, Pod
from playground.kube.apiserver.timestamps import fine_timestamp
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal, bad_request
from playground.kube.kubelet.views import view
from playground.kube.network import accesslog
from playground.kube.network.accesslog import Line
from playground.kubeapi import reading
from playground.kubeapi.exchange import Answer, Request
from playground.kubeapi.paths import Target
from playground.kubeapi.streams import Stream

TEXT = "text/plain"
FOR_EVER = 1 << 62


class Follow(Stream):
    """What a container prints from now on, until it ends."""

    type = TEXT

    def __init__(self, request: Request, kube: Any, pod: Pod, slot: int, first: bytes, loop: asyncio.AbstractEventLoop):
        super().__init__(request.cluster, loop)
        self._first = first
        self._uid, self._slot = pod.uid, slot
        self._restarts = _states(pod)[slot].restarts
        self._stamped = request.flag("timestamps")
        self._seen = kube.network.last

    def hear(self, kube: Any, run: str) -> None:
        pod = kube.store.by_uid(self._uid)
        if run == self._run and pod is not None and kube.network.last > self._seen:
            lines = accesslog.lines(kube.network, kube.settings, pod, self._slot, self._seen)
            self._seen = kube.network.last
            if lines:
                self.hand(_text(kube, lines, self._stamped))
        if run != self._run or pod is None or self._is_over(pod):
            self.hand(None)

    def _is_over(self, pod: Pod) -> bool:
        state = _states(pod)[self._slot]
        return state.state != "running" or state.restarts != self._restarts


def log(request: Request, kube: Any, target: Target, loop: asyncio.AbstractEventLoop) -> Answer | Follow:
    """Raises Refusal."""
    pod = reading.found(kube, target)
    slot = _slot(request, pod)
    begun, ended = _times(request, pod, slot, kube)
    since = max(begun, _since(request, kube))
    lines = [each for each in accesslog.lines(kube.network, kube.settings, pod, slot) if since <= each[0] <= ended]
    if request.asked("tailLines"):
        tail = request.number("tailLines")
        lines = lines[len(lines) - min(tail, len(lines)) :]
    text = _text(kube, lines, request.flag("timestamps"))
    if request.asked("limitBytes"):
        text = text[: max(0, request.number("limitBytes"))]
    if request.flag("follow") and _states(pod)[slot].state == "running":
        return Follow(request, kube, pod, slot, text, loop)
    return Answer(text, type=TEXT)


def follow(request: Request, kube: Any, target: Target, loop: asyncio.AbstractEventLoop) -> Follow:
    """What a container prints from now on; raises Refusal."""
    pod = reading.found(kube, target)
    return Follow(request, kube, pod, _slot(request, pod), b"", loop)


def _slot(request: Request, pod: Pod) -> int:
    """The container asked for, init containers first; without a name the only one."""
    name, names, inits = request.asked("container"), [each.name for each in view(pod).containers], view(pod).inits
    if name:
        if name not in names:
            raise bad_request(f"container {name} is not valid for pod {pod.name}")
        return names.index(name)
    if len(names) - inits > 1:
        of_init = f" or one of the init containers: [{' '.join(names[:inits])}]" if inits else ""
        raise bad_request(f"a container name must be specified for pod {pod.name}, choose one of: [{' '.join(names[inits:])}]{of_init}")
    return inits


def _times(request: Request, pod: Pod, slot: int, kube: Any) -> tuple[int, int]:
    """From when to when, in virtual microseconds, the container ran whose output is wanted."""
    name = view(pod).containers[slot].name
    if not pod.node:
        raise bad_request(f"pod {pod.name} does not have a host assigned")
    if not kube.kubelet.up(pod.node):
        place = f"https://{pod.host_ip}:10250/containerLogs/{pod.namespace}/{pod.name}/{name}"
        raise Refusal(500, "InternalError", f'Get "{place}": dial tcp {pod.host_ip}:10250: connect: no route to host')
    states = _states(pod)
    state = states[slot] if slot < len(states) else None
    if request.flag("previous"):
        if state is None or state.last is None:
            raise bad_request(f'previous terminated container "{name}" in pod "{pod.name}" not found')
        return _span(state.last)
    if state is None or (state.state == "waiting" and state.last is None):
        reason = state.reason if state is not None else "PodInitializing"
        raise bad_request(f'container "{name}" in pod "{pod.name}" is waiting to start: {reason}')
    if state.state == "running":
        return state.since, FOR_EVER
    return _span(state.ended or state.last)


def _span(ended: Ended | None) -> tuple[int, int]:
    return (ended.started, ended.finished) if ended is not None else (0, FOR_EVER)


def _since(request: Request, kube: Any) -> int:
    """Virtual microseconds from which on lines are wanted."""
    if request.asked("sinceSeconds"):
        return int(kube.now - request.number("sinceSeconds") * SECOND)
    if request.asked("sinceTime"):
        try:
            moment = datetime.fromisoformat(request.asked("sinceTime"))
        except ValueError as error:
            raise bad_request(f"sinceTime: {error}") from None
        return int((moment.timestamp() - kube.settings.epoch) * SECOND)
    return 0


def _states(pod: Pod) -> tuple[Any, ...]:
    return (*pod.state.init, *pod.state.containers)


def _text(kube: Any, lines: list[Line], stamped: bool) -> bytes:
    told = (f"{fine_timestamp(kube.settings, time)[:-1]}000Z {text}\n" if stamped else f"{text}\n" for time, text in lines)
    return "".join(told).encode()
