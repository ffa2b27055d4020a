"""Laws that hold for every manifest that the API server takes, however odd it is."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.kube.actions import Apply, Send
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.pages.facts import inspection, traffic, whatif
from tests.laws.histories import playing, schema, stacks
from tests.laws.odd import documents

slowly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
some = st.lists(documents(), min_size=1, max_size=4)
END = 90 * SECOND
SENDERS = 4


@slowly
@given(some, some, stacks)
def test_the_cluster_lives_on_and_has_the_same_future_when_it_is_restored(before, after, made_with):
    """Else one odd field would stop the cluster of whoever wrote it for good."""
    cluster = playing(made_with)
    take(cluster, before)
    cluster.advance(cluster.now + END)
    twin = Cluster.restore(cluster.snapshot(), schema())
    for each in (cluster, twin):
        take(each, after)
        each.advance(each.now + END)
    assert twin.snapshot() == cluster.snapshot()


@slowly
@given(some, stacks)
def test_each_tab_of_each_object_opens(manifests, made_with):
    cluster = soon_after(manifests, made_with)
    for thing in [thing for kind in cluster.store.kinds() for thing in cluster.store.list(kind)]:
        for tab in inspection.TABS:
            assert inspection.inspect(cluster, thing.kind, thing.namespace, thing.name, tab) is not None


@slowly
@given(some, stacks)
def test_each_request_is_explained(manifests, made_with):
    cluster = soon_after(manifests, made_with)
    services = [service for service in cluster.store.list("Service", "default") if service.name != "kubernetes"]
    for source in [pod.name for pod in cluster.store.list("Pod", "default")][:SENDERS]:
        for service in services:
            for port in service.spec.get("ports") or [{"port": 80}]:
                explain(cluster, f"default/{source}", f"{service.name}:{port['port']}/{port.get('protocol', 'TCP')}")


def soon_after(manifests, made_with) -> Cluster:
    cluster = playing(made_with)
    take(cluster, manifests)
    cluster.advance(cluster.now + 5 * SECOND)
    return cluster


def explain(cluster: Cluster, source: str, to: str) -> None:
    try:
        receipt = cluster.submit(Send(source, to))
    except Refusal:
        return
    request = cluster.network.request(receipt.first_request)
    assert traffic.card(request, cluster.network.explain(request)).hops
    assert whatif.answer(cluster.fork(), source, to, 100, "")


def take(cluster: Cluster, manifests) -> None:
    """Each that is refused is left out."""
    for manifest in manifests:
        try:
            cluster.submit(Apply([manifest]))
        except Refusal:
            continue
