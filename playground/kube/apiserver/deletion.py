"""What happens when an object is to be deleted?  It goes at once, or is marked until whoever holds it lets go.

Source: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go (Delete, deletionFinalizersForGarbageCollection),
pkg/registry/core/{pod,namespace}/strategy.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Object, Pod, next_generation
from playground.kube.apiserver.pods import is_finished
from playground.kube.apiserver.resources import Resource
from playground.kube.clock import SECOND
from playground.kube.errors import conflict

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"


def check_preconditions(resource: Resource, thing: Any, uid: str, version: str) -> None:
    """Raises Refusal unless the object is the one that is meant, in the state that is meant; "" means any."""
    for called, wanted, found in (("UID", uid, thing.uid), ("ResourceVersion", version, str(thing.version))):
        if wanted and wanted != found:
            said = f"Precondition failed: {called} in precondition: {wanted}, {called} in object meta: {found}"
            raise conflict(resource.qualified, thing.name, said)


def delete(machinery: Machinery, thing: Any, grace: int | None = None, propagation: str = "Background") -> bool:
    """Delete a stored object; True if it is gone now, False if it is marked and waits. `grace` in seconds is for Pods,
    None for the Pod's own; `propagation` is Background, Foreground or Orphan."""
    finalizers = _finalizers(thing, propagation)
    seconds = _grace(thing, grace) if isinstance(thing, Pod) else 0
    if not seconds and not finalizers and thing.kind != "Namespace":
        machinery.store.remove(thing)
        return True
    meta = {**thing.meta, "deletionGracePeriodSeconds": seconds}
    if finalizers:
        meta["finalizers"] = finalizers
    if thing.deleting is not None:
        _shorten(machinery, thing, meta)
        return False
    # What is asked of an object has changed: it is to go.
    changes: JSON = {"meta": next_generation(meta, thing), "deleting": machinery.now + seconds * SECOND}
    if thing.kind == "Namespace":
        changes["status"] = {**thing.status, "phase": "Terminating"}
    machinery.store.replace(thing, **changes)
    return False


def remove_finalizer(machinery: Machinery, thing: Any, finalizer: str) -> bool:
    """Let go of a stored object; True if it is gone with that."""
    left = [each for each in thing.meta.get("finalizers", ()) if each != finalizer]
    meta = {key: value for key, value in thing.meta.items() if key != "finalizers"}
    return _put_or_remove(machinery, thing, {**meta, "finalizers": left} if left else meta)


def finish_namespace(machinery: Machinery, namespace: Object) -> bool:
    """Let go of a Namespace that is empty (spec.finalizers "kubernetes"); True if it is gone with that."""
    if not namespace.meta.get("finalizers"):
        machinery.store.remove(namespace)
        return True
    machinery.store.replace(namespace, spec={key: value for key, value in namespace.spec.items() if key != "finalizers"})
    return False


def _put_or_remove(machinery: Machinery, thing: Any, meta: JSON) -> bool:
    held = thing.kind == "Namespace" or (isinstance(thing, Pod) and meta.get("deletionGracePeriodSeconds"))
    if thing.deleting is not None and not meta.get("finalizers") and not held:
        machinery.store.remove(thing)
        return True
    machinery.store.replace(thing, meta=meta)
    return False


def _shorten(machinery: Machinery, thing: Any, meta: JSON) -> None:
    """A second deletion may only shorten the grace of the first."""
    before = thing.meta.get("deletionGracePeriodSeconds", 0)
    seconds = min(before, meta["deletionGracePeriodSeconds"])
    meta = {**meta, "deletionGracePeriodSeconds": seconds}
    machinery.store.replace(thing, meta=meta, deleting=thing.deleting - (before - seconds) * SECOND)


def _grace(pod: Pod, grace: int | None) -> int:
    if not pod.node or is_finished(pod):
        return 0
    own: int = pod.spec.get("terminationGracePeriodSeconds", 30) if grace is None else grace
    if pod.deleting is not None:
        return min(own, int(pod.meta.get("deletionGracePeriodSeconds", own)))
    return own


def _finalizers(thing: Any, propagation: str) -> list[str]:
    """The finalizers that the object has, with the garbage collector's that the propagation asks for, and not the other."""
    kept = [each for each in thing.meta.get("finalizers", ()) if each not in (FOREGROUND, ORPHAN)]
    wanted = {"Foreground": [FOREGROUND], "Orphan": [ORPHAN]}.get(propagation, [])
    return kept + wanted
