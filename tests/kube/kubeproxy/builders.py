"""Small clusters for tests of kube-proxy, DNS and the network: objects put straight into the store."""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Endpoint, EndpointPort, EndpointSlice, Object, Pod, PodState
from playground.kube.settings import ClusterSettings

RUNNING = PodState(phase="Running", ready=True, containers=(ContainerState(state="running", started=True, ready=True),))


def machinery(seed: int = 1) -> Machinery:
    return Machinery(ClusterSettings(seed=seed))


def add(machinery: Machinery, kind: str, namespace: str, name: str, **fields: Any) -> Any:
    return machinery.store.create(Object(kind, namespace, name, machinery.store.new_uid(), 0, 0, **fields))


def add_node(machinery: Machinery, name: str, ip: str = "", zone: str = "") -> Any:
    status = {"addresses": [{"type": "InternalIP", "address": ip}]} if ip else {}
    labels = {"topology.kubernetes.io/zone": zone} if zone else {}
    return add(machinery, "Node", "", name, labels=labels, status=status)


def add_service(machinery: Machinery, name: str, ip: str, ports: list[dict[str, Any]], namespace: str = "default", **spec: Any) -> Any:
    return add(machinery, "Service", namespace, name, spec={"clusterIP": ip, "ports": ports, **spec})


def add_slice(
    machinery: Machinery,
    service: str,
    endpoints: list[Endpoint],
    ports: list[tuple[str, int, str]] | None = None,
    name: str = "",
    namespace: str = "default",
) -> EndpointSlice:
    made = EndpointSlice(
        "EndpointSlice",
        namespace,
        name or f"{service}-1",
        machinery.store.new_uid(),
        0,
        0,
        labels={"kubernetes.io/service-name": service},
        endpoints=tuple(endpoints),
        ports=tuple(EndpointPort(name=port, port=number, protocol=protocol) for port, number, protocol in ports or [("", 80, "TCP")]),
    )
    return machinery.store.create(made)


def add_pod(machinery: Machinery, name: str, ip: str, node: str, namespace: str = "default", **fields: Any) -> Pod:
    pod = Pod(
        "Pod", namespace, name, machinery.store.new_uid(), 0, 0, node=node, ip=ip, **{"host_ip": "192.168.0.9", "state": RUNNING, **fields}
    )
    return machinery.store.create(pod)


def endpoint(ip: str, state: str = "ready", node: str = "node-a", **fields: Any) -> Endpoint:
    """`state` is ready, not-ready, serving (terminating, still serving) or terminating."""
    ready, serving, terminating = {
        "ready": (True, True, False),
        "not-ready": (False, False, False),
        "serving": (False, True, True),
        "terminating": (False, False, True),
    }[state]
    return Endpoint(ip, node=node, ready=ready, serving=serving, terminating=terminating, **fields)
