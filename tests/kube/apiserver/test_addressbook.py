"""Which ServiceCIDR and which IPAddresses does a cluster show?"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.apiserver import seen
from playground.kube.errors import Refusal
from tests.terminal.world import WEB, World, shared


def names(world: World, kind: str) -> list[str]:
    return [each.name for each in seen.listed(world.kube.machinery, kind, None)]


def test_the_clusters_own_range_is_a_service_cidr() -> None:
    (found,) = seen.listed(shared().kube.machinery, "ServiceCIDR", None)
    assert (found.name, found.spec) == ("kubernetes", {"cidrs": ["172.17.0.0/24"]})
    assert found.status["conditions"][0]["message"] == "Kubernetes default Service CIDR is ready"


def test_every_cluster_ip_is_an_ip_address_that_names_its_service() -> None:
    found = seen.single(shared().kube.machinery, "IPAddress", "", WEB)
    assert found.spec["parentRef"] == {"name": "web", "namespace": "default", "resource": "services"}
    assert found.labels == {"ipaddress.kubernetes.io/ip-family": "IPv4", "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io"}
    assert "172.17.0.1" in names(shared(), "IPAddress")


def test_a_headless_service_has_none() -> None:
    assert not [each for each in seen.listed(shared().kube.machinery, "IPAddress", None) if each.spec["parentRef"]["name"] == "peers"]


def test_an_ip_address_goes_with_its_service() -> None:
    world = World()
    world.kube.submit(actions.Delete("Service", "web", "default"))
    assert WEB not in names(world, "IPAddress")


def test_uids_are_told_apart() -> None:
    uids = [each.uid for each in seen.listed(shared().kube.machinery, "IPAddress", None)]
    assert len(dict.fromkeys(uids)) == len(uids) > 1


@pytest.mark.parametrize(("kind", "name"), [("IPAddress", WEB), ("ServiceCIDR", "kubernetes")])
def test_to_change_or_delete_one_is_said_not_to_be_simulated(kind: str, name: str) -> None:
    kube = shared().kube
    for action in (actions.Delete(kind, name), actions.Patch(kind, name, {"metadata": {"labels": {"a": "b"}}})):
        with pytest.raises(Refusal, match="not simulated here"):
            kube.rehearse(action)


def test_the_name_of_one_is_taken() -> None:
    document = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "ServiceCIDR",
        "metadata": {"name": "kubernetes"},
        "spec": {"cidrs": ["10.1.0.0/16"]},
    }
    with pytest.raises(Refusal, match="already exists"):
        shared().kube.rehearse(actions.Create([document]))


def test_kubectl_lists_both() -> None:
    done = shared().run_on_workstation("kubectl get servicecidrs --no-headers; kubectl get ipaddress 172.17.0.1 --no-headers")
    assert [line.split()[:2] for line in done.out.splitlines()] == [
        ["kubernetes", "172.17.0.0/24"],
        ["172.17.0.1", "services/default/kubernetes"],
    ]
