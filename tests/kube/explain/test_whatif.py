"""Are reckoned fates those that the engine meets step by step, and does asking change nothing?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.explain.whatif import MOST_REQUESTS
from tests.chisquare import chi_square_p
from tests.kube.network.test_outside import balancer
from tests.kube.network.test_outside import cluster as balanced
from tests.laws.histories import deeds, live, started

Fates = Counter[tuple[str, str | None]]


def settled() -> Cluster:
    cluster = started()
    cluster.advance(cluster.now + 20 * SECOND)
    for stream in cluster.traffic.streams():
        cluster.submit(actions.StopTraffic(stream.id))
    return cluster


def reckoned(cluster: Cluster, source: str, to: str, count: int, changes: Any = ()) -> Fates:
    return Counter(
        {(each.fate.outcome, each.fate.endpoint): each.count for each in cluster.what_if(source, to, count, changes) if each.count}
    )


def sent(cluster: Cluster, source: str, to: str, count: int) -> Fates:
    """The same, step by step."""
    fork = cluster.fork()
    sender = fork.network.senders.require(source)
    requests = (fork.network.request(fork.network.send(sender, to)) for _ in range(count))
    return Counter((each.outcome, each.endpoint) for each in requests)


def agree(cluster: Cluster, source: str, to: str, count: int = 3_000) -> bool:
    likely = cluster.what_if(source, to, count)
    seen = sent(cluster, source, to, count)
    assert set(seen) <= {(each.fate.outcome, each.fate.endpoint) for each in likely}
    return chi_square_p([(seen[each.fate.outcome, each.fate.endpoint], each.probability * count) for each in likely]) > 0.01


def test_by_name_the_fates_are_those_of_the_engine() -> None:
    assert agree(settled(), "client", "web-svc:80")


@pytest.mark.parametrize("policy", ["Cluster", "Local"])
@pytest.mark.parametrize("mode", ["VIP", "Proxy"])
def test_through_a_load_balancer_the_fates_are_those_of_the_engine(policy: str, mode: str) -> None:
    made = balanced(replicas=2, mode=mode, externalTrafficPolicy=policy)
    assert agree(made, "outside", f"{balancer(made)}:80")


def test_with_a_coredns_that_hangs_half_of_the_requests_are_not_resolved() -> None:
    cluster = settled()
    server = cluster.machinery.pods_matching("kube-system", {"k8s-app": "kube-dns"})[0]
    cluster.submit(actions.Hang(server.name, "kube-system"))
    likely = {(each.fate.outcome, each.fate.where): each.probability for each in cluster.what_if("client", "web-svc:80", 100)}
    assert round(likely["timeout", "dns"], 9) == 0.5


def test_many_coredns_pods_and_a_long_search_are_still_reckoned() -> None:
    cluster = settled()
    cluster.submit(actions.Scale("Deployment", "coredns", 10, "kube-system"))
    cluster.advance(cluster.now + 20 * SECOND)
    likely = cluster.what_if("client", "web-svc.default.svc:80", 100)
    assert [round(each.probability, 9) for each in likely] == [round(1 / 3, 9)] * 3


def test_the_million_is_counted_out() -> None:
    likely = settled().what_if("client", "web-svc:80", MOST_REQUESTS)
    assert sum(each.count for each in likely) == MOST_REQUESTS
    assert [round(each.probability, 9) for each in likely] == [round(1 / 3, 9)] * 3


def test_asking_changes_nothing() -> None:
    cluster = settled()
    before = cluster.hash()
    cluster.what_if("client", "web-svc:80", 1_000, [actions.Delete("Service", "web-svc", "default")])
    assert cluster.hash() == before


def test_the_same_question_has_the_same_answer() -> None:
    cluster = settled()
    assert cluster.what_if("client", "web-svc:80", 1_000) == cluster.what_if("client", "web-svc:80", 1_000)


def test_with_another_policy_only_the_senders_node_answers() -> None:
    cluster = settled()
    change = actions.Patch("Service", "web-svc", {"spec": {"internalTrafficPolicy": "Local"}}, "default")
    here = cluster.store.get("Pod", "default", "client").node
    now, then = cluster.what_if("client", "web-svc:80", 100), cluster.what_if("client", "web-svc:80", 100, [change])
    assert len({each.fate.node for each in now}) == 3
    assert {each.fate.node for each in then} <= {here, None}


def test_with_affinity_one_client_has_one_endpoint_whichever_it_is() -> None:
    cluster = settled()
    change = actions.Patch("Service", "web-svc", {"spec": {"sessionAffinity": "ClientIP"}}, "default")
    likely = cluster.what_if("client", "web-svc:80", 1_000, [change])
    assert [round(each.probability, 9) for each in likely] == [round(1 / 3, 9)] * 3
    assert sorted(each.count for each in likely) == [0, 0, 1_000]


def test_a_change_that_the_api_server_refuses_is_refused() -> None:
    change = actions.Patch("Service", "web-svc", {"spec": {"internalTrafficPolicy": "Nearby"}}, "default")
    with pytest.raises(Refusal, match="Unsupported value"):
        settled().what_if("client", "web-svc:80", 10, [change])


REFUSED = {
    "too many": (("client", "web-svc:80", MOST_REQUESTS + 1), "MOST_REQUESTS"),
    "none": (("client", "web-svc:80", 0), "MOST_REQUESTS"),
    "no such sender": (("nobody", "web-svc:80", 1), 'pods "nobody" not found'),
    "no target": (("client", "web-svc", 1), "expected name:port"),
}


@pytest.mark.parametrize(("question", "words"), REFUSED.values(), ids=REFUSED)
def test_a_bad_question_is_refused(question: Any, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        settled().what_if(*question)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3 * SECOND), deeds), max_size=4))
def test_whatever_a_learner_did_the_engine_meets_no_other_fate(steps: Any) -> None:
    cluster = settled()
    live(cluster, steps)
    try:
        likely = {(each.fate.outcome, each.fate.endpoint) for each in cluster.what_if("client", "web-svc:80", 200)}
    except Refusal:
        return
    assert set(sent(cluster, "client", "web-svc:80", 200)) <= likely
