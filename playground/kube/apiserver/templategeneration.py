"""How often has a DaemonSet's template changed?  An annotation counts it, and each Pod is labelled with the count it was made at.

Source: pkg/apis/apps/v1/conversion.go (Convert_apps_DaemonSet_To_v1_DaemonSet), pkg/registry/apps/daemonset/strategy.go (PrepareForCreate,
PrepareForUpdate), pkg/controller/daemon/util/daemonset_util.go (CreatePodTemplate). Deprecated, and still there.
Simplified: a first count that is no number is taken as 1, where the API server refuses it.
"""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]
ANNOTATION = "deprecated.daemonset.template.generation"
POD_LABEL = "pod-template-generation"


def count(document: JSON, old: JSON | None) -> None:
    """Put the count into a DaemonSet's document, in place: only the first may be given, and each other template moves it."""
    annotations = document["metadata"].setdefault("annotations", {})
    if old is None:
        annotations[ANNOTATION] = str(max(_number(annotations), 1))
        return
    moved = document["spec"].get("template") != old["spec"].get("template")
    annotations[ANNOTATION] = str(_number(old["metadata"].get("annotations", {})) + moved)


def pod_labels(annotations: dict[str, str]) -> dict[str, str]:
    """What a DaemonSet of these annotations adds to the labels of its Pods."""
    return {POD_LABEL: annotations[ANNOTATION]} if ANNOTATION in annotations else {}


def _number(annotations: dict[str, str]) -> int:
    found = annotations.get(ANNOTATION, "")
    return int(found) if found.isascii() and found.isdecimal() and len(found) < 19 else 0
