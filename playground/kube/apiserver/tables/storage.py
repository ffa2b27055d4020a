"""What does `kubectl get` print of volumes, claims, and classes and drivers of storage?

Source: pkg/printers/internalversion/printers.go; pkg/apis/core/helper (GetAccessModesAsString, GetPersistentVolumeClass).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.kube.apiserver.tables.layout import NONE, UNSET, born

JSON = dict[str, Any]
MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
OLD_CLASS = "volume.beta.kubernetes.io/storage-class"
DEFAULT = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


def volume(each: JSON, now: int) -> list[Any]:
    """Name, Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age; wide: VolumeMode."""
    spec, status, claim = each.get("spec", {}), each.get("status", {}), each.get("spec", {}).get("claimRef")
    return [
        each["metadata"]["name"],
        str(spec.get("capacity", {}).get("storage", "0")),
        _modes(spec.get("accessModes", ())),
        spec.get("persistentVolumeReclaimPolicy", "Retain"),
        _phase(each, "Pending"),
        f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "",
        storage_class_of(each),
        spec.get("volumeAttributesClassName") or UNSET,
        status.get("reason", ""),
        born(each, now),
        spec.get("volumeMode", "Filesystem"),
    ]


def claim(each: JSON, now: int) -> list[Any]:
    """Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age; wide: VolumeMode."""
    spec, status = each.get("spec", {}), each.get("status", {})
    bound = spec.get("volumeName", "")
    return [
        each["metadata"]["name"],
        _phase(each, "Pending"),
        bound,
        str(status.get("capacity", {}).get("storage", "0")) if bound else "",
        _modes(status.get("accessModes", ())) if bound else "",
        storage_class_of(each),
        spec.get("volumeAttributesClassName") or UNSET,
        born(each, now),
        spec.get("volumeMode", "Filesystem"),
    ]


def _modes(modes: Iterable[str]) -> str:
    named = list(modes)
    return ",".join(short for mode, short in MODES.items() if mode in named)


def _phase(each: JSON, first: str) -> str:
    return "Terminating" if each["metadata"].get("deletionTimestamp") else str(each.get("status", {}).get("phase") or first)


def storage_class_of(each: JSON) -> str:
    annotations = each["metadata"].get("annotations", {})
    return str(annotations[OLD_CLASS] if OLD_CLASS in annotations else each.get("spec", {}).get("storageClassName", ""))


def storage_class(each: JSON, now: int) -> list[Any]:
    """Name, Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age."""
    meta = each["metadata"]
    default = " (default)" if any(meta.get("annotations", {}).get(key) == "true" for key in DEFAULT) else ""
    return [
        f"{meta['name']}{default}",
        each.get("provisioner", ""),
        each.get("reclaimPolicy", "Delete"),
        each.get("volumeBindingMode", "Immediate"),
        bool(each.get("allowVolumeExpansion")),
        born(each, now),
    ]


def attachment(each: JSON, now: int) -> list[Any]:
    """Name, Attacher, PV, Node, Attached, Age."""
    spec = each.get("spec", {})
    volume = spec.get("source", {}).get("persistentVolumeName", "")
    attached = bool(each.get("status", {}).get("attached"))
    return [each["metadata"]["name"], spec.get("attacher", ""), volume, spec.get("nodeName", ""), attached, born(each, now)]


def csi_node(each: JSON, now: int) -> list[Any]:
    """Name, Drivers, Age."""
    return [each["metadata"]["name"], len(each.get("spec", {}).get("drivers") or ()), born(each, now)]


def csi_driver(each: JSON, now: int) -> list[Any]:
    """Name, AttachRequired, PodInfoOnMount, StorageCapacity, TokenRequests, RequiresRepublish, Modes, Age."""
    spec = each.get("spec", {})
    tokens = spec.get("tokenRequests")
    return [
        each["metadata"]["name"],
        bool(spec.get("attachRequired", True)),
        bool(spec.get("podInfoOnMount")),
        bool(spec.get("storageCapacity")),
        UNSET if tokens is None else ",".join(one.get("audience", "") for one in tokens),
        bool(spec.get("requiresRepublish")),
        ",".join(spec.get("volumeLifecycleModes", ("Persistent",))) or NONE,
        born(each, now),
    ]


def csi_capacity(each: JSON, now: int) -> list[Any]:
    """Name, StorageClassName, Capacity."""
    return [each["metadata"]["name"], each.get("storageClassName", ""), str(each.get("capacity", UNSET))]
