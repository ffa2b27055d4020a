"""Cases of TestValidateVolumes and TestValidateVolumeMounts in pkg/apis/core/validation/validation_test.go."""

from __future__ import annotations

from typing import Any

import pytest

MODE = "must be a number between 0 and 0777 (octal), both inclusive"
VOLUMES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("without name", {"name": "", "emptyDir": {}}, ["spec.volumes[0].name: Required value"]),
    ("of a name with dots", {"name": "a.b", "emptyDir": {}}, ['spec.volumes[0].name: Invalid value: "a.b": must not contain dots']),
    ("of two types", {"name": "v", "configMap": {"name": "c"}, "emptyDir": {}},
     ["spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type"]),
    ("of no ConfigMap", {"name": "v", "configMap": {}}, ["spec.volumes[0].configMap.name: Required value"]),
    ("of no Secret", {"name": "v", "secret": {}}, ["spec.volumes[0].secret.secretName: Required value"]),
    ("of no claim", {"name": "v", "persistentVolumeClaim": {}}, ["spec.volumes[0].persistentVolumeClaim.claimName: Required value"]),
    ("with a mode in decimals", {"name": "v", "configMap": {"name": "c", "defaultMode": 777}},
     [f"spec.volumes[0].configMap.defaultMode: Invalid value: 777: {MODE}"]),
    ("with an item without path", {"name": "v", "configMap": {"name": "c", "items": [{"key": "a"}]}},
     ["spec.volumes[0].configMap.items[0].path: Required value"]),
    ("with an item above the volume", {"name": "v", "secret": {"secretName": "s", "items": [{"key": "a", "path": "../a"}]}},
     ['spec.volumes[0].secret.items[0].path: Invalid value: "../a": must not contain \'..\'']),
    ("with an item of an absolute path", {"name": "v", "secret": {"secretName": "s", "items": [{"key": "a", "path": "/a"}]}},
     ['spec.volumes[0].secret.items[0].path: Invalid value: "/a": must be a relative path']),
    ("of a Node's path that is none", {"name": "v", "hostPath": {}}, ["spec.volumes[0].hostPath.path: Required value"]),
    ("of a Node's path of an unknown type", {"name": "v", "hostPath": {"path": "/a", "type": "Folder"}},
     ['spec.volumes[0].hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", '
      '"DirectoryOrCreate", "File", "FileOrCreate", "Socket"']),
    ("of less than nothing", {"name": "v", "emptyDir": {"sizeLimit": "-1"}},
     ["spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"]),
    ("of NFS without server", {"name": "v", "nfs": {"path": "a"}},
     ["spec.volumes[0].nfs.server: Required value", 'spec.volumes[0].nfs.path: Invalid value: "a": must be an absolute path']),
    ("of an address, which is not known yet", {"name": "v", "downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "status.podIP"}}]}},
     ['spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", '
      '"metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"']),
    ("of a limit of nobody", {"name": "v", "downwardAPI": {"items": [{"path": "a", "resourceFieldRef": {"resource": "limits.cpu"}}]}},
     ["spec.volumes[0].downwardAPI.resourceFieldRef.containerName: Required value"]),
    ("of two files of one path", {"name": "v", "projected": {"sources": [
        {"configMap": {"name": "c", "items": [{"key": "a", "path": "x"}]}}, {"secret": {"name": "s", "items": [{"key": "a", "path": "x"}]}}]}},
     ['spec.volumes[0].projected: Invalid value: "s": conflicting duplicate paths']),
]  # fmt: skip


@pytest.mark.parametrize(("volume", "expected"), [case[1:] for case in VOLUMES], ids=[case[0] for case in VOLUMES])
def test_a_wrong_volume_is_refused(world: Any, pod: Any, volume: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that `defaultMode: 777` is rwxrwxrwx, or that a volume of a ConfigMap may leave out which."""
    assert world.causes(pod(volumes=[volume])) == expected


MOUNTS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("of nothing", {"mountPath": "/a"},
     ["spec.containers[0].volumeMounts[0].name: Required value", 'spec.containers[0].volumeMounts[0].name: Not found: ""']),
    ("nowhere", {"name": "v"}, ["spec.containers[0].volumeMounts[0].mountPath: Required value"]),
    ("of a part above the volume", {"name": "v", "mountPath": "/a", "subPath": "../b"},
     ['spec.containers[0].volumeMounts.subPath: Invalid value: "../b": must not contain \'..\'']),
    ("of two parts", {"name": "v", "mountPath": "/a", "subPath": "b", "subPathExpr": "c"},
     ['spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "c": subPathExpr and subPath are mutually exclusive']),
    ("that gives to the Node", {"name": "v", "mountPath": "/a", "mountPropagation": "Bidirectional"},
     ["spec.containers[0].volumeMounts.mountPropagation: Forbidden: "
      "Bidirectional mount propagation is available only to privileged containers"]),
]  # fmt: skip


@pytest.mark.parametrize(("mount", "expected"), [case[1:] for case in MOUNTS], ids=[case[0] for case in MOUNTS])
def test_a_wrong_mount_is_refused(world: Any, pod: Any, mount: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that a mount can reach out of its volume."""
    assert world.causes(pod(volumes=[{"name": "v"}], container={"volumeMounts": [mount]})) == expected


def test_a_volume_that_is_wrong_cannot_be_mounted(world: Any, pod: Any) -> None:
    """Else a learner who mends only the mount would think that the volume was right."""
    mount = {"name": "V", "mountPath": "/a"}
    first, second = world.causes(pod(volumes=[{"name": "V"}], container={"volumeMounts": [mount]}))
    assert first.startswith('spec.volumes[0].name: Invalid value: "V": a lowercase RFC 1123 label must consist of')
    assert second == 'spec.containers[0].volumeMounts[0].name: Not found: "V"'


def test_a_mount_path_may_hold_a_colon(world: Any, pod: Any) -> None:
    """Else a learner would think that the API server refuses what only its documentation advises against."""
    assert world.causes(pod(volumes=[{"name": "v"}], container={"volumeMounts": [{"name": "v", "mountPath": "/a:b"}]})) == []
