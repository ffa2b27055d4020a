"""What has a container printed?  The lines of one of its starts, as the kubelet reads them for `logs`.

Source: pkg/registry/core/pod/strategy.go (LogLocation, validateContainer); pkg/kubelet/kubelet_pods.go (validateContainerLogStatus);
pkg/kubelet/kuberuntime/logs for since and tail.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import Ended, Pod
from playground.kube.apiserver.timestamps import fine_timestamp
from playground.kube.errors import Refusal, bad_request
from playground.kube.kubelet.views import view
from playground.kube.network import accesslog
from playground.kube.network.accesslog import Line

FOR_EVER = 1 << 62
Mark = tuple[int, int]


def slot(pod: Pod, name: str) -> int:
    """The container asked for, init containers first; without a name the only one. Raises Refusal."""
    names, inits = [each.name for each in view(pod).containers], view(pod).inits
    if name:
        if name not in names:
            raise bad_request(f"container {name} is not valid for pod {pod.name}")
        return names.index(name)
    if len(names) - inits > 1:
        of_init = f" or one of the init containers: [{' '.join(names[:inits])}]" if inits else ""
        raise bad_request(f"a container name must be specified for pod {pod.name}, choose one of: [{' '.join(names[inits:])}]{of_init}")
    return inits


def states(pod: Pod) -> tuple[Any, ...]:
    return (*pod.state.init, *pod.state.containers)


def lines(kube: Any, pod: Pod, slot: int, since: int = 0, previous: bool = False, tail: int | None = None) -> list[Line]:
    """From virtual microsecond `since` on, the last `tail` of them. Raises Refusal."""
    begun, ended = _times(kube, pod, slot, previous)
    start = max(begun, since)
    found = [each for each in later(kube, pod, slot, (0, 0)) if start <= each[0] <= ended]
    return found if tail is None else found[len(found) - min(tail, len(found)) :]


def mark(kube: Any) -> Mark:
    """Names what has been printed by now, for `later`."""
    return kube.network.last, kube.kubelet.lines


def later(kube: Any, pod: Pod, slot: int, mark: Mark) -> list[Line]:
    """What was printed since: the requests that were answered, and what the container's own command said."""
    answered = accesslog.lines(kube.network, kube.settings, pod, slot, mark[0])
    said = kube.kubelet.printed(pod, slot, mark[1])
    return sorted((*answered, *said), key=lambda line: line[0]) if answered and said else answered or said


def text(kube: Any, lines: list[Line], stamped: bool) -> str:
    return "".join(f"{fine_timestamp(kube.settings, time)[:-1]}000Z {line}\n" if stamped else f"{line}\n" for time, line in lines)


def _times(kube: Any, pod: Pod, slot: int, previous: bool) -> tuple[int, int]:
    """From when to when, in virtual microseconds, the container ran whose output is wanted."""
    name = view(pod).containers[slot].name
    if not pod.node:
        raise bad_request(f"pod {pod.name} does not have a host assigned")
    if not kube.kubelet.up(pod.node):
        place = f"https://{pod.host_ip}:10250/containerLogs/{pod.namespace}/{pod.name}/{name}"
        raise Refusal(500, "InternalError", f'Get "{place}": dial tcp {pod.host_ip}:10250: connect: no route to host')
    known = states(pod)
    state = known[slot] if slot < len(known) else None
    if previous:
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
