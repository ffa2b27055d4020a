"""Which files does a container find where its ServiceAccount's token is mounted?  What the sources of that volume say just now.

Source: pkg/volume/projected/projected.go (collectData); pkg/kubelet/kubelet_pods.go (podFieldSelectorRuntimeValue).
Simplified: only projected volumes that hold a token are there, whole; modes and subPath do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from playground.kube.apiserver import tokens, tokenvolume
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.kubelet.fieldrefs import pod_field

File = tuple[str, str]
HOUR = 3_600


def files(machinery: Machinery, pod: Pod, container: JSON) -> tuple[File, ...]:
    """Paths and texts."""
    volumes = {each["name"]: each["projected"] for each in pod.spec.get("volumes") or () if "projected" in each}
    return tuple(
        (f"{mounted['mountPath'].rstrip('/')}/{path}", text)
        for mounted in container.get("volumeMounts") or ()
        if _holds_token(volumes.get(mounted["name"], {}))
        for source in volumes[mounted["name"]]["sources"]
        for path, text in _of(machinery, pod, source)
    )


def _holds_token(volume: JSON) -> bool:
    return any("serviceAccountToken" in each for each in volume.get("sources") or ())


def _of(machinery: Machinery, pod: Pod, source: JSON) -> Iterator[File]:
    if "serviceAccountToken" in source:
        asked = source["serviceAccountToken"]
        lasts, audiences = int(asked.get("expirationSeconds") or HOUR), [asked["audience"]] if asked.get("audience") else []
        yield asked.get("path", tokenvolume.TOKEN_FILE), tokens.of_pod(machinery, pod, lasts, audiences)
    for item in source.get("downwardAPI", {}).get("items") or ():
        yield item.get("path", ""), pod_field(pod, str(item.get("fieldRef", {}).get("fieldPath", "")))
    if "configMap" in source:
        found = machinery.store.get("ConfigMap", pod.namespace, source["configMap"].get("name", ""))
        held = (found.rest.get("data") or {}) if found is not None else {}
        items = source["configMap"].get("items") or [{"key": key, "path": key} for key in sorted(held)]
        yield from ((item["path"], held[item["key"]]) for item in items if item["key"] in held)
