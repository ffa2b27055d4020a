"""Is the metadata of an object right, and does an update keep what may not change?

Source: staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go and pkg/apis/meta/v1/validation; KEP-5311 (names of Services);
pkg/apis/core/validation/validation.go (validateKubeFinalizerName).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, immutable, invalid, required, too_long
from playground.kube.errors import Cause

Document = dict[str, Any]
Naming = Callable[[str], list[str]]

ANNOTATION_BYTES = 256 * 1024
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
# As Go reads it, but neither with a plus sign nor with a zero in front.
_is_whole = re.compile("0|-[0-9]{1,20}|[1-9][0-9]{0,19}").fullmatch
FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")
UNQUALIFIED = "name is neither a standard finalizer name nor is it fully qualified"
_PATH_SEGMENTS = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")


def naming(resource: Resource) -> Naming:
    """Which rule the names of a kind follow."""
    if resource.kind in ("Service", "Namespace"):
        return names.dns1123_label
    return names.path_segment if resource.kind in _PATH_SEGMENTS else names.dns1123_subdomain


def metadata(document: Document, resource: Resource) -> list[Cause]:
    meta = document.get("metadata", {})
    causes = _name(meta, naming(resource))
    causes += _namespace(meta, resource)
    causes += labels(meta.get("labels", {}), "metadata.labels")
    causes += annotation_map(meta.get("annotations", {}), "metadata.annotations")
    for index, owner in enumerate(meta.get("ownerReferences", ())):
        causes += _owner(owner, f"metadata.ownerReferences[{index}]")
    for index, finalizer in enumerate(meta.get("finalizers", ())):
        causes += each_invalid("metadata.finalizers", finalizer, names.label_key(finalizer))
        if "/" not in finalizer and finalizer not in FINALIZERS and "." not in resource.kind:
            causes.append(invalid(f"metadata.finalizers[{index}]", finalizer, UNQUALIFIED))
    return causes


def metadata_update(new: Document, old: Document) -> list[Cause]:
    """What the metadata of an object may not change."""
    before, after = old["metadata"], new["metadata"]
    causes: list[Cause] = []
    for name in ("name", "namespace", "uid", "creationTimestamp"):
        if name in before and name in after:
            causes += immutable(f"metadata.{name}", after[name], before[name])
    added = [each for each in after.get("finalizers", ()) if each not in before.get("finalizers", ())]
    if "deletionTimestamp" in before and added:
        listed = ", ".join(f'"{each}"' for each in added)
        causes.append(
            forbidden(
                "metadata.finalizers",
                f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{listed}}}",
            )
        )
    return causes


def labels(pairs: dict[str, str], path: str) -> list[Cause]:
    causes = []
    for key, value in pairs.items():
        causes += each_invalid(path, key, names.label_key(key))
        causes += each_invalid(path, value, names.label_value(value))
    return causes


def annotation_map(pairs: dict[str, str], path: str) -> list[Cause]:
    causes = []
    for key in pairs:
        causes += each_invalid(path, key, names.label_key(key.lower()))
    if sum(len(key.encode()) + len(value.encode()) for key, value in pairs.items()) > ANNOTATION_BYTES:
        causes.append(too_long(path, ANNOTATION_BYTES))
    return causes


def pod_annotations(pairs: dict[str, str], path: str) -> list[Cause]:
    """What the annotations of a Pod or a template may say besides (ValidatePodSpecificAnnotations)."""
    cost = pairs.get(DELETION_COST)
    if cost is None or (_is_whole(cost) and -(2**31) <= int(cost) < 2**31):
        return []
    return [invalid(f"{path}[{DELETION_COST}]", cost, "must be a 32bit integer")]


def label_selector(selector: Document, path: str) -> list[Cause]:
    """A LabelSelector of right types."""
    causes = labels(selector.get("matchLabels", {}), f"{path}.matchLabels")
    for index, rule in enumerate(selector.get("matchExpressions", ())):
        causes += _expression(rule, f"{path}.matchExpressions[{index}]")
    return causes


def _name(meta: Document, rule: Naming) -> list[Cause]:
    name, prefix = meta.get("name", ""), meta.get("generateName", "")
    # A prefix may end in a dash: a suffix follows.
    causes = each_invalid("metadata.generateName", prefix, rule(prefix[:-1] + "a" if prefix.endswith("-") else prefix)) if prefix else []
    if name:
        return causes + each_invalid("metadata.name", name, rule(name))
    return causes if prefix else [*causes, required("metadata.name", "name or generateName is required")]


def _namespace(meta: Document, resource: Resource) -> list[Cause]:
    namespace = meta.get("namespace", "")
    if not resource.namespaced:
        return [forbidden("metadata.namespace", "not allowed on this type")] if namespace else []
    return each_invalid("metadata.namespace", namespace, names.dns1123_label(namespace))


def _owner(owner: Document, path: str) -> list[Cause]:
    return [invalid(f"{path}.{name}", "", "must not be empty") for name in ("apiVersion", "kind", "name", "uid") if not owner.get(name)]


def _expression(rule: Document, path: str) -> list[Cause]:
    operator, values = rule.get("operator", ""), rule.get("values", [])
    causes = []
    if operator in ("In", "NotIn"):
        if not values:
            causes.append(required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'"))
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            causes.append(forbidden(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    else:
        causes.append(invalid(f"{path}.operator", operator, "not a valid selector operator"))
    key = rule.get("key", "")
    causes += each_invalid(f"{path}.key", key, names.label_key(key))
    for index, value in enumerate(values):
        causes += each_invalid(f"{path}.values[{index}]", value, names.label_value(value))
    return causes
