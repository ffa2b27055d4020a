"""What is a Pod doing, and what can be done to it?"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from playground.kube.apiserver.objects import ContainerState, Pod
from playground.kube.apiserver.pods import is_gated
from playground.kube.explain import guesses, reached
from playground.kube.kubelet.backoff import START_ERROR
from playground.kube.kubelet.images import ONE_SHOT, WELL_KNOWN, image_name
from playground.kube.kubelet.views import view
from playground.pages.facts import relations, words
from playground.pages.facts.states import pod_badge
from playground.pages.facts.values import Button, Fact, Overview, Row

ADDRESS_NOTE = "new with every Pod: clients use a Service's address instead"
HELD_BACK = {
    "CreateContainerConfigError": "The kubelet cannot start its container, and tries again and again: {}.",
    "RunContainerError": "The container runtime cannot start its container: {}.",
    "PostStartHookError": "The postStart hook of its container has failed, so the kubelet stopped the container. {}.",
    "RestartingAllContainers": "One of its containers has ended by a rule that starts all of them again: they begin with the first init container.",
    "InvalidImageName": "The kubelet cannot start its container: the name of the image is none. {}.",
}
KNOWN_IMAGES = (*WELL_KNOWN, *ONE_SHOT)
ALIKE = 0.8
PROBES = ("readiness", "liveness")


def overview(running: Any, pod: Pod) -> Overview:
    return Overview(
        sentence=_sentence(running, pod),
        badge=pod_badge(pod),
        facts=_facts(running, pod),
        groups=(relations.services_group(running, pod),),
        rows=_rows(running, pod),
    )


def streams_from(running: Any, pod: Pod) -> list[Any]:
    """The streams of requests that this Pod sends."""
    return [stream for stream in running.traffic.streams() if stream.source == f"{pod.namespace}/{pod.name}"]


def _sentence(running: Any, pod: Pod) -> str:
    if pod.deleting is not None:
        return _stopping(running, pod)
    if is_gated(pod):
        gates = ", ".join(each["name"] for each in pod.spec["schedulingGates"])
        return f"No scheduler looks at it before its scheduling gates are taken away: {gates}."
    if not pod.node:
        return f"It waits for a Node: {pod.state.unschedulable.rstrip('.') or 'the scheduler has not looked at it yet'}."
    if pod.state.phase in ("Succeeded", "Failed"):
        return f"Its containers have ended: it {pod.state.phase.lower()}, and does not run again."
    if running.store.get("Node", "", pod.node) is None:
        return f"There is no Node {pod.node} in the cluster: what is bound to it is removed within a minute or so."
    if not running.kubelet.powered(pod.node):
        return f"Its Node, {pod.node}, has no power: it answers nothing, whatever the control plane still believes."
    held = _held_back(pod)
    if held:
        return held
    if pod.state.started is not None and not pod.ip:
        return f"The kubelet of {pod.node} cannot set it up yet: its events say why."
    if not any(container.state == "running" for container in pod.state.containers):
        return _starting(pod)
    if running.kubelet.hangs(pod):
        seen = "still counts as ready: Services send it requests that nobody answers" if pod.state.ready else "is not ready any more"
        return f"Its process hangs, as after kill -STOP: its ports are open, and nobody answers. It {seen}."
    if pod.state.ready:
        return f"It runs on {pod.node} at {pod.ip} and is ready: Services that select it send it requests."
    other = "other " if _publishing(running, pod) else ""
    return (
        f"It runs on {pod.node} at {pod.ip} but is not ready: {other}Services that select it send it no requests.{_published(running, pod)}"
    )


def _stopping(running: Any, pod: Pod) -> str:
    if not running.kubelet.powered(pod.node):
        stays = "it stays like this until the Node is back or deleted, or the Pod is killed by force"
        return f"It was asked to stop, but its Node, {pod.node}, has no power: {stays}.{_published(running, pod)}"
    left = f"is no ready endpoint of any {'other ' if _publishing(running, pod) else ''}Service any more"
    return f"It was asked to stop, {left}, and is killed when its grace period is over.{_published(running, pod)}"


def _publishing(running: Any, pod: Pod) -> list[str]:
    """The Services to which it is ready whatever it says."""
    selecting = reached.selecting(running.store, pod.namespace, pod.labels)
    return [each.name for each in selecting if each.spec.get("publishNotReadyAddresses")]


def _published(running: Any, pod: Pod) -> str:
    names = _publishing(running, pod)
    return f" To {words.listed(names)} it stays ready: publishNotReadyAddresses is set there." if names else ""


def _held_back(pod: Pod) -> str:
    """Why a container that should run does not, "" if none is so."""
    found = (*pod.state.init, *pod.state.containers)
    for each in found:
        if each.state == "waiting" and each.last is not None and each.last.reason == START_ERROR:
            return HELD_BACK["RunContainerError"].format(each.last.message)
    if any(each.shown is not None for each in found):
        return "The postStart hook of a container goes on: before it is done, the container does not count as running."
    looping = next((spec["name"] for spec, state in _init_containers(pod) if state.reason == "CrashLoopBackOff"), "")
    if looping or any(container.reason == "CrashLoopBackOff" for container in pod.state.containers):
        which = f"init container {looping}" if looping else "container"
        return f"Its {which} has ended too often: the kubelet waits longer each time before it starts it again."
    held = next((each for each in found if each.reason in HELD_BACK), None)
    return HELD_BACK[held.reason].format(held.message) if held is not None else ""


def _starting(pod: Pod) -> str:
    waited_for = [
        (spec, state) for spec, state in _init_containers(pod) if state.state == "running" and not (_is_sidecar(spec) and state.started)
    ]
    for spec, _ in waited_for[:1]:
        if _is_sidecar(spec):
            return f"Its sidecar {spec['name']} runs: what comes after it is started once its startup probe has passed."
        return f"Its init container {spec['name']} runs: the next one is started when it has ended well."
    return f"The kubelet of {pod.node} is starting its containers."


def _is_sidecar(spec: Any) -> bool:
    return bool(spec.get("restartPolicy") == "Always")


def _facts(running: Any, pod: Pod) -> tuple[Fact, ...]:
    ports = ", ".join(f"{port}/{protocol}" for port, protocol in running.kubelet.listens(pod))
    own = [ip for ip in (pod.ip, pod.other_ip) if ip]
    facts = [
        Fact("Node", pod.node or "none yet", f"Node/-/{pod.node}" if pod.node else ""),
        Fact(words.plural(own, "Address", "Addresses"), ", ".join(own) or "none yet", note=ADDRESS_NOTE if own else ""),
        Fact("Listens on", ports or "no port"),
        Fact("Phase", pod.state.phase),
        *_containers(running, pod),
    ]
    if not _has(pod, "readiness"):
        facts.append(Fact("Readiness probe", "none", note="nobody asks it: its containers count as ready as long as they run"))
    if pod.deleting is not None and running.kubelet.powered(pod.node):
        facts.append(Fact("Killed at", words.moment(pod.deleting), note="when its containers have not ended by themselves"))
    return tuple(facts)


def _init_containers(pod: Pod) -> list[tuple[Any, ContainerState]]:
    return list(zip(pod.spec.get("initContainers", ()), pod.state.init, strict=False))


def _containers(running: Any, pod: Pod) -> list[Fact]:
    """The init containers first, as they are started."""
    inits = _init_containers(pod)
    found = [*inits, *zip(pod.spec.get("containers", ()), pod.state.containers, strict=False)]
    labels = ["Sidecar" if _is_sidecar(spec) else "Init container" for spec, _ in inits] + ["Container"] * (len(found) - len(inits))
    notes = [(_command(running, pod, slot, each[0]), _probes(running, pod, slot)) for slot, each in enumerate(found)]
    return [_container(labels[slot], *each, *notes[slot]) for slot, each in enumerate(found)]


def _command(running: Any, pod: Pod, slot: int, spec: Any) -> str:
    """Whether the command that was written for it is run."""
    if running.kubelet.runs(pod, slot):
        return "its command is run: what it sends is drawn, what it says is in its logs"
    word = "" if view(pod).containers[slot].process.listens or spec.get("stdin") else running.kubelet.unknown(pod.spec, slot)
    return guesses.of_command(word) if word else ""


def _probes(running: Any, pod: Pod, slot: int) -> str:
    """Whether an exec probe of it, or a hook, is not run."""
    for probe in view(pod).containers[slot].probes.values():
        word = running.kubelet.unknown_in_probe(pod.spec, slot, probe.command) if probe.how == "exec" else None
        if word is not None:
            return guesses.of_probe(word)
    for name, hook in view(pod).containers[slot].hooks.items():
        word = running.kubelet.unknown_in_hook(pod.spec, slot, hook.command) if hook.how == "exec" else None
        if word is not None:
            return guesses.of_hook(name, word)
    return ""


def _container(label: str, spec: Any, state: ContainerState, command: str, probes: str) -> Fact:
    if state.shown is not None:
        return Fact(
            label,
            f"{spec['name']}: its postStart hook goes on, {words.counted(state.restarts, 'restart')}",
            note="it does not count as running yet",
        )
    said = state.state if state.state == "running" else f"{state.state}: {state.reason}" if state.reason else state.state
    if state.ended and state.state == "terminated":
        said = f"ended with exit code {state.ended.exit_code}"
    image = spec.get("image", "")
    meant = _alike(image_name(image))
    hint = f": images are not pulled here, so any name runs; was {meant} meant?" if meant else ""
    note = "; ".join(filter(None, (f"{image}{hint}", command, probes)))
    return Fact(label, f"{spec['name']}: {said}, {words.counted(state.restarts, 'restart')}", note=note)


def _alike(name: str) -> str:
    """The well-known image whose name somebody may have mistyped, or ""."""
    found = get_close_matches(name, KNOWN_IMAGES, 1, ALIKE)
    return found[0] if found and not name.startswith(found[0]) and not name.endswith(found[0]) else ""


def _rows(running: Any, pod: Pod) -> tuple[Row, ...]:
    place = {"kind": "Pod", "namespace": pod.namespace, "name": pod.name}
    end = [
        Button("delete", "Kill", place, "Delete the Pod: its containers get SIGTERM and the grace period to end", "danger"),
        Button("delete", "Force kill", place | {"grace": 0}, "Delete the Pod at once, with a grace period of 0", "danger"),
        *(_crash(pod, spec["name"]) for spec in pod.spec.get("containers", ())),
    ]
    fields = {"namespace": pod.namespace, "name": pod.name}
    still = (
        Button("wake", "Go on", fields, "Its processes go on, as after kill -CONT", "primary")
        if running.kubelet.hangs(pod)
        else Button("hang", "Hang", fields, "Its processes stand still, as after kill -STOP: only a liveness probe ends that", "danger")
    )
    probes = [each for each in PROBES if _has(pod, each) or running.kubelet.forced(pod, each) is not None]
    return (Row("End it", tuple(end)), Row("Processes", (still,)), *(_probe(running, pod, probe) for probe in probes))


def _has(pod: Pod, probe: str) -> bool:
    return any(f"{probe}Probe" in spec for spec in pod.spec.get("containers", ()))


def _crash(pod: Pod, container: str) -> Button:
    fields = {"namespace": pod.namespace, "name": pod.name, "container": container}
    return Button(
        "crash", f"Crash {container}", fields, "The container's process ends with exit code 1; the kubelet starts it again", "danger"
    )


def _probe(running: Any, pod: Pod, probe: str) -> Row:
    """Three choices, of which one holds: pass, fail, or as the container answers by itself."""
    now = running.kubelet.forced(pod, probe)
    choices = (("pass", "Pass", True), ("fail", "Fail", False), ("own", "As it is", None))
    fields = {"namespace": pod.namespace, "name": pod.name, "probe": probe}
    return Row(
        f"{probe.capitalize()} probe",
        tuple(Button("probe", label, fields | {"passes": word}, pressed=now is value) for word, label, value in choices),
    )
