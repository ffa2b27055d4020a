"""Who gives a claim its volume?  A simulated provisioner: each PersistentVolumeClaim is bound to a PersistentVolume made for it.

Source: pkg/controller/volume/persistentvolume/pv_controller.go (provisionClaimOperation, bind), volume/util (the name `pvc-UID`).
Simplified: the volume is there at once, whatever the storage class; volumes that a learner writes are bound to no claim; a claim
that is deleted goes at once with its volume, also while Pods use it; nothing is stored on a volume.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue

CLAIM, VOLUME = "PersistentVolumeClaim", "PersistentVolume"
PROVISIONER = "switchyard.dev/simulated"
BIND_COMPLETED = "pv.kubernetes.io/bind-completed"
BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"


class VolumeBinder:
    """Reconciles PersistentVolumeClaims by (namespace, name), and volumes whose claim is gone by (name,)."""

    name = "volume-binder"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch(CLAIM, self._claim_changed)

    def _reconcile(self, key: Key) -> None:
        if len(key) == 1:
            self._reclaim(*key)
            return
        claim = self._store.get(CLAIM, *key)
        if claim is None or claim.deleting is not None or claim.status.get("phase") == "Bound":
            return
        name = f"pvc-{claim.uid}"
        if self._store.get(VOLUME, "", name) is None:
            self._store.create(_volume(self._store.new_uid(), self._machinery.now, name, claim))
            said = f"Successfully provisioned volume {name}"
            self._machinery.record(claim, "Normal", "ProvisioningSucceeded", said, PROVISIONER)
        capacity = claim.spec.get("resources", {}).get("requests", {})
        status = {"phase": "Bound", "accessModes": claim.spec.get("accessModes", []), "capacity": capacity}
        annotations = {**claim.annotations, BIND_COMPLETED: "yes", BOUND_BY_CONTROLLER: "yes"}
        self._store.replace(claim, spec={**claim.spec, "volumeName": name}, status=status, annotations=annotations)

    def _reclaim(self, name: str) -> None:
        volume = self._store.get(VOLUME, "", name)
        if volume is not None and volume.annotations.get(PROVISIONED_BY) == PROVISIONER:
            self._store.remove(volume)

    def _claim_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._queue.add(f"pvc-{old.uid}")
        elif new.status.get("phase") != "Bound":
            self._queue.add(*new.key)

    def state(self) -> list[Any]:
        return list(self._queue.state())

    def restore(self, state: list[Any]) -> None:
        self._queue.restore(state)


def _volume(uid: str, now: int, name: str, claim: Any) -> Object:
    reference = {"apiVersion": "v1", "kind": CLAIM, "name": claim.name, "namespace": claim.namespace, "uid": claim.uid}
    kept = {key: claim.spec[key] for key in ("accessModes", "storageClassName", "volumeMode") if key in claim.spec}
    return Object(
        kind=VOLUME,
        namespace="",
        name=name,
        uid=uid,
        version=0,
        created=now,
        annotations={PROVISIONED_BY: PROVISIONER},
        spec={
            **kept,
            "capacity": claim.spec.get("resources", {}).get("requests", {}),
            "claimRef": reference,
            "csi": {"driver": PROVISIONER, "volumeHandle": name},
            "persistentVolumeReclaimPolicy": "Delete",
        },
        status={"phase": "Bound"},
    )
