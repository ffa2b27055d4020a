"""CoreDNS gives several addresses in an order of chance (coredns plugin/loadbalance)."""

from __future__ import annotations

from playground.kube import actions
from playground.kube.chance import Chance
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.dns.balancing import shuffled
from playground.kube.dns.corefile import shipped_text
from playground.kube.dns.message import Record
from tests.laws.histories import deployment, started

NAME = "peers.default.svc.cluster.local."


def test_addresses_change_places_and_nothing_else_does() -> None:
    alias = Record("a.", "CNAME", "b.", 30)
    addresses = [Record("b.", "A", f"10.0.0.{number}", 30) for number in range(3)]
    others = [Record("b.", "AAAA", f"2001:db8::{number}", 30) for number in range(3)]
    chance = Chance(1)
    found = [shuffled((alias, *addresses, *others), chance) for _ in range(200)]
    assert {each[0] for each in found} == {alias}
    assert len({each[1:4] for each in found}) == len({each[4:] for each in found}) == 6
    assert all(sorted(each[1:4], key=addresses.index) == addresses for each in found)


def peers(corefile: str = "") -> Cluster:
    """A headless Service of three Pods, and a client."""
    cluster = started()
    client = {"containers": [{"name": "c", "image": "debian", "command": ["sleep", "1d"]}]}
    service = {"clusterIP": "None", "selector": {"app": "peers"}, "ports": [{"port": 80}]}
    documents = [
        deployment("peers", 3),
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "peers"}, "spec": service},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c"}, "spec": client},
    ]
    cluster.submit(actions.Apply(documents))
    if corefile:
        cluster.submit(actions.Patch("ConfigMap", "coredns", {"data": {"Corefile": corefile}}, "kube-system"))
    cluster.advance(cluster.now + 120 * SECOND)
    return cluster


def firsts(cluster: Cluster, type: str) -> set[str]:
    """Which addresses came first in 40 answers."""
    replies = [cluster.submit(actions.Lookup("default/c", NAME, type)).reply for _ in range(40)]
    return {next(record.value for record in reply.records if record.type == "A") for reply in replies}


def test_who_asks_often_sees_each_address_first() -> None:
    """Else a learner would think that DNS always gives a headless Service's Pods in one order, and clients all go to the first."""
    cluster = peers()
    assert len(firsts(cluster, "A")) == 3
    assert len(firsts(cluster, "")) == 3


def test_without_the_plugin_the_order_stays() -> None:
    assert len(firsts(peers(shipped_text("cluster.local").replace("    loadbalance\n", "")), "A")) == 1
