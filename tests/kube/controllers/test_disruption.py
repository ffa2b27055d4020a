"""Budgets of disruptions, and the evictions that they forbid (pkg/controller/disruption, registry/core/pod/storage/eviction.go)."""

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.laws.histories import started

VIOLATED = "Cannot evict pod as it would violate the pod's disruption budget."


def guarded(seconds=20, kind="app", **spec):
    """The Deployment web with its three Pods, and a budget for it."""
    cluster = started()
    budget(cluster, "web", {"selector": {"matchLabels": {"app": "web"}}, **spec})
    cluster.advance(cluster.now + seconds * SECOND)
    return cluster


def budget(cluster, name, spec):
    document = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec}
    return cluster.submit(actions.Apply([document]))


def pods(cluster):
    return [pod for pod in cluster.store.list("Pod", "default") if pod.labels.get("app") == "web" and pod.deleting is None]


def counts(cluster, name="web"):
    """(allowed, healthy, wanted, expected)."""
    status = cluster.store.get("PodDisruptionBudget", "default", name).status
    return tuple(status[each] for each in ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"))


def condition(cluster):
    (found,) = cluster.store.get("PodDisruptionBudget", "default", "web").status["conditions"]
    return found["status"], found["reason"]


SPECS = {
    "at least two": ({"minAvailable": 2}, (1, 3, 2, 3)),
    "at least half, rounded up": ({"minAvailable": "50%"}, (1, 3, 2, 3)),
    "at most one missing": ({"maxUnavailable": 1}, (1, 3, 2, 3)),
    "at most half missing, rounded up": ({"maxUnavailable": "50%"}, (2, 3, 1, 3)),
    "none missing": ({"maxUnavailable": 0}, (0, 3, 3, 3)),
    "more than there are": ({"minAvailable": 5}, (0, 3, 5, 3)),
}


@pytest.mark.parametrize(("spec", "expected"), SPECS.values(), ids=SPECS)
def test_what_it_allows(spec, expected):
    assert counts(guarded(**spec)) == expected


def test_its_condition_says_whether_it_allows_any():
    assert condition(guarded(minAvailable=2)) == ("True", "SufficientPods")
    assert condition(guarded(minAvailable=3)) == ("False", "InsufficientPods")


def test_a_pod_that_is_not_ready_counts_as_missing():
    cluster = guarded(minAvailable=2)
    cluster.submit(actions.SetProbe(pods(cluster)[0].name, "readiness", False))
    cluster.advance(cluster.now + SECOND)
    assert counts(cluster) == (0, 2, 2, 3)


def test_what_is_scaled_is_counted_anew():
    cluster = guarded(maxUnavailable=1)
    cluster.submit(actions.Scale("Deployment", "web", 5, "default"))
    cluster.advance(cluster.now + 10 * SECOND)
    assert counts(cluster) == (1, 5, 4, 5)


def test_without_pods_nothing_is_allowed_and_it_says_so():
    cluster = started()
    budget(cluster, "none", {"minAvailable": 0, "selector": {"matchLabels": {"app": "none"}}})
    cluster.advance(cluster.now + SECOND)
    assert counts(cluster, "none") == (0, 0, 0, 0)
    assert "NoPods" in [each.rest["reason"] for each in cluster.machinery.recorder.objects()]


def test_an_eviction_is_taken_from_the_budget_and_the_next_is_refused():
    cluster = guarded(minAvailable=2)
    first, second, _ = pods(cluster)
    assert cluster.submit(actions.Evict(first.name)).lines == (f"pod/{first.name} evicted",)
    before = cluster.hash()
    with pytest.raises(Refusal) as refused:
        cluster.submit(actions.Evict(second.name))
    assert (refused.value.code, refused.value.reason, refused.value.message) == (429, "TooManyRequests", VIOLATED)
    assert refused.value.causes[0].message == "The disruption budget web needs 2 healthy pods and has 3 currently"
    assert cluster.hash() == before
    cluster.advance(cluster.now + 20 * SECOND)
    assert counts(cluster) == (1, 3, 2, 3)
    cluster.submit(actions.Evict(second.name))


def test_a_plain_deletion_does_not_ask():
    cluster = guarded(minAvailable=3)
    cluster.submit(actions.Delete("Pod", pods(cluster)[0].name, "default"))
    assert len(pods(cluster)) == 2


def test_a_budget_that_has_just_been_written_is_waited_for():
    cluster = guarded(seconds=0, minAvailable=0)
    with pytest.raises(Refusal) as refused:
        cluster.submit(actions.Evict(pods(cluster)[0].name))
    assert refused.value.causes[0].message == "The disruption budget web is still being processed by the server."


UNHEALTHY = {
    "as long as others are healthy": ({"minAvailable": 2}, 0),
    "always": ({"minAvailable": 3, "unhealthyPodEvictionPolicy": "AlwaysAllow"}, 0),
}


@pytest.mark.parametrize(("spec", "allowed"), UNHEALTHY.values(), ids=UNHEALTHY)
def test_a_pod_that_is_not_ready_may_go(spec, allowed):
    cluster = guarded(**spec)
    broken = pods(cluster)[0]
    cluster.submit(actions.SetProbe(broken.name, "readiness", False))
    cluster.advance(cluster.now + SECOND)
    assert counts(cluster)[0] == allowed
    cluster.submit(actions.Evict(broken.name))


def test_two_budgets_for_one_pod_are_an_error():
    cluster = guarded(minAvailable=0)
    budget(cluster, "all", {"selector": {}, "minAvailable": 0})
    cluster.advance(cluster.now + SECOND)
    with pytest.raises(Refusal, match="more than one PodDisruptionBudget"):
        cluster.submit(actions.Evict(pods(cluster)[0].name))


def test_a_drain_leaves_what_a_budget_keeps():
    cluster = guarded(minAvailable=3)
    kept = pods(cluster)[0]
    receipt = cluster.submit(actions.Drain(kept.node))
    assert f'error when evicting pods/"{kept.name}" -n "default": {VIOLATED}' in receipt.warnings
    assert f"node/{kept.node} drained" not in receipt.lines
    assert cluster.store.get("Pod", "default", kept.name).deleting is None


WRONG = {
    "both": ({"minAvailable": 1, "maxUnavailable": 1}, "minAvailable and maxUnavailable cannot be both set"),
    "negative": ({"minAvailable": -1}, "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"),
    "more than all": ({"maxUnavailable": "101%"}, "must not be greater than 100%"),
    "a selector without an operator": (
        {"selector": {"matchExpressions": [{"key": "app", "values": ["web"]}]}},
        r'spec.selector.matchExpressions\[0\].operator: Invalid value: "": not a valid selector operator',
    ),
    "an unknown policy": ({"unhealthyPodEvictionPolicy": "No"}, "spec.unhealthyPodEvictionPolicy: Unsupported value"),
}


@pytest.mark.parametrize(("spec", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_budget_is_refused(spec, words):
    with pytest.raises(Refusal, match=words):
        budget(started(), "web", {"selector": {}, **spec})


def test_a_pod_that_is_evicted_says_so_while_it_is_terminating_and_one_that_is_deleted_does_not():
    """Wrong lesson: an eviction and a deletion leave a Pod alike; a Job's podFailurePolicy could not tell them apart."""
    cluster = guarded(minAvailable=1)
    first, second, _ = pods(cluster)
    cluster.submit(actions.Evict(pod=first.name))
    cluster.submit(actions.Delete("Pod", second.name, "default"))
    evicted, deleted = (cluster.shown(f"Pod/default/{pod.name}")["status"]["conditions"] for pod in (first, second))
    assert {key: evicted[0][key] for key in ("type", "status", "reason", "message")} == {
        "type": "DisruptionTarget",
        "status": "True",
        "reason": "EvictionByEvictionAPI",
        "message": "Eviction API: evicting",
    }
    assert "DisruptionTarget" not in [each["type"] for each in deleted]
