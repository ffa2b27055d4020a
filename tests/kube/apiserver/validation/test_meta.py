"""Cases of staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta_test.go."""

from __future__ import annotations

from typing import Any

import pytest

CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("neither name nor prefix", {}, ["metadata.name: Required value: name or generateName is required"]),
    ("a prefix that ends in a dash", {"generateName": "web-"}, []),
    ("a label of a bad value", {"name": "a", "labels": {"a": "-"}}, ['metadata.labels: Invalid value: "-": a valid label must']),
    ("a label of a bad key", {"name": "a", "labels": {"a/b/c": "x"}}, ['metadata.labels: Invalid value: "a/b/c": a qualified name must']),
    ("an annotation in capitals", {"name": "a", "annotations": {"Example.com/A": "any thing"}}, []),
    ("annotations that are too large", {"name": "a", "annotations": {"a": "x" * 262_144}},
     ["metadata.annotations: Too long: may not be more than 262144 bytes"]),
    ("an owner without uid", {"name": "a", "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "x", "uid": ""}]},
     ['metadata.ownerReferences[0].uid: Invalid value: "": must not be empty']),
    ("a finalizer of a bad name", {"name": "a", "finalizers": ["x/a b"]}, ['metadata.finalizers: Invalid value: "x/a b": name part must']),
    ("a finalizer that is nobody's", {"name": "a", "finalizers": ["orphan", "foo"]},
     ['metadata.finalizers[1]: Invalid value: "foo": name is neither a standard finalizer name nor is it fully qualified']),
    ("a namespace of a bad name", {"name": "a", "namespace": "A"}, ['metadata.namespace: Invalid value: "A": a lowercase RFC 1123 label']),
]  # fmt: skip


@pytest.mark.parametrize(("metadata", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_metadata_is_judged_as_kubernetes_judges_it(world: Any, metadata: dict[str, Any], expected: list[str]) -> None:
    found = world.causes({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    assert len(found) == len(expected)
    assert all(one.startswith(start) for one, start in zip(found, expected, strict=True))


def test_objects_of_the_whole_cluster_have_no_namespace(world: Any) -> None:
    document = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "namespace": "default"}}
    assert world.causes(document) == ["metadata.namespace: Forbidden: not allowed on this type"]
