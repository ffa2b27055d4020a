"""What does a variable's `valueFrom` name, and what is its value?

Source: staging/src/k8s.io/kubectl/pkg/cmd/set/env/env_resolve.go.
Simplified: huge pages are not known.
"""

from __future__ import annotations

import base64
from typing import Any

from playground.kube.apiserver.names import label_key
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import amounts, api, golang
from playground.terminal.kubectl.api import Info

JSON = dict[str, Any]
AMOUNTS = {"cpu": amounts.milli, "memory": amounts.bytes_of, "ephemeral-storage": amounts.bytes_of}


class Unresolved(Exception):
    """Why there is no value."""


def told(source: JSON) -> str:
    for field, word in (("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")):
        if source.get(field):
            return f"{word} {source[field].get('name', '')}, key {source[field]['key']}"
    if source.get("fieldRef"):
        return f"field path {source['fieldRef']['fieldPath']}"
    if source.get("resourceFieldRef"):
        named = source["resourceFieldRef"].get("containerName")
        return f"resource field {f'{named}/' if named else ''}{source['resourceFieldRef']['resource']}"
    return "invalid valueFrom"


def value(kube: Cluster, namespace: str, source: JSON, info: Info, container: JSON) -> str:
    """Raises Unresolved."""
    if source.get("secretKeyRef"):
        text = _key(kube, namespace, "secrets", "secret", source["secretKeyRef"])
        return base64.b64decode(text).decode(errors="replace")
    if source.get("configMapKeyRef"):
        return _key(kube, namespace, "configmaps", "config map", source["configMapKeyRef"])
    if source.get("fieldRef"):
        return field(info.document["metadata"], source["fieldRef"]["fieldPath"])
    if source.get("resourceFieldRef"):
        return amount(source["resourceFieldRef"], container)
    raise Unresolved("invalid valueFrom")


def _key(kube: Cluster, namespace: str, plural: str, word: str, reference: JSON) -> str:
    name = reference.get("name", "")
    try:
        data = api.one(kube, api.resource(kube, plural), namespace, name).get("data") or {}
    except Refusal as refusal:
        raise Unresolved(refusal.message) from None
    if reference["key"] not in data:
        raise Unresolved(f"key {reference['key']} not found in {word} {name}")
    return str(data[reference["key"]])


def field(meta: JSON, path: str) -> str:
    """Of an object's metadata; raises Unresolved."""
    whole, bracket, key = path.removesuffix("']").partition("['")
    if path.endswith("']") and bracket and whole:
        return _one_mark(meta, path, whole, key)
    if path in ("metadata.annotations", "metadata.labels"):
        marks = meta.get(path.removeprefix("metadata.")) or {}
        return "\n".join(f"{name}={golang.quoted(text)}" for name, text in sorted(marks.items()))
    if path in ("metadata.name", "metadata.namespace", "metadata.uid"):
        return str(meta.get(path.removeprefix("metadata."), ""))
    raise Unresolved(f"unsupported fieldPath: {path}")


def _one_mark(meta: JSON, path: str, whole: str, key: str) -> str:
    if whole not in ("metadata.annotations", "metadata.labels"):
        raise Unresolved(f"fieldPath {golang.quoted(whole)} does not support subscript")
    problems = label_key(key.lower() if whole == "metadata.annotations" else key)
    if problems:
        raise Unresolved(f"invalid key subscript in {path}: {';'.join(problems)}")
    return str((meta.get(whole.removeprefix("metadata.")) or {}).get(key, ""))


def amount(reference: JSON, container: JSON) -> str:
    """In whole divisors, rounded up; raises Unresolved."""
    where, _, name = reference["resource"].partition(".")
    if where not in ("limits", "requests") or name not in AMOUNTS:
        raise Unresolved(f"Unsupported container resource : {reference['resource']}")
    measure, divisor = AMOUNTS[name], str(reference.get("divisor") or "0")
    asked = measure(((container.get("resources") or {}).get(where) or {}).get(name, "0"))
    return str(-(-asked // measure("1" if measure(divisor) == 0 else divisor)))
