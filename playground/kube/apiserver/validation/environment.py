"""Are the environment variables of a container right?

Source: pkg/apis/core/validation/validation.go (ValidateEnv, validateEnvVarValueFrom, validateObjectFieldSelector, ValidateEnvFrom);
pkg/apis/core/pods/helpers.go (ConvertDownwardAPIFieldLabel).
"""

from __future__ import annotations

import re
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.validation.fields import each_invalid, invalid, local_path, not_found, not_supported, required
from playground.kube.errors import Cause

Document = dict[str, Any]
Volumes = dict[str, Document]

FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
OTHER_FIELDS = ("metadata.annotations", "metadata.labels", "spec.restartPolicy", "spec.schedulerName", "status.phase")
RESOURCES = tuple(f"{part}.{name}" for part in ("limits", "requests") for name in ("cpu", "ephemeral-storage", "memory"))
DIVISORS = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
CALLED = {"cpu": "cpu", "memory": "memory", "ephemeral-storage": "local ephemeral storage"}
_keyed = re.compile(r"(.*)\['([^']*)'\]").fullmatch


def environment(container: Document, path: str, volumes: Volumes) -> list[Cause]:
    """`env` and `envFrom` of a container; `volumes` are those of its Pod."""
    causes = []
    for index, variable in enumerate(container.get("env", ())):
        here, name = f"{path}.env[{index}]", variable.get("name", "")
        causes += each_invalid(f"{here}.name", name, names.env_name(name)) if name else [required(f"{here}.name")]
        if "valueFrom" in variable:
            causes += _value_from(variable, f"{here}.valueFrom", volumes)
    for index, source in enumerate(container.get("envFrom", ())):
        causes += _from(source, f"{path}.envFrom", index)
    return causes


def _value_from(variable: Document, path: str, volumes: Volumes) -> list[Cause]:
    source = variable["valueFrom"]
    if not source:
        return [invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`")]
    causes = field_reference(source["fieldRef"], f"{path}.fieldRef", FIELDS) if "fieldRef" in source else []
    causes += resource_reference(source["resourceFieldRef"], f"{path}.resourceFieldRef") if "resourceFieldRef" in source else []
    for name in ("configMapKeyRef", "secretKeyRef"):
        if name in source:
            causes += _key(source[name], f"{path}.{name}")
    causes += _file(source["fileKeyRef"], f"{path}.fileKeyRef", volumes) if "fileKeyRef" in source else []
    if variable.get("value"):
        causes.append(invalid(path, "", "may not be specified when `value` is not empty"))
    elif len(source) > 1:
        causes.append(invalid(path, "", "may not have more than one field specified at a time"))
    return causes


def field_reference(reference: Document, path: str, allowed: tuple[str, ...]) -> list[Cause]:
    """A field of the Pod itself, one of those that are allowed there, or a label or an annotation."""
    field = reference.get("fieldPath", "")
    if not field:
        return [required(f"{path}.fieldPath")]
    keyed = _keyed(field)
    if keyed is not None:
        if keyed[1] not in ("metadata.annotations", "metadata.labels"):
            return [_unconvertible(f"{path}.fieldPath", field, "field label does not support subscript")]
        key = keyed[2].lower() if keyed[1] == "metadata.annotations" else keyed[2]
        return each_invalid(path, key, names.label_key(key))
    # The older word for it.
    name = "spec.nodeName" if field == "spec.host" else field
    if name in FIELDS or name in OTHER_FIELDS:
        return [] if name in allowed else [not_supported(f"{path}.fieldPath", name, allowed)]
    return [_unconvertible(f"{path}.fieldPath", field, "field label not supported")]


def resource_reference(reference: Document, path: str) -> list[Cause]:
    name = reference.get("resource", "")
    if not name:
        return [required(f"{path}.resource")]
    known = name in RESOURCES or name.startswith(("limits.hugepages-", "requests.hugepages-"))
    return [*([] if known else [not_supported(f"{path}.resource", name, RESOURCES)]), *_divisor(reference, name, path)]


def _divisor(reference: Document, name: str, path: str) -> list[Cause]:
    """One of those that fit the resource, in any way of writing it."""
    given, kind = amount(str(reference.get("divisor") or 0)), name.partition(".")[2]
    allowed, called = (("1m", "1"), "cpu") if kind == "cpu" else (DIVISORS, CALLED.get(kind, "hugepages"))
    if not given or not (kind in CALLED or kind.startswith("hugepages-")) or given in map(amount, allowed):
        return []
    those = " and ".join(allowed) if kind == "cpu" else ", ".join(allowed)
    return [invalid(f"{path}.divisor", name, f"only divisor's values {those} are supported with the {called} resource")]


def _unconvertible(path: str, field: str, why: str) -> Cause:
    return invalid(path, field, f"error converting fieldPath: {why}: {field}")


def _key(reference: Document, path: str) -> list[Cause]:
    """A key of a ConfigMap or Secret."""
    name, key = reference.get("name", ""), reference.get("key", "")
    causes = each_invalid(f"{path}.name", name, names.dns1123_subdomain(name))
    return causes + (each_invalid(f"{path}.key", key, names.config_key(key)) if key else [required(f"{path}.key")])


def _file(reference: Document, path: str, volumes: Volumes) -> list[Cause]:
    """A key of a file in an emptyDir of the Pod."""
    key, volume, file = (str(reference.get(name) or "") for name in ("key", "volumeName", "path"))
    causes = each_invalid(f"{path}.key", key, names.env_name(key)) if key else [required(f"{path}.key")]
    if not volume:
        causes.append(required(f"{path}.volumeName"))
    elif volume not in volumes:
        causes.append(not_found(f"{path}.volumeName", volume))
    elif "emptyDir" not in volumes[volume]:
        causes.append(invalid(f"{path}.volumeName", volume, "referenced volume must be of type emptyDir"))
    return causes + (local_path(file, f"{path}.path") if file else [required(f"{path}.path")])


def _from(source: Document, path: str, index: int) -> list[Cause]:
    """All keys of a ConfigMap or Secret. That there are too many or none is said of the whole list, as Kubernetes says it."""
    prefix, given, here = source.get("prefix", ""), [name for name in ("configMapRef", "secretRef") if name in source], f"{path}[{index}]"
    causes = each_invalid(f"{here}.prefix", prefix, names.env_name(prefix)) if prefix else []
    for kind in given:
        name = source[kind].get("name", "")
        causes += each_invalid(f"{here}.{kind}.name", name, names.dns1123_subdomain(name)) if name else [required(f"{here}.{kind}.name")]
    if not given:
        causes.append(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
    return causes + ([invalid(path, "", "may not have more than one field specified at a time")] if len(given) > 1 else [])
