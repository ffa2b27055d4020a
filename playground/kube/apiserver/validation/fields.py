"""How does the API server say what is wrong with a field?  One function for each sort of field error.

Source: staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from playground.kube.errors import Cause


def invalid(path: str, value: Any, detail: str = "") -> Cause:
    return Cause(path, "FieldValueInvalid", f"Invalid value: {shown(value)}{detail and f': {detail}'}")


def each_invalid(path: str, value: Any, details: Iterable[str]) -> list[Cause]:
    return [invalid(path, value, detail) for detail in details]


def required(path: str, detail: str = "") -> Cause:
    return Cause(path, "FieldValueRequired", f"Required value: {detail}" if detail else "Required value")


def forbidden(path: str, detail: str) -> Cause:
    return Cause(path, "FieldValueForbidden", f"Forbidden: {detail}")


def duplicate(path: str, value: Any) -> Cause:
    return Cause(path, "FieldValueDuplicate", f"Duplicate value: {shown(value)}")


def not_found(path: str, value: Any) -> Cause:
    return Cause(path, "FieldValueNotFound", f"Not found: {shown(value)}")


def not_supported(path: str, value: Any, supported: Iterable[str]) -> Cause:
    listed = ", ".join(shown(each) for each in supported)
    return Cause(path, "FieldValueNotSupported", f"Unsupported value: {shown(value)}: supported values: {listed}")


def too_long(path: str, most: int) -> Cause:
    return Cause(path, "FieldValueTooLong", f"Too long: may not be more than {most} bytes")


def too_many(path: str, number: int, most: int) -> Cause:
    return Cause(path, "FieldValueTooMany", f"Too many: {number}: must have at most {most} items")


def non_negative(path: str, value: int) -> list[Cause]:
    return [] if value >= 0 else [invalid(path, value, "must be greater than or equal to 0")]


def immutable(path: str, new: Any, old: Any) -> list[Cause]:
    return [] if new == old else [invalid(path, new, "field is immutable")]


def shown(value: Any) -> str:
    """A value as the API server prints it: JSON, with the keys of objects sorted."""
    return msgspec.json.encode(value, order="sorted").decode()


def local_path(value: str, path: str) -> list[Cause]:
    """A path below a place that the kubelet chooses."""
    causes = [invalid(path, value, "must be a relative path")] if value.startswith("/") else []
    return causes + no_backsteps(value, path)


def no_backsteps(value: str, path: str) -> list[Cause]:
    return [invalid(path, value, "must not contain '..'")] if ".." in value.split("/") else []
