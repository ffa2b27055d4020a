"""Which columns does a kind have, and what stands in the row of one object?

Source: pkg/printers/internalversion/printers.go (AddHandlers), apiserver registry/rest/table.go for kinds that it does not name; apimachinery
apis/meta/v1 (Table).
Simplified: of custom kinds the name and the age are shown, also where their definition names columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.tables import access, batch, networking, others, pods, services, storage, workloads

JSON = dict[str, Any]
Cells = Callable[[JSON, int], list[Any]]


class Column(msgspec.Struct, frozen=True):
    """A column of a Table; one of priority 1 is shown with `-o wide` only."""

    name: str
    type: str = "string"
    format: str = ""
    priority: int = 0


def columns(kind: str) -> tuple[Column, ...]:
    """The columns of a kind as the store names it."""
    return _OF[kind][0] if kind in _OF else _ANY


def definitions(kind: str) -> list[JSON]:
    """The columns as a Table's `columnDefinitions`."""
    return [
        {"name": each.name, "type": each.type, "format": each.format, "description": "", "priority": each.priority}
        for each in columns(kind)
    ]


def cells(kind: str, document: JSON, now: int) -> list[Any]:
    """One row: a cell for each column. `now` is in whole seconds since 1970."""
    return (_OF[kind][1] if kind in _OF else others.any_other)(document, now)


def _columns(*words: str) -> tuple[Column, ...]:
    """`Name` is a name; `Data:integer` has another type; `IP+` is shown with -o wide only."""
    made = []
    for word in words:
        name, _, kind = word.partition(":")
        wide, name = name.endswith("+"), name.rstrip("+")
        made.append(Column(name, kind or "string", "name" if name == "Name" and not wide else "", int(wide)))
    return tuple(made)


