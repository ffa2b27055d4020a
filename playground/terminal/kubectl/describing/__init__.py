"""What does `kubectl describe` print of one object?

Source: staging/src/k8s.io/kubectl/pkg/describe/describe.go.
Simplified: CertificateSigningRequests, CSINodes and VolumeAttributesClasses are told as kubectl tells custom kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.cluster import Cluster
from playground.terminal.kubectl.describing import (
    access,
    batch,
    endpoints,
    networking,
    nodes,
    others,
    pods,
    policies,
    services,
    storage,
    workloads,
)
from playground.terminal.kubectl.describing.page import Page, events

JSON = dict[str, Any]
_PAGES: dict[str, Callable[[Page, Cluster, JSON], None]] = {
    "ClusterRole": access.role,
    "ClusterRoleBinding": access.binding,
    "ConfigMap": others.config_map,
    "CronJob": batch.cron_job,
    "DaemonSet": workloads.daemon_set,
    "Deployment": workloads.deployment,
    "EndpointSlice": endpoints.endpoint_slice,
    "Endpoints": endpoints.endpoints,
    "HorizontalPodAutoscaler": policies.autoscaler,
    "IPAddress": networking.ip_address,
    "Ingress": networking.ingress,
    "IngressClass": networking.ingress_class,
    "Job": batch.job,
    "LimitRange": policies.limit_range,
    "Namespace": others.namespace,
    "NetworkPolicy": networking.network_policy,
    "Node": nodes.node,
    "PersistentVolume": storage.volume,
    "PersistentVolumeClaim": storage.claim,
    "Pod": pods.pod,
    "PodDisruptionBudget": policies.budget,
    "PriorityClass": policies.priority_class,
    "ReplicaSet": workloads.replica_set,
    "ReplicationController": workloads.replication_controller,
    "ResourceQuota": policies.quota,
    "Role": access.role,
    "RoleBinding": access.binding,
    "Secret": access.secret,
    "Service": services.service,
    "ServiceCIDR": networking.service_cidr,
    "StatefulSet": workloads.stateful_set,
    "StorageClass": storage.storage_class,
}
WITHOUT_EVENTS = frozenset(
    "ClusterRole ClusterRoleBinding LimitRange Namespace NetworkPolicy ResourceQuota Role RoleBinding Secret".split()
)


def page(kube: Cluster, kind: Resource, document: JSON, with_events: bool) -> str:
    told = Page()
    _PAGES.get(kind.kind, others.any_other)(told, kube, document)
    if with_events and kind.kind not in WITHOUT_EVENTS:
        events(told, kube, document)
    return told.text()
