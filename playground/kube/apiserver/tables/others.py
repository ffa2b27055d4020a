"""What does `kubectl get` print of Nodes, Namespaces, Events, Leases, and of what only holds data?

Source: pkg/printers/internalversion/printers.go; apiextensions-apiserver pkg/registry/customresource/tableconvertor for kinds without columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.kube.apiserver.tables.ages import since
from playground.kube.apiserver.tables.layout import NONE, born, containers, labels

JSON = dict[str, Any]
_ROLE = "node-role.kubernetes.io/"


def node(each: JSON, now: int) -> list[Any]:
    """Name, Status, Roles, Age, Version; wide: Internal-IP, External-IP, OS-Image, Kernel-Version, Container-Runtime."""
    meta, status = each["metadata"], each.get("status", {})
    info, addresses = status.get("nodeInfo", {}), status.get("addresses", ())
    ready = next((condition for condition in status.get("conditions", ()) if condition.get("type") == "Ready"), None)
    words = ["Unknown" if ready is None else "Ready" if ready.get("status") == "True" else "NotReady"]
    words += ["SchedulingDisabled"] if each.get("spec", {}).get("unschedulable") else []
    return [
        meta["name"],
        ",".join(words),
        _roles(meta.get("labels", {})),
        since(meta.get("creationTimestamp"), now),
        info.get("kubeletVersion", ""),
        _address(addresses, "InternalIP"),
        _address(addresses, "ExternalIP"),
        info.get("osImage") or "<unknown>",
        info.get("kernelVersion") or "<unknown>",
        info.get("containerRuntimeVersion") or "<unknown>",
    ]


def _address(addresses: Sequence[JSON], type: str) -> str:
    """The first of a type."""
    return next((str(each.get("address")) for each in addresses if each.get("type") == type), NONE)


def namespace(each: JSON, now: int) -> list[Any]:
    """Name, Status, Age."""
    meta = each["metadata"]
    return [meta["name"], each.get("status", {}).get("phase", ""), since(meta.get("creationTimestamp"), now)]


def event(each: JSON, now: int) -> list[Any]:
    """Last Seen, Type, Reason, Object, Message; wide: Subobject, Source, First Seen, Count, Name."""
    about, series, source = each.get("involvedObject", {}), each.get("series") or {}, each.get("source", {})
    first = since(each.get("firstTimestamp") or each.get("eventTime"), now)
    last = since(each["lastTimestamp"], now) if each.get("lastTimestamp") else first
    last = since(series["lastObservedTime"], now) if series.get("lastObservedTime") else last
    target = "/".join(filter(None, (about.get("kind", "").lower(), about.get("name", ""))))
    component = source.get("component") or each.get("reportingComponent", "")
    said_by = ", ".join(filter(None, (component, source.get("host") or each.get("reportingInstance", ""))))
    return [
        last,
        each.get("type", ""),
        each.get("reason", ""),
        target,
        about.get("fieldPath", ""),
        said_by,
        each.get("message", "").strip(),
        first,
        series.get("count") or each.get("count") or 1,
        each["metadata"]["name"],
    ]


def config_map(each: JSON, now: int) -> list[Any]:
    """Name, Data, Age."""
    meta = each["metadata"]
    return [meta["name"], len(each.get("data", {})) + len(each.get("binaryData", {})), since(meta.get("creationTimestamp"), now)]


def secret(each: JSON, now: int) -> list[Any]:
    """Name, Type, Data, Age."""
    meta = each["metadata"]
    return [meta["name"], each.get("type", ""), len(each.get("data", {})), since(meta.get("creationTimestamp"), now)]


def service_account(each: JSON, now: int) -> list[Any]:
    """Name, Secrets, Age."""
    meta = each["metadata"]
    return [meta["name"], len(each.get("secrets", ())), since(meta.get("creationTimestamp"), now)]


def created(each: JSON, now: int) -> list[Any]:
    """Name, Created At: of kinds for which the API server has no printer."""
    meta = each["metadata"]
    return [meta["name"], meta.get("creationTimestamp", "")]


def lease(each: JSON, now: int) -> list[Any]:
    """Name, Holder, Age."""
    return [each["metadata"]["name"], each.get("spec", {}).get("holderIdentity", ""), born(each, now)]


def revision(each: JSON, now: int) -> list[Any]:
    """Name, Controller, Revision, Age."""
    owner = next((one for one in each["metadata"].get("ownerReferences", ()) if one.get("controller")), None)
    group = owner["apiVersion"].rpartition("/")[0] if owner else ""
    shown = f"{owner['kind']}{f'.{group}' if group else ''}".lower() + f"/{owner['name']}" if owner else NONE
    return [each["metadata"]["name"], shown, each.get("revision", 0), born(each, now)]


def pod_template(each: JSON, now: int) -> list[Any]:
    """Name, Containers, Images, Pod Labels."""
    template = each.get("template", {})
    return [each["metadata"]["name"], *containers(template), labels(template.get("metadata", {}).get("labels"))]


def runtime_class(each: JSON, now: int) -> list[Any]:
    """Name, Handler, Age."""
    return [each["metadata"]["name"], each.get("handler", ""), born(each, now)]


def resource_claim(each: JSON, now: int) -> list[Any]:
    """Name, State, Age."""
    status, deleted = each.get("status", {}), bool(each["metadata"].get("deletionTimestamp"))
    words = ["deleted"] * deleted + (["allocated"] if status.get("allocation") else ["pending"] * (not deleted))
    words += ["reserved"] * bool(status.get("allocation") and status.get("reservedFor"))
    return [each["metadata"]["name"], ",".join(words), born(each, now)]


def resource_slice(each: JSON, now: int) -> list[Any]:
    """Name, Node, Driver, Pool, Age."""
    spec = each.get("spec", {})
    return [
        each["metadata"]["name"],
        spec.get("nodeName", ""),
        spec.get("driver", ""),
        spec.get("pool", {}).get("name", ""),
        born(each, now),
    ]


def any_other(each: JSON, now: int) -> list[Any]:
    """Name, Age."""
    meta = each["metadata"]
    return [meta["name"], since(meta.get("creationTimestamp"), now)]


def _roles(labels: JSON) -> str:
    """Of labels `node-role.kubernetes.io/<role>` and `kubernetes.io/role: <role>`."""
    named = {key.removeprefix(_ROLE) for key in labels if key.startswith(_ROLE)} | {labels.get("kubernetes.io/role", "")}
    return ",".join(sorted(named - {""})) or NONE
