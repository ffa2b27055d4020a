"""What does `kubectl create ingress` make?  Rules like `foo.com/bar*=svc:8080,tls=secret`.

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/create_ingress.go.
"""

from __future__ import annotations

import re
from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.making.words import failed, name_of
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
FLAGS = f"{COMMON} class:text rule:array default-backend:text annotation:array"
RULE = re.compile(r"(?P<host>[\w*\-.]*)(?P<path>/[^,=\n]*)=(?P<service>[\w-]+:[\w-]+)(?P<tls>,tls=?(?P<secret>[\w-]+)?)?", re.ASCII)
TOO_LITTLE = (
    "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules "
    "(which catch specific paths)"
)


def ingress(call: Call) -> Program:
    name, flags = name_of(call), call.flags
    fallback = flags.text("default-backend")
    if not fallback and not flags.of("rule"):
        raise Wrong(TOO_LITTLE)
    rules = [_read(each) for each in flags.of("rule", [])]
    annotations = dict(map(_annotation, flags.of("annotation", [])))
    if fallback and fallback.count(":") != 1:
        raise Wrong("default-backend should be in format servicename:serviceport")
    spec = {
        **({"defaultBackend": _backend(fallback)} if fallback else {}),
        **({"ingressClassName": flags.text("class")} if flags.text("class") else {}),
        **({"rules": _rules(rules)} if rules else {}),
        **({"tls": _tls(rules)} if _tls(rules) else {}),
    }
    about = {**({"annotations": annotations} if annotations else {}), **meta(call, name)}
    document = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": about, "spec": spec, "status": {"loadBalancer": {}}}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed("ingress", refusal) from None


def _read(rule: str) -> re.Match[str]:
    match = RULE.fullmatch(rule)
    if match is None:
        raise Wrong(f"rule {rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]")
    return match


def _annotation(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise Wrong(f"annotation {text} is invalid and should be in format key=[value]")
    return key, value


def _rules(rules: list[re.Match[str]]) -> list[JSON]:
    """One for each host, with all its paths."""
    paths: dict[str, list[JSON]] = {}
    for rule in rules:
        path, prefix = rule["path"].removesuffix("*"), rule["path"].endswith("*")
        backend = {"backend": _backend(rule["service"]), "path": path, "pathType": "Prefix" if prefix else "Exact"}
        paths.setdefault(rule["host"], []).append(backend)
    return [{**({"host": host} if host else {}), "http": {"paths": listed}} for host, listed in paths.items()]


def _tls(rules: list[re.Match[str]]) -> list[JSON]:
    """One for each secret, with all its hosts; a host counts where it is named first."""
    found: dict[str, JSON] = {}
    hosts: list[str] = []
    for rule in rules:
        host, secret = rule["host"], rule["secret"] or ""
        if not rule["tls"] or host in hosts:
            continue
        hosts.append(host)
        if secret in found:
            found[secret]["hosts"] = [*found[secret].get("hosts", []), host]
        elif host or secret:
            found[secret] = {**({"hosts": [host]} if host else {}), **({"secretName": secret} if secret else {})}
    return list(found.values())


def _backend(text: str) -> JSON:
    name, _, port = text.partition(":")
    return {"service": {"name": name, "port": {"number": int(port)} if port.isdecimal() else {"name": port}}}
