"""Which templates has a Deployment had, and what brings one of them back?  Its ReplicaSets remember them.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go (DeploymentRollbacker, deploymentRevision),
pkg/controller/deployment/util/deployment_util.go (Revision, annotationsToSkip).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.lastapplied import LAST_APPLIED
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
DESIRED = "deployment.kubernetes.io/desired-replicas"
MOST = "deployment.kubernetes.io/max-replicas"
CHANGE_CAUSE = "kubernetes.io/change-cause"
OWN_ANNOTATIONS = (REVISION, HISTORY, DESIRED, MOST, LAST_APPLIED)


def revision_of(thing: Any) -> int:
    """The revision of a Deployment or ReplicaSet; 0 if it has none, or somebody wrote what is no number."""
    said = thing.annotations.get(REVISION, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def history(store: Any, deployment: Any) -> list[Any]:
    """The ReplicaSets of a Deployment that have a revision, by revision; the last one is of the present template, or was."""
    owned = (each for each in store.owned(deployment.uid) if each.kind == "ReplicaSet" and revision_of(each))
    return sorted(owned, key=revision_of)


def is_same(each: Any, deployment: Any) -> bool:
    """A ReplicaSet's template is the Deployment's, but for the hash label."""
    return _are_same.of(each.spec["template"], deployment.spec["template"])


def _is_same(ours: JSON, theirs: JSON) -> bool:
    ours = _without_hash(ours)
    return bool(ours["spec"] == theirs["spec"]) and {"labels": {}, **ours.get("metadata", {})} == {
        "labels": {},
        **theirs.get("metadata", {}),
    }


_are_same: Memo[bool] = Memo(_is_same)


def template_of(each: Any) -> JSON:
    """The template that a ReplicaSet was made from: without the label that holds its hash."""
    return _without_hash(each.spec["template"])


def _without_hash(template: JSON) -> JSON:
    metadata = template.get("metadata", {})
    labels = {key: value for key, value in metadata.get("labels", {}).items() if key != HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}


def annotations_back_at(deployment: Any, each: Any) -> dict[str, str]:
    """A Deployment's annotations when it goes back to a ReplicaSet: those of then, but its own bookkeeping of now."""
    then = {key: value for key, value in each.annotations.items() if key not in OWN_ANNOTATIONS}
    return then | {key: value for key, value in deployment.annotations.items() if key in OWN_ANNOTATIONS}
