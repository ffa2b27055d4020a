"""Laws that hold for every history of a cluster, whatever a learner does."""

import subprocess
import sys

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.settings import family_of
from tests.laws.histories import DUAL, SINGLE, aimed, deeds, histories, live, playing, read, replay, schema, stacks, written

slowly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
END = 90 * SECOND


@slowly
@given(histories, stacks)
def test_replaying_the_log_gives_the_same_bytes(steps, made_with):
    cluster = playing(made_with)
    log = live(cluster, steps)
    cluster.advance(cluster.now + END)
    assert replay(log, cluster.now, made_with).snapshot() == cluster.snapshot()


@settings(max_examples=3, deadline=None)
@given(histories, stacks)
def test_another_process_replays_to_the_same_bytes(steps, made_with):
    cluster = playing(made_with)
    log = live(cluster, steps)
    cluster.advance(cluster.now + END)
    command = [sys.executable, "-m", "tests.laws.test_cluster", written(log), str(cluster.now), "dual" if made_with is DUAL else ""]
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
@given(histories, histories, stacks)
def test_a_restored_snapshot_has_the_same_future(before, after, made_with):
    cluster = playing(made_with)
    live(cluster, before)
    twin = Cluster.restore(cluster.snapshot(), schema())
    assert twin.snapshot() == cluster.snapshot()
    for each in (cluster, twin):
        live(each, after)
        each.advance(each.now + END)
    assert twin.snapshot() == cluster.snapshot()


@slowly
@given(histories, deeds, stacks)
def test_a_refused_action_changes_nothing(steps, deed, made_with):
    cluster = playing(made_with)
    live(cluster, steps)
    cluster.advance(cluster.now)
    before = cluster.snapshot()
    try:
        cluster.submit(aimed(cluster, deed))
    except Refusal:
        assert cluster.snapshot() == before


@slowly
@given(histories, stacks)
def test_no_address_is_given_twice(steps, made_with):
    cluster = playing(made_with)
    live(cluster, steps)
    for _ in range(5):
        cluster.advance(cluster.now + SECOND)
        pods = [ip for pod in cluster.store.list("Pod") if counts(pod) for ip in (pod.ip, pod.other_ip) if ip]
        services = [ip for each in cluster.store.list("Service") for ip in each.spec.get("clusterIPs", ()) if ip != "None"]
        networks = [cidr for node in cluster.store.list("Node") for cidr in node.spec["podCIDRs"]]
        for addresses in (pods, services, networks):
            assert len(addresses) == len(set(addresses))


@slowly
@given(histories, stacks)
def test_endpoints_are_the_pods_that_the_selector_matches(steps, made_with):
    """Once what was done has been heard of, the EndpointSlices hold exactly the matching Pods that have an address of the Service's families."""
    cluster = playing(made_with)
    live(cluster, steps)
    cluster.advance(cluster.now + END)
    for service in cluster.store.list("Service", "default"):
        if "selector" not in service.spec:
            continue
        matching = cluster.machinery.pods_matching("default", service.spec["selector"])
        ips = {ip: pod for pod in matching if counts(pod) for ip in (pod.ip, pod.other_ip) if family_of(ip) in service.spec["ipFamilies"]}
        expected = {(ip, pod.state.ready and pod.deleting is None) for ip, pod in ips.items() if ip}
        slices = cluster.store.find(cluster.machinery.slices_by_service, service.key)
        assert {(each.ip, each.ready) for piece in slices for each in piece.endpoints} == expected


def counts(pod):
    return pod.ip and pod.state.phase not in ("Succeeded", "Failed")


if __name__ == "__main__":
    print(replay(read(sys.argv[1]), int(sys.argv[2]), DUAL if sys.argv[3] else SINGLE).hash())
