"""What does `kubectl exec` do?

Source: staging/src/k8s.io/kubectl/pkg/cmd/exec.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import Inside, Look, Program
from playground.terminal.kubectl.call import Call, err
from playground.terminal.kubectl.errors import Exit, Wrong, misused
from playground.terminal.kubectl.pods import default_container, names, not_valid, pod_of
from playground.terminal.programs.asks import NoProgram

JSON = dict[str, Any]
EXEC = "container/c:text pod-running-timeout:span quiet/q:switch stdin/i:switch tty/t:switch"
NO_TERMINAL = "Unable to use a TTY - input is not a terminal or the right kind of file\n"


def exec_(call: Call) -> Program:
    flags, words = call.flags, call.words
    before = len(words) if flags.dash is None else flags.dash
    if before > 1:
        raise misused("exec", "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead")
    if not before:
        raise Wrong("pod, type/name or --filename must be specified")
    target, argv = words[0], words[1:]
    if not argv:
        raise Wrong("you must specify at least one command for the container")
    pod = yield Look(partial(pod_of, call, target))
    name, container = pod["metadata"]["name"], flags.text("container")
    if not container:
        container, note = default_container(pod)
        yield from err("" if flags.on("quiet") else note)
    if container not in names(pod):
        raise not_valid(pod, container)
    tty = flags.on("tty") and call.terminal
    if flags.on("tty") and not tty:
        yield from err(NO_TERMINAL)
    try:
        code = yield Inside(pod["metadata"]["namespace"], name, container, argv, flags.on("stdin"), tty)
    except (NoProgram, Refusal) as error:
        raise refused(error) from None
    if code:
        yield from err(f"command terminated with exit code {code}\n")
        raise Exit(code)
    return 0


def refused(error: NoProgram | Refusal) -> Wrong:
    """What is said where nothing could be run in a container."""
    if isinstance(error, NoProgram):
        return Wrong(f"Internal error occurred: {error}")
    said = "Internal error occurred" if error.reason == "InternalError" else "unable to upgrade connection"
    return Wrong(f"{said}: {error.message}")
