"""Which Pod, and which of its containers, does a command mean?  By its own name, or by an object that looks after Pods.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/{attachablepodforobject,logsforobject}.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.builder import Wish, find
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]


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


def choices(spec: JSON) -> str:
    names = [each["name"] for each in spec.get("containers") or ()]
    return ", ".join([*names, *(f"{each['name']} (init)" for each in spec.get("initContainers") or ())])
