"""What Pod comes of a template?  One that shares the template's spec, labels and annotations with all its siblings.

Source: pkg/controller/controller_utils.go (GetPodFromTemplate).
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

from playground.kube.apiserver import accounts, priority
from playground.kube.apiserver.defaults import pods
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import EMPTY, JSON, Object, Owner, Pod
from playground.kube.apiserver.shared import shared
from playground.kube.errors import forbidden

FIRST: JSON = {"generation": 1}


def create_pod(machinery: Machinery, pod: Pod, called: str = "") -> Any:
    """Store a controller's new Pod. Raises Refusal where the Namespace is being deleted, its ServiceAccount is missing, or the playground's
    limit is reached. `called` is how admission knows the Pod: by its generateName, where it has one."""
    _check_namespace(machinery, pod, "pods", called)
    accounts.account_of(machinery, pod.namespace, pod.spec, called or pod.name)
    allowed = machinery.settings.limits.pods
    if machinery.store.count("Pod") >= allowed:
        raise forbidden("pods", pod.name, f'this playground holds at most {allowed} Pods: limit "pods" reached')
    return machinery.store.create(priority.admitted(machinery.store, pod))


def create_claim(machinery: Machinery, claim: Object) -> None:
    """Store a controller's new PersistentVolumeClaim. Raises Refusal where the Namespace is being deleted."""
    _check_namespace(machinery, claim, "persistentvolumeclaims")
    machinery.store.create(claim)


def _check_namespace(machinery: Machinery, thing: Object, resource: str, called: str = "") -> None:
    namespace = machinery.store.get("Namespace", "", thing.namespace)
    if namespace is not None and namespace.deleting is not None:
        name = called or thing.name
        raise forbidden(resource, name, f"unable to create new content in namespace {thing.namespace} because it is being terminated")


def pod_of(machinery: Machinery, owner: Object, template: JSON, name: str) -> Pod:
    """A new Pod that `owner` controls; not stored yet. Without its ServiceAccount it cannot be."""
    metadata, spec = template.get("metadata", EMPTY), template["spec"]
    account = accounts.found(machinery, owner.namespace, spec)
    return Pod(
        kind="Pod",
        namespace=owner.namespace,
        name=name,
        uid=machinery.store.new_uid(),
        version=0,
        created=machinery.now,
        labels=metadata.get("labels", EMPTY),
        annotations=metadata.get("annotations", EMPTY),
        owners=owned_by(owner),
        meta=_first(metadata),
        spec=admitted.of(spec, EMPTY if account is None else account.rest),
    )


def owned_by(owner: Object) -> tuple[Owner, ...]:
    """The owner references of what `owner` controls, shared by all of it."""
    return _reference(owner.kind, owner.name, owner.uid)


@lru_cache(maxsize=4096)
def _reference(kind: str, name: str, uid: str) -> tuple[Owner, ...]:
    return (Owner("v1" if kind in ("Endpoints", "Pod", "Service") else "apps/v1", kind, name, uid, True, True),)


def _first(metadata: JSON) -> JSON:
    return {**FIRST, "finalizers": metadata["finalizers"]} if metadata.get("finalizers") else FIRST


def _admit(spec: JSON, account: JSON) -> JSON:
    """The spec as the API server stores it in a new Pod: with defaults, and with what admission adds, for which it looks at the account's fields."""
    document = {"spec": deepcopy(spec)}
    pods.pod(document)
    accounts.admit(document["spec"], account)
    return shared(document["spec"])


admitted = Memo(_admit)
