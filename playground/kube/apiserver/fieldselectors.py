"""Which objects does a field selector mean, as in `status.phase!=Running`?

Source: apimachinery pkg/fields/selector.go; the field labels of pkg/apis/core/v1/conversion.go and of pkg/registry/core/*/strategy.go.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from playground.kube.errors import bad_request

JSON = dict[str, Any]
LONGEST = 4_096
_TERM = re.compile(r"([^=!,]+)(!=|==|=)([^,=]*)")
_META = ("metadata.name", "metadata.namespace")
_ABOUT = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
_OF: dict[str, tuple[str, ...]] = {
    "Event": (*(f"involvedObject.{each}" for each in _ABOUT), "reason", "reportingComponent", "source", "type"),
    "Job": ("status.successful",),
    "Namespace": ("status.phase",),
    "Node": ("spec.unschedulable",),
    "Pod": (
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
        "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName",
    ),
    "ReplicaSet": ("status.replicas",),
    "ReplicationController": ("status.replicas",),
    "Secret": ("type",),
    "Service": ("spec.clusterIP", "spec.type"),
}  # fmt: skip


class FieldSelector(msgspec.Struct, frozen=True):
    """All terms hold: a dotted field, whether it shall equal, and a value."""

    terms: tuple[tuple[str, bool, str], ...] = ()

    @property
    def name(self) -> str | None:
        """The one name that can match, if the selector gives one."""
        return next((value for field, equal, value in self.terms if equal and field == "metadata.name"), None)

    def matches(self, document: JSON) -> bool:
        return all((_value(document, field) == value) is equal for field, equal, value in self.terms)


def parse(text: str, kind: str) -> FieldSelector:
    """A selector as kubectl's --field-selector takes it; raises Refusal."""
    if len(text) > LONGEST:
        raise bad_request(f"invalid selector: at most {LONGEST} characters")
    terms = []
    for word in filter(None, text.split(",")):
        term = _TERM.fullmatch(word)
        if term is None:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{word}'")
        field, sign, value = term.groups()
        if field not in (*_META, *_OF.get(kind, ())):
            raise bad_request(f"field label not supported: {field}")
        terms.append((field, sign != "!=", value))
    return FieldSelector(tuple(terms))


def _value(document: JSON, field: str) -> str:
    value: Any = document
    for step in field.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if field == "source":  # an Event's source is its component
        value = (value or {}).get("component") or document.get("reportingComponent")
    if isinstance(value, bool):
        return "true" if value else "false"
    return ("false" if field in ("spec.unschedulable", "spec.hostNetwork") else "") if value is None else str(value)
