"""What the API server does with a DELETE (apiserver registry/generic/registry/store.go, pod strategy)."""

import pytest

from playground.kube.apiserver.deletion import delete, finish_namespace, remove_finalizer
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod, PodState
from playground.kube.clock import SECOND
from playground.kube.settings import ClusterSettings


@pytest.fixture
def machinery():
    made = Machinery(ClusterSettings())
    made.clock.run_until(7 * SECOND)
    return made


def pod(machinery, node="node-a", phase="Running", spec=None, **meta):
    return machinery.store.create(
        Pod("Pod", "default", "p", machinery.store.new_uid(), 0, 0, spec=spec or {}, meta=meta, node=node, state=PodState(phase=phase))
    )


def thing(machinery, kind="ConfigMap", namespace="default", **meta):
    return machinery.store.create(Object(kind, namespace, "x", machinery.store.new_uid(), 0, 0, meta=meta))


PODS = {
    "a running Pod has its own grace": ({"spec": {"terminationGracePeriodSeconds": 12}}, None, 12),
    "the default grace is 30 s": ({}, None, 30),
    "a grace that is asked for wins": ({"spec": {"terminationGracePeriodSeconds": 12}}, 3, 3),
    "no grace removes it at once": ({}, 0, None),
    "a Pod without a Node goes at once": ({"node": ""}, None, None),
    "a Pod that succeeded goes at once": ({"phase": "Succeeded"}, None, None),
    "a Pod that failed goes at once": ({"phase": "Failed"}, None, None),
    "a finalizer holds even a Pod without grace": ({"finalizers": ["example.com/hold"]}, 0, 0),
}


@pytest.mark.parametrize("case", PODS)
def test_pods(machinery, case):
    made, grace, marked = PODS[case]
    gone = delete(machinery, pod(machinery, **made), grace)
    found = machinery.store.get("Pod", "default", "p")
    assert gone is (marked is None)
    if gone:
        assert found is None
    else:
        assert found.deleting == (7 + marked) * SECOND
        assert found.meta["deletionGracePeriodSeconds"] == marked


@pytest.mark.parametrize(("second", "seconds"), [(5, 5), (50, 30), (None, 30)])
def test_a_second_deletion_only_shortens_the_grace(machinery, second, seconds):
    delete(machinery, pod(machinery))
    machinery.clock.run_until(9 * SECOND)
    delete(machinery, machinery.store.get("Pod", "default", "p"), second)
    found = machinery.store.get("Pod", "default", "p")
    assert found.deleting == (7 + seconds) * SECOND
    assert found.meta["deletionGracePeriodSeconds"] == seconds


def test_a_second_deletion_without_grace_removes_a_pod(machinery):
    delete(machinery, pod(machinery))
    assert delete(machinery, machinery.store.get("Pod", "default", "p"), 0)
    assert machinery.store.get("Pod", "default", "p") is None


def test_other_objects_go_at_once(machinery):
    assert delete(machinery, thing(machinery))
    assert machinery.store.count("ConfigMap") == 0


@pytest.mark.parametrize(
    ("propagation", "finalizers"), [("Background", ["a"]), ("Foreground", ["a", "foregroundDeletion"]), ("Orphan", ["a", "orphan"])]
)
def test_propagation_becomes_a_finalizer(machinery, propagation, finalizers):
    assert not delete(machinery, thing(machinery, finalizers=["a"]), propagation=propagation)
    found = machinery.store.get("ConfigMap", "default", "x")
    assert found.meta["finalizers"] == finalizers
    assert found.deleting == 7 * SECOND


def test_the_last_finalizer_lets_go(machinery):
    delete(machinery, thing(machinery, finalizers=["a", "b"]))
    assert not remove_finalizer(machinery, machinery.store.get("ConfigMap", "default", "x"), "a")
    assert remove_finalizer(machinery, machinery.store.get("ConfigMap", "default", "x"), "b")
    assert machinery.store.count("ConfigMap") == 0


def test_taking_a_finalizer_off_an_object_that_is_not_deleted_removes_nothing(machinery):
    assert not remove_finalizer(machinery, thing(machinery, finalizers=["a"]), "a")
    assert "finalizers" not in machinery.store.get("ConfigMap", "default", "x").meta


def test_a_pod_without_finalizers_still_waits_for_its_kubelet(machinery):
    delete(machinery, pod(machinery, finalizers=["a"]))
    assert not remove_finalizer(machinery, machinery.store.get("Pod", "default", "p"), "a")
    assert machinery.store.get("Pod", "default", "p").deleting is not None


def test_a_namespace_is_terminating_until_it_is_finished(machinery):
    assert not delete(machinery, thing(machinery, "Namespace", ""))
    found = machinery.store.get("Namespace", "", "x")
    assert found.status["phase"] == "Terminating"
    assert finish_namespace(machinery, found)
    assert machinery.store.count("Namespace") == 0


def test_a_refused_transaction_leaves_no_mark(machinery):
    before = pod(machinery)
    with pytest.raises(RuntimeError), machinery.store.transaction():
        delete(machinery, before)
        raise RuntimeError
    assert machinery.store.get("Pod", "default", "p") == before
