"""Which templates has a StatefulSet or DaemonSet had?  A ControllerRevision holds each; that of the present one has the highest number.

Source: pkg/controller/history/controller_history.go, pkg/controller/daemon/update.go (constructHistory, snapshot, cleanupHistory),
pkg/controller/statefulset/stateful_set_control.go (getStatefulSetRevisions, truncateHistory).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Object
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.controllers.claims import Claims
from playground.kube.controllers.hashing import template_hash

POD_LABEL = "controller-revision-hash"
HASH_LABELS = {"DaemonSet": POD_LABEL, "StatefulSet": "controller.kubernetes.io/hash"}


def number_of(revision: Any) -> int:
    return int(revision.rest.get("revision", 0))


def template_at(revision: Any) -> JSON:
    """The template that a revision holds. It may be one that a learner wrote, so it may hold none."""
    found: JSON = (revision.rest.get("data") or {}).get("spec", {}).get("template", {})
    return {key: value for key, value in found.items() if key != "$patch"}


def known_to(store: Any, owner: Any) -> list[Any]:
    """The revisions of a StatefulSet or DaemonSet, oldest first."""
    return by_number(each for each in store.owned(owner.uid) if each.kind == "ControllerRevision")


def by_number(revisions: Iterable[Any]) -> list[Any]:
    return sorted(revisions, key=lambda each: (number_of(each), each.created, each.name))


def is_present(revision: Any, owner: Any) -> bool:
    """It holds the template that its owner has now."""
    return bool(template_at(revision) == owner.spec["template"])


class Histories:
    """The ControllerRevisions of the controllers of one kind."""

    def __init__(self, machinery: Machinery, kind: str):
        self._machinery = machinery
        self._store = machinery.store
        self._claims = Claims(machinery, kind, "ControllerRevision")

    def present(self, owner: Any, known: list[Any]) -> tuple[Any, int]:
        """The revision of the present template, made or moved to the front where it must be; and the owner's count of collisions."""
        collisions = int(owner.status.get("collisionCount", 0))
        same = [each for each in known if is_present(each, owner)]
        if not same:
            return self._create(owner, 1 + max(map(number_of, known), default=0), collisions)
        found, others = same[-1], [each for each in known if each is not same[-1]]
        first = max(map(number_of, others), default=0)
        if number_of(found) <= first:
            found = self._store.replace(found, rest={**found.rest, "revision": first + 1})
        return found, collisions

    def truncate(self, owner: Any, known: list[Any], live: Iterable[str]) -> None:
        """Delete the oldest revisions beyond the history limit, but none of those whose names are `live`."""
        kept = tuple(live)
        past = [each for each in known if each.name not in kept and each.deleting is None]
        for each in past[: max(0, len(past) - int(owner.spec.get("revisionHistoryLimit", 10)))]:
            delete(self._machinery, each)

    def _create(self, owner: Any, number: int, collisions: int) -> tuple[Any, int]:
        """A name that another object has counts as a collision, which makes another name."""
        while True:
            hash = template_hash(owner.spec["template"], collisions)
            name = f"{owner.name}-{hash}"
            if self._store.get("ControllerRevision", owner.namespace, name) is None:
                return self._store.create(self._made(owner, name, hash, number)), collisions
            collisions += 1

    def _made(self, owner: Any, name: str, hash: str, number: int) -> Object:
        template = owner.spec["template"]
        return Object(
            kind="ControllerRevision",
            namespace=owner.namespace,
            name=name,
            uid=self._store.new_uid(),
            version=0,
            created=self._machinery.now,
            labels={**template.get("metadata", {}).get("labels", {}), HASH_LABELS[owner.kind]: hash},
            annotations=owner.annotations,
            owners=owned_by(owner),
            rest={"data": {"spec": {"template": {**template, "$patch": "replace"}}}, "revision": number},
        )

    def state(self) -> list[Any]:
        return self._claims.state()

    def restore(self, state: list[Any]) -> None:
        self._claims.restore(state)
