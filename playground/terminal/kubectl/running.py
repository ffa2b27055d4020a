"""What do `kubectl exec` and `kubectl attach` do?

Source: staging/src/k8s.io/kubectl/pkg/cmd/{exec,attach}.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import Inside, Look, Program
from playground.terminal.kubectl.call import Call, err
from playground.terminal.kubectl.errors import Exit, Wrong, misused
from playground.terminal.kubectl.pods import choices, pod_of
from playground.terminal.programs.asks import NoProgram

JSON = dict[str, Any]
ATTACH = EXEC = "container/c:text filename/f:list pod-running-timeout:span quiet/q:switch stdin/i:switch tty/t:switch"
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
    spec = pod.get("spec", {})
    names = [each["name"] for field in ("containers", "initContainers") for each in spec.get(field) or ()]
    container = flags.text("container")
    name = pod["metadata"]["name"]
    if container and container not in names:
        raise Wrong(f"container {container} is not valid for pod {name} out of: {choices(spec)}")
    if not container and len(spec.get("containers") or ()) > 1 and not flags.on("quiet"):
        yield from err(f'Defaulted container "{spec["containers"][0]["name"]}" out of: {choices(spec)}\n')
    tty = flags.on("tty") and call.terminal
    if flags.on("tty") and not tty:
        yield from err(NO_TERMINAL)
    try:
        code = yield Inside(pod["metadata"]["namespace"], name, container, argv, flags.on("stdin"), tty)
    except NoProgram as missing:
        raise Wrong(f"Internal error occurred: {missing}") from None
    except Refusal as refusal:
        said = "Internal error occurred" if refusal.reason == "InternalError" else "unable to upgrade connection"
        raise Wrong(f"{said}: {refusal.message}") from None
    if code:
        yield from err(f"command terminated with exit code {code}\n")
        raise Exit(code)
    return 0


def attach(call: Call) -> Program:
    """Simplified: no program that a container begins with reads a terminal or writes to one, so that there is nothing to attach to."""
    if not call.words:
        raise Wrong("at least 1 argument is required for attach")
    pod = yield Look(partial(pod_of, call, call.words[0]))
    name = pod["metadata"]["name"]
    raise Wrong(
        f"attach is not simulated in this terminal: what runs in {name} writes to its log only; use kubectl logs -f {name}, or kubectl exec -it {name} -- sh"
    )
