"""Is a document of any kind right?  Every field error at once, in the API server's words.

The documents have right types (see `schema.py`) and their defaults (see `defaults`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.validation import batch, cluster, configuration, meta, pod, policy, service, workload
from playground.kube.errors import Cause

Document = dict[str, Any]

_OBJECTS: dict[str, Callable[[Document], list[Cause]]] = {
    "ConfigMap": configuration.config_map,
    "CronJob": batch.cron_job,
    "CustomResourceDefinition": cluster.custom_resource_definition,
    "DaemonSet": workload.daemon_set,
    "Deployment": workload.deployment,
    "EndpointSlice": cluster.endpoint_slice,
    "Endpoints": cluster.endpoints,
    "Job": batch.job,
    "Node": cluster.node,
    "Pod": pod.pod,
    "PodDisruptionBudget": policy.pod_disruption_budget,
    "ReplicaSet": workload.replica_set,
    "Secret": configuration.secret,
    "Service": service.service,
    "StatefulSet": workload.stateful_set,
}
_CREATIONS: dict[str, Callable[[Document], list[Cause]]] = {"Pod": pod.pod_creation}
_UPDATES: dict[str, Callable[[Document, Document], list[Cause]]] = {
    "ConfigMap": configuration.config_map_update,
    "DaemonSet": workload.selector_update,
    "Deployment": workload.selector_update,
    "EndpointSlice": cluster.endpoint_slice_update,
    "Node": cluster.node_update,
    "Pod": pod.pod_update,
    "ReplicaSet": workload.selector_update,
    "Secret": configuration.secret_update,
    "Service": service.service_update,
    "StatefulSet": workload.stateful_set_update,
}


def validate(document: Document, resource: Resource) -> list[Cause]:
    """What is wrong with a new document."""
    check = _CREATIONS.get(resource.kind)
    return _always(document, resource) + (check(document) if check else [])


def validate_update(new: Document, old: Document, resource: Resource) -> list[Cause]:
    """What is wrong with putting `new` in the place of `old`."""
    check = _UPDATES.get(resource.kind)
    return _always(new, resource) + meta.metadata_update(new, old) + (check(new, old) if check else [])


def _always(document: Document, resource: Resource) -> list[Cause]:
    check = _OBJECTS.get(resource.kind)
    return meta.metadata(document, resource) + (check(document) if check else [])
