"""Which labels does a selector match?  As text (`app=web,tier in (a,b),!old`) and as matchLabels and matchExpressions.

Source: staging/src/k8s.io/apimachinery/pkg/labels/selector.go and pkg/apis/meta/v1/helpers.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from playground.kube.apiserver.selectortext import is_integer, stated
from playground.kube.errors import bad_request

LONGEST = 4_096


class Requirement(msgspec.Struct, frozen=True, gc=False):
    """One condition: operator In, NotIn, Exists, DoesNotExist, Gt or Lt."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.key)
        if self.operator in ("Exists", "DoesNotExist"):
            return (value is not None) == (self.operator == "Exists")
        if self.operator == "In":
            return value in self.values
        if self.operator == "NotIn":
            return value not in self.values
        return _compares(self.operator, value, self.values[0])


class Selector(msgspec.Struct, frozen=True, gc=False):
    """All requirements hold; without any, everything matches. `nothing` matches no labels at all."""

    requirements: tuple[Requirement, ...] = ()
    nothing: bool = False

    def matches(self, labels: Mapping[str, str]) -> bool:
        return not self.nothing and all(each.matches(labels) for each in self.requirements)

    @property
    def exact(self) -> dict[str, str]:
        """The pairs that labels must hold, for looking them up in an index of labels."""
        return {each.key: each.values[0] for each in self.requirements if each.operator == "In" and len(each.values) == 1}


def of(selector: Mapping[str, Any] | None) -> Selector:
    """A LabelSelector as JSON; a missing one matches nothing, an empty one everything."""
    if selector is None:
        return Selector(nothing=True)
    pairs = sorted((selector.get("matchLabels") or {}).items())
    rules = selector.get("matchExpressions") or ()
    return Selector(
        tuple(Requirement(key, "In", (value,)) for key, value in pairs)
        + tuple(Requirement(rule["key"], rule["operator"], tuple(rule.get("values") or ())) for rule in rules)
    )


def parse(text: str) -> Selector:
    """A selector as kubectl's -l takes it; raises Refusal."""
    if len(text) > LONGEST:
        raise bad_request(f"unable to parse requirement: a selector may be {LONGEST} characters long, not {len(text)}")
    return Selector(tuple(Requirement(*each) for each in stated(text)))


def _compares(operator: str, value: str | None, bound: str) -> bool:
    if value is None or not is_integer(value) or not is_integer(bound):
        return False
    return int(value) > int(bound) if operator == "Gt" else int(value) < int(bound)
