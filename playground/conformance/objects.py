"""How does a cluster of a case file become objects in the store?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, Object, Pod, PodState
from playground.kube.settings import ClusterSettings

JSON = dict[str, Any]
SERVICE_NAME = "kubernetes.io/service-name"


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
    """`spec` fields stand beside the name; clusterIP is the first of clusterIPs."""
    spec = {key: each for key, each in value.items() if key not in ("name", "namespace", "labels", "annotations") and each is not None}
    if spec.get("clusterIPs") and "clusterIP" not in spec:
        spec["clusterIP"] = spec["clusterIPs"][0]
    labels, annotations = value.get("labels") or {}, value.get("annotations") or {}
    return Object("Service", value.get("namespace", "default"), value["name"], made.store.new_uid(), 0, 0, labels, annotations, spec=spec)


def endpoint_slice(made: Machinery, value: JSON, name: str) -> EndpointSlice:
    endpoints = tuple(
        Endpoint(
            each["ip"],
            node=each.get("nodeName") or "",
            pod=each.get("targetRef") or "",
            hostname=each.get("hostname") or "",
            ready=each.get("ready"),
            serving=each.get("serving"),
            terminating=each.get("terminating"),
        )
        for each in value.get("endpoints") or ()
    )
    ports = tuple(
        EndpointPort(each.get("name") or "", each.get("port"), each.get("protocol") or "TCP") for each in value.get("ports") or ()
    )
    labels = {SERVICE_NAME: value["service"]} if value.get("service") else {}
    kind = value.get("addressType") or ("IPv6" if any(":" in each.ip for each in endpoints) else "IPv4")
    return EndpointSlice(
        "EndpointSlice",
        value.get("namespace", "default"),
        name,
        made.store.new_uid(),
        0,
        0,
        labels,
        address_type=kind,
        endpoints=endpoints,
        ports=ports,
    )


def pod(made: Machinery, value: JSON) -> Pod:
    state = PodState(phase=value.get("phase") or "Running", ready=bool(value.get("ready", True)))
    return Pod(
        "Pod",
        value["namespace"],
        value["name"],
        made.store.new_uid(),
        0,
        0,
        value.get("labels") or {},
        deleting=0 if value.get("terminating") else None,
        node=value.get("nodeName") or "",
        ip=value.get("ip") or "",
        state=state,
    )
