"""Which volume holds a Pod's token for the API server, and what is it called in each Pod?

Source: plugin/pkg/admission/serviceaccount/admission.go (mountServiceAccountToken, TokenVolumeSource).
Every Pod calls it by a name of its own. So that equal Pods go on sharing one spec, the store holds it under NAME, which no document can
give a volume, and a Pod's own letters are put behind it when the spec is shown.
Simplified: these letters come of the Pod's uid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver.objects import JSON
from playground.kube.chance import MASK, SAFE_LETTERS, mix

NAME = "kube-api-access-"
PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
# WarnOnlyBoundTokenExpirationSeconds of pkg/serviceaccount.
LASTS = 60 * 60 + 7
ROOT_CA, TOKEN_FILE, CA_FILE, NAMESPACE_FILE = "kube-root-ca.crt", "token", "ca.crt", "namespace"
CERTIFICATE = "# This cluster is simulated: it has no certificate authority.\n"
_SOURCES: list[JSON] = [
    {"serviceAccountToken": {"expirationSeconds": LASTS, "path": TOKEN_FILE}},
    {"configMap": {"name": ROOT_CA, "items": [{"key": CA_FILE, "path": CA_FILE}]}},
    {"downwardAPI": {"items": [{"path": NAMESPACE_FILE, "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
]
VOLUME: JSON = {"name": NAME, "projected": {"defaultMode": 420, "sources": _SOURCES}}
MOUNT: JSON = {"mountPath": PATH, "name": NAME, "readOnly": True}
_LISTS = ("initContainers", "containers")


def mount(spec: JSON) -> None:
    """Put the volume into the spec of a new Pod, in place, and into each container that mounts nothing else there."""
    own = next((each["name"] for each in spec.get("volumes") or () if each["name"].startswith(NAME)), None)
    lacking = [each for name in _LISTS for each in spec.get(name) or () if not mounts(each)]
    for container in lacking:
        container["volumeMounts"] = [*(container.get("volumeMounts") or ()), MOUNT if own is None else {**MOUNT, "name": own}]
    if lacking and own is None:
        spec["volumes"] = [*(spec.get("volumes") or ()), VOLUME]


def mounts(container: JSON) -> bool:
    """Whether something is mounted where the token is looked for."""
    return any(each.get("mountPath") == PATH for each in container.get("volumeMounts") or ())


def name_of(uid: str) -> str:
    """What the Pod of this uid calls the volume."""
    number, letters = mix(int(uid.replace("-", ""), 16) & MASK), ""
    for _ in range(5):
        number, place = divmod(number, len(SAFE_LETTERS))
        letters += SAFE_LETTERS[place]
    return NAME + letters


def shown(spec: JSON, uid: str) -> JSON:
    """A stored spec as the Pod of this uid shows it; not to be changed."""
    return renamed(spec, NAME, name_of(uid)) if _calls(spec, NAME) else spec


def stored(spec: JSON, uid: str) -> JSON:
    """The inverse of `shown`."""
    own = name_of(uid)
    return renamed(spec, own, NAME) if _calls(spec, own) else spec


def renamed(spec: JSON, old: str, new: str) -> JSON:
    """The spec with another name for one volume, also where it is mounted. What does not hold it stays the very same value."""
    changed = {"volumes": _each(spec.get("volumes"), lambda each: {**each, "name": new} if each.get("name") == old else each)}
    changed |= {name: _each(spec.get(name), lambda each: _remounted(each, old, new)) for name in _LISTS}
    return {**spec, **{name: value for name, value in changed.items() if value is not spec.get(name)}}


def _remounted(container: JSON, old: str, new: str) -> JSON:
    listed = container.get("volumeMounts")
    after = _each(listed, lambda each: {**each, "name": new} if each.get("name") == old else each)
    return container if after is listed else {**container, "volumeMounts": after}


def _each(listed: Any, change: Callable[[JSON], JSON]) -> Any:
    after = [change(each) for each in listed or ()]
    return listed if all(new is old for new, old in zip(after, listed or (), strict=True)) else after


def _calls(spec: JSON, name: str) -> bool:
    return any(each.get("name") == name for each in spec.get("volumes") or ())
