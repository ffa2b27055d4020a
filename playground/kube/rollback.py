"""What does `kubectl rollout undo` write?  The Deployment as an earlier revision had it.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go (DeploymentRollbacker).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import JSON
from playground.kube.controllers.revisions import annotations_back_at, history, revision_of, template_of
from playground.kube.errors import bad_request


def aim(store: Any, deployment: Any, to_revision: int) -> Any:
    """The ReplicaSet to go back to: of a revision, or (0) of the one before the latest. Raises Refusal."""
    name, known = deployment.name, history(store, deployment)
    if deployment.spec.get("paused"):
        advice = f"resume it first with 'kubectl rollout resume deployment/{name}' and try again"
        raise bad_request(f"you cannot rollback a paused deployment; {advice}")
    if to_revision:
        found = next((each for each in known if revision_of(each) == to_revision), None)
        if found is None:
            raise bad_request(f"unable to find specified revision {to_revision} in history")
        return found
    if len(known) < 2:
        raise bad_request(f'no rollout history found for deployment "{name}"')
    return known[-2]


def document(encoded: JSON, deployment: Any, each: Any) -> JSON:
    """The Deployment's JSON with the template and the annotations of a ReplicaSet."""
    metadata = {**encoded["metadata"], "annotations": annotations_back_at(deployment, each)}
    return {**encoded, "metadata": metadata, "spec": {**encoded["spec"], "template": template_of(each)}}
