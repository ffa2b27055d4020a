"""Which objects does a line mean in this cluster?  `...` stands for what only the running cluster knows.

`frontend-...` is the first object by name that begins so (one that is not being deleted, if there is one); the selector and labels of
what is exposed, the containers of new images and the time of a restart are filled in too. The action that comes out is plain and
can be logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from playground.kube import actions
from playground.kube.actions import Action, Document
from playground.kube.apiserver.resources import by_kind
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.errors import bad_request, not_found
from playground.kube.network.senders import is_machine

if TYPE_CHECKING:
    from playground.kube.cluster import Cluster

UNKNOWN = "..."
IMAGES = "...images"
CONTAINERS = ("initContainers", "containers")
RESTARTED = "kubectl.kubernetes.io/restartedAt"


def resolve(action: Action, cluster: Cluster) -> Action:
    """The same action with nothing left open. Raises Refusal (NotFound) if nothing fits."""
    match action:
        case actions.Batch():
            return replace(action, actions=[resolve(each, cluster) for each in action.actions])
        case actions.Patch():
            name = full_name(cluster, action.kind, action.namespace, action.name)
            return replace(action, name=name, patch=_imaged(_timed(action.patch, cluster), cluster, action.kind, action.namespace, name))
        case actions.Undo():
            return replace(action, name=full_name(cluster, action.kind, action.namespace, action.name))
        case actions.Delete() | actions.Scale():
            return replace(action, name=full_name(cluster, action.kind, action.namespace, action.name))
        case actions.Crash() | actions.Hang() | actions.Wake() | actions.SetProbe():
            return replace(action, pod=full_name(cluster, "Pod", action.namespace, action.pod))
        case actions.StartTraffic() | actions.Send() if not is_machine(action.source):
            namespace, _, pod = action.source.rpartition("/")
            return replace(action, source=f"{namespace or 'default'}/{full_name(cluster, 'Pod', namespace or 'default', pod)}")
        case actions.Drain() | actions.PowerOff() | actions.PowerOn() | actions.StopProxy() | actions.StartProxy():
            return replace(action, node=full_name(cluster, "Node", "", action.node))
        case actions.Create():
            return replace(action, documents=[_selecting(document, cluster) for document in action.documents])
    return action


def full_name(cluster: Cluster, kind: str, namespace: str, name: str) -> str:
    """The name that `name` means; without `...` at its end it is itself."""
    if not name.endswith(UNKNOWN):
        return name
    found = [each for each in cluster.store.list(kind, namespace) if each.name.startswith(name.removesuffix(UNKNOWN))]
    found.sort(key=lambda each: each.deleting is not None)
    if not found:
        raise not_found(by_kind(kind).qualified, name)
    return str(found[0].name)


def _timed(patch: Any, cluster: Cluster) -> Any:
    if not isinstance(patch, dict):
        return patch
    if patch.get(RESTARTED) == UNKNOWN:
        return patch | {RESTARTED: timestamp(cluster.settings, cluster.now)}
    return {key: _timed(inner, cluster) for key, inner in patch.items()}


def _imaged(patch: Any, cluster: Cluster, kind: str, namespace: str, name: str) -> Any:
    """The images of a `set image` at the containers that are there; `*` means each of them. Raises Refusal for any other container."""
    if not isinstance(patch, dict) or IMAGES not in patch:
        return patch
    thing = cluster.store.get(kind, namespace, name)
    if thing is None:
        raise not_found(by_kind(kind).qualified, name)
    spec = thing.spec if kind == "Pod" else thing.spec.get("template", {}).get("spec", {})
    change: Document = {}
    for wanted, image in patch[IMAGES].items():
        found = [(field, each["name"]) for field in CONTAINERS for each in spec.get(field, ()) if wanted in (each["name"], "*")]
        if not found:
            raise bad_request(f'unable to find container named "{wanted}"')
        for field, container in found:
            change.setdefault(field, []).append({"name": container, "image": image})
    return {"spec": change if kind == "Pod" else {"template": {"spec": change}}}


def _selecting(document: Document, cluster: Cluster) -> Document:
    """What is exposed gives the Service its labels and selector, where they were not said."""
    metadata, spec = document["metadata"], document.get("spec") or {}
    meant = (metadata.get("labels") or {}).get(UNKNOWN) or (spec.get("selector") or {}).get(UNKNOWN)
    if meant is None:
        return document
    kind, _, name = meant.partition("/")
    namespace = metadata["namespace"]
    name = full_name(cluster, kind, namespace, name)
    thing = cluster.store.get(kind, namespace, name)
    if thing is None:
        raise not_found(by_kind(kind).qualified, name)
    metadata = metadata | {"name": metadata["name"].replace(UNKNOWN, "").rstrip("-")}
    if UNKNOWN in metadata.get("labels", {}):
        metadata["labels"] = dict(thing.labels)
    if UNKNOWN in spec["selector"]:
        spec = spec | {"selector": selector_of(thing.kind, thing.labels, thing.spec)}
    return document | {"metadata": metadata, "spec": spec}


def selector_of(kind: str, labels: Document, spec: Document) -> dict[str, str]:
    """The labels by which a Service selects the Pods of an object, as `kubectl expose` finds them."""
    selector = labels
    if kind != "Pod":
        selector = spec.get("selector") or {}
        if selector.get("matchExpressions"):
            raise bad_request("couldn't convert expressions to map-based selector format")
        selector = selector.get("matchLabels", {}) if kind in ("Deployment", "ReplicaSet") else selector
    if not selector:
        raise bad_request(f"the {kind.lower()} has no labels and cannot be exposed")
    return dict(selector)
