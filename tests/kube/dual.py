"""A whole cluster of two families for tests: three Nodes, CoreDNS, a Deployment of three Pods, Services of either kind, and clients."""

from __future__ import annotations

from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.network.requests import Request
from playground.kube.settings import ClusterSettings, LoadBalancers, Networks
from tests.laws.histories import deployment, schema

SECOND_NETWORKS = Networks("fd00:10:96::/112", "fd00:10:244::/56", "fd00:192:168::/64", load_balancers="2001:db8:1::/112")
DUAL = ClusterSettings(second=SECOND_NETWORKS)
IPV6 = ClusterSettings(
    service_network=SECOND_NETWORKS.service,
    pod_network=SECOND_NETWORKS.pod,
    node_network=SECOND_NETWORKS.node,
    node_prefix=64,
    load_balancers=LoadBalancers(network="2001:db8:1::/112"),
)


def cluster(*documents: dict[str, Any], settings: ClusterSettings = DUAL) -> Cluster:
    """Settled, with the Deployment `web`, the clients `client` (glibc) and `alpine` (musl), and these documents."""
    made = Cluster.create(settings, schema())
    for _ in range(3):
        made.submit(actions.AddNode())
    made.submit(actions.Apply([deployment("web", 3), pod("client", "debian:13"), pod("alpine", "alpine:3"), *documents]))
    made.advance(20 * SECOND)
    return made


def pod(name: str, image: str, **spec: Any) -> dict[str, Any]:
    container = {"name": "client", "image": image, "command": ["sleep", "infinity"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def service(name: str = "web", policy: str = "PreferDualStack", **spec: Any) -> dict[str, Any]:
    """A Service of the Deployment `web`; None takes a field away."""
    given = {"selector": {"app": "web"}, "ports": [{"port": 80}], "ipFamilyPolicy": policy, **spec}
    kept = {key: value for key, value in given.items() if value is not None}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": kept}


def endpoint_slice(service: str, kind: str, *addresses: str, node: str = "") -> dict[str, Any]:
    meta = {"name": f"{service}-{kind.lower()}", "labels": {"kubernetes.io/service-name": service}}
    endpoints = [{"addresses": [each], "conditions": {"ready": True}, **({"nodeName": node} if node else {})} for each in addresses]
    ports = [{"name": "", "port": 80, "protocol": "TCP"}]
    kinds = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice"}
    return {**kinds, "metadata": meta, "addressType": kind, "endpoints": endpoints, "ports": ports}


def ask(made: Cluster, to: str, source: str = "client") -> Request:
    found = made.network.request(made.network.send(made.network.senders.require(source), to))
    assert found is not None
    return found


def spec(made: Cluster, name: str = "web") -> dict[str, Any]:
    return made.store.get("Service", "default", name).spec


def pods(made: Cluster) -> list[Any]:
    return [each for each in made.store.list("Pod", "default") if each.labels.get("app") == "web"]
