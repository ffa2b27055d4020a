"""What does a Pod look like in an EndpointSlice?  Its endpoint, the ports it goes under, and what its slices are labelled.

Source: k8s.io/endpointslice {utils.go (podToEndpoint, getEndpointPorts, setEndpointSliceLabels), trafficdist/trafficdist.go},
util/controller_utils.go (ShouldPodBeInEndpoints, FindPort, ShouldSetHostname).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.nodes import zone
from playground.kube.apiserver.objects import JSON, Endpoint, EndpointPort, Object, Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.controllers.topology import is_topology_aware
from playground.kube.settings import family_of

SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
MANAGER = "endpointslice-controller.k8s.io"
HEADLESS = "service.kubernetes.io/headless"
RESERVED = (SERVICE_NAME, MANAGED_BY, HEADLESS)
Ports = tuple[EndpointPort, ...]
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")


def is_served(service: Object) -> bool:
    """The Service has endpoints that follow from its selector; the API server keeps no empty one, which would select every Pod."""
    return service.spec.get("selector") is not None and service.spec.get("type") != "ExternalName"


def families(service: Object) -> tuple[str, ...]:
    """The address types of a Service's slices; one that says none has its cluster IP's, or both if it is headless."""
    listed = service.spec.get("ipFamilies")
    if listed:
        return tuple(sorted(set(listed)))
    ip = service.spec.get("clusterIP") or "None"
    return ("IPv4", "IPv6") if ip == "None" else (family_of(ip),)


def address_in(pod: Pod, family: str) -> str:
    """The address that a Pod has in a family, "" if it has none."""
    for ip in (pod.ip, pod.other_ip):
        if ip and family_of(ip) == family:
            return ip
    return ""


def is_eligible(pod: Pod, terminating: bool = True) -> bool:
    """The Pod may be an endpoint: it has an address and has not finished; without `terminating` it is not on its way out."""
    return bool(pod.ip) and not is_finished(pod) and (terminating or pod.deleting is None)


def endpoint_of(
    service: Object, pod: Pod, node: Object | None, family: str = "IPv4", distributions: tuple[str, ...] = DISTRIBUTIONS
) -> Endpoint:
    """The endpoint of a Pod that has an address of this family, with conditions; `node` is the object of its Node, if there is one;
    `distributions` are the values of trafficDistribution that give hints."""
    serving, terminating = pod.state.ready, pod.deleting is not None
    ready = bool(service.spec.get("publishNotReadyAddresses")) or (serving and not terminating)
    where, distribution = zone(node) if node is not None else "", service.spec.get("trafficDistribution")
    for_zones, for_nodes = (
        _hints(distribution, where, pod.node) if ready and distribution in distributions and not is_topology_aware(service) else ((), ())
    )
    return Endpoint(
        address_in(pod, family),
        pod.node,
        where,
        pod.name,
        pod.uid,
        hostname_of(service, pod),
        ready,
        serving,
        terminating,
        for_zones,
        for_nodes,
    )


def hostname_of(service: Object, pod: Pod) -> str:
    """The name of the endpoint in the Service's domain: the Pod's hostname if its subdomain is the Service."""
    hostname, subdomain = str(pod.spec.get("hostname", "")), pod.spec.get("subdomain")
    return hostname if subdomain == service.name and pod.namespace == service.namespace else ""


def ports_of(service: Object, pod: Pod) -> Ports:
    """The Service's ports as this Pod has them; a named target that it does not have is left out."""
    return _ports.of(service.spec, pod.spec)


def find_port(pod_spec: JSON, target: Any, protocol: str) -> int | None:
    """The number of a targetPort: itself, or that of the first container port of this name and protocol; sidecars come last."""
    if isinstance(target, int):
        return target
    sidecars = [each for each in pod_spec.get("initContainers", ()) if each.get("restartPolicy") == "Always"]
    for container in (*pod_spec.get("containers", ()), *sidecars):
        for port in container.get("ports", ()):
            if port.get("name") == target and port.get("protocol", "TCP") == protocol:
                return int(port["containerPort"])
    return None


def follows(labels: dict[str, str], service: Object) -> bool:
    """Whether a slice's labels are its Service's, but for those that only the controller may set."""
    own, theirs = ({key: value for key, value in each.items() if key not in RESERVED} for each in (labels, service.labels))
    return own == theirs


def slice_labels(service: Object) -> dict[str, str]:
    """The labels of a Service's slices: its own, but for those that only the controller may set."""
    own = {key: value for key, value in service.labels.items() if key not in RESERVED}
    headless = {HEADLESS: ""} if service.spec.get("clusterIP", "") in ("", "None") else {}
    return {**own, SERVICE_NAME: service.name, MANAGED_BY: MANAGER, **headless}


def _read_ports(service_spec: JSON, pod_spec: JSON) -> Ports:
    found = []
    for port in service_spec.get("ports", ()):
        protocol = port.get("protocol", "TCP")
        number = find_port(pod_spec, port.get("targetPort", port.get("port")), protocol)
        if number is not None:
            found.append(EndpointPort(port.get("name", ""), number, protocol, port.get("appProtocol", "")))
    return tuple(found)


def _hints(distribution: Any, where: str, node: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(zones, Nodes) for which an endpoint is meant."""
    return (where,) if where else (), (node,) if node and distribution == "PreferSameNode" else ()


_ports: Memo[Ports] = Memo(_read_ports)
