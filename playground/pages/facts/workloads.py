"""What does a Deployment, ReplicaSet, StatefulSet or DaemonSet keep running, and what can be done to it?"""

from __future__ import annotations

from typing import Any

from playground.kube import rollback
from playground.kube.apiserver.resources import SCALABLE
from playground.kube.controllers.revisions import CHANGE_CAUSE
from playground.pages.facts import dns, relations, words
from playground.pages.facts.states import ready_of, replicas_badge
from playground.pages.facts.values import Button, Fact, Group, Link, Overview, Row

RESTARTABLE = ("Deployment", "StatefulSet", "DaemonSet")
REVISIONS = 5
PURPOSE = {
    "Deployment": "It keeps {wanted} of one template running, through a ReplicaSet for each version of the template; {ready} ready.",
    "ReplicaSet": "It keeps {wanted} of one template running and makes a new one for each that goes; {ready} ready.",
    "StatefulSet": "It keeps {wanted} running, each with a name of its own that its successor inherits; {ready} ready.",
    "DaemonSet": "It keeps one Pod running on every Node that it fits, {wanted} in all; {ready} ready.",
}


def overview(running: Any, thing: Any) -> Overview:
    ready, wanted = ready_of(thing)
    return Overview(
        sentence=PURPOSE[thing.kind].format(wanted=words.counted(wanted, "Pod"), ready=f"{ready} {'is' if ready == 1 else 'are'}"),
        badge=replicas_badge(running, thing),
        facts=_facts(running, thing, ready, wanted),
        groups=_groups(running, thing),
        rows=(*dns.switch(running, thing), *_rows(running, thing, wanted)),
    )


def _facts(running: Any, thing: Any, ready: int, wanted: int) -> tuple[Fact, ...]:
    facts = [Fact("Wanted", str(wanted)), Fact("Ready", str(ready))]
    if thing.kind in rollback.KINDS:
        known = rollback.known_to(running.store, thing)
        number = str(rollback.number_of(known[-1])) if known else "none yet"
        facts.append(Fact("Revision", number, note="the rollout is paused" if thing.spec.get("paused") else ""))
        updated = "updatedNumberScheduled" if thing.kind == "DaemonSet" else "updatedReplicas"
        facts.append(Fact("Of the newest template", str(thing.status.get(updated, 0))))
    if thing.kind == "Deployment":
        rolling = thing.spec.get("strategy", {}).get("rollingUpdate", {})
        for name in ("maxSurge", "maxUnavailable"):
            if name in rolling:
                facts.append(Fact(name, str(rolling[name])))
    images = [container.get("image", "") for container in thing.spec.get("template", {}).get("spec", {}).get("containers", ())]
    facts.append(Fact("Image", ", ".join(images) or "none"))
    selector = thing.spec.get("selector", {}).get("matchLabels", {})
    facts.append(
        Fact("Selector", ", ".join(f"{key}={value}" for key, value in selector.items()) or "none", note="which Pods it counts as its own")
    )
    return tuple(facts)


def _groups(running: Any, thing: Any) -> tuple[Group, ...]:
    owned = running.store.owned(thing.uid)
    if thing.kind != "Deployment":
        return (relations.pods_group("Its Pods", (each for each in owned if each.kind == "Pod"), "It has no Pods."),)
    sets = [each for each in owned if each.kind == "ReplicaSet"]
    links = tuple(Link(each.ref, "", replicas_badge(running, each)) for each in sets)
    pods = (pod for each in sets for pod in running.store.owned(each.uid) if pod.kind == "Pod")
    return Group("Its ReplicaSets", links, "It has no ReplicaSet yet."), relations.pods_group("Its Pods", pods, "It has no Pods.")


def _rollout_rows(running: Any, thing: Any, place: dict[str, Any]) -> list[Row]:
    """Pause or resume, of a Deployment, and the way back to each of the last revisions."""
    paused = bool(thing.spec.get("paused"))
    hold = (
        Button("pause-rollout", "Resume", place, "Let a changed template roll out again", "primary")
        if paused
        else Button("pause-rollout", "Pause", place | {"paused": "on"}, "A changed template is kept, and rolls out when resumed")
    )
    known = [] if paused else [each for each in rollback.known_to(running.store, thing)[:-1] if not rollback.is_present(each, thing)]
    numbered = [(rollback.number_of(each), each) for each in known[-REVISIONS:]]
    back = tuple(Button("roll-back", f"Revision {number}", place | {"revision": number}, _was(each)) for number, each in numbered)
    holds = [Row("Rollout", (hold,))] if thing.kind == "Deployment" else []
    return [*holds, *([Row("Back to", back)] if back else [])]


def _was(each: Any) -> str:
    """What an earlier revision was: why it was made if somebody said so, else its images."""
    images = ", ".join(container.get("image", "") for container in rollback.template_of(each)["spec"].get("containers", ()))
    return str(each.annotations.get(CHANGE_CAUSE) or images)


def _rows(running: Any, thing: Any, wanted: int) -> tuple[Row, ...]:
    place = {"kind": thing.kind, "namespace": thing.namespace, "name": thing.name}
    rows = []
    if thing.kind in SCALABLE:
        fewer = [Button("scale", "−1", place | {"replicas": wanted - 1}, f"Scale to {wanted - 1}")] if wanted else []
        rows.append(Row("Replicas", (*fewer, Button("scale", "+1", place | {"replicas": wanted + 1}, f"Scale to {wanted + 1}"))))
    if thing.kind in rollback.KINDS:
        rows += _rollout_rows(running, thing, place)
    life = [Button("delete", "Delete", place, "Delete it and all that it owns", "danger")]
    if thing.kind in RESTARTABLE:
        life.insert(0, Button("restart", "Restart", place, "Replace its Pods one after the other, as kubectl rollout restart does"))
    return (*rows, Row("All of it", tuple(life)))
