"""What JSON patches make of a document. Cases are from RFC 6902, appendix A, and RFC 6901."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.jsonpatch import patched
from playground.kube.errors import Refusal

GOOD: dict[str, tuple[Any, list[Any], Any]] = {
    "add a member": ({"a": 1}, [{"op": "add", "path": "/b", "value": 2}], {"a": 1, "b": 2}),
    "add to the middle of a list": ({"a": [1, 3]}, [{"op": "add", "path": "/a/1", "value": 2}], {"a": [1, 2, 3]}),
    "add to the end of a list": ({"a": [1]}, [{"op": "add", "path": "/a/-", "value": [2]}], {"a": [1, [2]]}),
    "add what is there replaces it": ({"a": 1}, [{"op": "add", "path": "/a", "value": 2}], {"a": 2}),
    "remove a member": ({"a": 1, "b": 2}, [{"op": "remove", "path": "/b"}], {"a": 1}),
    "remove from a list": ({"a": [1, 2, 3]}, [{"op": "remove", "path": "/a/1"}], {"a": [1, 3]}),
    "replace": ({"a": {"b": 1}}, [{"op": "replace", "path": "/a/b", "value": 2}], {"a": {"b": 2}}),
    "replace the whole": ({"a": 1}, [{"op": "replace", "path": "", "value": {"b": 2}}], {"b": 2}),
    "move a member": ({"a": {"b": 1}, "c": {}}, [{"op": "move", "from": "/a/b", "path": "/c/d"}], {"a": {}, "c": {"d": 1}}),
    "move in a list": ({"a": [1, 2, 3]}, [{"op": "move", "from": "/a/0", "path": "/a/2"}], {"a": [2, 3, 1]}),
    "copy": ({"a": [1]}, [{"op": "copy", "from": "/a", "path": "/b"}, {"op": "add", "path": "/b/-", "value": 2}], {"a": [1], "b": [1, 2]}),
    "test what is so": ({"a": [{"b": 1}]}, [{"op": "test", "path": "/a/0", "value": {"b": 1}}], {"a": [{"b": 1}]}),
    "test that nothing is there": ({"a": 1}, [{"op": "test", "path": "/b", "value": None}], {"a": 1}),
    "slashes and tildes": ({"m~n": 1, "a/b": 2}, [{"op": "remove", "path": "/m~0n"}, {"op": "replace", "path": "/a~1b", "value": 3}], {"a/b": 3}),
}  # fmt: skip
BAD: dict[str, tuple[Any, Any]] = {
    "a path that leads nowhere": ({}, [{"op": "add", "path": "/a/b", "value": 1}]),
    "a place behind the end": ({"a": []}, [{"op": "add", "path": "/a/1", "value": 1}]),
    "a place that is no number": ({"a": [1]}, [{"op": "remove", "path": "/a/x"}]),
    "a place with a leading zero": ({"a": [1, 2]}, [{"op": "remove", "path": "/a/01"}]),
    "nothing to remove": ({}, [{"op": "remove", "path": "/a"}]),
    "nothing to replace": ({}, [{"op": "replace", "path": "/a", "value": 1}]),
    "a test that fails": ({"a": 1}, [{"op": "test", "path": "/a", "value": True}]),
    "into itself": ({"a": {"b": {}}}, [{"op": "move", "from": "/a", "path": "/a/b/c"}]),
    "through a plain value": ({"a": "text"}, [{"op": "add", "path": "/a/b", "value": 1}]),
    "an unknown operation": ({}, [{"op": "spam", "path": "/a"}]),
    "no path": ({}, [{"op": "add", "value": 1}]),
    "no value": ({}, [{"op": "add", "path": "/a"}]),
    "no source": ({}, [{"op": "copy", "path": "/a"}]),
    "a path without a slash": ({"a": 1}, [{"op": "remove", "path": "a"}]),
}


@pytest.mark.parametrize(("document", "operations", "result"), GOOD.values(), ids=GOOD.keys())
def test_a_patch_is_done_operation_by_operation(document: Any, operations: Any, result: Any) -> None:
    assert patched(document, operations) == result


@pytest.mark.parametrize(("document", "operations"), BAD.values(), ids=BAD.keys())
def test_a_patch_that_cannot_be_done_is_refused_and_nothing_is_changed(document: Any, operations: Any) -> None:
    before = repr(document)
    with pytest.raises(Refusal) as refused:
        patched(document, operations)
    assert (refused.value.code, refused.value.reason) == (422, "Invalid")
    assert repr(document) == before


@pytest.mark.parametrize("operations", [{}, "x", [1], None])
def test_what_is_no_list_of_operations_is_a_bad_request(operations: Any) -> None:
    with pytest.raises(Refusal) as refused:
        patched({}, operations)
    assert refused.value.code == 400


def test_there_are_so_many_operations_and_no_more() -> None:
    with pytest.raises(Refusal) as refused:
        patched({}, [{"op": "add", "path": "/a", "value": 1}] * 10_001)
    assert refused.value.code == 413
