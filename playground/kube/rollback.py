"""What does `kubectl rollout undo` write?  The template of an earlier revision, of a Deployment, StatefulSet or DaemonSet.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import JSON
from playground.kube.controllers import history, revisions
from playground.kube.errors import bad_request

KINDS = ("DaemonSet", "Deployment", "StatefulSet")


def known_to(store: Any, owner: Any) -> list[Any]:
    """What remembers the templates that an owner has had, oldest first: ReplicaSets, or ControllerRevisions."""
    return revisions.history(store, owner) if owner.kind == "Deployment" else history.known_to(store, owner)


def number_of(each: Any) -> int:
    return revisions.revision_of(each) if each.kind == "ReplicaSet" else history.number_of(each)


def template_of(each: Any) -> JSON:
    return revisions.template_of(each) if each.kind == "ReplicaSet" else history.template_at(each)


def is_present(each: Any, owner: Any) -> bool:
    """It remembers the template that the owner has now."""
    return revisions.is_same(each, owner) if each.kind == "ReplicaSet" else history.is_present(each, owner)


def aim(store: Any, owner: Any, to_revision: int) -> Any:
    """What remembers the template to go back to: of a revision, or (0) of the one before the latest. Raises Refusal."""
    found = _wanted(known_to(store, owner), owner, to_revision)
    if owner.kind == "Deployment" and owner.spec.get("paused"):
        advice = f"resume it first with 'kubectl rollout resume deployment/{owner.name}' and try again"
        raise bad_request(f"you cannot rollback a paused deployment; {advice}")
    return found


def _wanted(known: list[Any], owner: Any, to_revision: int) -> Any:
    if to_revision:
        found = next((each for each in known if number_of(each) == to_revision), None)
        if found is None:
            raise bad_request(f"unable to find specified revision {to_revision} in history")
        return found
    if len(known) < 2:
        raise bad_request(
            f'no rollout history found for deployment "{owner.name}"' if owner.kind == "Deployment" else "no last revision to roll back to"
        )
    return known[-2]


def document(encoded: JSON, owner: Any, each: Any) -> JSON:
    """The owner's JSON with the template that is remembered, and a Deployment's with the annotations of then."""
    metadata = encoded["metadata"]
    if owner.kind == "Deployment":
        metadata = {**metadata, "annotations": revisions.annotations_back_at(owner, each)}
    return {**encoded, "metadata": metadata, "spec": {**encoded["spec"], "template": template_of(each)}}
