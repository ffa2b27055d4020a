"""What the yard is told of a Pod's ports."""

import pytest

from playground.clusters import engine
from playground.clusters.picture import Picture
from playground.kube.actions import AddNode, Apply
from playground.kube.clock import SECOND
from playground.kube.settings import ClusterSettings

NETEXEC = {"name": "c", "image": "registry.k8s.io/e2e-test-images/agnhost:2.53", "args": ["netexec", "--http-port=5000", "--udp-port=7000"]}
CASES = {
    "a declared port": ({**NETEXEC, "ports": [{"containerPort": 5000}]}, [5000]),
    "the other port of the same program": ({**NETEXEC, "ports": [{"containerPort": 7000, "protocol": "UDP"}]}, ["7000/UDP"]),
    "all ports if none is declared": (NETEXEC, [5000, "7000/UDP"]),
    "all ports if only others are declared": ({**NETEXEC, "ports": [{"containerPort": 9}]}, [5000, "7000/UDP"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_pod_shows_the_ports_that_it_declares_and_listens_on(case: str) -> None:
    container, ports = CASES[case]
    kube = engine.create(ClusterSettings())
    kube.submit(AddNode())
    kube.submit(Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [container]}}]))
    kube.advance(kube.now + 5 * SECOND)
    assert Picture(kube).sections["pods"]["default/p"]["ports"] == ports
