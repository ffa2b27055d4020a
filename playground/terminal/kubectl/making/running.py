"""What does `kubectl run` make, and what happens then?  A Pod, a Service for it if asked; and with -i or --attach one is attached to it.

Source: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go; pkg/generate/versioned/run.go (BasicPod).
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from playground.kube.actions import Delete
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.network import containerlogs
from playground.terminal.kubectl import api, attaching, golang
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Exit, Wrong
from playground.terminal.kubectl.flags import required
from playground.terminal.kubectl.making.overriding import overridden
from playground.terminal.kubectl.making.words import pairs, port_number
from playground.terminal.kubectl.submitting import SHOWN, dry_run, full, made, meta, submit
from playground.terminal.programs.asks import Interrupted, Wait

JSON = dict[str, Any]
FLAGS = f"""{SHOWN} image:text port:text labels/l:text env:array command:switch restart:text rm:switch stdin/i:switch tty/t:switch attach:switch
    quiet/q:switch annotations:array expose:switch image-pull-policy:text override-type:text overrides:text privileged:switch
    pod-running-timeout:span leave-stdin-open:switch"""
POLICIES = ("Always", "OnFailure", "Never")
PULLS = ("Always", "IfNotPresent", "Never")
ENDED = ("Succeeded", "Failed")
_PART = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
# github.com/distribution/reference: a registry, a path, a tag, a digest.
IMAGE = re.compile(
    rf"(?:{_HOST}(?:\.{_HOST})*(?::\d+)?/)?{_PART}(?:/{_PART})*(?::\w[\w.-]{{0,127}})?(?:@[a-z0-9+._-]+:[0-9a-fA-F]{{32,}})?", re.ASCII
)
PATIENCE, LOOKS = 60.0, 0.1


def run(call: Call) -> Program:
    flags = call.flags
    required(flags, "image")
    if not call.words:
        raise Wrong("NAME is required for run")
    if not IMAGE.fullmatch(flags.text("image")):
        raise Wrong(f"invalid image name {golang.quoted(flags.text('image'))}: invalid reference format")
    attaches = flags.of("attach", flags.on("stdin"))
    _check(call, attaches)
    document = overridden(call, _pod(call))
    if not attaches:
        return (yield from _made(call, document))
    shown, warnings = yield from submit(call, full(document))
    yield from err("".join(f"Warning: {each}\n" for each in warnings))
    try:
        if flags.on("expose"):
            yield from made(call, _service(call))
        yield from _attached(call, shown)
    except (Wrong, Refusal, Exit, Interrupted):
        yield from _removed(call, shown)
        raise
    yield from _removed(call, shown)
    return 0


def _check(call: Call, attaches: bool) -> None:
    flags = call.flags
    if flags.on("tty") and not flags.on("stdin"):
        raise Wrong("-i/--stdin is required for containers with -t/--tty=true")
    if flags.on("expose") and not flags.text("port"):
        raise Wrong("--port must be set when exposing a service")
    if flags.text("restart", "Always") not in ("", *POLICIES):
        raise Wrong(f"invalid restart policy: {flags.text('restart')}, valid values are: {', '.join(POLICIES)}")
    if flags.on("rm") and not attaches:
        raise Wrong("--rm should only be used for attached containers")
    if attaches and dry_run(call) != "none":
        raise Wrong("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)")
    if flags.text("image-pull-policy") not in ("", *PULLS):
        raise Wrong(f"invalid image pull policy: {flags.text('image-pull-policy')}, valid values are: {', '.join(PULLS)}")


def _made(call: Call, document: JSON) -> Program:
    yield from made(call, document)
    if call.flags.on("expose"):
        yield from out("---\n" if call.flags.text("output") == "yaml" else "")
        yield from made(call, _service(call))
    return 0


def _labels(call: Call) -> dict[str, str]:
    return pairs(call.flags.text("labels")) if call.flags.text("labels") else {"run": call.words[0]}


def _pod(call: Call) -> JSON:
    flags, (name, *command) = call.flags, call.words
    container: JSON = {"image": flags.text("image"), "name": name, "resources": {}}
    if command:
        container["command" if flags.on("command") else "args"] = command
    if flags.text("port"):
        container["ports"] = [{"containerPort": port_number(flags.text("port"))}]
    if flags.of("env"):
        container["env"] = [_variable(each) for each in flags.of("env")]
    if flags.text("image-pull-policy"):
        container["imagePullPolicy"] = flags.text("image-pull-policy")
    if flags.on("privileged"):
        container["securityContext"] = {"privileged": True}
    if flags.on("stdin"):
        container |= {"stdin": True, **({} if flags.on("leave-stdin-open") else {"stdinOnce": True})}
    if flags.on("tty"):
        container["tty"] = True
    spec = {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": flags.text("restart") or "Always"}
    annotations = dict(each.partition("=")[::2] for each in flags.of("annotations", []))
    about = {**({"annotations": annotations} if annotations else {}), **meta(call, name, _labels(call))}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": about, "spec": spec, "status": {}}


def _variable(text: str) -> JSON:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise Wrong(f"invalid env: {text}")
    return {"name": name, "value": value}


def _service(call: Call) -> JSON:
    port = port_number(call.flags.text("port"))
    about = meta(call, call.words[0], _labels(call) if call.flags.text("labels") else None)
    spec = {"ports": [{"port": port, "protocol": "TCP", "targetPort": port}], "selector": _labels(call)}
    return {"apiVersion": "v1", "kind": "Service", "metadata": about, "spec": spec, "status": {"loadBalancer": {}}}


# --- --attach, -i, --rm


def _attached(call: Call, document: JSON) -> Steps:
    """Raises Exit with the container's code where it is not started again."""
    pod = yield from _until(call, document, lambda pod: _phase(pod) in ENDED or _is_ready(pod))
    if _phase(pod) in ENDED:
        yield from _printed(pod)
    else:
        try:
            yield from attaching.to_pod(call, pod)
        except (Wrong, Refusal) as error:
            name = pod["metadata"]["name"]
            yield from err(f"warning: couldn't attach to pod/{name}, falling back to streaming logs: {error}\n")
            yield from _printed(pod)
    policy = call.flags.text("restart")
    if policy not in ("Never", "OnFailure") or call.flags.on("leave-stdin-open"):
        return
    pod = yield from _until(call, document, lambda pod: _phase(pod) in (ENDED if policy == "Never" else ENDED[:1]))
    if _phase(pod) == "Failed":
        ended = pod["status"]["containerStatuses"][0]["state"].get("terminated", {})
        where = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        said = f"pod {where} terminated ({ended.get('reason', '')})\n{ended.get('message', '')}"
        yield from err(f"{said.rstrip()}\n")
        raise Exit(ended.get("exitCode", 1))


