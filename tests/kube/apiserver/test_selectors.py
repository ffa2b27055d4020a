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
VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
BROKEN = {
    "x==a==b": "found '==', expected: ',' or 'end of string'",
    "!x=a": "found '=', expected: ',' or 'end of string'",
    "x=a b": "found 'b', expected: ',' or 'end of string'",
    "=a": "found '=', expected: !, identifier, or 'end of string'",
    "(a)": "found '(', expected: !, identifier, or 'end of string'",
    "x,,y": "found ',', expected: identifier after ','",
    "x,": "found '', expected: identifier after ','",
    "!": "unable to parse requirement: found '', expected: identifier",
    "a b": "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    "a!b": "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt",
    "x in a": "unable to parse requirement: found 'a' expected: '('",
    "x in": "unable to parse requirement: found '' expected: '('",
    "x in (": "unable to parse requirement: found '', expected: ',', ')' or identifier",
    "x in (a": "unable to parse requirement: found '', expected: ',' or ')'",
    "x in (a b)": "unable to parse requirement: found 'b', expected: ',' or ')'",
    "x in (a,(": "unable to parse requirement: found '(', expected: ',', or identifier",
    "x=(b)": "unable to parse requirement: found '(', expected: identifier",
    "x<a": "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer",
    "x=-b": f'unable to parse requirement: values[0][x]: Invalid value: "-b": {VALUE}',
    "x=a||y": f'unable to parse requirement: values[0][x]: Invalid value: "a||y": {VALUE}',
    "/z=1": 'unable to parse requirement: <nil>: Invalid value: "/z": prefix part must be non-empty',
}


@pytest.mark.parametrize("text", MATCHES)
def test_a_selector_matches(text: str) -> None:
    assert selectors.parse(text).matches(LABELS)


@pytest.mark.parametrize("text", MISSES)
def test_a_selector_does_not_match(text: str) -> None:
    assert not selectors.parse(text).matches(LABELS)


@pytest.mark.parametrize(("text", "said"), BROKEN.items())
def test_what_is_no_selector_is_refused_in_the_parsers_words(text: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        selectors.parse(text)
    assert refused.value.message == said


def test_a_selector_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refusal, match="a selector may be 4096 characters long"):
        selectors.parse("x" * 5_000)


def test_values_are_words_too_where_they_are_operators_elsewhere() -> None:
    assert selectors.parse("in in (notin,in)").matches({"in": "notin"})
    assert selectors.parse("x in (,a)").matches({"x": ""})
    assert selectors.parse("x in ()").matches({"x": ""})


def test_a_missing_selector_matches_nothing_and_an_empty_one_everything() -> None:
    assert not selectors.of(None).matches({})
    assert selectors.of({}).matches(LABELS)


def test_labels_and_expressions_hold_together() -> None:
    rule = {"key": "baz", "operator": "In", "values": ["blah", "x"]}
    selector = selectors.of({"matchLabels": {"foo": "bar"}, "matchExpressions": [rule]})
    assert selector.matches(LABELS)
    assert not selector.matches({"foo": "bar"})
    assert selector.exact == {"foo": "bar"}
