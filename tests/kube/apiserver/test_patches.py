"""Cases of RFC 7386 and of staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.patches import Merger, merge
from playground.kube.errors import Refusal

RFC_7386: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "expected"), RFC_7386)
def test_merge_follows_the_examples_of_rfc_7386(target: Any, patch: Any, expected: Any) -> None:
    assert merge(target, patch) == expected


def deployment(*containers: dict[str, Any], **spec: Any) -> dict[str, Any]:
    template = {"spec": {"containers": list(containers)}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": template, **spec}}


def patch_of(*containers: dict[str, Any]) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": list(containers)}}}}


A, B = {"name": "a", "image": "x:1"}, {"name": "b", "image": "y:1"}
STRATEGIC: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
    ("an item is found by its key", patch_of({"name": "b", "image": "y:2"}), [A, {"name": "b", "image": "y:2"}]),
    ("a new item comes first", patch_of({"name": "c", "image": "z"}), [{"name": "c", "image": "z"}, A, B]),
    ("a new item stands where the patch has it", patch_of({"name": "b"}, {"name": "c", "image": "z"}), [A, B, {"name": "c", "image": "z"}]),
    ("the patch's order counts more than that of before", patch_of({"name": "b"}, {"name": "a"}), [B, A]),
    ("an item is deleted", patch_of({"name": "a", "$patch": "delete"}), [B]),
    ("a list is replaced", patch_of({"$patch": "replace"}, {"name": "c"}), [{"name": "c"}]),
    ("a null removes a field", patch_of({"name": "a", "image": None}), [{"name": "a"}, B]),
    ("an order of elements is followed",
     {"spec": {"template": {"spec": {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}], "containers": [{"name": "a", "image": "x:2"}]}}}},
     [B, {"name": "a", "image": "x:2"}]),
    ("an order alone is followed",
     {"spec": {"template": {"spec": {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}}}},
     [B, A]),
    ("an inner list is merged too", patch_of({"name": "a", "env": [{"name": "E", "value": "1"}]}), [{**A, "env": [{"name": "E", "value": "1"}]}, B]),
]  # fmt: skip


@pytest.mark.parametrize(("patch", "expected"), [case[1:] for case in STRATEGIC], ids=[case[0] for case in STRATEGIC])
def test_strategic_merge_of_a_list_with_keys(schema: Any, patch: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    merged = Merger(schema).strategic(deployment(A, B), patch)
    assert merged["spec"]["template"]["spec"]["containers"] == expected


def test_the_other_directives_of_strategic_merge(schema: Any) -> None:
    strategic = Merger(schema).strategic
    target = deployment(A, strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}})
    target["metadata"] = {"finalizers": ["x", "y"], "labels": {"a": "1"}}
    kept = strategic(target, {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}})
    assert kept["spec"]["strategy"] == {"type": "Recreate"}
    assert strategic(target, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["x"]}})["metadata"]["finalizers"] == ["y"]
    assert strategic(target, {"metadata": {"finalizers": ["z", "x"]}})["metadata"]["finalizers"] == ["z", "x", "y"]
    assert strategic(target, {"metadata": {"labels": {"$patch": "replace", "b": "2"}}})["metadata"]["labels"] == {"b": "2"}
    with pytest.raises(Refusal, match="Unknown patch directive"):
        strategic(target, {"spec": {"$patch": "explode"}})
    with pytest.raises(Refusal, match="does not contain declared merge key: name"):
        strategic(target, patch_of({"image": "x"}))


def test_three_ways_meet(schema: Any) -> None:
    three_way = Merger(schema).three_way
    original, modified = deployment(A, B, replicas=3), deployment({**A, "image": "x:2"})
    current = deployment({**A, "imagePullPolicy": "Always"}, B, {"name": "injected"}, replicas=5, paused=True)
    assert three_way(original, modified, current)["spec"] == {
        "template": {"spec": {"containers": [{"name": "a", "image": "x:2", "imagePullPolicy": "Always"}, {"name": "injected"}]}},
        "paused": True,
    }


def test_what_others_added_keeps_its_place_before_what_is_applied(schema: Any) -> None:
    injected, last = {"name": "injected"}, {"name": "last"}
    merged = Merger(schema).three_way(deployment(A, B), deployment({**A, "image": "x:2"}, B), deployment(injected, A, B, last))
    assert merged["spec"]["template"]["spec"]["containers"] == [injected, {**A, "image": "x:2"}, B, last]


@pytest.mark.parametrize("place", range(3), ids=["original", "modified", "current"])
def test_three_ways_do_not_meet_in_a_list_with_an_item_without_its_key(schema: Any, place: int) -> None:
    """The words are those of sortMergeListsByName. Else one such item, which the API takes, would break every later apply."""
    ways = [deployment(A), deployment(A), deployment(A)]
    ways[place] = deployment({"image": "x"})
    with pytest.raises(Refusal, match=r"map: map\[image:x\] does not contain declared merge key: name"):
        Merger(schema).three_way(*ways)
