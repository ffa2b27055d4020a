"""Which containers does `kubectl logs` mean?  One of a Pod, all of it, or those of all Pods that a selector or an object selects.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/logsforobject.go; pkg/cmd/util/podcmd.
Simplified: of several, kubectl keeps no order; here they come in the order of Pods and containers.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import api
from playground.terminal.kubectl.builder import Wish, find
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.get import none_found
from playground.terminal.kubectl.pods import DEFAULT_CONTAINER, LOGS, first_container, names, not_valid, pods_of, with_pods

JSON = dict[str, Any]


class Chosen(msgspec.Struct):
    """Containers, each with its Pod's document; what is said on stderr about the choice, and then why it ends there."""

    containers: list[tuple[JSON, str]] = []
    notes: list[str] = []
    error: Exception | None = None


def chosen(call: Call, kube: Cluster) -> Chosen:
    """Raises Refusal, Wrong where there is no such object."""
    found = Chosen()
    pods = _selected(call, kube, found) if call.flags.text("selector") else _of_object(call, kube, found)
    try:
        for pod in pods:
            found.containers += [(pod, name) for name in _named(call, pod, found)]
    except Wrong as error:
        found.error = error
    return found


def _selected(call: Call, kube: Cluster, said: Chosen) -> list[JSON]:
    pods = api.some(kube, api.resource(kube, "pods"), call.namespace, call.flags.text("selector"))
    said.notes += [] if pods else [none_found(call.namespace)]
    return pods


def _of_object(call: Call, kube: Cluster, said: Chosen) -> list[JSON]:
    target = call.words[0]
    found = find(kube, Wish([target] if "/" in target else ["pods", target], call.namespace))
    if found.error is not None:
        raise _nowhere(call, found.error)
    info = found.infos[0]
    if info.resource.kind == "Pod":
        return [info.document]
    try:
        pods = with_pods(pods_of(kube, info, LOGS))
    except Wrong as error:
        said.error = error
        return []
    if call.flags.on("all-pods"):
        return pods
    said.notes += [f"Found {len(pods)} pods, using pod/{pods[0]['metadata']['name']}\n"] if len(pods) > 1 else []
    return pods[:1]


def _nowhere(call: Call, error: Exception) -> Exception:
    if isinstance(error, Refusal) and error.reason == "NotFound":
        return Wrong(f'error from server (NotFound): {error.message} in namespace "{call.namespace}"')
    return error


def _named(call: Call, pod: JSON, said: Chosen) -> list[str]:
    """Raises Wrong for a container that the Pod does not have."""
    own = names(pod)
    if call.flags.on("all-containers"):
        return own
    name = call.flags.text("container") or (call.words[1] if len(call.words) == 2 else "")
    if not name:
        name, notes = _default(pod)
        said.notes += [] if call.flags.on("all-pods") else notes
    if name not in own:
        raise not_valid(pod, name)
    return [name]


def _default(pod: JSON) -> tuple[str, list[str]]:
    wished = (pod["metadata"].get("annotations") or {}).get(DEFAULT_CONTAINER, "")
    if wished in names(pod):
        return wished, []
    name, note = first_container(pod)
    return name, [f'Default container name "{wished}" not found in pod {pod["metadata"]["name"]}\n'] * bool(wished) + [note]
