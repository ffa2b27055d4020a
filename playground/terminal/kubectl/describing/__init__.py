"""What does `kubectl describe` print of one object?

Source: staging/src/k8s.io/kubectl/pkg/describe/describe.go.
Simplified: kinds without a page of their own are told as kubectl tells custom kinds; a Node's Lease and its Pods' quotas are not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.cluster import Cluster
from playground.terminal.kubectl.describing import endpoints, nodes, others, pods, services, workloads
from playground.terminal.kubectl.describing.page import Page, events

JSON = dict[str, Any]
_PAGES: dict[str, Callable[[Page, Cluster, JSON], None]] = {
    "ConfigMap": others.config_map,
    "Deployment": workloads.deployment,
    "EndpointSlice": endpoints.endpoint_slice,
    "Endpoints": endpoints.endpoints,
    "Namespace": others.namespace,
    "Node": nodes.node,
    "Pod": pods.pod,
    "ReplicaSet": workloads.replica_set,
    "Service": services.service,
    "ServiceAccount": others.service_account,
}
WITHOUT_EVENTS = ("Namespace",)


def page(kube: Cluster, kind: Resource, document: JSON, with_events: bool) -> str:
    told = Page()
    _PAGES.get(kind.kind, others.any_other)(told, kube, document)
    if with_events and kind.kind not in WITHOUT_EVENTS:
        events(told, kube, document)
    return told.text()
