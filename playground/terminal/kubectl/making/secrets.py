"""What do `kubectl create secret tls` and `docker-registry` make, and `kubectl create token`?

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/{create_secret_tls,create_secret_docker,create_token}.go.
Simplified: of a certificate and its key it is looked only at whether they are PEM; --append-hash is not known; a token is bound to
Pods only.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from playground.kube.errors import Refusal
from playground.rest import tokenrequest
from playground.terminal.kubectl import golang, output
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.call import Call, out, text_of
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.making.words import name_of
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
TLS = f"{COMMON} append-hash:switch cert:text key:text"
REGISTRY = f"""{COMMON} append-hash:switch docker-email:text docker-password:text docker-server:text docker-username:text from-file:list"""
TOKEN = """audience:array bound-object-kind:text bound-object-name:text bound-object-uid:text duration:span
    output/o:text show-managed-fields:switch"""
BOUND = ("Node", "Pod", "Secret")
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
    name, flags = name_of(call), call.flags
    printer = output.printer(flags.text("output"), output.MADE) if flags.text("output") else None
    spec = _wanted(call)
    try:
        made = yield Look(lambda kube: tokenrequest.issued(kube, call.namespace, name, spec))
    except Refusal as refusal:
        raise Wrong(f"failed to create token: {refusal.message}") from None
    if flags.text("output") == "json":
        yield from out(golang.indented_struct(made) + "\n")
    elif printer is not None:
        yield from out(printer(made))
    else:
        yield from out(made["status"]["token"] + ("\n" if call.terminal else ""))
    return 0


def _wanted(call: Call) -> JSON:
    """The spec of a TokenRequest; raises Wrong."""
    flags, lasts = call.flags, call.flags.of("duration", 0.0)
    if lasts < 0:
        raise Wrong("--duration must be greater than or equal to 0")
    if lasts != int(lasts):
        raise Wrong("--duration cannot be expressed in units less than seconds")
    if "" in flags.of("audience", ()):
        raise Wrong("--audience must not be an empty string")
    spec: JSON = {"audiences": flags.of("audience", []), **({"expirationSeconds": int(lasts)} if lasts else {})}
    kind, name, uid = (flags.text(f"bound-object-{part}") for part in ("kind", "name", "uid"))
    if not kind:
        for part, given in (("name", name), ("uid", uid)):
            if given:
                raise Wrong(f"--bound-object-{part} can only be set if --bound-object-kind is provided")
        return spec
    if kind not in BOUND:
        raise Wrong(f"supported --bound-object-kind values are {', '.join(BOUND)}")
    if not name:
        raise Wrong("--bound-object-name is required if --bound-object-kind is provided")
    return {**spec, "boundObjectRef": {"kind": kind, "apiVersion": "v1", "name": name, **({"uid": uid} if uid else {})}}


def _file(path: str) -> Steps:
    return (yield from text_of(path, f"Cannot read file {path},"))


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
