"""What do `kubectl create secret tls` and `docker-registry` make, and `kubectl create token`?

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/{create_secret_tls,create_secret_docker,create_token}.go.
Simplified: of a certificate and its key it is looked only at whether they are PEM; --append-hash is not known; the API server makes no tokens.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl import golang
from playground.terminal.kubectl.asks import File, Program, Steps
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.making.words import name_of
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
TLS = f"{COMMON} append-hash:switch cert:text key:text"
REGISTRY = f"""{COMMON} append-hash:switch docker-email:text docker-password:text docker-server:text docker-username:text from-file:list"""
TOKEN = """allow-missing-template-keys:switch audience:array bound-object-kind:text bound-object-name:text bound-object-uid:text duration:span
    output/o:text show-managed-fields:switch template:text"""
HUB = "https://index.docker.io/v1/"
CONFIG = ".dockerconfigjson"
PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\n.*?-----END \1-----", re.DOTALL)
NOT_ENOUGH = "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required"


def tls(call: Call) -> Program:
    name, flags = name_of(call), call.flags
    if not flags.text("key") or not flags.text("cert"):
        raise Wrong("key and cert must be specified")
    data = {"tls.crt": (yield from _file(flags.text("cert"))), "tls.key": (yield from _file(flags.text("key")))}
    for field, word in (("tls.crt", "certificate"), ("tls.key", "key")):
        if PEM.search(data[field]) is None:
            raise Wrong(f"tls: failed to find any PEM data in {word} input")
    return (yield from _made(call, name, data, "kubernetes.io/tls"))


def docker_registry(call: Call) -> Program:
    name, flags = name_of(call), call.flags
    user, password, server = flags.text("docker-username"), flags.text("docker-password"), flags.text("docker-server", HUB)
    data: dict[str, str] = {}
    for source in flags.of("from-file", []):
        key, equals, path = source.rpartition("=")
        data[key if equals else path.rpartition("/")[2]] = yield from _file(path)
    if not data and not (user and password and server):
        raise Wrong(NOT_ENOUGH)
    if not data:
        login = {"username": user, "password": password, "email": flags.text("docker-email"), "auth": _packed(f"{user}:{password}")}
        data = {CONFIG: golang.unsorted({"auths": {server: {key: value for key, value in login.items() if value}}})}
    return (yield from _made(call, name, data, "kubernetes.io/dockerconfigjson"))


def token(call: Call) -> Program:
    name_of(call)
    raise Wrong("failed to create token: the server could not find the requested resource")
    yield


def _file(path: str) -> Steps:
    try:
        found = yield File(path)
    except Wrong:
        raise Wrong(f"Cannot read file {path}, open {path}: no such file or directory") from None
    if path not in found:
        raise Wrong(f"Cannot read file {path}, read {path}: is a directory")
    return found[path]


def _made(call: Call, name: str, data: dict[str, str], type: str) -> Program:
    if call.flags.on("append-hash"):
        raise Wrong("--append-hash is not simulated in this terminal")
    packed = {key: _packed(value) for key, value in data.items()}
    document = {"apiVersion": "v1", "data": packed, "kind": "Secret", "metadata": meta(call, name), "type": type}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise Wrong(f"failed to create secret {refusal.message}") from None


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
