"""Which families does a Service get, in clusters of one and of two?  Cases of pkg/registry/core/service/storage/storage_test.go
(TestCreateInitIPFields, and the updates of TestFeatureClusterIPs) by their names there: `4` is IPv4, `6` IPv6, `-` unset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground.kube.settings import Networks

ADDRESSES = {"4": "10.96.0.5", "6": "fd00:10:96::5"}
FAMILY = {"4": "IPv4", "6": "IPv6"}
POLICY = {"single": "SingleStack", "prefer": "PreferDualStack", "require": "RequireDualStack"}
V4 = Networks("10.96.0.0/24", "10.244.0.0/16", "192.168.0.0/24", 24)
V6 = Networks("fd00:10:96::/112", "fd00:10:244::/56", "fd00:192:168::/64")
NOT_DUAL = 'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services'
TWO_FAMILIES = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"
TWO_ADDRESSES = "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"

# kind of Service, then ClusterIPs, policy and families as asked for; what comes of it in clusters 4, 6, 46 and 64: families, or "no".
CREATED = [
    ("with IP", "-", "-", "-", "single", "4", "6", "4", "6"),
    ("with IP", "-", "-", "4", "single", "4", "no", "4", "4"),
    ("with IP", "-", "-", "6", "single", "no", "6", "6", "6"),
    ("with IP", "-", "-", "46", "single", "no", "no", "no", "no"),
    ("with IP", "-", "single", "6", "single", "no", "6", "6", "6"),
    ("with IP", "-", "single", "64", "single", "no", "no", "no", "no"),
    ("with IP", "-", "prefer", "-", "prefer", "4", "6", "46", "64"),
    ("with IP", "-", "prefer", "4", "prefer", "4", "no", "46", "46"),
    ("with IP", "-", "prefer", "6", "prefer", "no", "6", "64", "64"),
    ("with IP", "-", "prefer", "64", "prefer", "no", "no", "64", "64"),
    ("with IP", "-", "require", "-", "require", "no", "no", "46", "64"),
    ("with IP", "-", "require", "6", "require", "no", "no", "64", "64"),
    ("with IP", "-", "require", "46", "require", "no", "no", "46", "46"),
    ("with IP", "4", "-", "-", "single", "4", "no", "4", "4"),
    ("with IP", "6", "-", "-", "single", "no", "6", "6", "6"),
    ("with IP", "4", "-", "6", "single", "no", "no", "no", "no"),
    ("with IP", "6", "prefer", "-", "prefer", "no", "6", "64", "64"),
    ("with IP", "4", "prefer", "64", "prefer", "no", "no", "no", "no"),
    ("with IP", "6", "require", "64", "require", "no", "no", "64", "64"),
    ("with IP", "46", "-", "-", "single", "no", "no", "no", "no"),
    ("with IP", "46", "prefer", "-", "prefer", "no", "no", "46", "46"),
    ("with IP", "64", "require", "-", "require", "no", "no", "64", "64"),
    ("with IP", "64", "require", "46", "require", "no", "no", "no", "no"),
    ("headless", "-", "-", "-", "single", "4", "6", "4", "6"),
    ("headless", "-", "single", "6", "single", "no", "6", "6", "6"),
    ("headless", "-", "prefer", "-", "prefer", "4", "6", "46", "64"),
    ("headless", "-", "prefer", "46", "prefer", "no", "no", "46", "46"),
    ("headless", "-", "require", "-", "require", "no", "no", "46", "64"),
    ("bare", "-", "-", "-", "require", "46", "64", "46", "64"),
    ("bare", "-", "-", "6", "require", "64", "64", "64", "64"),
    ("bare", "-", "-", "46", "require", "46", "46", "46", "46"),
    ("bare", "-", "single", "-", "single", "4", "6", "4", "6"),
    ("bare", "-", "single", "6", "single", "6", "6", "6", "6"),
    ("bare", "-", "single", "46", "single", "no", "no", "no", "no"),
    ("bare", "-", "prefer", "-", "prefer", "46", "64", "46", "64"),
    ("bare", "-", "require", "6", "require", "64", "64", "64", "64"),
]


def networks(cluster: str) -> dict[str, Any]:
    first = V4 if cluster[0] == "4" else V6
    made = {"service_network": first.service, "pod_network": first.pod, "node_network": first.node, "node_prefix": first.node_prefix}
    return made | ({"second": V6 if cluster[1] == "6" else V4} if len(cluster) == 2 else {})


@pytest.fixture
def cluster(make_world: Callable[..., Any]) -> Callable[[str], Any]:
    return lambda families: make_world(**networks(families))


def service(kind: str = "with IP", ips: str = "-", policy: str = "-", families: str = "-", **more: Any) -> dict[str, Any]:
    spec: dict[str, Any] = {"ports": [{"port": 80}], "selector": {"app": "web"}}
    listed = [ADDRESSES[each] for each in ips] if ips != "-" else []
    listed = ["None"] if kind != "with IP" else listed
    if kind == "bare":
        del spec["selector"]
    spec |= {"clusterIP": listed[0], "clusterIPs": listed} if listed else {}
    spec |= {"ipFamilyPolicy": POLICY[policy]} if policy != "-" else {}
    spec |= {"ipFamilies": [FAMILY[each] for each in families]} if families != "-" else {}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {**spec, **more}}


def found(world: Any) -> tuple[str, str]:
    """Policy and families as stored; the addresses must be of these families, one each."""
    spec = world.json("Service", "web")["spec"]
    families = spec["ipFamilies"]
    assert spec["clusterIP"] == spec["clusterIPs"][0]
    if spec["clusterIP"] != "None":
        assert ["IPv6" if ":" in each else "IPv4" for each in spec["clusterIPs"]] == families
    return spec["ipFamilyPolicy"], "".join(each[-1] for each in families)


CASES = [(case[:4], case[4], name, wanted) for case in CREATED for name, wanted in zip(("4", "6", "46", "64"), case[5:], strict=True)]


@pytest.mark.parametrize(
    ("asked", "settled", "families", "wanted"), CASES, ids=lambda value: "_".join(value) if isinstance(value, tuple) else value
)
def test_a_new_service(cluster: Any, asked: tuple[str, ...], settled: str, families: str, wanted: str) -> None:
    world = cluster(families)
    if wanted == "no":
        assert world.refusal(world.server.create, service(*asked)).code == 422
    else:
        world.server.create(service(*asked))
        assert found(world) == (POLICY[settled], wanted)


SAID = [
    ("4", {"policy": "require"}, [NOT_DUAL]),
    ("4", {"policy": "require", "families": "46"}, [NOT_DUAL, 'spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster']),
    ("4", {"families": "6"}, ['spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster']),
    ("4", {"ips": "6"}, ['spec.clusterIPs[0]: Invalid value: ["fd00:10:96::5"]: IPv6 is not configured on this cluster']),
    ("46", {"families": "46"}, [f'spec.ipFamilyPolicy: Invalid value: "SingleStack": {TWO_FAMILIES}']),
    ("46", {"ips": "46"}, [f'spec.ipFamilyPolicy: Invalid value: "SingleStack": {TWO_ADDRESSES}']),
    ("46", {"ips": "4", "families": "6"},
     ['spec.clusterIPs[0]: Invalid value: "10.96.0.5": expected an IPv6 value as indicated by `ipFamilies[0]`']),
    ("46", {"policy": "prefer", "families": "44"}, ['spec.ipFamilies[1]: Duplicate value: "IPv4"']),
]  # fmt: skip


@pytest.mark.parametrize(("families", "asked", "said"), SAID)
def test_what_the_api_server_says(cluster: Any, families: str, asked: dict[str, str], said: list[str]) -> None:
    assert cluster(families).causes(service(**asked)) == said


def test_an_address_of_the_second_network_that_is_taken_is_refused_by_its_name(cluster: Any) -> None:
    world = cluster("46")
    world.server.create(service(ips="6"))
    other = service(ips="46", policy="prefer")
    other["metadata"]["name"] = "other"
    said = 'spec.clusterIPs: Invalid value: ["10.96.0.5","fd00:10:96::5"]: failed to allocate IP fd00:10:96::5: provided IP is already allocated'
    assert world.causes(other) == [said]


# --- updates


@pytest.fixture
def dual(cluster: Any) -> Any:
    return cluster("46")


def change(world: Any, **spec: Any) -> list[str]:
    """Replace the Service with itself but for these fields of its spec (None takes one away); the causes of a refusal, or []."""
    document = {**world.json("Service", "web"), "metadata": {"name": "web"}}
    document["spec"] = {key: value for key, value in {**document["spec"], **spec}.items() if value is not None}
    causes = world.causes(document)
    if not causes:
        world.server.replace(document)
    return causes


@pytest.mark.parametrize("policy", ["prefer", "require"])
def test_a_service_is_upgraded_by_its_policy_and_keeps_its_address(dual: Any, policy: str) -> None:
    dual.server.create(service(ips="4"))
    assert change(dual, ipFamilyPolicy=POLICY[policy]) == []
    assert found(dual) == (POLICY[policy], "46")
    assert dual.json("Service", "web")["spec"]["clusterIP"] == ADDRESSES["4"]


def test_an_upgrade_may_name_the_second_address(dual: Any) -> None:
    dual.server.create(service(ips="4"))
    assert change(dual, ipFamilyPolicy="RequireDualStack", clusterIPs=[ADDRESSES["4"], ADDRESSES["6"]]) == []
    assert dual.json("Service", "web")["spec"]["clusterIPs"] == [ADDRESSES["4"], ADDRESSES["6"]]


def test_a_downgrade_gives_the_second_address_back(dual: Any) -> None:
    dual.server.create(service(ips="46", policy="require"))
    assert change(dual, ipFamilyPolicy="SingleStack") == []
    assert found(dual) == ("SingleStack", "4")
    other = service(ips="6")
    other["metadata"]["name"] = "other"
    assert dual.causes(other) == []


def test_the_second_address_is_not_given_up_without_the_policy_that_says_so(dual: Any) -> None:
    dual.server.create(service(ips="46", policy="require"))
    said = "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be 'SingleStack' to release the secondary"
    assert change(dual, clusterIPs=[ADDRESSES["4"]]) == [f"{said} cluster IP"]
    assert change(dual, ipFamilies=["IPv4"]) == [f"{said} IP family"]
    assert change(dual, clusterIPs=[ADDRESSES["4"]], ipFamilyPolicy=None) == [f"{said} cluster IP"]


def test_the_primary_family_and_address_stay(dual: Any) -> None:
    dual.server.create(service(ips="46", policy="require"))
    swapped = change(dual, clusterIP=ADDRESSES["6"], clusterIPs=[ADDRESSES["6"], ADDRESSES["4"]], ipFamilies=["IPv6", "IPv4"])
    assert swapped[:2] == [
        'spec.clusterIPs[0]: Invalid value: ["fd00:10:96::5","10.96.0.5"]: may not change once set',
        'spec.clusterIPs[1]: Invalid value: ["fd00:10:96::5","10.96.0.5"]: may not change once set',
    ]
    assert 'spec.ipFamilies[0]: Invalid value: ["IPv6","IPv4"]: may not change once set' in swapped


def test_a_document_without_addresses_and_families_changes_neither(dual: Any) -> None:
    dual.server.create(service(ips="46", policy="prefer"))
    assert change(dual, clusterIP=None, clusterIPs=None, ipFamilies=None, ipFamilyPolicy=None) == []
    assert found(dual) == ("PreferDualStack", "46")
    assert dual.json("Service", "web")["spec"]["clusterIPs"] == [ADDRESSES["4"], ADDRESSES["6"]]
    assert change(dual, clusterIPs=None) == []


def test_a_second_apply_of_the_same_manifest_changes_nothing(dual: Any) -> None:
    manifest = service(policy="prefer")
    dual.server.apply(manifest)
    before = dual.json("Service", "web")
    assert dual.server.apply(manifest).verb == "unchanged"
    assert dual.json("Service", "web") == before


def test_an_external_name_gives_its_addresses_back_and_gets_new_ones_later(dual: Any) -> None:
    dual.server.create(service(ips="46", policy="require"))
    assert change(dual, type="ExternalName", externalName="example.com", clusterIP=None, clusterIPs=None, ipFamilies=None,
                  ipFamilyPolicy=None, internalTrafficPolicy=None) == []  # fmt: skip
    assert "clusterIPs" not in dual.json("Service", "web")["spec"]
    assert change(dual, type="ClusterIP", externalName=None, ipFamilyPolicy="RequireDualStack") == []
    assert found(dual) == ("RequireDualStack", "46")


def test_headless_services_may_change_their_families(dual: Any) -> None:
    dual.server.create(service("headless"))
    assert change(dual, ipFamilyPolicy="RequireDualStack") == []
    assert found(dual) == ("RequireDualStack", "46")
    assert change(dual, ipFamilies=["IPv6", "IPv4"]) == []
    assert found(dual) == ("RequireDualStack", "64")


@pytest.mark.parametrize(
    ("cidrs", "said"),
    [
        (["10.1.0.0/24", "fd00:1::/64"], []),
        (["10.1.0.0/24", "10.2.0.0/24"],
         ['spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.2.0.0/24"]: may specify no more than one CIDR for each IP family']),
        (["10.1.0.0/24", "fd00"],
         ['spec.podCIDRs[1]: Invalid value: "fd00": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']),
    ],
)  # fmt: skip
def test_a_node_has_one_pod_network_of_each_family(dual: Any, cidrs: list[str], said: list[str]) -> None:
    spec = {"podCIDR": cidrs[0], "podCIDRs": cidrs}
    assert dual.causes({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}, "spec": spec}) == said
