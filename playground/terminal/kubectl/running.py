"""What do `kubectl exec` and `kubectl logs` do?

Source: staging/src/k8s.io/kubectl/pkg/cmd/{exec,logs}; pkg/polymorphichelpers/attachablepodforobject.go.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.network import containerlogs
from playground.terminal.kubectl import api
from playground.terminal.kubectl.asks import Inside, Look, Program
from playground.terminal.kubectl.builder import Wish, find
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Exit, Wrong, misused
from playground.terminal.programs.asks import NoProgram

JSON = dict[str, Any]
LOGS = """all-containers:switch all-pods:switch container/c:text follow/f:switch ignore-errors:switch
    insecure-skip-tls-verify-backend:switch limit-bytes:whole max-log-requests:whole pod-running-timeout:span prefix:switch previous/p:switch
    selector/l:text since:span since-time:text tail:whole timestamps:switch"""
USAGE = """expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command"""
EXEC = "container/c:text filename/f:list pod-running-timeout:span quiet/q:switch stdin/i:switch tty/t:switch"
NO_TERMINAL = "Unable to use a TTY - input is not a terminal or the right kind of file\n"


def exec_(call: Call) -> Program:
    flags, words = call.flags, call.words
    before = len(words) if flags.dash is None else flags.dash
    if flags.dash is None and len(words) > 1:
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
        raise Wrong(f"container {container} is not valid for pod {name} out of: {_choices(spec)}")
    if not container and len(spec.get("containers") or ()) > 1 and not flags.on("quiet"):
        yield from err(f'Defaulted container "{spec["containers"][0]["name"]}" out of: {_choices(spec)}\n')
    tty = flags.on("tty") and call.config.terminal
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


def logs(call: Call) -> Program:
    """Simplified: -f shows what there is, and ends; -l, --all-containers and --all-pods are not known."""
    flags = call.flags
    if not call.words:
        raise misused("logs", USAGE)
    if flags.on("all-containers") or flags.on("all-pods") or flags.of("selector"):
        raise Wrong("logs of several containers at once are not simulated in this terminal")
    container = flags.text("container") or (call.words[1] if len(call.words) == 2 else "")
    try:
        text, note = yield Look(partial(_logged, call, container))
    except Refusal as refusal:
        if refusal.reason == "NotFound" and refusal.subject[0] == "pods":
            raise Wrong(f'error from server (NotFound): {refusal.message} in namespace "{call.namespace}"') from None
        raise
    yield from err(note)
    yield from out(text)
    return 0


def _logged(call: Call, container: str, kube: Cluster) -> tuple[str, str]:
    """The lines, and which Pod and container they are of where that was not said."""
    flags, document, note = call.flags, pod_of(call, call.words[0], kube), ""
    name, spec = document["metadata"]["name"], document.get("spec", {})
    if "/" in call.words[0] and not call.words[0].startswith(("po/", "pod/", "pods/")):
        found = find(kube, Wish([call.words[0]], call.namespace)).infos[0]
        count = len(pods_of(kube, found))
        note = f"Found {count} pods, using pod/{name}\n" if count > 1 else ""
    if not container and len(spec.get("containers") or ()) > 1:
        container = spec["containers"][0]["name"]
        note += f'Defaulted container "{container}" out of: {_choices(spec)}\n'
    pod = kube.store.get("Pod", document["metadata"]["namespace"], name)
    if container and container not in [each["name"] for field in ("containers", "initContainers") for each in spec.get(field) or ()]:
        raise Wrong(f"container {container} is not valid for pod {name} out of: {_choices(spec)}")
    since = kube.now - round(flags.of("since") * SECOND) if flags.of("since") else 0
    tail = flags.of("tail", -1)
    lines = containerlogs.lines(kube, pod, containerlogs.slot(pod, container), since, flags.on("previous"), None if tail < 0 else tail)
    text = containerlogs.text(kube, lines, flags.on("timestamps"))
    return text[: flags.of("limit-bytes")] if flags.of("limit-bytes") else text, note


def _choices(spec: JSON) -> str:
    names = [each["name"] for each in spec.get("containers") or ()]
    return ", ".join([*names, *(f"{each['name']} (init)" for each in spec.get("initContainers") or ())])


def pod_of(call: Call, target: str, kube: Cluster) -> JSON:
    """The Pod that is meant, or one of those that an object looks after; raises Refusal, Wrong."""
    found = find(kube, Wish([target] if "/" in target else ["pods", target], call.namespace))
    if found.error is not None:
        raise found.error
    info = found.infos[0]
    if info.resource.kind == "Pod":
        return info.document
    pods = pods_of(kube, info)
    if not pods:
        raise Wrong("timed out waiting for the condition")
    return pods[0]


def pods_of(kube: Cluster, info: api.Info) -> list[JSON]:
    spec = info.document.get("spec", {})
    selector = spec.get("selector")
    if selector is None:
        raise Wrong(f"cannot get the logs from {info.resource.word}: selectors for this kind are not known")
    chosen = selectors.of({"matchLabels": selector} if info.resource.kind in ("Service", "ReplicationController") else selector)
    kind = api.resource(kube, "pods")
    pods = [each for each in kube.store.list("Pod", info.namespace) if chosen.matches(each.labels)]
    return [api.shown(kube, kind, each) for each in pods]
