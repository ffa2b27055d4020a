"""What does `kubectl logs` print?

Source: staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.network import containerlogs
from playground.kube.network.accesslog import Line
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.logsources import chosen
from playground.terminal.programs.asks import Wait

JSON = dict[str, Any]
FLAGS = """all-containers:switch all-pods:switch container/c:text follow/f:switch ignore-errors:switch
    insecure-skip-tls-verify-backend:switch limit-bytes:whole max-log-requests:whole pod-running-timeout:span prefix:switch previous/p:switch
    selector/l:text since:span since-time:text tail:whole timestamps:switch"""
USAGE = """expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command"""
OF_A_SELECTION = 10
AT_ONCE = 5
LOOKS = 0.1


class Log(msgspec.Struct):
    """What a container has printed, and where to go on: the container, which start of it, and the newest request."""

    text: str
    pod: Pod
    slot: int
    restarts: int
    seen: containerlogs.Mark
    prefix: str
    goes_on: bool = True


def logs(call: Call) -> Program:
    flags = call.flags
    if (not call.words and not flags.text("selector")) or len(call.words) > 2:
        raise misused("logs", USAGE)
    if len(call.words) == 1 and flags.text("selector"):
        raise misused("logs", "only a selector (-l) or a POD name is allowed")
    since_time = _moment(flags.text("since-time")) if flags.text("since-time") else None
    found = yield Look(partial(chosen, call))
    _check(call)
    yield from err("".join(found.notes))
    if found.error is not None:
        raise found.error
    most = flags.of("max-log-requests", AT_ONCE)
    if flags.on("follow") and len(found.containers) > max(1, most):
        raise Wrong(
            f"you are attempting to follow {len(found.containers)} log streams, but maximum allowed concurrency is {most}, "
            "use --max-log-requests to increase the limit"
        )
    followed = []
    for pod, name in found.containers:
        try:
            log = yield Look(partial(_logged, call, pod, name, since_time))
        except Refusal as refusal:
            if not flags.on("ignore-errors"):
                raise
            yield from out(f"error: {refusal.message}\n")
            continue
        yield from out(log.text)
        followed.append(log)
    if flags.on("follow"):
        yield from follow(call, followed)
    return 0


def _check(call: Call) -> None:
    flags = call.flags
    if flags.text("since-time") and flags.of("since"):
        raise Wrong("at most one of `sinceTime` or `sinceSeconds` may be specified")
    named = call.words[1] if len(call.words) == 2 else flags.text("container")
    if flags.on("all-containers") and named:
        raise Wrong(f"--all-containers=true should not be specified with container name {named}")
    if "container" in flags and len(call.words) == 2:
        raise Wrong("only one of -c or an inline [CONTAINER] arg is allowed")
    if flags.of("limit-bytes", 0) < 0:
        raise Wrong("--limit-bytes must be greater than 0")
    if flags.of("since", 0) < 0:
        raise Wrong("--since must be greater than 0")
    if flags.of("tail", -1) < -1:
        raise Wrong("--tail must be greater than or equal to -1")


def _moment(text: str) -> float:
    """Seconds since 1970 of a time as RFC 3339 writes it; raises Wrong."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in text:
        raise Wrong(f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"')
    return moment.timestamp()


def _logged(call: Call, document: JSON, container: str, since_time: float | None, kube: Cluster) -> Log:
    """Raises Refusal."""
    flags, name = call.flags, document["metadata"]["name"]
    pod = kube.store.get("Pod", document["metadata"]["namespace"], name)
    slot = containerlogs.slot(pod, container)
    since = kube.now - round(flags.of("since") * SECOND) if flags.of("since") else 0
    since = round((since_time - kube.settings.epoch) * SECOND) if since_time is not None else since
    tail = flags.of("tail", OF_A_SELECTION if flags.text("selector") else -1)
    lines = containerlogs.lines(kube, pod, slot, since, flags.on("previous"), None if tail < 0 else tail)
    text = containerlogs.text(kube, lines, flags.on("timestamps"))
    text = text[: flags.of("limit-bytes")] if flags.of("limit-bytes") else text
    prefix = f"[pod/{name}/{container}] " if flags.on("prefix") or flags.on("all-pods") else ""
    return Log(_prefixed(prefix, text), pod, slot, containerlogs.states(pod)[slot].restarts, containerlogs.mark(kube), prefix)


def _prefixed(prefix: str, text: str) -> str:
    return "".join(prefix + line for line in text.splitlines(keepends=True)) if prefix else text


# --- -f


def follow(call: Call, logs: list[Log]) -> Steps:
    """What containers print from now on, until the last of them ends."""
    while True:
        yield from out((yield Look(partial(_later, call.flags.on("timestamps"), logs))))
        if not any(log.goes_on for log in logs):
            return
        yield Wait(LOOKS)


def _later(stamped: bool, logs: list[Log], kube: Cluster) -> str:
    """In the order in which it was printed."""
    found = [entry for log in logs if log.goes_on for entry in _entries(kube, log)]
    found.sort(key=lambda entry: entry[0][0])
    return "".join(log.prefix + containerlogs.text(kube, [line], stamped) for line, log in found)


def _entries(kube: Cluster, log: Log) -> Iterator[tuple[Line, Log]]:
    pod = kube.store.by_uid(log.pod.uid)
    if pod is None:
        log.goes_on = False
        return
    lines = containerlogs.later(kube, pod, log.slot, log.seen)
    log.seen = containerlogs.mark(kube)
    state = containerlogs.states(pod)[log.slot]
    log.goes_on = state.state == "running" and state.restarts == log.restarts
    for line in lines:
        yield line, log
