"""Which manifests are odd, though each field has the type that Kubernetes' schema gives it?  Usual ones of which some fields were changed or added."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from hypothesis import strategies as st

from playground.kube.apiserver.schema import Field
from tests.laws.histories import schema

Document = dict[str, Any]
DEEPEST = 6
WORDS = """
abc 0 -1 1 80 99999 50% 0% 200% 100m 10Gi 5s 1.2.3.4 10.96.0.77 ::1 fd00::5 10.0.0.0/8 a.b.c example.com a_b UPPER app web client http nginx busybox sh -c
node-a default kube-system TCP UDP SCTP IPv4 IPv6 None Local Cluster ClusterIP NodePort LoadBalancer ExternalName SingleStack PreferDualStack PreferClose
Always Never OnFailure Recreate RollingUpdate OnDelete Parallel NoSchedule NoExecute Exists In kubernetes.io/hostname topology.kubernetes.io/zone
Pod Service Deployment v1 apps/v1 / /tmp $(A) $(WEB_SERVICE_HOST)
"""
TEXTS = [*WORDS.split(), "", "x" * 64, "exit 1", "sleep 5", "echo $A; exit 0"]
NUMBERS = [-1, 0, 1, 2, 3, 5, 30, 53, 80, 99, 8080, 30080, 65535, 65536, 2**31 - 1]
OF_TYPE = {
    "string": TEXTS,
    "boolean": [False, True],
    "integer": NUMBERS,
    "number": NUMBERS,
    "int-or-string": [*NUMBERS, "http", "web", "50%", "0%"],
    "quantity": ["0", "1", "100m", "64Mi", "1e3", "-1", 2],
    "time": ["2026-01-01T00:00:00Z"],
}


@cache
def usual() -> list[Document]:
    return list(yaml.safe_load_all(Path(__file__).with_name("usual.yaml").read_text()))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """One of the usual documents, changed at up to three places."""
    document, chance = copy.deepcopy(draw(st.sampled_from(usual()))), draw(st.randoms())
    for _ in range(chance.randint(0, 3)):
        _change(chance, document)
    return document


def _change(chance: Random, document: Document) -> None:
    """Give one field of an object, or one item of a list, another value; the deeper the rarer."""
    here, field = document, schema().root(document["apiVersion"], document["kind"])
    while inner := [key for key, value in _items(here) if isinstance(value, dict | list) and key != "metadata"]:
        if here is not document and chance.random() < 0.25:
            break
        key = chance.choice(inner)
        here, field = here[key], _of(field, key)
    if isinstance(here, list):
        here.append(_value(chance, field.get("items", {})))
    else:
        known = [name for name in schema().fields(field) or ("app", "a") if name not in ("apiVersion", "kind", "metadata")]
        name = chance.choice(known)
        here[name] = _value(chance, schema().child(field, name))


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items() if isinstance(value, dict) else enumerate(value))


def _of(field: Field, key: Any) -> Field:
    return schema().child(field, key) if isinstance(key, str) else field.get("items", {})


def _value(chance: Random, field: Field, depth: int = 0) -> Any:
    """Any value of the type; sometimes none."""
    kind = field.get("type", "any")
    if chance.random() < 0.03:
        return None
    if kind == "array":
        return [_value(chance, field.get("items", {}), depth + 1) for _ in range(chance.randint(0, 2))]
    if kind == "object":
        return _object(chance, field, depth)
    return chance.choice(field.get("enum") or OF_TYPE.get(kind, TEXTS))


def _object(chance: Random, field: Field, depth: int) -> Document:
    fields = schema().fields(field)
    if fields is None:
        return {
            name: _value(chance, field.get("values", {}), depth + 1) for name in chance.sample(["app", "a", "x/y"], chance.randint(0, 2))
        }
    names = [name for name in schema().types[field["ref"]].get("required", ()) if name in fields]
    if depth < DEEPEST:
        names += chance.sample(sorted(fields), min(len(fields), chance.randint(0, 3)))
    return {name: _value(chance, fields[name], depth + 1) for name in names}