_TEMPLATE = ("Containers+", "Images+")
_ANY = _columns("Name", "Age")
_CREATED = _columns("Name", "Created At")
_ROLE = _columns("Name", "Role", "Age", "Users+", "Groups+", "ServiceAccounts+")
_WEBHOOKS = _columns("Name", "Webhooks:integer", "Age")
_OF: dict[str, tuple[tuple[Column, ...], Cells]] = {
    "APIService": (_columns("Name", "Service", "Available", "Age"), access.api_service),
    "CertificateSigningRequest": (
        _columns("Name", "Age", "SignerName", "Requestor", "RequestedDuration", "Condition"), access.signing_request,
    ),
    "ClusterRole": (_CREATED, others.created),
    "ClusterRoleBinding": (_ROLE, access.binding),
    "ConfigMap": (_columns("Name", "Data", "Age"), others.config_map),
    "ControllerRevision": (_columns("Name", "Controller", "Revision", "Age"), others.revision),
    "CronJob": (
        _columns("Name", "Schedule", "Timezone", "Suspend:boolean", "Active:integer", "Last Schedule", "Age", *_TEMPLATE, "Selector+"), batch.cron_job,
    ),
    "CSIDriver": (
        _columns(
            "Name", "AttachRequired:boolean", "PodInfoOnMount:boolean", "StorageCapacity:boolean", "TokenRequests", "RequiresRepublish:boolean",
            "Modes", "Age",
        ),
        storage.csi_driver,
    ),
    "CSINode": (_columns("Name", "Drivers:integer", "Age"), storage.csi_node),
    "CSIStorageCapacity": (_columns("Name", "StorageClassName", "Capacity"), storage.csi_capacity),
    "CustomResourceDefinition": (_CREATED, others.created),
    "DaemonSet": (
        _columns(
            "Name", "Desired:integer", "Current:integer", "Ready:integer", "Up-to-date:integer", "Available:integer",
            "Node Selector", "Age", *_TEMPLATE, "Selector+",
        ),
        workloads.daemon_set,
    ),
    "Deployment": (_columns("Name", "Ready", "Up-to-date", "Available", "Age", *_TEMPLATE, "Selector+"), workloads.deployment),
    "EndpointSlice": (_columns("Name", "AddressType", "Ports", "Endpoints", "Age"), services.endpoint_slice),
    "Endpoints": (_columns("Name", "Endpoints", "Age"), services.endpoints),
    "Event": (
        _columns("Last Seen", "Type", "Reason", "Object", "Subobject+", "Source+", "Message", "First Seen+", "Count+", "Name+"), others.event,
    ),
    "FlowSchema": (
        _columns("Name", "PriorityLevel", "MatchingPrecedence", "DistinguisherMethod", "Age", "MissingPL"), access.flow_schema,
    ),
    "HorizontalPodAutoscaler": (_columns("Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age"), batch.autoscaler),
    "Ingress": (_columns("Name", "Class", "Hosts", "Address", "Ports", "Age"), networking.ingress),
    "IngressClass": (_columns("Name", "Controller", "Parameters", "Age"), networking.ingress_class),
    "IPAddress": (_columns("Name", "ParentRef"), networking.ip_address),
    "Job": (_columns("Name", "Status", "Completions", "Duration", "Age", *_TEMPLATE, "Selector+"), batch.job),
    "Lease": (_columns("Name", "Holder", "Age"), others.lease),
    "LimitRange": (_CREATED, others.created),
    "MutatingWebhookConfiguration": (_WEBHOOKS, access.webhooks),
    "Namespace": (_columns("Name", "Status", "Age"), others.namespace),
    "NetworkPolicy": (_columns("Name", "Pod-Selector", "Age"), networking.network_policy),
    "Node": (
        _columns("Name", "Status", "Roles", "Age", "Version", "Internal-IP+", "External-IP+", "OS-Image+", "Kernel-Version+", "Container-Runtime+"),
        others.node,
    ),
    "PersistentVolume": (
        _columns(
            "Name", "Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim", "StorageClass", "VolumeAttributesClass", "Reason", "Age",
            "VolumeMode+",
        ),
        storage.volume,
    ),
    "PersistentVolumeClaim": (
        _columns("Name", "Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass", "Age", "VolumeMode+"), storage.claim,
    ),
    "Pod": (_columns("Name", "Ready", "Status", "Restarts", "Age", "IP+", "Node+", "Nominated Node+", "Readiness Gates+"), pods.cells),
    "PodDisruptionBudget": (
        _columns("Name", "Min Available", "Max Unavailable", "Allowed Disruptions:integer", "Age"), batch.disruption_budget,
    ),
    "PodTemplate": (_columns("Name", "Containers", "Images", "Pod Labels"), others.pod_template),
    "PriorityClass": (_columns("Name", "Value:integer", "Global-Default:boolean", "Age", "PreemptionPolicy"), batch.priority_class),
    "PriorityLevelConfiguration": (
        _columns("Name", "Type", "NominalConcurrencyShares", "Queues", "HandSize", "QueueLengthLimit", "Age"), access.priority_level,
    ),
    "ReplicaSet": (_columns("Name", "Desired:integer", "Current:integer", "Ready:integer", "Age", *_TEMPLATE, "Selector+"), workloads.replica_set),
    "ReplicationController": (
        _columns("Name", "Desired:integer", "Current:integer", "Ready:integer", "Age", *_TEMPLATE, "Selector+"), workloads.replication_controller,
    ),
    "ResourceClaim": (_columns("Name", "State", "Age"), others.resource_claim),
    "ResourceQuota": (_columns("Name", "Request", "Limit", "Age"), batch.quota),
    "ResourceSlice": (_columns("Name", "Node", "Driver", "Pool", "Age"), others.resource_slice),
    "Role": (_CREATED, others.created),
    "RoleBinding": (_ROLE, access.binding),
    "RuntimeClass": (_columns("Name", "Handler", "Age"), others.runtime_class),
    "Scale": (_columns("Name", "Desired:integer", "Available:integer", "Age"), workloads.scale),
    "Secret": (_columns("Name", "Type", "Data", "Age"), others.secret),
    "Service": (_columns("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector+"), services.service),
    "ServiceAccount": (_columns("Name", "Secrets", "Age"), others.service_account),
    "ServiceCIDR": (_columns("Name", "CIDRs", "Age"), networking.service_cidr),
    "StatefulSet": (_columns("Name", "Ready", "Age", *_TEMPLATE), workloads.stateful_set),
    "StorageClass": (
        _columns("Name", "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age"), storage.storage_class,
    ),
    "ValidatingAdmissionPolicy": (_columns("Name", "Validations:integer", "ParamKind", "Age"), access.admission_policy),
    "ValidatingAdmissionPolicyBinding": (_columns("Name", "PolicyName", "ParamRef", "Age"), access.admission_binding),
    "ValidatingWebhookConfiguration": (_WEBHOOKS, access.webhooks),
    "VolumeAttachment": (_columns("Name", "Attacher", "PV", "Node", "Attached:boolean", "Age"), storage.attachment),
}  # fmt: skip
