"""What do `kubectl create configmap` and `kubectl create secret generic` make?

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/{create_configmap,create_secret}.go; pkg/cmd/util/env_file.go, pkg/util/{literal,file source}.
Simplified: --append-hash is not known, and a line of an env file without `=` is left out.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import File, Program, Steps
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.making.words import failed, name_of
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
CONFIG_MAP = f"{COMMON} append-hash:switch from-literal:array from-file:list from-env-file:list"
SECRET = f"{CONFIG_MAP} type:text"
KEY = re.compile(r"[-._a-zA-Z0-9]+")


def config_map(call: Call) -> Program:
    name = name_of(call)
    data = yield from _data(call, name, "ConfigMap")
    document = {"apiVersion": "v1", **({"data": data} if data else {}), "kind": "ConfigMap", "metadata": meta(call, name)}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed("configmap", refusal) from None


def secret(call: Call) -> Program:
    name = name_of(call)
    data = yield from _data(call, name, "Secret")
    packed = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    type = {"type": call.flags.text("type")} if call.flags.text("type") else {}
    document = {"apiVersion": "v1", **({"data": packed} if data else {}), "kind": "Secret", "metadata": meta(call, name), **type}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise Wrong(f"failed to create secret {refusal.message}") from None


def _data(call: Call, name: str, kind: str) -> Steps:
    flags = call.flags
    if flags.on("append-hash"):
        raise Wrong("--append-hash is not simulated in this terminal")
    literals, files, envs = (flags.of(each, []) for each in ("from-literal", "from-file", "from-env-file"))
    if envs and (literals or files):
        raise Wrong("from-env-file cannot be combined with from-file or from-literal")
    pairs: list[tuple[str, str]] = []
    for path in files:
        pairs += yield from _of_file(path)
    pairs += [_literal(each) for each in literals]
    for path in envs:
        for text in (yield File(path)).values():
            pairs += [_line(line) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#") and "=" in line]
    data: JSON = {}
    for key, value in pairs:
        if not KEY.fullmatch(key):
            raise Wrong(
                f"\"{key}\" is not valid key name for a {kind}: a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
            )
        if key in data:
            raise Wrong(f'cannot add key "{key}", another key by that name already exists in Data for {kind} "{name}"')
        data[key] = value
    return data


def _of_file(source: str) -> Steps:
    """`FILE`, `KEY=FILE`, or a directory."""
    key, equals, path = source.rpartition("=")
    try:
        found = yield File(path)
    except Wrong:
        raise Wrong(f"error reading {path}: no such file or directory") from None
    if equals:
        return [(key, text) for text in found.values()]
    return [(place.rpartition("/")[2], text) for place, text in found.items()]


def _literal(pair: str) -> tuple[str, str]:
    key, equals, value = pair.partition("=")
    if not equals or not key:
        raise Wrong(f"invalid literal source {pair}, expected key=value")
    return key, value


def _line(line: str) -> tuple[str, str]:
    key, _, value = line.lstrip().partition("=")
    return key, value
