"""What does a kubelet read from a Pod's spec?  Its containers, probes, hooks and processes, once for each distinct spec.

Source: pkg/apis/core/v1/defaults.go (SetDefaults_Probe), pkg/kubelet/kuberuntime (sidecars are init containers that restart always).
Simplified: an exec probe whose command is not simulated passes; an httpGet probe passes on every path of a port that is listened on.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.clock import SECOND
from playground.kube.kubelet.images import Port, Process, process_of, seconds, sleep_of
from playground.kube.kubelet.nonroot import objection

KINDS = ("startup", "readiness", "liveness")
POST_START, PRE_STOP = "postStart", "preStop"


class Probe(msgspec.Struct, frozen=True, gc=False):
    """Times in microseconds; `port` is None for exec, 0 for a named port that the container does not have; `grace` is how long
    a container may take to stop when this probe has failed, None for the Pod's own; `scheme` and `path` are what an httpGet asks for, `command`
    is what an exec runs."""

    delay: int
    period: int
    timeout: int
    success: int
    failure: int
    port: int | None
    how: str
    grace: int | None = None
    scheme: str = "http"
    path: str = "/"
    command: tuple[str, ...] = ()


class Hook(msgspec.Struct, frozen=True, gc=False):
    """`how` is exec, httpGet, tcpSocket (which fails always) or sleep; `lasts` is how long a sleep takes, or an exec that is not simulated, in
    microseconds; `command` is what an exec runs; the others are an httpGet's, with `host` "" for the Pod itself."""

    how: str
    lasts: int = 0
    command: tuple[str, ...] = ()
    port: int = 0
    host: str = ""
    scheme: str = "http"
    path: str = "/"


class Rule(msgspec.Struct, frozen=True, gc=False):
    """What is done when a container ends with one of these exit codes (`operator` In), or with any other (NotIn)."""

    action: str
    operator: str
    values: tuple[int, ...]


class Container(msgspec.Struct, frozen=True, gc=False):
    """One container; `field` is its place in the Pod, as events name it; `hooks` by name, `probes` by kind; `policy` is its own restart policy, ""
    for its Pod's; `pulls` says that its image is looked up at each start; `objection` is why it may not run as who it would be; what it writes at
    `message_path` is its termination message, and if it `falls_back`, the end of its logs is, where it failed without one."""

    name: str
    field: str
    image: str
    process: Process
    hooks: dict[str, Hook]
    probes: dict[str, Probe]
    sidecar: bool = False
    policy: str = ""
    rules: tuple[Rule, ...] = ()
    pulls: bool = False
    objection: str = ""
    message_path: str = ""
    falls_back: bool = False


class View(msgspec.Struct, frozen=True, gc=False):
    """`containers` holds the init containers first, `inits` of them: a container's place here is its slot. `deadline` is how
    long the Pod may be active in microseconds, None for ever; `held` says that a container has a postStart hook."""

    containers: tuple[Container, ...]
    inits: int
    policy: str
    host_network: bool
    ports: dict[Port, tuple[int, ...]]
    deadline: int | None = None
    held: bool = False


def view(pod: Pod) -> View:
    return _views.of(pod.spec, pod.annotations)


def view_of(spec: JSON, annotations: dict[str, str]) -> View:
    """Of a Pod that there is not yet."""
    return _views.of(spec, annotations)


def _read(spec: JSON, annotations: dict[str, str]) -> View:
    inits, mains = spec.get("initContainers", ()), spec.get("containers", ())
    context = spec.get("securityContext") or {}
    containers = tuple(
        _container(each, annotations, index == len(inits), index < len(inits), objection(each, context))
        for index, each in enumerate((*inits, *mains))
    )
    ports: dict[Port, tuple[int, ...]] = {}
    for slot, container in enumerate(containers):
        for port in container.process.listens if slot >= len(inits) or container.sidecar else ():
            ports[port] = (*ports.get(port, ()), slot)
    held = any(POST_START in each.hooks for each in containers)
    deadline = spec["activeDeadlineSeconds"] * SECOND if spec.get("activeDeadlineSeconds") else None
    return View(containers, len(inits), spec.get("restartPolicy", "Always"), bool(spec.get("hostNetwork")), ports, deadline, held)


