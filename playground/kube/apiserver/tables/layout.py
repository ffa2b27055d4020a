"""How are labels, selectors, containers and long lists written into one cell?

Source: pkg/printers/internalversion/printers.go; apimachinery pkg/labels/selector.go (String) and apis/meta/v1 (FormatLabelSelector).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.apiserver.selectors import Requirement
from playground.kube.apiserver.tables.ages import since

JSON = dict[str, Any]
NONE, UNSET = "<none>", "<unset>"
SHOWN = 3


def born(each: JSON, now: int) -> str:
    """The Age of an object."""
    return since(each["metadata"].get("creationTimestamp"), now)


def labels(pairs: JSON | None) -> str:
    """`app=web,tier=front`, or `<none>`."""
    return ",".join(f"{key}={value}" for key, value in sorted((pairs or {}).items())) or NONE


def selector(selecting: JSON | None) -> str:
    """A LabelSelector in one line; `<none>` where everything matches, `<none>` too where nothing does."""
    requirements = sorted(selectors.of(selecting).requirements, key=lambda each: each.key)
    return ",".join(map(_requirement, requirements)) or NONE


def containers(template: JSON) -> tuple[str, str]:
    """The names and the images of a template's containers."""
    listed: Sequence[JSON] = template.get("spec", {}).get("containers", ())
    return ",".join(each.get("name", "") for each in listed), ",".join(each.get("image", "") for each in listed)


def some(words: Iterable[str], empty: str) -> str:
    """The first three, and how many more there are."""
    listed = list(words)
    rest = f" + {len(listed) - SHOWN} more..." if len(listed) > SHOWN else ""
    return ",".join(listed[:SHOWN]) + rest if listed else empty


def _requirement(requirement: Requirement) -> str:
    key, values = requirement.key, ",".join(sorted(requirement.values))
    if requirement.operator == "In":
        return f"{key}={values}" if len(requirement.values) == 1 else f"{key} in ({values})"
    words = {"NotIn": f"{key} notin ({values})", "Exists": key, "DoesNotExist": f"!{key}", "Gt": f"{key}>{values}", "Lt": f"{key}<{values}"}
    return words[requirement.operator]
