"""Are the volumes of a Pod right?

Source: pkg/apis/core/validation/validation.go (ValidateVolumes, validateVolumeSource, validateKeyToPath, validateProjectionSources).
Simplified: the insides of the sources that clouds, drivers and old storage systems have are not looked at beyond their types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.validation.environment import field_reference, resource_reference
from playground.kube.apiserver.validation.fields import (
    duplicate,
    each_invalid,
    forbidden,
    invalid,
    local_path,
    no_backsteps,
    not_supported,
    required,
)
from playground.kube.errors import Cause

Document = dict[str, Any]

# In the order in which Kubernetes looks: of several the first is taken for the one that was meant.
_SOURCES = """emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker persistentVolumeClaim
    rbd cinder cephfs downwardAPI fc flexVolume configMap azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk storageos
    projected scaleIO csi ephemeral image""".split()
HOST_PATHS = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
MODE = "must be a number between 0 and 0777 (octal), both inclusive"
SHORTEST_TOKEN = 600


def volumes(listed: list[Document], path: str) -> tuple[dict[str, Document], list[Cause]]:
    """Those that are right, by name, and what is wrong with the others."""
    right: dict[str, Document] = {}
    causes: list[Cause] = []
    for index, volume in enumerate(listed):
        here, name = f"{path}[{index}]", volume.get("name", "")
        wrong = _source(volume, here)
        wrong += each_invalid(f"{here}.name", name, names.dns1123_label(name)) if name else [required(f"{here}.name")]
        wrong += [duplicate(f"{here}.name", name)] if name in right else []
        causes += wrong
        if not wrong:
            right[name] = volume
    return right, causes


def _source(volume: Document, path: str) -> list[Cause]:
    given = [name for name in _SOURCES if name in volume]
    check = _CHECKS.get(given[0]) if given else None
    causes = check(volume[given[0]], f"{path}.{given[0]}") if check else []
    return causes + [forbidden(f"{path}.{name}", "may not specify more than 1 volume type") for name in given[1:]]


def _empty_dir(source: Document, path: str) -> list[Cause]:
    limit = amount(source.get("sizeLimit", 0))
    return [forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")] if limit is not None and limit < 0 else []


def _host_path(source: Document, path: str) -> list[Cause]:
    if not source.get("path"):
        return [required(f"{path}.path")]
    causes = no_backsteps(source["path"], f"{path}.path")
    kind = source.get("type", "")
    return causes if kind in HOST_PATHS else [*causes, not_supported(f"{path}.type", kind, HOST_PATHS)]


def _nfs(source: Document, path: str) -> list[Cause]:
    causes = [required(f"{path}.{name}") for name in ("server", "path") if not source.get(name)]
    where = source.get("path", "")
    return causes if where.startswith("/") else [*causes, invalid(f"{path}.path", where, "must be an absolute path")]


def _claim(source: Document, path: str) -> list[Cause]:
    return [] if source.get("claimName") else [required(f"{path}.claimName")]


def _secret(source: Document, path: str) -> list[Cause]:
    return _files(source, path, "secretName")


def _config_map(source: Document, path: str) -> list[Cause]:
    return _files(source, path, "name")


def _files(source: Document, path: str, naming: str) -> list[Cause]:
    """The files of a Secret or a ConfigMap."""
    causes = [] if source.get(naming) else [required(f"{path}.{naming}")]
    causes += _mode(source, "defaultMode", path)
    return causes + _items(source, path)


def _items(source: Document, path: str) -> list[Cause]:
    causes = []
    for index, item in enumerate(source.get("items", ())):
        here = f"{path}.items[{index}]"
        causes += [required(f"{here}.{name}") for name in ("key", "path") if not item.get(name)]
        causes += _file_path(item.get("path", ""), f"{here}.path") + _mode(item, "mode", here)
    return causes


def _downward(source: Document, path: str) -> list[Cause]:
    causes = _mode(source, "defaultMode", path)
    for item in source.get("items", ()):
        # Kubernetes does not say which.
        causes += _downward_file(item, path)
    return causes


def _downward_file(item: Document, path: str) -> list[Cause]:
    causes = [] if item.get("path") else [required(f"{path}.path")]
    causes += _file_path(item.get("path", ""), f"{path}.path")
    if "fieldRef" in item:
        causes += field_reference(item["fieldRef"], f"{path}.fieldRef", FIELDS)
        if "resourceFieldRef" in item:
            causes.append(invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"))
    elif "resourceFieldRef" in item:
        reference, here = item["resourceFieldRef"], f"{path}.resourceFieldRef"
        causes += resource_reference(reference, here) if reference.get("containerName") else [required(f"{here}.containerName")]
    else:
        causes.append(required(path, "one of fieldRef and resourceFieldRef is required"))
    return causes + _mode(item, "mode", path)


def _projected(source: Document, path: str) -> list[Cause]:
    causes = _mode(source, "defaultMode", path)
    taken: set[str] = set()
    for index, part in enumerate(source.get("sources", ())):
        here = f"{path}.sources[{index}]"
        for name in ("secret", "configMap"):
            if name in part:
                causes += [] if part[name].get("name") else [required(f"{here}.{name}.name")]
                causes += _items(part[name], f"{here}.{name}") + _twice(part[name], path, part[name].get("name", ""), taken)
        for item in part.get("downwardAPI", {}).get("items", ()):
            causes += _downward_file(item, f"{here}.downwardAPI") + _twice({"items": [item]}, path, item.get("path", ""), taken)
        if "serviceAccountToken" in part:
            causes += _token(part["serviceAccountToken"], f"{here}.serviceAccountToken", path)
        causes += [forbidden(here, "may not specify more than 1 volume type per source")] if len(part) > 1 else []
    return causes


def _twice(part: Document, path: str, shown: str, taken: set[str]) -> list[Cause]:
    """Two files of one path."""
    causes = []
    for item in part.get("items", ()):
        where = item.get("path", "")
        causes += [invalid(path, shown, "conflicting duplicate paths")] if where and where in taken else []
        taken.add(where)
    return causes


def _token(part: Document, path: str, volume: str) -> list[Cause]:
    seconds = part.get("expirationSeconds", SHORTEST_TOKEN)
    causes = (
        [invalid(f"{path}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")]
        if seconds < SHORTEST_TOKEN
        else []
    )
    return causes + (_file_path(part["path"], f"{volume}.path") if part.get("path") else [required(f"{volume}.path")])


def _file_path(value: str, path: str) -> list[Cause]:
    """A path of a file in a volume."""
    reserved = value.startswith("..") and not value.startswith("../") and ".." not in value.split("/")
    return local_path(value, path) + ([invalid(path, value, "must not start with '..'")] if reserved else [])


def _mode(source: Document, name: str, path: str) -> list[Cause]:
    mode = source.get(name, 0)
    return [] if 0 <= mode <= 0o777 else [invalid(f"{path}.{name}", mode, MODE)]


_CHECKS: dict[str, Callable[[Document, str], list[Cause]]] = {
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "secret": _secret,
    "nfs": _nfs,
    "persistentVolumeClaim": _claim,
    "downwardAPI": _downward,
    "configMap": _config_map,
    "projected": _projected,
}
