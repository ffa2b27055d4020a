"""Which labels does a selector match?  As text (`app=web,tier in (a,b),!old`) and as matchLabels and matchExpressions.

Source: staging/src/k8s.io/apimachinery/pkg/labels/selector.go and pkg/apis/meta/v1/helpers.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from playground.kube.apiserver.names import label_key, label_value
from playground.kube.errors import bad_request

LONGEST = 4_096
_TERM = re.compile(r"\s*(!?)\s*([^\s!=<>(),]+)\s*(?:(==|=|!=|<|>)\s*([^\s!=<>(),]*)|\s(in|notin)\s*\(([^()]*)\))?\s*(?:,|$)")
_OPERATORS = {"=": "In", "==": "In", "!=": "NotIn", "in": "In", "notin": "NotIn", "<": "Lt", ">": "Gt"}


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
    requirements, at = [], 0
    while at < len(text.rstrip()):
        term = _TERM.match(text, at)
        if term is None:
            raise bad_request(
                f"unable to parse requirement: found {text[at : at + 40].strip()!r}, expected: key, '!', 'in', 'notin', '=', '==', '!=', ','"
            )
        requirements.append(_requirement(term))
        at = term.end()
    return Selector(tuple(requirements))


def _requirement(term: re.Match[str]) -> Requirement:
    negated, key, sign, value, word, listed = term.groups()
    operator = _OPERATORS.get(sign or word or "", "DoesNotExist" if negated else "Exists")
    values = tuple(sorted({each.strip() for each in listed.split(",")})) if listed is not None else (value,) if sign else ()
    if negated and values:
        raise bad_request(f"unable to parse requirement: found '!' before {key!r}, which has a value")
    for problem in [*label_key(key), *(wrong for each in values for wrong in label_value(each))]:
        raise bad_request(f"unable to parse requirement: {key}: {problem}")
    if operator in ("Gt", "Lt") and not _integer(values[0]):
        raise bad_request(
            f"unable to parse requirement: values[0][{key}]: Invalid value: {values[0]!r}: for 'Gt', 'Lt' operators, the value must be an integer"
        )
    return Requirement(key, operator, values)


def _compares(operator: str, value: str | None, bound: str) -> bool:
    if value is None or not _integer(value) or not _integer(bound):
        return False
    return int(value) > int(bound) if operator == "Gt" else int(value) < int(bound)


def _integer(text: str) -> bool:
    return len(text) <= 19 and re.fullmatch(r"[+-]?[0-9]+", text) is not None
