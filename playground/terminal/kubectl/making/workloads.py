"""What do `kubectl create deployment`, `job` and `cronjob` make?

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/{create_deployment,create_job,create_cronjob}.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.builder import Wish, looking
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.flags import required
from playground.terminal.kubectl.making.words import failed, named
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
DEPLOYMENT = f"{COMMON} image:array port:whole replicas/r:whole"
JOB = f"{COMMON} image:text from:text"
CRON_JOB = f"{COMMON} image:text schedule:text restart:text"


def deployment(call: Call) -> Program:
    required(call.flags, "image")
    images, (name, command) = call.flags.of("image"), named(call)
    if command and len(images) > 1:
        raise Wrong("cannot specify multiple --image options and command")
    labels = {"app": name}
    ports = {"ports": [{"containerPort": call.flags.of("port")}]} if call.flags.of("port", -1) >= 0 else {}
    containers = [{"image": image, "name": _container(image), "resources": {}} for image in images]
    containers[0] |= ports | ({"command": command} if command else {})
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    spec = {"replicas": call.flags.of("replicas", 1), "selector": {"matchLabels": labels}, "strategy": {}, "template": template}
    document = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta(call, name, labels), "spec": spec, "status": {}}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed("deployment", refusal) from None


def _container(image: str) -> str:
    return image.rpartition("/")[2].split("@")[0].split(":")[0].lower().replace("_", "-")


def job(call: Call) -> Program:
    name, command = named(call)
    if ("image" in call.flags) is ("from" in call.flags):
        raise Wrong("either --image or --from must be specified")
    if "from" in call.flags:
        return (yield from _job_of(call, name, command))
    container = {**({"command": command} if command else {}), "image": call.flags.text("image"), "name": name, "resources": {}}
    spec = {"template": {"metadata": {}, "spec": {"containers": [container], "restartPolicy": "Never"}}}
    document = {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta(call, name), "spec": spec, "status": {}}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed("job", refusal) from None


def _job_of(call: Call, name: str, command: list[str]) -> Program:
    """As if a CronJob's time had come."""
    if command:
        raise Wrong("cannot specify --from and command")
    found = yield Look(looking(Wish([call.flags.text("from")], call.namespace)))
    if found.error is not None:
        raise found.error
    info = found.infos[0]
    if info.resource.kind != "CronJob":
        raise Wrong(f"unknown object type *{info.resource.version}.{info.resource.word}")
    template = info.document["spec"]["jobTemplate"]
    inner, own = template.get("metadata") or {}, info.document["metadata"]
    owner = {"apiVersion": "batch/v1", "controller": True, "kind": "CronJob", "name": own["name"], "uid": own["uid"]}
    about = {
        "annotations": {"cronjob.kubernetes.io/instantiate": "manual", **inner.get("annotations", {})},
        **({"labels": inner["labels"]} if inner.get("labels") else {}),
        **meta(call, name),
        "ownerReferences": [owner],
    }
    document = {"apiVersion": "batch/v1", "kind": "Job", "metadata": about, "spec": _spelled(template["spec"]), "status": {}}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed("job", refusal) from None


def _spelled(spec: JSON) -> JSON:
    """With the empty fields that kubectl prints."""
    template = spec["template"]
    containers = [{"resources": {}, **each} for each in template["spec"]["containers"]]
    return {**spec, "template": {"metadata": {}, **template, "spec": {**template["spec"], "containers": containers}}}


def cron_job(call: Call) -> Program:
    required(call.flags, "image", "schedule")
    name, command = named(call)
    container = {**({"command": command} if command else {}), "image": call.flags.text("image"), "name": name, "resources": {}}
    inner = {"containers": [container], "restartPolicy": call.flags.text("restart") or "OnFailure"}
    template = {"metadata": {"name": name}, "spec": {"template": {"metadata": {}, "spec": inner}}}
    spec = {"jobTemplate": template, "schedule": call.flags.text("schedule")}
    document = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta(call, name), "spec": spec, "status": {}}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed("cronjob", refusal) from None
