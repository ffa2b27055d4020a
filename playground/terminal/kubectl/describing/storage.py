"""What is told of a PersistentVolumeClaim, a PersistentVolume, and a StorageClass?

Simplified: of the volumes' own sources, hostPath, nfs, local and csi are told; others as `<unknown>`.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables import layout, storage
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.describing.page import NONE, UNSET, Page, head, marks, moment, since

JSON = dict[str, Any]
_CONDITIONS = ("Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message")
_UNSAID: JSON = {"readOnly": False, "type": NONE}
_SOURCES = {
    "hostPath": ("HostPath (bare host directory volume)", (("Path:", "path"), ("HostPathType:", "type"))),
    "nfs": ("NFS (an NFS mount that lasts the lifetime of a pod)", (("Server:", "server"), ("Path:", "path"), ("ReadOnly:", "readOnly"))),
    "local": ("LocalVolume (a persistent volume backed by local storage on a node)", (("Path:", "path"),)),
    "csi": (
        "CSI (a Container Storage Interface (CSI) volume source)",
        (("Driver:", "driver"), ("FSType:", "fsType"), ("VolumeHandle:", "volumeHandle"), ("ReadOnly:", "readOnly")),
    ),
}


def claim(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    cells, bound = storage.claim(document, 0), spec.get("volumeName", "")
    head(page, document)
    page.line(0, "StorageClass:", storage.storage_class_of(document))
    page.line(0, "Status:", _phase(kube, document))
    page.line(0, "Volume:", bound)
    marks(page, document)
    page.line(0, "Finalizers:", f"[{' '.join(meta.get('finalizers') or ())}]")
    page.line(0, "Capacity:", cells[3])
    page.line(0, "Access Modes:", cells[4])
    if spec.get("volumeMode"):
        page.line(0, "VolumeMode:", spec["volumeMode"])
    if spec.get("dataSource"):
        page.raw("DataSource:\n")
        for title, name in (("APIGroup:", "apiGroup"), ("Kind:", "kind"), ("Name:", "name")):
            if name in spec["dataSource"] or name != "apiGroup":
                page.line(1, title, spec["dataSource"].get(name, ""))
    page.several("Used By:", _users(kube, document))
    if status.get("conditions"):
        page.raw("Conditions:\n")
        page.line(1, *_CONDITIONS)
        page.line(1, "----", "------", "-----------------", "------------------", "------", "-------")
        for each in status["conditions"]:
            times = [moment(each.get("lastProbeTime")), moment(each.get("lastTransitionTime"))]
            page.raw("  " + " \t".join([each["type"], each["status"], *times, each.get("reason", ""), each.get("message", "")]) + "\n")


def volume(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    cells = storage.volume(document, 0)
    page.line(0, "Name:", meta["name"])
    marks(page, document)
    page.line(0, "Finalizers:", f"[{' '.join(meta.get('finalizers') or ())}]")
    page.line(0, "StorageClass:", storage.storage_class_of(document))
    page.line(0, "Status:", _phase(kube, document))
    page.line(0, "Claim:", cells[5])
    page.line(0, "Reclaim Policy:", spec.get("persistentVolumeReclaimPolicy", ""))
    page.line(0, "Access Modes:", cells[2])
    if spec.get("volumeMode"):
        page.line(0, "VolumeMode:", spec["volumeMode"])
    page.line(0, "Capacity:", cells[1])
    _affinity(page, (spec.get("nodeAffinity") or {}).get("required"))
    page.line(0, "Message:", status.get("message", ""))
    page.raw("Source:\n")
    _source(page, spec)


def storage_class(page: Page, kube: Cluster, document: JSON) -> None:
    meta = document["metadata"]
    default = any((meta.get("annotations") or {}).get(key) == "true" for key in storage.DEFAULT)
    page.line(0, "Name:", meta["name"])
    page.line(0, "IsDefaultClass:", "Yes" if default else "No")
    page.line(0, "Annotations:", layout.labels(meta.get("annotations")))
    page.line(0, "Provisioner:", document.get("provisioner", ""))
    page.line(0, "Parameters:", layout.labels(document.get("parameters")))
    expands = document.get("allowVolumeExpansion")
    page.line(0, "AllowVolumeExpansion:", UNSET if expands is None else str(expands))
    if document.get("mountOptions"):
        page.raw("MountOptions:\n")
        for option in document["mountOptions"]:
            page.line(1, option)
    else:
        page.line(0, "MountOptions:", NONE)
    for title, name in (("ReclaimPolicy:", "reclaimPolicy"), ("VolumeBindingMode:", "volumeBindingMode")):
        if document.get(name):
            page.line(0, title, document[name])
    if document.get("allowedTopologies"):
        page.raw("AllowedTopologies:\t\n")
        for place, term in enumerate(document["allowedTopologies"]):
            rules = [{"operator": "In", **rule} for rule in term.get("matchLabelExpressions") or ()]
            _term(page, 1, f"Term {place}:", rules)


def _phase(kube: Cluster, document: JSON) -> str:
    gone = document["metadata"].get("deletionTimestamp")
    return f"Terminating (lasts {since(kube, gone)})" if gone else document.get("status", {}).get("phase", "")


def _users(kube: Cluster, claim: JSON) -> list[str]:
    """The Pods that name it."""
    meta, found = claim["metadata"], []
    for pod in api.some(kube, api.resource(kube, "pods"), meta["namespace"]):
        volumes = pod.get("spec", {}).get("volumes") or ()
        found += [pod["metadata"]["name"] for each in volumes if (each.get("persistentVolumeClaim") or {}).get("claimName") == meta["name"]]
    return sorted(found)


def _affinity(page: Page, required: JSON | None) -> None:
    if not required:
        return page.line(0, "Node Affinity:", NONE)
    page.raw("Node Affinity:\t\n")
    page.raw("  Required Terms:\t\n")
    for place, term in enumerate(required.get("nodeSelectorTerms") or ()):
        _term(page, 2, f"Term {place}:", term.get("matchExpressions") or [])
    return None


def _term(page: Page, level: int, title: str, rules: list[JSON]) -> None:
    said = [
        f"{rule['key']} {rule['operator'].lower()}" + (f" [{', '.join(rule['values'])}]" if rule.get("values") else "") for rule in rules
    ]
    for place, text in enumerate(said or [NONE]):
        page.line(level, "" if place else title, text)


def _source(page: Page, spec: JSON) -> None:
    kind = next((name for name in _SOURCES if name in spec), "")
    if not kind:
        return page.raw("  <unknown>\n")
    words, fields = _SOURCES[kind]
    page.line(2, "Type:", words)
    for title, name in fields:
        value = spec[kind].get(name, _UNSAID.get(name, ""))
        page.line(2, title, str(value).lower() if isinstance(value, bool) else str(value))
    if kind == "csi":
        _attributes(page, spec[kind].get("volumeAttributes") or {})
    return None


def _attributes(page: Page, pairs: JSON) -> None:
    """kubectl indents each value, too."""
    for place, (key, value) in enumerate(sorted(pairs.items())):
        page.raw(f"{'        ' if place else '    VolumeAttributes:'}\t    {key}={value}\n")
    if not pairs:
        page.line(2, "VolumeAttributes:", NONE)
