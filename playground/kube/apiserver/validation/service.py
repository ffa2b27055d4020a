"""Is a Service right?

Source: pkg/apis/core/validation/validation.go (ValidateService, ValidateServiceUpdate,
ValidateServiceClusterIPsRelatedFields).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import duplicate, each_invalid, forbidden, invalid, not_supported, required
from playground.kube.apiserver.validation.meta import labels
from playground.kube.apiserver.validation.service_addresses import addresses, addresses_update, external_address
from playground.kube.apiserver.validation.service_traffic import affinity, health_check_update, traffic
from playground.kube.errors import Cause

Document = dict[str, Any]

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
PROTOCOLS = ("SCTP", "TCP", "UDP")


def service(document: Document) -> list[Cause]:
    spec = document["spec"]
    causes = _by_type(spec)
    causes += _ports(spec)
    causes += labels(spec.get("selector", {}), "spec.selector")
    causes += affinity(spec)
    causes += addresses(spec)
    for index, address in enumerate(spec.get("externalIPs", ())):
        causes += external_address(address, f"spec.externalIPs[{index}]")
    if spec["type"] not in TYPES:
        causes.append(not_supported("spec.type", spec["type"], TYPES))
    causes += _node_ports(spec)
    causes += _load_balancer(spec)
    return causes + traffic(spec)


def service_update(new: Document, old: Document) -> list[Cause]:
    causes = addresses_update(new["spec"], old["spec"])
    both = new["spec"]["type"] == old["spec"]["type"] == "LoadBalancer"
    if both and new["spec"].get("loadBalancerClass") != old["spec"].get("loadBalancerClass"):
        causes.append(invalid("spec.loadBalancerClass", new["spec"].get("loadBalancerClass"), "may not change once set"))
    return causes + health_check_update(new["spec"], old["spec"])


def _by_type(spec: Document) -> list[Cause]:
    kind, headless = spec["type"], spec.get("clusterIPs") == ["None"]
    causes = []
    if not spec.get("ports") and not headless and kind != "ExternalName":
        causes.append(required("spec.ports"))
    if kind in ("NodePort", "LoadBalancer") and headless:
        causes.append(invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services"))
    if kind == "ExternalName":
        for name in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
            if spec.get(name):
                causes.append(forbidden(f"spec.{name}", "may not be set for ExternalName services"))
        target = spec.get("externalName", "").removesuffix(".")
        causes += each_invalid("spec.externalName", target, names.dns1123_subdomain(target)) if target else [required("spec.externalName")]
    return causes


def _ports(spec: Document) -> list[Cause]:
    ports = spec.get("ports", ())
    causes: list[Cause] = []
    seen: set[str] = set()
    for index, port in enumerate(ports):
        causes += _port(port, f"spec.ports[{index}]", len(ports) > 1, seen)
    taken: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        key = (port["protocol"], port.get("port", 0))
        if key in taken:
            # Kubernetes prints its internal struct here.
            shape = f'"Name":"","Protocol":"{key[0]}","AppProtocol":null,"Port":{key[1]},"TargetPort":0,"NodePort":0'
            causes.append(Cause(f"spec.ports[{index}]", "FieldValueDuplicate", f"Duplicate value: {{{shape}}}"))
        taken.add(key)
    return causes


def _port(port: Document, path: str, must_be_named: bool, seen: set[str]) -> list[Cause]:
    name, number = port.get("name", ""), port.get("port", 0)
    causes = []
    if name:
        causes += each_invalid(f"{path}.name", name, names.dns1123_label(name))
        causes += [duplicate(f"{path}.name", name)] if name in seen else []
        seen.add(name)
    elif must_be_named:
        causes.append(required(f"{path}.name"))
    causes += each_invalid(f"{path}.port", number, names.port_number(number))
    if port["protocol"] not in PROTOCOLS:
        causes.append(not_supported(f"{path}.protocol", port["protocol"], PROTOCOLS))
    causes += port_or_name(port.get("targetPort", 0), f"{path}.targetPort")
    if "appProtocol" in port:
        causes += each_invalid(f"{path}.appProtocol", port["appProtocol"], names.label_key(port["appProtocol"]))
    return causes


def port_or_name(value: int | str, path: str) -> list[Cause]:
    """A port by number or by name."""
    return each_invalid(path, value, names.port_name(value) if isinstance(value, str) else names.port_number(value))


def _node_ports(spec: Document) -> list[Cause]:
    causes = []
    taken: set[tuple[str, int]] = set()
    for index, port in enumerate(spec.get("ports", ())):
        path, number = f"spec.ports[{index}].nodePort", port.get("nodePort", 0)
        if not number:
            continue
        if spec["type"] == "ClusterIP":
            causes.append(forbidden(path, "may not be used when `type` is 'ClusterIP'"))
        if (port["protocol"], number) in taken:
            causes.append(duplicate(path, number))
        taken.add((port["protocol"], number))
    return causes


def _load_balancer(spec: Document) -> list[Cause]:
    balanced = spec["type"] == "LoadBalancer"
    only = "may only be used when `type` is 'LoadBalancer'"
    causes = []
    if spec.get("loadBalancerSourceRanges") and not balanced:
        causes.append(forbidden("spec.LoadBalancerSourceRanges", only))
    for index, network in enumerate(spec.get("loadBalancerSourceRanges", ())):
        # Space around them is allowed, for the sake of the annotation that was here before.
        causes += each_invalid(f"spec.LoadBalancerSourceRanges[{index}]", network.strip(), names.network(network.strip()))
    for name in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if name in spec and not balanced:
            causes.append(forbidden(f"spec.{name}", only))
    if balanced and "loadBalancerClass" in spec:
        causes += each_invalid("spec.loadBalancerClass", spec["loadBalancerClass"], names.label_key(spec["loadBalancerClass"]))
    return causes
