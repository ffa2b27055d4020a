"""Which objects do kubectl's words for making them ask for?  create, run, expose.

Source: k8s.io/kubectl/pkg/cmd/create, run, expose, and pkg/generate/versioned.
Simplified: `expose` needs --port; it is not guessed from the containers.
"""

from __future__ import annotations

from typing import Any

from playground.kube.actions import Action, Create, Document
from playground.terminal.errors import BadWords
from playground.terminal.line import Flags, port_number
from playground.terminal.named import one_named
from playground.terminal.resolve import UNKNOWN

EXPOSABLE = ("Deployment", "Pod", "ReplicaSet", "ReplicationController", "Service")
TYPES = {"clusterip": "ClusterIP", "nodeport": "NodePort", "loadbalancer": "LoadBalancer"}


def create_namespace(words: list[str], flags: Flags, namespace: str) -> Action:
    return Create([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _name(words)}}])


def create_deployment(words: list[str], flags: Flags, namespace: str) -> Action:
    flags.required("image")
    name = _name(words)
    labels = {"app": name}
    container = _container(flags.of("image").rpartition("/")[2].split("@")[0].split(":")[0], flags)
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": flags.of("replicas", 1), "selector": {"matchLabels": labels}, "template": template}
    return Create([_document("apps/v1", "Deployment", namespace, name, labels, spec)])


def create_service(words: list[str], flags: Flags, namespace: str) -> Action:
    if not words or words[0] not in TYPES:
        raise BadWords(f"create service needs one of {', '.join(TYPES)} and a name")
    flags.required("tcp")
    name = _name(words[1:])
    labels = {"app": name}
    spec = {"type": TYPES[words[0]], "selector": labels, "ports": [_service_port(flags.of("tcp"))]}
    return Create([_document("v1", "Service", namespace, name, labels, spec)])


def run(words: list[str], flags: Flags, namespace: str) -> Action:
    flags.required("image")
    name, command = _name(words[:1]), words[1:]
    labels = flags.of("labels", {"run": name})
    container = _container(name, flags) | ({"args": command} if command else {})
    return Create([_document("v1", "Pod", namespace, name, labels, {"containers": [container]})])


def expose(words: list[str], flags: Flags, namespace: str) -> Action:
    named = one_named(words)
    if named.kind not in EXPOSABLE:
        raise BadWords(f"cannot expose a {named.resource.titled}")
    if flags.of("port") is None:
        raise BadWords("couldn't find port via --port flag")
    target = flags.of("target-port", str(flags.of("port")))
    port = {"port": flags.of("port"), "protocol": flags.of("protocol", "TCP"), "targetPort": int(target) if target.isdecimal() else target}
    exposed = {UNKNOWN: f"{named.kind}/{named.name}"}
    spec: Document = {"ports": [port], "selector": flags.of("selector") or exposed}
    spec |= {"type": flags.of("type")} if flags.of("type") else {}
    spec |= {"clusterIP": flags.of("cluster-ip")} if flags.of("cluster-ip") else {}
    return Create([_document("v1", "Service", namespace, flags.of("name", named.name), flags.of("labels") or exposed, spec)])


def _name(words: list[str]) -> str:
    if len(words) != 1:
        raise BadWords(f"exactly one NAME is required, got {len(words)}")
    return words[0]


def _container(name: str, flags: Flags) -> dict[str, Any]:
    ports = {"ports": [{"containerPort": flags.of("port")}]} if flags.of("port") else {}
    return {"name": name, "image": flags.of("image"), **ports}


def _service_port(text: str) -> dict[str, Any]:
    """`80` or `80:5000`, named as kubectl names it."""
    port, _, target = text.partition(":")
    try:
        read = port_number(port)
        aim: int | str = port_number(target or port) if (target or port).isdecimal() else target
    except ValueError as error:
        raise BadWords(f'invalid argument "{text}" for "--tcp" flag: {error}') from None
    return {"name": text.replace(":", "-"), "port": read, "targetPort": aim, "protocol": "TCP"}


def _document(api_version: str, kind: str, namespace: str, name: str, labels: dict[str, str], spec: Document) -> Document:
    metadata: dict[str, Any] = {"name": name, "namespace": namespace} | ({"labels": labels} if labels else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}
