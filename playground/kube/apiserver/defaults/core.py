"""What is filled in for Services, Endpoints, EndpointSlices, Namespaces and Nodes?

Source: pkg/apis/core/v1/{defaults,conversion}.go, pkg/apis/discovery/v1/defaults.go, and pkg/registry/core/service (what depends on the type).
Addresses and node ports are not defaults: see `services.py`.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

Document = dict[str, Any]
EXTERNAL = ("NodePort", "LoadBalancer")
# Go takes these for absent where they are empty or zero (omitempty, and no pointer).
EMPTIES = ("type", "selector", "ports", "clusterIP", "clusterIPs", "ipFamilies", "externalIPs", "externalName", "externalTrafficPolicy", "sessionAffinity",
           "loadBalancerIP", "loadBalancerSourceRanges", "healthCheckNodePort", "publishNotReadyAddresses")  # fmt: skip
PORT_EMPTIES = ("name", "protocol", "nodePort", "targetPort")


def service(document: Document) -> None:
    spec = document.setdefault("spec", {})
    _drop_empty(spec, EMPTIES)
    kind = spec.setdefault("type", "ClusterIP")
    _affinity(spec)
    for port in spec.get("ports", ()):
        _drop_empty(port, PORT_EMPTIES)
        port.setdefault("protocol", "TCP")
        if "port" in port:
            port.setdefault("targetPort", port["port"])
    if kind in EXTERNAL or (kind == "ClusterIP" and spec.get("externalIPs")):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if kind in EXTERNAL or kind == "ClusterIP":
        spec.setdefault("internalTrafficPolicy", "Cluster")
    if kind == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)


def endpoints(document: Document) -> None:
    for subset in document.get("subsets", ()):
        for port in subset.get("ports", ()):
            port.setdefault("protocol", "TCP")


def endpoint_slice(document: Document) -> None:
    for port in document.get("ports", ()):
        port.setdefault("name", "")
        port.setdefault("protocol", "TCP")


def namespace(document: Document) -> None:
    metadata = document.setdefault("metadata", {})
    if metadata.get("name"):
        metadata.setdefault("labels", {})["kubernetes.io/metadata.name"] = metadata["name"]
    document.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])


def node(document: Document) -> None:
    status = document.get("status", {})
    if "capacity" in status:
        status.setdefault("allocatable", dict(status["capacity"]))


def secret(document: Document) -> None:
    """stringData is for writing only: it is kept as base64 in data, where it wins."""
    document.setdefault("type", "Opaque")
    plain = document.pop("stringData", {})
    if plain:
        document["data"] = document.get("data", {}) | {name: b64encode(text.encode()).decode() for name, text in plain.items()}


def config_map(document: Document) -> None:
    document.setdefault("data", {})


def _drop_empty(fields: Document, names: tuple[str, ...]) -> None:
    for name in names:
        if not fields.get(name, True):
            del fields[name]


def _affinity(spec: Document) -> None:
    affinity = spec.setdefault("sessionAffinity", "None")
    if affinity == "None":
        spec.pop("sessionAffinityConfig", None)
    if affinity == "ClientIP" and "timeoutSeconds" not in ((spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}):
        spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": 10_800}}
