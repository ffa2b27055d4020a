"""What does `kubectl logs` print?

Source: staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go; pkg/polymorphichelpers/logsforobject.go.
Simplified: -l, --all-containers and --all-pods are not known.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.network import containerlogs
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.builder import Wish, find
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.pods import choices, pod_of, pods_of
from playground.terminal.programs.asks import Wait

JSON = dict[str, Any]
FLAGS = """all-containers:switch all-pods:switch container/c:text follow/f:switch ignore-errors:switch
    insecure-skip-tls-verify-backend:switch limit-bytes:whole max-log-requests:whole pod-running-timeout:span prefix:switch previous/p:switch
    selector/l:text since:span since-time:text tail:whole timestamps:switch"""
USAGE = """expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command"""
LOOKS = 0.1


class Log(msgspec.Struct):
    """What a container has printed, a word for stderr before it, and where to go on: the container, and the newest request."""

    text: str
    note: str
    pod: Pod
    slot: int
    seen: containerlogs.Mark


def logs(call: Call) -> Program:
    flags = call.flags
    if not call.words:
        raise misused("logs", USAGE)
    if flags.on("all-containers") or flags.on("all-pods") or flags.of("selector"):
        raise Wrong("logs of several containers at once are not simulated in this terminal")
    container = flags.text("container") or (call.words[1] if len(call.words) == 2 else "")
    try:
        log = yield Look(partial(_logged, call, container))
    except Refusal as refusal:
        if refusal.reason == "NotFound" and refusal.subject[0] == "pods":
            raise Wrong(f'error from server (NotFound): {refusal.message} in namespace "{call.namespace}"') from None
        raise
    yield from err(log.note)
    yield from out(log.text)
    if flags.on("follow"):
        yield from _follow(call, log)
    return 0


def _logged(call: Call, container: str, kube: Cluster) -> Log:
    """The lines, and which Pod and container they are of where that was not said."""
    flags, document, note = call.flags, pod_of(call, call.words[0], kube), ""
    name, spec = document["metadata"]["name"], document.get("spec", {})
    if "/" in call.words[0] and not call.words[0].startswith(("po/", "pod/", "pods/")):
        found = find(kube, Wish([call.words[0]], call.namespace)).infos[0]
        count = len(pods_of(kube, found))
        note = f"Found {count} pods, using pod/{name}\n" if count > 1 else ""
    if not container and len(spec.get("containers") or ()) > 1:
        container = spec["containers"][0]["name"]
        note += f'Defaulted container "{container}" out of: {choices(spec)}\n'
    pod = kube.store.get("Pod", document["metadata"]["namespace"], name)
    if container and container not in [each["name"] for field in ("containers", "initContainers") for each in spec.get(field) or ()]:
        raise Wrong(f"container {container} is not valid for pod {name} out of: {choices(spec)}")
    since = kube.now - round(flags.of("since") * SECOND) if flags.of("since") else 0
    tail = flags.of("tail", -1)
    slot = containerlogs.slot(pod, container)
    lines = containerlogs.lines(kube, pod, slot, since, flags.on("previous"), None if tail < 0 else tail)
    text = containerlogs.text(kube, lines, flags.on("timestamps"))
    text = text[: flags.of("limit-bytes")] if flags.of("limit-bytes") else text
    return Log(text, note, pod, slot, containerlogs.mark(kube))


def _follow(call: Call, log: Log) -> Steps:
    """What it prints from now on, until it ends."""
    restarts = containerlogs.states(log.pod)[log.slot].restarts
    while True:
        text, goes_on = yield Look(partial(_later, call, log, restarts))
        yield from out(text)
        if not goes_on:
            return
        yield Wait(LOOKS)


def _later(call: Call, log: Log, restarts: int, kube: Cluster) -> tuple[str, bool]:
    pod = kube.store.by_uid(log.pod.uid)
    if pod is None:
        return "", False
    lines = containerlogs.later(kube, pod, log.slot, log.seen)
    log.seen = containerlogs.mark(kube)
    state = containerlogs.states(pod)[log.slot]
    return containerlogs.text(kube, lines, call.flags.on("timestamps")), state.state == "running" and state.restarts == restarts
