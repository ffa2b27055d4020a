"""What does `kubectl attach` do?  It shows what a container prints from now on, and hands it what is typed if it takes input.

Source: staging/src/k8s.io/kubectl/pkg/cmd/attach/attach.go; pkg/cmd/exec/exec.go (SetupTTY).
Simplified: to attach to a container that takes input begins its command anew, for there is no program behind the first one; with its end, the
container's ends too. --detach-keys detaches nothing.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from playground.kube.actions import Crash
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.network import containerlogs
from playground.terminal.kubectl.asks import Act, Inside, Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.logging import Log, follow
from playground.terminal.kubectl.pods import default_container, names, not_valid, pod_of
from playground.terminal.kubectl.running import NO_TERMINAL, refused
from playground.terminal.programs.asks import NoProgram

JSON = dict[str, Any]
FLAGS = "container/c:text pod-running-timeout:span quiet/q:switch stdin/i:switch tty/t:switch"
RECORDED = (
    "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed "
    "through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n"
)


def attach(call: Call) -> Program:
    if not call.words:
        raise Wrong("at least 1 argument is required for attach")
    if len(call.words) > 2:
        said = " ".join(call.words)
        raise Wrong(f"expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {len(call.words)}: [{said}]")
    if call.flags.of("pod-running-timeout", 60) <= 0:
        raise misused("attach", "--pod-running-timeout must be higher than zero")
    pod = yield Look(partial(pod_of, call, "/".join(call.words)))
    phase = pod.get("status", {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise Wrong(f"cannot attach a container in a completed pod; current phase is {phase}")
    yield from to_pod(call, pod)
    return 0


def to_pod(call: Call, pod: JSON) -> Steps:
    """Attach to a Pod that runs; raises Refusal, Wrong."""
    flags, loud = call.flags, not call.flags.on("quiet")
    container = yield from _container(call, pod)
    tty = bool(container.get("tty"))
    if flags.on("tty") and not tty and loud:
        yield from err(f"error: Unable to use a TTY - container {container['name']} did not allocate one\n")
    raw = tty and flags.on("stdin") and call.terminal
    if tty and flags.on("stdin") and not raw and loud:
        yield from err(NO_TERMINAL)
    yield from err(RECORDED if loud else "")
    if container.get("stdin"):
        yield from _run(call, pod, container, raw)
    else:
        yield from follow(call, [(yield Look(partial(_log, pod, container["name"])))])
    if raw and loud:
        meta = pod["metadata"]
        where = f"{meta['name']} -c {container['name']} -n {meta['namespace']}"
        yield from out(f"Session ended, resume using 'kubectl attach {where} -i -t' command\n")


def _container(call: Call, pod: JSON) -> Steps:
    spec, name = pod.get("spec", {}), call.flags.text("container")
    if not name:
        name, note = default_container(pod)
        yield from err("" if call.flags.on("quiet") else note)
    if name not in names(pod):
        raise Wrong(f"cannot attach to the container: {not_valid(pod, name)}")
    return next(each for field in ("containers", "initContainers") for each in spec.get(field) or () if each["name"] == name)


def _run(call: Call, pod: JSON, container: JSON, raw: bool) -> Steps:
    meta = pod["metadata"]
    words = [str(word) for word in (*container.get("command", ()), *container.get("args", ()))] or ["sh"]
    try:
        code = yield Inside(meta["namespace"], meta["name"], container["name"], words, call.flags.on("stdin"), raw)
    except (NoProgram, Refusal) as error:
        raise refused(error) from None
    with suppress(Refusal):  # it may have ended already
        yield Act(Crash(meta["name"], meta["namespace"], container["name"], code))


def _log(pod: JSON, container: str, kube: Cluster) -> Log:
    meta = pod["metadata"]
    found = kube.store.get("Pod", meta["namespace"], meta["name"])
    slot = containerlogs.slot(found, container)
    containerlogs.lines(kube, found, slot)
    return Log("", found, slot, containerlogs.states(found)[slot].restarts, containerlogs.mark(kube), "")
