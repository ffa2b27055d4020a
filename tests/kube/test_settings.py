"""Networks of two families go together, or are refused; a single-stack cluster writes nothing down that it did not before."""

import msgspec
import pytest

from playground.kube.settings import ClusterSettings, Networks

SECOND = Networks("fd00:10:96::/112", "fd00:10:244::/56", "fd00:192:168::/64")
FIRST = Networks("10.96.0.0/24", "10.244.0.0/16", "192.168.0.0/24", 24)
IPV6 = {"service_network": SECOND.service, "pod_network": SECOND.pod, "node_network": SECOND.node, "node_prefix": 64}


def test_a_single_stack_cluster_says_nothing_of_a_second_family():
    assert b'"second"' not in msgspec.json.encode(ClusterSettings())
    assert ClusterSettings().families == ("IPv4",)


def test_the_first_networks_are_of_the_primary_family():
    assert ClusterSettings(second=SECOND).families == ("IPv4", "IPv6")
    assert ClusterSettings(second=FIRST, **IPV6).families == ("IPv6", "IPv4")
    assert ClusterSettings(**IPV6).families == ("IPv6",)


def test_settings_of_two_families_survive_being_written_down():
    settings = ClusterSettings(second=SECOND)
    assert msgspec.json.decode(msgspec.json.encode(settings), type=ClusterSettings) == settings


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (FIRST, "networks 172.17.0.0/24, 10.96.0.0/24: expected one of each family"),
        (Networks(SECOND.service, FIRST.pod, SECOND.node), "networks 10.244.0.0/16, 10.244.0.0/16: expected one of each family"),
        (Networks(SECOND.service, "fd00::/80", SECOND.node), "Pod network fd00::/80: it cannot be shared out in networks of /64"),
    ],
)
def test_networks_that_do_not_go_together_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        ClusterSettings(second=wrong)
