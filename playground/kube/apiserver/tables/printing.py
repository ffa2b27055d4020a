"""Which columns does a kind have, and what stands in the row of one object?

Source: pkg/printers/internalversion/printers.go (AddHandlers); apimachinery apis/meta/v1 (Table).
Simplified: kinds that are not simulated show their name and age only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.tables import others, pods, services, workloads

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
_OF: dict[str, tuple[tuple[Column, ...], Cells]] = {
    "ConfigMap": (_columns("Name", "Data:integer", "Age"), others.config_map),
    "CustomResourceDefinition": (_columns("Name", "Created At"), others.definition),
    "DaemonSet": (
        _columns(
            "Name", "Desired:integer", "Current:integer", "Ready:integer", "Up-to-date:integer", "Available:integer",
            "Node Selector", "Age", *_TEMPLATE, "Selector+",
        ),
        workloads.daemon_set,
    ),
    "Deployment": (_columns("Name", "Ready", "Up-to-date:integer", "Available:integer", "Age", *_TEMPLATE, "Selector+"), workloads.deployment),
    "EndpointSlice": (_columns("Name", "AddressType", "Ports", "Endpoints", "Age"), services.endpoint_slice),
    "Endpoints": (_columns("Name", "Endpoints", "Age"), services.endpoints),
    "Event": (
        _columns("Last Seen", "Type", "Reason", "Object", "Subobject+", "Source+", "Message", "First Seen+", "Count+:integer", "Name+"),
        others.event,
    ),
    "Namespace": (_columns("Name", "Status", "Age"), others.namespace),
    "Node": (
        _columns("Name", "Status", "Roles", "Age", "Version", "Internal-IP+", "External-IP+", "OS-Image+", "Kernel-Version+", "Container-Runtime+"),
        others.node,
    ),
    "Pod": (_columns("Name", "Ready", "Status", "Restarts", "Age", "IP+", "Node+", "Nominated Node+", "Readiness Gates+"), pods.cells),
    "ReplicaSet": (_columns("Name", "Desired:integer", "Current:integer", "Ready:integer", "Age", *_TEMPLATE, "Selector+"), workloads.replica_set),
    "Scale": (_columns("Name", "Desired:integer", "Available:integer", "Age"), workloads.scale),
    "Secret": (_columns("Name", "Type", "Data:integer", "Age"), others.secret),
    "Service": (_columns("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector+"), services.service),
    "ServiceAccount": (_columns("Name", "Secrets:integer", "Age"), others.service_account),
    "StatefulSet": (_columns("Name", "Ready", "Age", *_TEMPLATE), workloads.stateful_set),
}  # fmt: skip
