"""Cases of staging/src/k8s.io/apimachinery/pkg/labels/selector_test.go."""

from __future__ import annotations

import pytest

from playground.kube.apiserver import selectors
from playground.kube.errors import Refusal

LABELS = {"foo": "bar", "baz": "blah", "n": "7"}
MATCHES = ["", "foo=bar", "foo==bar", "foo = bar", "foo=bar,baz=blah", "foo in (bar,x)", "foo notin (x)", "other notin (x)", "foo", "!other",
           "foo!=x", "other!=x", "n>6", "n<8", "foo,baz in (blah) , !x"]  # fmt: skip
MISSES = [
    "foo=x",
    "foo=",
    "other=x",
    "foo in (x)",
    "foo notin (bar)",
    "other",
    "!foo",
    "foo!=bar",
    "n>7",
    "foo>1",
    "other in (x)",
    "foo=bar,baz=x",
]
BROKEN = ["x=a||y=b", "x==a==b", "!x=a", "x<a", "x in a", "x in (a", "=a", "x,,y", "a b", "x y/z=1", "x" * 5000]


@pytest.mark.parametrize("text", MATCHES)
def test_a_selector_matches(text: str) -> None:
    assert selectors.parse(text).matches(LABELS)


@pytest.mark.parametrize("text", MISSES)
def test_a_selector_does_not_match(text: str) -> None:
    assert not selectors.parse(text).matches(LABELS)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_selector_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="unable to parse requirement"):
        selectors.parse(text)


def test_a_missing_selector_matches_nothing_and_an_empty_one_everything() -> None:
    assert not selectors.of(None).matches({})
    assert selectors.of({}).matches(LABELS)


def test_labels_and_expressions_hold_together() -> None:
    rule = {"key": "baz", "operator": "In", "values": ["blah", "x"]}
    selector = selectors.of({"matchLabels": {"foo": "bar"}, "matchExpressions": [rule]})
    assert selector.matches(LABELS)
    assert not selector.matches({"foo": "bar"})
    assert selector.exact == {"foo": "bar"}
