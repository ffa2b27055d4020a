"""What does the API server fill in where a document is silent?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.defaults import batch, core, others, pods, workloads
from playground.kube.apiserver.resources import Resource

Document = dict[str, Any]

_BY_KIND = {
    "ConfigMap": core.config_map,
    "Endpoints": core.endpoints,
    "EndpointSlice": core.endpoint_slice,
    "Namespace": core.namespace,
    "Node": core.node,
    "Secret": core.secret,
    "Service": core.service,
    "Pod": pods.pod,
    "DaemonSet": workloads.daemon_set,
    "Deployment": workloads.deployment,
    "ReplicaSet": workloads.replica_set,
    "StatefulSet": workloads.stateful_set,
    "CronJob": batch.cron_job,
    "Job": batch.job,
    "ClusterRoleBinding": others.binding,
    "HorizontalPodAutoscaler": others.autoscaler,
    "IngressClass": others.ingress_class,
    "LimitRange": others.limit_range,
    "NetworkPolicy": others.network_policy,
    "PersistentVolume": others.volume,
    "PersistentVolumeClaim": others.claim,
    "PodTemplate": others.pod_template,
    "PriorityClass": others.priority_class,
    "ReplicationController": others.replication_controller,
    "RoleBinding": others.binding,
    "StorageClass": others.storage_class,
}


def fill(document: Document, resource: Resource) -> None:
    """Fill in a document of right types, in place; a document filled in already stays as it is."""
    if resource.kind in _BY_KIND:
        _BY_KIND[resource.kind](document)
