"""The text of the rules, line by line. Facts: pkg/proxy/iptables/proxier_test.go, and what a running kube-proxy's iptables-save printed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from playground.kube.apiserver.objects import Endpoint, EndpointSlice, Object
from playground.kube.kubeproxy.config import Detector, ProxyConfig
from playground.kube.kubeproxy.iptables import Ruleset, ruleset
from playground.kube.kubeproxy.iptables.rule import probability, rule
from playground.kube.kubeproxy.table import rules_in, table_of
from tests.kube.kubeproxy.test_routing import piece, service

CONFIG = ProxyConfig(
    node="node-a", node_ip="192.168.0.2", local_ips=("127.0.0.1", "192.168.0.2"), detector=Detector("ClusterCIDR", "10.0.0.0/8")
)
LOCAL, REMOTE = Endpoint("10.180.0.1", node="node-a"), Endpoint("10.180.0.2", node="node-b")


def written(config: ProxyConfig, services: list[Object], slices: list[EndpointSlice]) -> Ruleset:
    return ruleset(config, rules_in(table_of(config, services, slices).held.values()))


def nat(config: ProxyConfig = CONFIG, *endpoints: Endpoint, **spec: Any) -> dict[str, list[str]]:
    """The rules of the Service ns/svc by the kind of their chain (KUBE-SVC, KUBE-EXT, ...); `to` are those that lead to its chains."""
    found: dict[str, list[str]] = {"to": []}
    lines = written(config, [service("svc", "172.30.0.1", 1, **spec)], [piece("svc", *endpoints)]).written("nat")
    for line in lines:
        chain = line.split()[1]
        found.setdefault("to" if chain in ("KUBE-SERVICES", "KUBE-NODEPORTS") else chain.rpartition("-")[0], []).append(line)
    return found


def test_a_service_without_endpoints_is_refused_in_the_table_filter() -> None:
    made = written(CONFIG, [Object("Service", "ns1", "svc1", "", 0, 0, spec={"clusterIP": "172.30.1.1", "ports": [{"port": 80}]})], [])
    assert (
        '-A KUBE-SERVICES -m comment --comment "ns1/svc1 has no endpoints" -m tcp -p tcp -d 172.30.1.1 --dport 80 -j REJECT'
        in made.written("filter")
    )


def test_the_whole_of_one_service_as_kube_proxy_hands_it_over() -> None:
    spec = {"clusterIP": "172.30.1.1", "ports": [{"name": "", "port": 80, "protocol": "TCP"}]}
    slices = [piece("svc1", *(Endpoint(f"10.0.1.{n}", node=f"node-{n}") for n in (1, 2, 3)))]
    slices[0] = msgspec.structs.replace(slices[0], namespace="ns1")
    made = written(msgspec.structs.replace(CONFIG, random_fully=False), [Object("Service", "ns1", "svc1", "", 0, 0, spec=spec)], slices)
    assert sorted(made.written("nat")) == sorted(
        [
            '-A KUBE-SERVICES -m comment --comment "ns1/svc1 cluster IP" -m tcp -p tcp -d 172.30.1.1 --dport 80 -j KUBE-SVC-AQI2S6QIMU7PVVRP',
            '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" '
            "-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
            "-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000",
            "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
            "-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000",
            '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE',
            "-A KUBE-SEP-3JOIVZTXZZRGORX4 -m comment --comment ns1/svc1 -s 10.0.1.1 -j KUBE-MARK-MASQ",
            "-A KUBE-SEP-3JOIVZTXZZRGORX4 -m comment --comment ns1/svc1 -m tcp -p tcp -j DNAT --to-destination 10.0.1.1:80",
            "-A KUBE-SEP-IO5XOSKPAXIFQXAJ -m comment --comment ns1/svc1 -s 10.0.1.2 -j KUBE-MARK-MASQ",
            "-A KUBE-SEP-IO5XOSKPAXIFQXAJ -m comment --comment ns1/svc1 -m tcp -p tcp -j DNAT --to-destination 10.0.1.2:80",
            "-A KUBE-SEP-XGJFVO3L2O5SRFNT -m comment --comment ns1/svc1 -s 10.0.1.3 -j KUBE-MARK-MASQ",
            "-A KUBE-SEP-XGJFVO3L2O5SRFNT -m comment --comment ns1/svc1 -m tcp -p tcp -j DNAT --to-destination 10.0.1.3:80",
            '-A KUBE-SVC-AQI2S6QIMU7PVVRP -m comment --comment "ns1/svc1 cluster IP" -m tcp -p tcp -d 172.30.1.1 --dport 80 '
            "! -s 10.0.0.0/8 -j KUBE-MARK-MASQ",
            '-A KUBE-SVC-AQI2S6QIMU7PVVRP -m comment --comment "ns1/svc1 -> 10.0.1.1:80" '
            "-m statistic --mode random --probability 0.3333333333 -j KUBE-SEP-3JOIVZTXZZRGORX4",
            '-A KUBE-SVC-AQI2S6QIMU7PVVRP -m comment --comment "ns1/svc1 -> 10.0.1.2:80" '
            "-m statistic --mode random --probability 0.5000000000 -j KUBE-SEP-IO5XOSKPAXIFQXAJ",
            '-A KUBE-SVC-AQI2S6QIMU7PVVRP -m comment --comment "ns1/svc1 -> 10.0.1.3:80" -j KUBE-SEP-XGJFVO3L2O5SRFNT',
        ]
    )


FORMS = {
    "addresses come first, then the protocol, then the matches": (
        ('-m comment --comment "ns/svc cluster IP"', "-m tcp -p tcp", "-d 172.30.0.1", "--dport 80", "! -s 10.0.0.0/8", "-j KUBE-MARK-MASQ"),
        '! -s 10.0.0.0/8 -d 172.30.0.1/32 -p tcp -m comment --comment "ns/svc cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ'),
    "a name gets quotes for its slash": (("-m comment --comment ns/svc", "-m udp -p udp", "-j T"), '-p udp -m comment --comment "ns/svc" -m udp -j T'),
    "a word does not": (("-m comment --comment word", "-j T"), "-m comment --comment word -j T"),
    "host bits are cut": (("-s 192.168.0.77/24", "-j T"), "-s 192.168.0.0/24 -j T"),
    "any source at all is not said": (("-s 0.0.0.0/0", "-j T"), "-j T"),
    "an interface": (("! -i cni0", "-d 1.2.3.4", "-j T"), "-d 1.2.3.4/32 ! -i cni0 -j T"),
    "a mark that is set": (("-j MARK --or-mark 0x00004000",), "-j MARK --set-xmark 0x4000/0x4000"),
    "a mark that is flipped": (("-j MARK --xor-mark 0x4000",), "-j MARK --set-xmark 0x4000/0x0"),
    "a mark that is asked for": (("-m mark ! --mark 0x00004000/0x00004000", "-j RETURN"), "-m mark ! --mark 0x4000/0x4000 -j RETURN"),
    "a third, as the kernel keeps it": (
        ("-m statistic --mode random --probability 0.3333333333", "-j T"), "-m statistic --mode random --probability 0.33333333349 -j T"),
    "senders seen": (
        ("-m recent --name X --rcheck --seconds 10800 --reap", "-j X"),
        "-m recent --rcheck --seconds 10800 --reap --name X --mask 255.255.255.255 --rsource -j X"),
    "a sender is noted": (("-m recent --name X --set", "-j X"), "-m recent --set --name X --mask 255.255.255.255 --rsource -j X"),
    "a refusal": (("-j REJECT",), "-j REJECT --reject-with icmp-port-unreachable"),
}  # fmt: skip


@pytest.mark.parametrize(("pieces", "printed"), FORMS.values(), ids=FORMS)
def test_how_iptables_save_prints_a_rule(pieces: tuple[str, ...], printed: str) -> None:
    assert rule("C", *pieces).saved() == f"-A C {printed}"


def test_how_ip6tables_save_prints_a_rule() -> None:
    assert rule("C", "-d fd00::1", "-j REJECT").saved(ipv6=True) == "-A C -d fd00::1/128 -j REJECT --reject-with icmp6-port-unreachable"
    assert "--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" in rule("C", "-m recent --name X --set").saved(ipv6=True)


CHANCES = {
    1: "1.0000000000",
    2: "0.5000000000",
    3: "0.3333333333",
    10: "0.1000000000",
    100: "0.0100000000",
    1_000: "0.0010000000",
    10_000: "0.0001000000",
    100_000: "0.0000100000",
    100_001: "0.0000099999",
}


@pytest.mark.parametrize(("count", "text"), CHANCES.items())
def test_one_of_so_many(count: int, text: str) -> None:
    assert probability(count) == text


def test_external_policy_cluster_masquerades_all() -> None:
    found = nat(CONFIG, LOCAL, REMOTE)
    assert [line.split(" -j ")[1].split("-")[:2] for line in found["KUBE-EXT"]] == [["KUBE", "MARK"], ["KUBE", "SVC"]]
    assert found["KUBE-EXT"][0].endswith('"masquerade traffic for ns/svc external destinations" -j KUBE-MARK-MASQ')
    assert "KUBE-SVL" not in found


def test_external_policy_local_has_the_short_ways_first() -> None:
    found = nat(CONFIG, LOCAL, REMOTE, externalTrafficPolicy="Local")
    comments = [line.split('"')[1] if '"' in line else "" for line in found["KUBE-EXT"]]
    whom = "ns/svc external destinations"
    assert comments == [f"pod traffic for {whom}", f"masquerade LOCAL traffic for {whom}", f"route LOCAL traffic for {whom}", ""]
    assert (len(found["KUBE-SVC"]), len(found["KUBE-SVL"])) == (3, 1)
    without = nat(CONFIG, REMOTE, externalTrafficPolicy="Local")
    assert len(without["KUBE-EXT"]) == 3
    assert "KUBE-SVL" not in without
    nobody = nat(msgspec.structs.replace(CONFIG, detector=Detector()), LOCAL, externalTrafficPolicy="Local")
    assert len(nobody["KUBE-EXT"]) == 3
    assert not any("KUBE-MARK-MASQ" in line for line in nobody["KUBE-SVC"])


def test_source_ranges_lead_through_a_chain_of_their_own() -> None:
    found = nat(CONFIG, LOCAL, loadBalancerSourceRanges=[" 203.0.113.0/25", "192.168.0.0/24", "2001:db8::/32"])
    assert [line.partition(" -s ")[2].partition(" ")[0] for line in found["KUBE-FW"]] == ["203.0.113.0/25", "192.168.0.0/24", "1.2.3.1", ""]
    assert found["KUBE-FW"][-1].endswith('"other traffic to ns/svc will be dropped by KUBE-PROXY-FIREWALL"')
    assert any("loadbalancer IP" in line and "-j KUBE-FW-" in line for line in found["to"])
    other_family = nat(CONFIG, LOCAL, loadBalancerSourceRanges=["2001:db8::/32"])
    assert "KUBE-FW" not in other_family


MODES = {
    "VIP": (True, "VIP", True),
    "none is VIP": (True, "", True),
    "Proxy": (True, "Proxy", False),
    "VIP, before there was a mode": (False, "VIP", True),
    "none, before there was a mode": (False, "", True),
    "Proxy, before there was a mode": (False, "Proxy", True),
}


@pytest.mark.parametrize(("known", "mode", "ruled"), MODES.values(), ids=MODES)
def test_a_load_balancers_address_has_rules_unless_it_is_a_proxy(known: bool, mode: str, ruled: bool) -> None:
    made = service("svc", "172.30.0.1", 1)
    made = msgspec.structs.replace(made, status={"loadBalancer": {"ingress": [{"ip": "1.2.3.1"} | ({"ipMode": mode} if mode else {})]}})
    config = msgspec.structs.replace(CONFIG, ip_mode=known)
    assert any("-d 1.2.3.1 " in line for line in written(config, [made], [piece("svc", LOCAL)]).written("nat")) is ruled


def test_affinity_asks_every_endpoint_before_it_draws() -> None:
    found = nat(CONFIG, LOCAL, REMOTE, sessionAffinity="ClientIP", externalTrafficPolicy="Local")
    asked = ["--rcheck --seconds 10800 --reap" in line for line in found["KUBE-SVC"]]
    assert asked == [False, True, True, False, False]
    assert ["--rcheck" in line for line in found["KUBE-SVL"]] == [True, False]
    assert sum("--set -m tcp -p tcp -j DNAT" in line for line in found["KUBE-SEP"]) == 2


def test_above_a_thousand_endpoints_the_rules_of_endpoints_have_no_comments() -> None:
    services = [service(f"svc-{n}", f"172.30.0.{n + 1}") for n in range(2)]
    for count, commented in ((500, True), (501, False)):
        slices = [piece(each.name, *(Endpoint(f"10.{n}.{i // 250}.{i % 250}") for i in range(count))) for n, each in enumerate(services)]
        lines = written(CONFIG, services, slices).written("nat")
        assert any(" -> " in line for line in lines) is commented
        assert any("--comment" in line for line in lines if line.startswith("-A KUBE-SEP-")) is commented
        assert any('"ns/svc-0 cluster IP"' in line for line in lines)


FILTER: dict[str, tuple[dict[str, Any], bool, bool]] = {
    "by default loopback is guarded and invalid packets are dropped": ({}, True, True),
    "no guard where localhost node ports are off": ({"localhost_node_ports": False}, False, True),
    "nor where node ports do not cover loopback": ({"node_port_addresses": ("192.168.50.0/24",)}, False, True),
    "nor in IPv6": ({"family": "IPv6"}, False, True),
    "a liberal conntrack lets invalid packets through": ({"tcp_be_liberal": True}, True, False),
}


@pytest.mark.parametrize(("fields", "guarded", "dropped"), FILTER.values(), ids=FILTER)
def test_the_rules_that_every_node_has(fields: dict[str, Any], guarded: bool, dropped: bool) -> None:
    made = ruleset(msgspec.structs.replace(CONFIG, **fields), [])
    lines = made.written("filter")
    assert any("block incoming localnet connections" in line for line in lines) is guarded
    assert any("--ctstate INVALID" in line for line in lines) is dropped
    assert "KUBE-FIREWALL" in made.chains("filter")


def test_counters_of_nfacct_where_the_node_has_them() -> None:
    counting = msgspec.structs.replace(CONFIG, nfacct=True)
    assert sum("--nfacct-name localhost_nps_accepted_pkts" in line for line in nat(counting, LOCAL)["to"]) == 1
    assert "-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP" in ruleset(
        counting, []
    ).written("filter")
    assert not any("nfacct" in line for line in ruleset(CONFIG, []).save().splitlines())


JUMPS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all addresses": ({}, ["-m addrtype --dst-type LOCAL"]),
    "all but loopback": ({"localhost_node_ports": False}, ["-m addrtype --dst-type LOCAL ! -d 127.0.0.0/8"]),
    "as older versions wrote it": ({"localhost_node_ports": False, "excludes_localhost": False}, ["-m addrtype --dst-type LOCAL"]),
    "IPv6": ({"family": "IPv6"}, ["-m addrtype --dst-type LOCAL ! -d ::1/128"]),
    "chosen networks": ({"node_port_addresses": ("192.168.0.0/16", "127.0.0.0/8")}, ["-d 127.0.0.1", "-d 192.168.0.2"]),
    "networks in which the Node has no address": ({"node_port_addresses": ("10.99.0.0/16",)}, []),
}


@pytest.mark.parametrize(("fields", "matches"), JUMPS.values(), ids=JUMPS)
def test_the_jump_to_the_node_ports_comes_last(fields: dict[str, Any], matches: list[str]) -> None:
    config = msgspec.structs.replace(CONFIG, **fields)
    services = [line for line in ruleset(config, []).written("nat") if line.startswith("-A KUBE-SERVICES")]
    said = "kubernetes service nodeports; NOTE: this must be the last rule in this chain"
    assert services == [f'-A KUBE-SERVICES -m comment --comment "{said}" {match} -j KUBE-NODEPORTS' for match in matches]
    busy = written(config, [service("svc", "172.30.0.1")], [piece("svc", LOCAL)]).written("nat")
    assert [line for line in busy if line.startswith("-A KUBE-SERVICES")][-len(matches) or len(busy) :] == services


def test_what_is_saved_declares_every_chain_and_begins_with_the_jumps() -> None:
    text = written(CONFIG, [service("svc", "172.30.0.1")], [piece("svc", LOCAL)]).save()
    declared = {line.split()[0][1:] for line in text.splitlines() if line.startswith(":")}
    used = {line.split()[1] for line in text.splitlines() if line.startswith("-A ")}
    targets = {line.split(" -j ")[1].split()[0] for line in text.splitlines() if " -j KUBE-" in line}
    assert used | targets <= declared
    assert (text.count("*"), text.count("COMMIT\n")) == (3, 3)
    assert "*nat\n:PREROUTING ACCEPT [0:0]\n" in text
    assert text.index("-A PREROUTING") < text.index("-A KUBE-MARK-MASQ")


def test_what_is_restored_leaves_the_built_in_chains_alone() -> None:
    text = written(CONFIG, [service("svc", "172.30.0.1")], [piece("svc", LOCAL)]).restore()
    assert all(line.startswith((":KUBE-", "-A KUBE-", "*", "COMMIT")) for line in text.splitlines())
    assert "CANARY" not in text


@pytest.mark.parametrize(
    "spec",
    [{"clusterIP": "None"}, {"clusterIP": "None", "ports": []}, {"type": "ExternalName"}, {"clusterIP": ""}],
    ids=["headless", "headless without ports", "ExternalName, even with an address", "no address yet"],
)
def test_what_is_not_proxied_has_no_rule(spec: dict[str, Any]) -> None:
    made = written(
        CONFIG,
        [Object("Service", "ns", "svc", "", 0, 0, spec={"clusterIP": "172.30.0.1", "ports": [{"port": 80}], **spec})],
        [piece("svc", LOCAL)],
    )
    assert made.save() == ruleset(CONFIG, []).save()
