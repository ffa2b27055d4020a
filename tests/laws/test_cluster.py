"""Laws that hold for every history of a cluster, whatever a learner does."""

import subprocess
import sys

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from tests.laws.histories import aimed, deeds, histories, live, playing, read, replay, schema, written

slowly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
END = 90 * SECOND


@slowly
@given(histories)
def test_replaying_the_log_gives_the_same_bytes(steps):
    cluster = playing()
    log = live(cluster, steps)
    cluster.advance(cluster.now + END)
    assert replay(log, cluster.now).snapshot() == cluster.snapshot()


@settings(max_examples=3, deadline=None)
@given(histories)
def test_another_process_replays_to_the_same_bytes(steps):
    cluster = playing()
    log = live(cluster, steps)
    cluster.advance(cluster.now + END)
    command = [sys.executable, "-m", "tests.laws.test_cluster", written(log), str(cluster.now)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == cluster.hash()


@slowly
@given(histories, st.sampled_from([1, 7, 50, 10_000]))
def test_it_does_not_matter_how_time_is_sliced(steps, budget):
    cluster = playing()
    log = live(cluster, steps)
    cluster.advance(cluster.now + END)
    sliced = playing()
    for time, action in log:
        while not sliced.advance(time, at_most=budget):
            pass
        sliced.submit(action)
    while not sliced.advance(cluster.now, at_most=budget):
        pass
    assert sliced.snapshot() == cluster.snapshot()


@slowly
@given(histories, histories)
def test_a_restored_snapshot_has_the_same_future(before, after):
    cluster = playing()
    live(cluster, before)
    twin = Cluster.restore(cluster.snapshot(), schema())
    assert twin.snapshot() == cluster.snapshot()
    for each in (cluster, twin):
        live(each, after)
        each.advance(each.now + END)
    assert twin.snapshot() == cluster.snapshot()


@slowly
@given(histories, deeds)
def test_a_refused_action_changes_nothing(steps, deed):
    cluster = playing()
    live(cluster, steps)
    cluster.advance(cluster.now)
    before = cluster.snapshot()
    try:
        cluster.submit(aimed(cluster, deed))
    except Refusal:
        assert cluster.snapshot() == before


@slowly
@given(histories)
def test_no_address_is_given_twice(steps):
    cluster = playing()
    live(cluster, steps)
    for _ in range(5):
        cluster.advance(cluster.now + SECOND)
        pods = [pod.ip for pod in cluster.store.list("Pod") if pod.ip and pod.state.phase not in ("Succeeded", "Failed")]
        services = [each.spec["clusterIP"] for each in cluster.store.list("Service") if each.spec.get("clusterIP") not in (None, "None")]
        networks = [node.spec["podCIDR"] for node in cluster.store.list("Node")]
        for addresses in (pods, services, networks):
            assert len(addresses) == len(set(addresses))


@slowly
@given(histories)
def test_endpoints_are_the_pods_that_the_selector_matches(steps):
    """Once what was done has been heard of, the EndpointSlices hold exactly the matching Pods that have an address."""
    cluster = playing()
    live(cluster, steps)
    cluster.advance(cluster.now + END)
    for service in cluster.store.list("Service", "default"):
        if "selector" not in service.spec:
            continue
        matching = cluster.machinery.pods_matching("default", service.spec["selector"])
        expected = {(pod.ip, pod.state.ready and pod.deleting is None) for pod in matching if counts(pod)}
        slices = cluster.store.find(cluster.machinery.slices_by_service, service.key)
        assert {(each.ip, each.ready) for piece in slices for each in piece.endpoints} == expected


def counts(pod):
    return pod.ip and pod.state.phase not in ("Succeeded", "Failed")


if __name__ == "__main__":
    print(replay(read(sys.argv[1]), int(sys.argv[2])).hash())
