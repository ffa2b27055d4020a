"""Which addresses and node ports does a Service get when it is created or changed?

Source: pkg/registry/core/service/storage/{alloc,rest,storage}.go and pkg/registry/core/service/strategy.go
(NormalizeClusterIPs, patchAllocatedValues, dropTypeDependentFields).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.allocators import NODE_PORTS, Allocators, Full
from playground.kube.apiserver.validation.fields import invalid
from playground.kube.apiserver.validation.service_traffic import needs_health_check
from playground.kube.errors import Cause, Refusal
from playground.kube.settings import family_of

JSON = dict[str, Any]
_EXTERNAL = ("NodePort", "LoadBalancer")
_ADDRESSES = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")


def normalise(spec: JSON, old: JSON | None) -> None:
    """Make clusterIP and clusterIPs agree, keep what was given before, and drop what a new type or policy has no use for."""
    if old is None:
        if spec.get("clusterIP") and "clusterIPs" not in spec:
            spec["clusterIPs"] = [spec["clusterIP"]]
        return
    _agree(spec, old)
    _drop(spec, old)
    if spec["type"] != "ExternalName" and old["type"] != "ExternalName" and "clusterIP" not in spec and "clusterIPs" not in spec:
        spec.update({name: old[name] for name in ("clusterIP", "clusterIPs") if name in old})
    if spec["type"] in _EXTERNAL:
        _keep_node_ports(spec, old)


def status_after(status: JSON, spec: JSON) -> JSON:
    """The status that a Service keeps: one that wants no load balancer any more tells of none, before the cloud has taken it down."""
    return status if spec["type"] == "LoadBalancer" or not status.get("loadBalancer") else {**status, "loadBalancer": {}}


def problems(spec: JSON, old: JSON | None, allocators: Allocators) -> list[Cause]:
    """The explicit addresses and ports that cannot be given."""
    before = old or {}
    listed = spec.get("clusterIPs", [])
    causes = []
    for address in listed if spec["type"] != "ExternalName" and listed != ["None"] else []:
        wrong = None if address in before.get("clusterIPs", ()) else allocators.cluster_ips[family_of(address)].why_not(address)
        if wrong:
            causes.append(invalid("spec.clusterIPs", listed, f"failed to allocate IP {address}: {wrong}"))
    held = _held_ports(before)
    for index, port in enumerate(spec.get("ports", ())):
        causes += _port_problem(port.get("nodePort", 0), f"spec.ports[{index}].nodePort", held, allocators)
    return causes + _port_problem(spec.get("healthCheckNodePort", 0), "spec.healthCheckNodePort", held, allocators)


def allocate(spec: JSON, allocators: Allocators) -> None:
    """Fill in a ClusterIP of each family, and the node ports that are missing; raises Refusal when none is free."""
    if spec["type"] != "ExternalName" and spec.get("clusterIPs") != ["None"]:
        _allocate_addresses(spec, allocators)
    if spec["type"] in _EXTERNAL:
        _allocate_ports(spec, allocators)


def _agree(spec: JSON, old: JSON) -> None:
    first, before = spec.get("clusterIP"), old.get("clusterIP")
    if first != before and first and spec.get("clusterIPs", old.get("clusterIPs")) == old.get("clusterIPs"):
        spec["clusterIPs"] = [first]
    elif not first and spec.get("clusterIPs") == old.get("clusterIPs"):
        spec.pop("clusterIPs", None)
    elif first and "clusterIPs" not in spec:
        spec["clusterIPs"] = old.get("clusterIPs", [first]) if first == before else [first]


def _drop(spec: JSON, old: JSON) -> None:
    """Fields that only the former type or policy had use for, as long as the update did not touch them."""
    if spec["type"] == "ExternalName":
        for name in _ADDRESSES:
            if spec.get(name) == old.get(name):
                spec.pop(name, None)
    if old["type"] in _EXTERNAL and spec["type"] not in _EXTERNAL:
        held = _held_ports(old)
        for port in spec.get("ports", ()):
            if port.get("nodePort") in held:
                del port["nodePort"]
    names = {"healthCheckNodePort": needs_health_check(spec), "allocateLoadBalancerNodePorts": spec["type"] == "LoadBalancer",
             "loadBalancerClass": spec["type"] == "LoadBalancer", "externalTrafficPolicy": spec["type"] in _EXTERNAL}  # fmt: skip
    for name, useful in names.items():
        if not useful and spec.get(name) == old.get(name):
            spec.pop(name, None)


def _keep_node_ports(spec: JSON, old: JSON) -> None:
    """A port keeps the node port of the one of its name, or of no name, whatever else of it has changed."""
    before = {port.get("name", ""): port["nodePort"] for port in old.get("ports", ()) if port.get("nodePort")}
    used = {port.get("nodePort") for port in spec.get("ports", ())}
    for port in spec.get("ports", ()):
        kept = before.get(port.get("name", ""))
        if kept and not port.get("nodePort") and kept not in used:
            port["nodePort"] = kept
            used.add(kept)
    if needs_health_check(spec) and needs_health_check(old):
        spec.setdefault("healthCheckNodePort", old.get("healthCheckNodePort"))


def _held_ports(spec: JSON) -> set[int]:
    held = {port["nodePort"] for port in spec.get("ports", ()) if port.get("nodePort")}
    return held | ({spec["healthCheckNodePort"]} if spec.get("healthCheckNodePort") else set())


def _port_problem(port: int, path: str, held: set[int], allocators: Allocators) -> list[Cause]:
    if not port or port in held:
        return []
    if port not in NODE_PORTS:
        return [
            invalid(path, port, f"provided port is not in the valid range. The range of valid ports is {NODE_PORTS[0]}-{NODE_PORTS[-1]}")
        ]
    return [] if allocators.node_ports.free(port) else [invalid(path, port, "provided port is already allocated")]


def _allocate_addresses(spec: JSON, allocators: Allocators) -> None:
    listed = list(spec.get("clusterIPs", ()))
    try:
        listed += [allocators.cluster_ips[family].take() for family in spec["ipFamilies"][len(listed) :]]
    except Full as full:
        raise Refusal(500, "InternalError", f"Internal error occurred: failed to allocate a serviceIP: {full}") from full
    spec["clusterIP"], spec["clusterIPs"] = listed[0], listed


def _allocate_ports(spec: JSON, allocators: Allocators) -> None:
    taken = _held_ports(spec)
    by_port = {port["port"]: port["nodePort"] for port in spec.get("ports", ()) if port.get("nodePort")}
    try:
        for port in spec.get("ports", ()) if spec.get("allocateLoadBalancerNodePorts", True) else ():
            if not port.get("nodePort"):
                # The same port under two protocols shares its node port.
                port["nodePort"] = by_port.get(port["port"]) or allocators.node_ports.take(taken)
                by_port[port["port"]] = port["nodePort"]
                taken.add(port["nodePort"])
        if needs_health_check(spec) and not spec.get("healthCheckNodePort"):
            spec["healthCheckNodePort"] = allocators.node_ports.take(taken)
    except Full as full:
        raise Refusal(500, "InternalError", f"Internal error occurred: failed to allocate a nodePort: {full}") from full
