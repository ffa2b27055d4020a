"""What a request's card says of its lookup (glibc resolv/res_query.c, res_init.c and res_send.c; musl src/network/lookup_name.c)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kube.kubeproxy.builders import add_pod
from tests.kube.network.world import World

MUSL = [{"name": "c", "image": "alpine:3.22"}]


def why(to: str, world: World | None = None, **spec: Any) -> str:
    """Of a request of a Pod with this spec."""
    world = world or World()
    add_pod(world.machinery, "custom", "10.244.0.6", "node-a", host_ip="192.168.0.11", spec=spec)
    return str(world.network.explain(world.send(to, source="custom"))[0].why)


def options(**values: str) -> dict[str, Any]:
    return {"options": [{"name": name, "value": value} for name, value in values.items()]}


@pytest.mark.parametrize("spec", [{"hostNetwork": True}, {"dnsPolicy": "Default"}], ids=["the Node's network", "the policy Default"])
def test_a_pod_with_the_nodes_resolv_conf_is_said_not_to_ask_the_clusters_dns(spec: dict[str, Any]) -> None:
    """The trap of hostNetwork with the policy ClusterFirst: there is no search list, and nobody there knows a Service."""
    said = why("web-svc:80", **spec)
    assert said.startswith(
        "It was asked as it is: the Pod's resolv.conf is that of its Node, without a search list, and 192.168.0.254 is not the cluster's DNS, "
        "which alone knows the names of Services."
    )
    assert "search list came first" not in said


def test_without_a_search_list_a_name_is_asked_as_it_is() -> None:
    said = why("web-svc:80", dnsPolicy="None", dnsConfig={"nameservers": ["172.17.0.10"]})
    assert said.startswith("It was asked as it is: the Pod's resolv.conf has no search list.")


def test_musl_never_searches_for_a_name_with_ndots_dots() -> None:
    assert "It has 1 dot, and ndots is 1: musl asks for it as it is, and never with the search list." in why(
        "web-svc.default:80", dnsConfig=options(ndots="1"), containers=MUSL
    )


def test_glibc_goes_on_with_the_search_list_then() -> None:
    said = why("web-svc.default:80", dnsConfig=options(ndots="1"))
    assert "It has 1 dot, and ndots is 1: it was asked as it is first, and then with the search list. 3 asked in all." in said


@pytest.mark.parametrize("containers", [MUSL, []], ids=["musl", "glibc"])
def test_more_than_15_dots_are_not_waited_for(containers: list[Any]) -> None:
    """RES_MAXNDOTS of glibc, and the same number in musl's resolvconf.c."""
    assert "ndots (15)" in why("web-svc:80", dnsConfig=options(ndots="40"), containers=containers)


def test_where_no_attempt_is_to_be_made_nobody_is_asked() -> None:
    said = why("web-svc:80", dnsConfig=options(attempts="0"))
    assert said == "Its resolv.conf says attempts:0, and glibc takes that at its word: no server is asked."


def test_a_flow_stays_with_a_pod_only_where_one_was_chosen() -> None:
    world = World()
    world.machinery.store.remove(world.machinery.store.get("Service", "kube-system", "kube-dns"))
    world.settle()
    said = why("web-svc:80", world)
    assert "Nobody has this address" in said
    assert "chosen first" not in said
