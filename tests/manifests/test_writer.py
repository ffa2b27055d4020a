"""Is an object written as kubectl prints it, and read back the same?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.manifests.guard import Limits
from playground.manifests.reader import read
from playground.manifests.writer import write, write_all

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  annotations:
    note: |
      two
      lines
  creationTimestamp: "2023-11-14T22:13:20Z"
  labels: {}
  name: frontend-svc
spec:
  ports:
  - port: 80
    protocol: TCP
    targetPort: 5000
  selector:
    version: "1"
  sessionAffinity: None
status:
  loadBalancer: {}
  conditions: []
"""


def test_an_object_is_written_as_kubectl_prints_it() -> None:
    (value,) = read(SERVICE).values
    assert write(value) == SERVICE


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("nginx:1.27", "nginx:1.27"), ("80", '"80"'), ("yes", '"yes"'), ("", '""'), ("null", '"null"'), ("1e3", '"1e3"'), ("*", "'*'"), ("a: b", "'a: b'"),
        ("- a", "'- a'"), ("2020-01-01", '"2020-01-01"'), ("12:30", '"12:30"'), ("10.244.0.0/16", "10.244.0.0/16"), ("é", "é"), ("0x1G", "0x1G"),
        ("9" * 40, '"' + "9" * 40 + '"'), ("a #b", "'a #b'"), ("100m", "100m"), ("\t", '"\\t"'), ("x " * 60 + "x", "x " * 60 + "x"), ("<<", '"<<"'),
    ],
)  # fmt: skip
def test_a_text_has_quotes_only_where_it_needs_them(word: str, written: str) -> None:
    assert write({"a": word}) == f"a: {written}\n"


def test_documents_are_parted_by_dashes() -> None:
    assert write_all([{"a": 1}, {"b": 2}]) == "a: 1\n---\nb: 2\n"


def test_what_is_equal_is_written_twice_and_not_by_reference() -> None:
    shared = {"x": [1]}
    assert write({"a": shared, "b": shared}) == "a:\n  x:\n  - 1\nb:\n  x:\n  - 1\n"


WORDS = ["", "yes", "1", " a", "a ", "a\nb", "a\n", "\n", "|", "-", "?", "a:", "\ufeff"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(WORDS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(TEXT, JSON, min_size=1, max_size=4))
def test_what_is_written_reads_back_the_same(value: dict) -> None:
    (back,) = read(write({"value": value}), Limits()).values
    assert back == {"value": value}
