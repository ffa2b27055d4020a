"""Which documents does a manifest hold, and where does each field stand?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.manifests.errors import BadYAML
from playground.manifests.guard import Limits
from playground.manifests.reader import LIMITS, Manifest, read

SHOP = """\
apiVersion: v1
kind: Service
metadata:
  name: frontend-svc
  labels: {app: frontend, "tier": web}
spec:
  ports:
  - port: 80
    targetPort: 5000
  - name: metrics
    port: 9090
  selector:
    app: frontend
"""


def values(text: str, **limits: int) -> list:
    return read(text, Limits(**limits)).values


def refused(text: str, **limits: int) -> BadYAML:
    with pytest.raises(BadYAML) as caught:
        read(text, Limits(**limits))
    return caught.value


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("kind", (2, 1)),
        ("metadata.name", (4, 3)),
        ("metadata.labels", (5, 3)),
        ("metadata.labels[app]", (5, 12)),
        ("metadata.labels[tier]", (5, 27)),
        ("spec.ports[0]", (8, 5)),
        ("spec.ports[0].port", (8, 5)),
        ("spec.ports[1].port", (11, 5)),
        ("spec.ports[1].nodePort", (10, 5)),
        ("spec.ports[7].port", (7, 3)),
        ("spec.clusterIP", (6, 1)),
        ("spec.selector.app", (13, 5)),
        ("status.phase", (1, 1)),
        ("", (1, 1)),
        ("][", (1, 1)),
    ],
)
def test_a_field_path_finds_its_place_or_its_nearest_parents(path: str, place: tuple[int, int]) -> None:
    assert read(SHOP).documents[0].locate(path) == place


def test_the_span_of_a_field_covers_its_value_on_the_same_line() -> None:
    document = read(SHOP).documents[0]
    assert document.span("spec.ports[0].targetPort") == (9, 5, 21)
    assert document.span("spec.ports") == (7, 3, 8)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", True), ("Off", False), ("n", False), ("~", None), ("", None), ("null", None),
        ("80", 80), ("-3", -3), ("0644", 420), ("0x1F", 31), ("0b11", 3), ("0o17", 15), ("1_000", 1000), ("08", 8), ("80.0", 80), ("1.5", 1.5),
        ("1e3", 1000), (".5", 0.5), ("9223372036854775807", 2**63 - 1), ("12:30:45", "12:30:45"), ("2020-01-02", "2020-01-02"),
        ("2020-13-45", "2020-13-45"), ("=", "="), ("100m", "100m"), ("1.2.3", "1.2.3"), ("10.244.1.5", "10.244.1.5"), ("'80'", "80"), ('"yes"', "yes"),
        ("!!str 80", "80"), ("! 80", "80"), ('!!int "80"', 80), ("!!float 3", 3), ("|\n  two\n  lines\n", "two\nlines\n"), ("+", "+"), (".", "."),
        ("0_8", 8), ("1__0", 10), ("_1", "_1"), ("0x", "0x"), ("1e", "1e"),
    ],
)  # fmt: skip
def test_a_word_has_the_value_that_kubectl_reads(word: str, value: object) -> None:
    (document,) = values(f"a: {word}")
    assert document == {"a": value}
    assert type(document["a"]) is type(value)


@pytest.mark.parametrize(("key", "text"), [("8080", "8080"), ("yes", "true"), ("'yes'", "yes"), ("0x10", "16")])
def test_a_number_or_boolean_as_a_key_becomes_a_string_as_in_kubectl(key: str, text: str) -> None:
    assert values(f"data: {{{key}: x}}") == [{"data": {text: "x"}}]


def test_empty_documents_are_skipped() -> None:
    assert values("---\n# only a comment\n---\na: 1\n---\n---\nb: 2\n...\n") == [{"a": 1}, {"b": 2}]
    assert values("") == []


def test_a_list_counts_as_its_items_with_their_own_places() -> None:
    text = "kind: List\nitems:\n- kind: Pod\n  name: a\n- kind: ServiceList\n  items:\n  - kind: Service\n    name: b\n"
    manifest = read(text)
    assert manifest.values == [{"kind": "Pod", "name": "a"}, {"kind": "Service", "name": "b"}]
    assert manifest.documents[1].locate("name") == (8, 5)


def test_json_is_read_with_its_tabs_and_places() -> None:
    document = read('{\n\t"kind": "Pod",\n\t"spec": {"n": [1, true, null, "\\u00e9\\/"]}\n}').documents[0]
    assert document.value == {"kind": "Pod", "spec": {"n": [1, True, None, "é/"]}}
    assert document.locate("spec.n[3]") == (3, 32)


def test_an_alias_stands_for_its_anchor_and_a_merge_key_gives_way_to_keys_of_its_own() -> None:
    text = "base: &b {x: 1, y2: 2}\nmore: &m {y2: 3, z: 4}\none:\n  <<: *b\n  x: 5\ntwo:\n  x: 6\n  <<: [*b, *m]\nsame: *b\n"
    (document,) = values(text)
    assert document["one"] == {"x": 5, "y2": 2}
    assert document["two"] == {"x": 6, "y2": 2, "z": 4}
    assert document["same"] == {"x": 1, "y2": 2}


def test_what_comes_with_an_alias_is_located_where_it_is_written() -> None:
    document = read("base: &b {x: 1}\none:\n  <<: *b\nitems: [*b]\ntwo: *b\n").documents[0]
    assert document.locate("one.x") == (1, 11)
    assert document.locate("two") == (5, 1)
    assert document.locate("items[0]") == (4, 9)
    assert document.locate("items[0].x") == (1, 11)


def test_an_anchor_is_of_its_own_document_only() -> None:
    assert refused("a: &x 1\n---\nb: *x\n").found == "the alias *x"


def test_duplicate_keys_are_refused_with_both_lines() -> None:
    error = refused("metadata:\n  name: a\n  labels: {}\n  name: b\n")
    assert (error.line, error.column) == (4, 3)
    assert error.message == 'found the key "name" again; expected each key once: it is already set on line 2'


BROKEN = {
    "bytes": ("a: 12345", {"bytes": 7}, "a text of 8 bytes"),
    "bytes of characters that take several": ("a: é€", {"bytes": 7}, "a text of 8 bytes"),
    "documents": ("a: 1\n---\n" * 3, {"documents": 3}, "4 documents"),
    "documents in Lists": ("kind: List\nitems: [{a: 1}, {a: 2}, {a: 3}]", {"documents": 2}, "3 objects"),
    "depth": ("[[[[1]]]]", {"depth": 3}, "4 levels of nesting"),
    "nodes": ("a: [1, 2, 3]", {"nodes": 5}, "6 values"),
    "aliases": ("a: &a 1\nb: [*a, *a]", {"aliases": 1}, "2 aliases"),
    "expanded": ("a: &a [1, 2]\nb: [*a, *a]", {"expanded": 11}, "13 values once every alias is put in its place"),
    "scalar": ("a: 12345", {"scalar": 4}, "5 characters in one value"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_limit_is_named_when_it_is_broken(case: str) -> None:
    text, limits, found = BROKEN[case]
    error = refused(text, **limits)
    assert error.limit == next(iter(limits))
    assert error.found == found
    assert f"{limits[error.limit]:,}" in error.expected


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("a: 123", {"bytes": 6}), ("[[[1]]]", {"depth": 3}), ("a: &a 1\nb: *a", {"aliases": 1}), ("a: [1, 2, 3]", {"nodes": 6}), ("a: 1234", {"scalar": 4}),
    ],
)  # fmt: skip
def test_what_just_keeps_a_limit_is_not_refused_for_it(text: str, limits: dict[str, int]) -> None:
    assert getattr(outcome(text, Limits(**limits)), "limit", "") == ""


PIECES = [
    "a", "b: ", "- ", ": ", "\n", "\n  ", "\n    ", "\t", "{", "}", "[", "]", ", ", "&a ", "*a ", "<<: ", "'", '"', "|", ">", "# c", "---\n", "...", "? ",
    "!", "!!int ", "!!str ", "!x!y ", "%", "@", "`", "1", "0x1", "1e999", ".nan", "-", "\\", "\\u", "\r\n", "\x85", "\u2028", "\ufeff", "\x00", "\ud800",
    "kind: List", "items: ", "~", "1:2", "2020-01-01",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_place_and_never_fails_otherwise(text: str) -> None:
    found = outcome(text)
    if isinstance(found, BadYAML):
        assert min(found.line, found.column) >= 1
        assert all([found.found, found.expected])
    else:
        assert all(isinstance(document.value, dict) for document in found.documents)


def outcome(text: str, limits: Limits = LIMITS) -> Manifest | BadYAML:
    try:
        return read(text, limits)
    except BadYAML as error:
        return error
