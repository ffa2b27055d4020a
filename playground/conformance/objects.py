"""How does a cluster of a case file become objects in the store?"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import ZONE
from playground.kube.apiserver.objects import EMPTY, Endpoint, EndpointPort, EndpointSlice, Object, Pod, PodState
from playground.kube.settings import ClusterSettings

JSON = dict[str, Any]
SERVICE_NAME = "kubernetes.io/service-name"
META = ("name", "namespace", "labels", "annotations")
POD_SPEC = ("hostname", "subdomain", "containers", "initContainers", "restartPolicy")


def cluster(value: JSON) -> Machinery:
    """Namespaces, Services, EndpointSlices and Pods as a file gives them, in a store of its own."""
    made = Machinery(ClusterSettings())
    for name in dict.fromkeys(value.get("namespaces", ())):
        made.store.create(Object("Namespace", "", name, made.store.new_uid(), 0, 0))
    for each in value.get("services", ()):
        made.store.create(service(made, each))
    for number, each in enumerate(value.get("endpointslices", ())):
        made.store.create(endpoint_slice(made, each, f"{each.get('name', 'slice')}.{number}"))
    for each in value.get("pods", ()):
        made.store.create(pod(made, each))
    return made


def service(made: Machinery, value: JSON) -> Object:
    """The fields of its spec stand beside the name; clusterIP is the first of clusterIPs."""
    spec = {key: each for key, each in value.items() if key not in META and each is not None}
    if spec.get("clusterIPs") and "clusterIP" not in spec:
        spec["clusterIP"] = spec["clusterIPs"][0]
    labels, annotations = value.get("labels") or EMPTY, value.get("annotations") or EMPTY
    name, namespace = value.get("name", "service"), value.get("namespace", "default")
    return Object("Service", namespace, name, made.store.new_uid(), 0, 0, labels, annotations, spec=spec)


def node(made: Machinery, value: JSON) -> Object:
    labels = {**(value.get("labels") or {}), **({ZONE: value["zone"]} if value.get("zone") else {})}
    conditions = [{"type": "Ready", "status": "True" if value.get("ready", True) else "False"}]
    status = {"conditions": conditions, "allocatable": {"cpu": value.get("cpu", "4")}}
    return Object("Node", "", value["name"], made.store.new_uid(), 0, 0, labels, status=status)


def pod(made: Machinery, value: JSON) -> Pod:
    """Its addresses stand as podIPs, else podIP, else ips, else ip; at most one of each family."""
    listed = value.get("podIPs") or [value.get("podIP")] if "podIPs" in value or "podIP" in value else value.get("ips") or [value.get("ip")]
    first, other = [*(str(ip_address(ip)) for ip in listed if ip), "", ""][:2]
    return Pod(
        "Pod",
        value.get("namespace", "default"),
        value.get("name", "pod"),
        made.store.new_uid(),
        0,
        0,
        value.get("labels") or EMPTY,
        deleting=0 if value.get("terminating") else None,
        spec={key: value[key] for key in POD_SPEC if value.get(key)},
        node=value.get("nodeName") or "",
        ip=first,
        state=PodState(phase=value.get("phase") or "Running", ready=bool(value.get("ready", True))),
        other_ip=other,
    )


def endpoint_slice(made: Machinery, value: JSON, name: str) -> EndpointSlice:
    endpoints = tuple(_endpoint(each) for each in value.get("endpoints") or ())
    kind = value.get("addressType") or ("IPv6" if any(":" in each.ip for each in endpoints) else "IPv4")
    return EndpointSlice(
        "EndpointSlice",
        value.get("namespace", "default"),
        name,
        made.store.new_uid(),
        0,
        0,
        {SERVICE_NAME: value["service"]} if value.get("service") else EMPTY,
        address_type=kind,
        endpoints=endpoints,
        ports=ports_from(value),
    )


def ports_from(value: JSON) -> tuple[EndpointPort, ...]:
    return tuple(EndpointPort(each.get("name") or "", each.get("port"), each.get("protocol") or "TCP") for each in value.get("ports") or ())


def _endpoint(value: JSON) -> Endpoint:
    return Endpoint(
        value["ip"],
        node=value.get("nodeName") or "",
        pod=value.get("targetRef") or "",
        hostname=value.get("hostname") or "",
        ready=value.get("ready"),
        serving=value.get("serving"),
        terminating=value.get("terminating"),
    )