def _container(value: JSON, annotations: dict[str, str], first: bool, init: bool, objects: str) -> Container:
    sidecar = init and value.get("restartPolicy") == "Always"
    process = process_of(value, annotations, first)
    if init and not sidecar and process.lasts is None and not process.deaf:
        process = msgspec.structs.replace(process, lasts=SECOND)
    probes = {kind: _probe(value[f"{kind}Probe"], value) for kind in KINDS if value.get(f"{kind}Probe")}
    field = f"spec.{'initContainers' if init else 'containers'}{{{value['name']}}}"
    pulls = value.get("imagePullPolicy") == "Always"
    own = str(value.get("restartPolicy") or ""), _rules(value)
    message = str(value.get("terminationMessagePath") or ""), value.get("terminationMessagePolicy") == "FallbackToLogsOnError"
    return Container(value["name"], field, value.get("image", ""), process, _hooks(value), probes, sidecar, *own, pulls, objects, *message)


def _rules(value: JSON) -> tuple[Rule, ...]:
    rules = ((each["action"], each.get("exitCodes") or {}) for each in value.get("restartPolicyRules") or ())
    return tuple(Rule(action, codes.get("operator", "In"), tuple(codes.get("values") or ())) for action, codes in rules)


def _probe(value: JSON, container: JSON) -> Probe:
    how = next((each for each in ("httpGet", "tcpSocket", "grpc", "exec") if each in value), "exec")
    port = None if how == "exec" else _port(value[how].get("port"), container)
    times = {
        name: value.get(name, default) * SECOND
        for name, default in (("initialDelaySeconds", 0), ("periodSeconds", 10), ("timeoutSeconds", 1))
    }
    delay, period, timeout = times.values()
    grace = value["terminationGracePeriodSeconds"] * SECOND if "terminationGracePeriodSeconds" in value else None
    counts = value.get("successThreshold", 1), value.get("failureThreshold", 3)
    scheme, path = (
        (str(value[how].get("scheme") or "HTTP").lower(), str(value[how].get("path") or "/")) if how == "httpGet" else ("http", "/")
    )
    path = path if path.startswith("/") else f"/{path}"
    command = tuple(str(word) for word in value.get("exec", {}).get("command") or ())
    return Probe(delay, period or 10 * SECOND, timeout, *counts, port, how, grace, scheme, path, command)


def _port(value: Any, container: JSON) -> int:
    if isinstance(value, int):
        return value
    named = (port["containerPort"] for port in container.get("ports", ()) if port.get("name") == value)
    return next(named, int(value) if str(value).isdecimal() else 0)


def _hooks(container: JSON) -> dict[str, Hook]:
    found = container.get("lifecycle") or {}
    return {name: _hook(found[name], container) for name in (POST_START, PRE_STOP) if found.get(name)}


def _hook(value: JSON, container: JSON) -> Hook:
    how = next((each for each in ("exec", "httpGet", "sleep") if each in value), "tcpSocket")
    given = value.get(how) or {}
    if how == "sleep":
        return Hook(how, int(given.get("seconds", 0)) * SECOND)
    if how == "exec":
        command = tuple(str(word) for word in given.get("command") or ())
        return Hook(how, round(min(sleep_of(list(command)) or 0.0, seconds("1000h")) * SECOND), command)
    path, host = str(given.get("path") or "/"), str(given.get("host") or "")
    return Hook(how, 0, (), _port(given.get("port"), container), host, str(given.get("scheme") or "HTTP").lower(), path)


_views: Memo[View] = Memo(_read)
