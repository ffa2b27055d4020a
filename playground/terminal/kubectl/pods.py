"""Which Pod, and which of its containers, does a command mean?  By its own name, or by an object that looks after Pods.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/{attachablepodforobject,helpers}.go; pkg/util/podutils (ByLogging, ActivePods);
pkg/cmd/util/podcmd.
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
DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
LOGS, ATTACH = "get the logs from", "attach to"
PHASES = ("Running", "Unknown", "Pending")


def pod_of(call: Call, target: str, kube: Cluster) -> JSON:
    """The Pod that is meant, or one of those that an object looks after; raises Refusal, Wrong."""
    found = find(kube, Wish([target] if "/" in target else ["pods", target], call.namespace))
    if found.error is not None:
        raise found.error
    info = found.infos[0]
    if info.resource.kind == "Pod":
        return info.document
    return with_pods(pods_of(kube, info, ATTACH))[0]


def with_pods(pods: list[JSON]) -> list[JSON]:
    if not pods:
        raise Wrong("timed out waiting for the condition")
    return pods


def pods_of(kube: Cluster, info: api.Info, aim: str) -> list[JSON]:
    """The best one first: it has a Node, runs, is ready, is not on its way out, and that for the longest time."""
    spec = info.document.get("spec", {})
    selector = spec.get("selector")
    if not selector:
        raise Wrong(f"cannot {aim} *{info.resource.version}.{info.resource.word}: {_unselecting(info)}")
    chosen = selectors.of({"matchLabels": selector} if info.resource.kind in ("Service", "ReplicationController") else selector)
    kind = api.resource(kube, "pods")
    pods = [each for each in kube.store.list("Pod", info.namespace) if chosen.matches(each.labels)]
    return sorted((api.shown(kube, kind, each) for each in pods), key=_by_logging if aim == LOGS else _by_activity)


def _unselecting(info: api.Info) -> str:
    if info.resource.kind == "Service":
        return f"invalid service '{info.name}': Service is defined without a selector"
    return f"selector for *{info.resource.version}.{info.resource.word} not implemented"


def _by_activity(pod: JSON) -> tuple[Any, ...]:
    """What ActivePods has last comes first: of those that are deleted, the one that was deleted last."""
    phase, since, restarts, sidecars = _state(pod)
    deleted = pod["metadata"].get("deletionTimestamp", "")
    return (
        *(not pod.get("spec", {}).get("nodeName"), PHASES.index(phase) if phase in PHASES else len(PHASES) - 1),
        *(not since, bool(deleted), [-ord(sign) for sign in deleted]),
        *(since, restarts, sidecars, pod["metadata"].get("creationTimestamp", "")),
    )


def _by_logging(pod: JSON) -> tuple[Any, ...]:
    """As ByLogging has them: whoever was restarted more often has more to tell."""
    phase, since, restarts, sidecars = _state(pod)
    return (
        *(not pod.get("spec", {}).get("nodeName"), PHASES.index(phase) if phase in PHASES else 0),
        *(not since, since, -restarts, -sidecars, pod["metadata"].get("creationTimestamp", "")),
    )


def _state(pod: JSON) -> tuple[str, str, int, int]:
    """The phase, since when it is ready ('' if it is not), and how often the containers and the sidecars were restarted at most."""
    status = pod.get("status", {})
    ready = next((each for each in status.get("conditions") or () if each["type"] == "Ready" and each["status"] == "True"), {})
    always = {each["name"] for each in pod.get("spec", {}).get("initContainers") or () if each.get("restartPolicy") == "Always"}
    counts = [max((each.get("restartCount", 0) for each in status.get("containerStatuses") or ()), default=0)]
    inits = [each for each in status.get("initContainerStatuses") or () if each["name"] in always]
    counts.append(max((each.get("restartCount", 0) for each in inits), default=0))
    return status.get("phase", ""), ready.get("lastTransitionTime", ""), counts[0], counts[1]


def default_container(pod: JSON) -> tuple[str, str]:
    """The container that is meant without a name, and what is said of that where there are several. It may be one that is not there."""
    wished = (pod["metadata"].get("annotations") or {}).get(DEFAULT_CONTAINER, "")
    return (wished, "") if wished else first_container(pod)


def first_container(pod: JSON) -> tuple[str, str]:
    spec = pod.get("spec", {})
    first, several = spec["containers"][0]["name"], len(names(pod)) > 1
    return first, f'Defaulted container "{first}" out of: {choices(spec)}\n' if several else ""


def names(pod: JSON) -> list[str]:
    return [each["name"] for field in ("initContainers", "containers") for each in pod.get("spec", {}).get(field) or ()]


def not_valid(pod: JSON, container: str) -> Wrong:
    return Wrong(f"container {container} is not valid for pod {pod['metadata']['name']} out of: {choices(pod.get('spec', {}))}")


def choices(spec: JSON) -> str:
    own = [each["name"] for each in spec.get("containers") or ()]
    return ", ".join([*own, *(f"{each['name']} (init)" for each in spec.get("initContainers") or ())])
