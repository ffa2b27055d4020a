"""Which ReplicaSets should a Deployment have, and how large?  One for each template it has had; the newest grows as the others shrink.

Source: pkg/controller/deployment/{deployment_controller,sync,recreate,progress}.go.
"""

from __future__ import annotations

from operator import is_
from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Object
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers import rolling
from playground.kube.controllers.claims import Claims
from playground.kube.controllers.hashing import template_hash
from playground.kube.controllers.progress import DONE, LATE, PAUSED, patience, progressing, status_of, with_new_set, with_pause
from playground.kube.controllers.revisions import DESIRED, HASH, HISTORY, MOST, OWN_ANNOTATIONS, REVISION, is_same, revision_of
from playground.kube.controllers.rolling import replicas, strategy_of
from playground.kube.controllers.tally import concerned
from playground.kube.controllers.writing import respec
from playground.kube.queue import Key, WorkQueue

BY = "deployment-controller"
DEADLINE = "deployment.deadline"
Wishes = tuple[JSON, JSON, JSON, JSON]


class DeploymentController:
    """Reconciles Deployments by (namespace, name)."""

    name = "deployment"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._claims = Claims(machinery, "Deployment", "ReplicaSet")
        self._progressed: dict[str, int] = {}
        self._settled: dict[str, Wishes] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        machinery.clock.on(DEADLINE, self._deadline)
        self._store.watch("Deployment", self._changed, of=("spec", "annotations"))
        self._store.watch("ReplicaSet", self._owned_changed)
        self._store.watch("Pod", self._pod_changed, of=())

    def _reconcile(self, key: Key) -> None:
        deployment = self._store.get("Deployment", *key)
        if deployment is None:
            return
        said, revision = progressing(deployment), self._store.revision
        old, new = self._sets(deployment)
        if deployment.deleting is None:
            deployment = self._roll(with_pause(self._machinery, deployment), old, new)
        if self._store.revision != revision:
            old, new = self._sets(deployment)
        if deployment.deleting is None and old and (deployment.spec.get("paused") or rolling.is_complete(deployment, old, new)):
            self._clean_up(deployment, old)
        self._write_status(deployment, old, new, said)

    def _roll(self, deployment: Any, old: list[Any], new: Any) -> Any:
        """Make and resize its ReplicaSets. With only one of them, nothing is left to do until somebody wishes for something else."""
        if old or new is None:
            return self._roll_on(deployment, old, new)
        wishes, known = _wishes(deployment, new), self._settled.get(deployment.uid)
        if known is not None and all(map(is_, wishes, known)):
            return deployment
        revision, deployment = self._store.revision, self._roll_on(deployment, old, new)
        if self._store.revision == revision:
            self._settled[deployment.uid] = wishes
        return deployment

    def _roll_on(self, deployment: Any, old: list[Any], new: Any) -> Any:
        if deployment.spec.get("paused") or self._is_scaling(deployment, old, new):
            self._scale_all(deployment, old, new)
            return deployment
        if strategy_of(deployment) == "Recreate" and not self._stopped(deployment, old):
            return deployment
        deployment, new = self._ensure_new(deployment, old, new)
        if new is None:
            return deployment
        for each, size in rolling.next_sizes(deployment, old, new, strategy_of(deployment)):
            self._scale(deployment, each, size)
        return deployment

    # --- its ReplicaSets

    def _sets(self, deployment: Any) -> tuple[list[Any], Any]:
        """The ReplicaSets of older templates, oldest first, and that of the present one or None."""
        owned = [each for each in self._store.owned(deployment.uid) if each.kind == "ReplicaSet"]
        owned.sort(key=lambda each: (each.created, each.name))
        new = next((each for each in owned if is_same(each, deployment)), None)
        return [each for each in owned if each is not new], new

    def _ensure_new(self, deployment: Any, old: list[Any], new: Any) -> tuple[Any, Any]:
        """The Deployment, with the revision of its newest ReplicaSet, and that set; made if there is none yet."""
        revision = str(max((revision_of(each) for each in old), default=0) + 1)
        if new is None:
            deployment, new = self._create(deployment, old, revision)
            if new is None:
                return deployment, None
        else:
            changes = _inherited(deployment)
            if revision_of(new) < int(revision):
                past = [each for each in (new.annotations.get(HISTORY), new.annotations.get(REVISION)) if each]
                changes |= {REVISION: revision} | ({HISTORY: ",".join(past)} if past else {})
            new = self._store.replace(new, annotations={**new.annotations, **changes})
            new = respec(self._machinery, new, minReadySeconds=deployment.spec.get("minReadySeconds") or None)
            deployment = with_new_set(self._machinery, deployment, new, made=False)
        if deployment.annotations.get(REVISION) != new.annotations.get(REVISION, revision):
            deployment = self._store.replace(
                deployment, annotations={**deployment.annotations, REVISION: new.annotations.get(REVISION, revision)}
            )
        return deployment, new

    def _create(self, deployment: Any, old: list[Any], revision: str) -> tuple[Any, Any]:
        """Make the ReplicaSet of the present template; if its name is taken by another, count a collision and try again later."""
        collisions = int(deployment.status.get("collisionCount", 0))
        made = self._set_of(deployment, template_hash(deployment.spec["template"], collisions), revision)
        if self._store.get("ReplicaSet", made.namespace, made.name) is not None:
            deployment = self._store.replace(deployment, status={**deployment.status, "collisionCount": collisions + 1})
            self._queue.add(*deployment.key)
            return deployment, None
        size = rolling.first_size(deployment, old, strategy_of(deployment))
        made = replace(made, spec={**made.spec, "replicas": size})
        new = self._store.create(replace(made, annotations={**made.annotations, **_sizes(deployment)}))
        if size:
            self._say(deployment, f"Scaled up replica set {new.name} from 0 to {size}")
        return with_new_set(self._machinery, deployment, new, made=True), new

    def _set_of(self, deployment: Any, hash: str, revision: str) -> Object:
        template = deployment.spec["template"]
        metadata = template.get("metadata", {})
        labels = {**metadata.get("labels", {}), HASH: hash}
        selector = deployment.spec.get("selector", {})
        spec: JSON = {
            "selector": {**selector, "matchLabels": {**selector.get("matchLabels", {}), HASH: hash}},
            "template": {**template, "metadata": {**metadata, "labels": labels}},
        }
        if deployment.spec.get("minReadySeconds"):
            spec["minReadySeconds"] = deployment.spec["minReadySeconds"]
        return Object(
            kind="ReplicaSet",
            namespace=deployment.namespace,
            name=f"{deployment.name}-{hash}",
            uid=self._store.new_uid(),
            version=0,
            created=self._machinery.now,
            labels=labels,
            annotations=_inherited(deployment) | {REVISION: revision},
            owners=owned_by(deployment),
            meta={"generation": 1},
            spec=spec,
            status={"replicas": 0},
        )

    def _scale(self, deployment: Any, each: Any, size: int) -> None:
        before = replicas(each)
        annotations = {**each.annotations, **_sizes(deployment)}
        if annotations != each.annotations:
            each = self._store.replace(each, annotations=annotations)
        if before != size:
            each = respec(self._machinery, each, replicas=size)
            self._say(deployment, f"Scaled {'up' if size > before else 'down'} replica set {each.name} from {before} to {size}")

    def _is_scaling(self, deployment: Any, old: list[Any], new: Any) -> bool:
        """The Deployment was resized since its ReplicaSets were."""
        wanted = str(replicas(deployment))
        active = [each for each in [*old, *([new] if new else [])] if replicas(each)]
        return any(each.annotations.get(DESIRED, wanted) != wanted for each in active)

    def _scale_all(self, deployment: Any, old: list[Any], new: Any) -> None:
        for each, size in rolling.proportional_sizes(deployment, old, new, strategy_of(deployment)):
            self._scale(deployment, each, size)

    def _stopped(self, deployment: Any, old: list[Any]) -> bool:
        """Recreate: all old Pods are gone; else see to it."""
        for each in old:
            self._scale(deployment, each, 0)
        return not any(self._has_pods(each) for each in old)

    def _has_pods(self, each: Any) -> bool:
        return any(pod.state.phase not in ("Succeeded", "Failed") for pod in self._store.owned(each.uid) if pod.kind == "Pod")

    def _clean_up(self, deployment: Any, old: list[Any]) -> None:
        """Delete the empty ones of the ReplicaSets of lowest revision beyond the history limit, now that the rollout is complete or paused."""
        kept = sorted((each for each in old if each.deleting is None), key=revision_of)
        for each in kept[: max(0, len(kept) - int(deployment.spec.get("revisionHistoryLimit", 10)))]:
            if not replicas(each) and not each.status.get("replicas"):
                delete(self._machinery, each)

    # --- status

    def _write_status(self, deployment: Any, old: list[Any], new: Any, said: JSON) -> None:
        """`said` is what its condition Progressing was before anything was done."""
        since, limit = self._progressed.get(deployment.uid), _limit(deployment)
        late = since is not None and limit is not None and self._machinery.now >= since + limit
        deployment = self._store.replace(deployment, status=status_of(self._machinery, deployment, old, new, late))
        says = progressing(deployment)
        if limit is None or says.get("reason") in (DONE, LATE, PAUSED):
            self._progressed.pop(deployment.uid, None)
        elif since is None or says != said:
            self._progressed[deployment.uid] = self._machinery.now
            if since is None:
                self._machinery.clock.after(limit, DEADLINE, deployment.uid)

    def _deadline(self, uid: str) -> None:
        """Has the rollout come no further for as long as it may?  If it has, look again when that is due."""
        deployment, since = self._store.by_uid(uid), self._progressed.get(uid)
        limit = _limit(deployment) if deployment is not None else None
        if since is None or limit is None:
            return
        if since + limit > self._machinery.now:
            self._machinery.clock.at(since + limit, DEADLINE, uid)
        else:
            self._queue.add(*deployment.key)

    def _say(self, deployment: Any, message: str) -> None:
        self._machinery.record(deployment, "Normal", "ScalingReplicaSet", message, BY)

    # --- what has changed

    def _changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._progressed.pop(old.uid, None)
            self._settled.pop(old.uid, None)
        elif old is None or old.spec is not new.spec or old.annotations is not new.annotations:
            self._queue.add(*new.key)
            if old is not None and _limit(old) != _limit(new):
                self._deadline(new.uid)

    def _owned_changed(self, old: Any, new: Any) -> None:
        for key in concerned(old, new, "Deployment"):
            self._queue.add(*key)

    def _pod_changed(self, old: Any, new: Any) -> None:
        """A Recreate rollout waits for the last old Pod to be gone."""
        if new is not None or old.controller is None or old.controller.kind != "ReplicaSet":
            return
        owner = self._store.by_uid(old.controller.uid)
        if owner is not None and not replicas(owner) and owner.controller is not None:
            self._queue.add(owner.namespace, owner.controller.name)

    def state(self) -> list[Any]:
        return [self._queue.state(), self._progressed, self._claims.state()]

    def restore(self, state: list[Any]) -> None:
        queue, progressed, claims = state
        self._queue.restore(queue)
        self._progressed = dict(progressed)
        self._claims.restore(claims)


def _wishes(deployment: Any, new: Any) -> Wishes:
    """All that decides what is done to a Deployment's ReplicaSets while there is one."""
    return deployment.spec, deployment.annotations, new.spec, new.annotations


def _limit(deployment: Any) -> int | None:
    """In how many microseconds a rollout has to come further."""
    seconds = patience(deployment)
    return None if seconds is None else seconds * SECOND


def _inherited(deployment: Any) -> dict[str, str]:
    return {key: value for key, value in deployment.annotations.items() if key not in OWN_ANNOTATIONS}


def _sizes(deployment: Any) -> dict[str, str]:
    wanted = replicas(deployment)
    return {DESIRED: str(wanted), MOST: str(wanted + rolling.surge(deployment, strategy_of(deployment)))}