def _until(call: Call, document: JSON, is_so: Any) -> Steps:
    """The Pod, as soon as it is so; raises Refusal if it is gone, Wrong when patience ends."""
    meta, left = document["metadata"], call.flags.of("pod-running-timeout", PATIENCE)
    while True:
        pod = yield Look(lambda kube: api.one(kube, api.resource(kube, "pods"), meta["namespace"], meta["name"]))
        if is_so(pod):
            return pod
        if left <= 0:
            raise Wrong("timed out waiting for the condition")
        yield Wait(LOOKS)
        left -= LOOKS


def _phase(pod: JSON) -> str:
    return str(pod.get("status", {}).get("phase", ""))


def _is_ready(pod: JSON) -> bool:
    conditions = pod.get("status", {}).get("conditions") or ()
    return _phase(pod) == "Running" and any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _printed(pod: JSON) -> Steps:
    yield from out((yield Look(partial(_log, pod))))


def _log(pod: JSON, kube: Cluster) -> str:
    found = kube.store.get("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"])
    return containerlogs.text(
        kube, containerlogs.lines(kube, found, containerlogs.slot(found, pod["spec"]["containers"][0]["name"])), False
    )


def _removed(call: Call, pod: JSON) -> Steps:
    if not call.flags.on("rm"):
        return
    meta = pod["metadata"]
    for kind in ("Pod", *(["Service"] if call.flags.on("expose") else [])):
        try:
            yield Act(Delete(kind, meta["name"], meta["namespace"]))
        except Refusal:
            continue  # it is gone already
        yield from out("" if call.flags.on("quiet") else f'{kind.lower()} "{meta["name"]}" deleted from {meta["namespace"]} namespace\n')
