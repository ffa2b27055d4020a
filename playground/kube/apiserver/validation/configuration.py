"""Is a ConfigMap or a Secret right, and does an update keep what may not change?

Source: pkg/apis/core/validation/validation.go (ValidateConfigMap, ValidateSecret and their updates).
Simplified: whether the credentials for a registry are JSON is not looked at.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, immutable, invalid, required, too_long
from playground.kube.errors import Cause

Document = dict[str, Any]

MOST_BYTES = 1024 * 1024
ACCOUNT = "kubernetes.io/service-account.name"
# What a Secret of a type has to hold.
_KEYS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_LOGIN = ("username", "password")
_PRIVATE_KEY = "ssh-privatekey"


def config_map(document: Document) -> list[Cause]:
    data, binary = document.get("data", {}), document.get("binaryData", {})
    causes = []
    for key in data:
        causes += each_invalid(f"data[{key}]", key, names.config_key(key))
        causes += [invalid(f"data[{key}]", key, "duplicate of key present in binaryData")] if key in binary else []
    for key in binary:
        causes += each_invalid(f"binaryData[{key}]", key, names.config_key(key))
    size = sum(len(value.encode()) for value in data.values()) + sum(map(_decoded, binary.values()))
    return [*causes, too_long("[]", MOST_BYTES)] if size > MOST_BYTES else causes


def secret(document: Document) -> list[Cause]:
    data = document.get("data", {})
    causes = [cause for key in data for cause in each_invalid(f"data[{key}]", key, names.config_key(key))]
    if sum(map(_decoded, data.values())) > MOST_BYTES:
        causes.append(too_long("data", MOST_BYTES))
    return causes + _of_type(document, data)


def config_map_update(new: Document, old: Document) -> list[Cause]:
    return _frozen(new, old, ("data", "binaryData"))


def secret_update(new: Document, old: Document) -> list[Cause]:
    return immutable("type", new.get("type", ""), old.get("type", "")) + _frozen(new, old, ("data",))


def _frozen(new: Document, old: Document, parts: tuple[str, ...]) -> list[Cause]:
    """What is immutable stays so, with all that it holds."""
    if not old.get("immutable"):
        return []
    changed = [] if new.get("immutable") else ["immutable"]
    changed += [part for part in parts if new.get(part, {}) != old.get(part, {})]
    return [forbidden(part, "field is immutable when `immutable` is set") for part in changed]


def _of_type(document: Document, data: Document) -> list[Cause]:
    kind = document.get("type", "")
    if kind == "kubernetes.io/service-account-token":
        named = document["metadata"].get("annotations", {}).get(ACCOUNT)
        return [] if named else [required(f"metadata.annotations[{ACCOUNT}]")]
    if kind == "kubernetes.io/basic-auth":
        return [] if any(key in data for key in _LOGIN) else [required(f"data[{key}]") for key in _LOGIN]
    if kind == "kubernetes.io/ssh-auth":
        return [] if data.get(_PRIVATE_KEY) else [required(f"data[{_PRIVATE_KEY}]")]
    return [required(f"data[{key}]") for key in _KEYS.get(kind, ()) if key not in data]


def _decoded(value: str) -> int:
    """How many bytes are written like this in base64."""
    return len(value.rstrip("=")) * 3 // 4
