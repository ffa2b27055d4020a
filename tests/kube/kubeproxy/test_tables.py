"""Packets, rules and health checks, row by row: the tables of tables/ (where each comes from says its first line)."""

from __future__ import annotations

import pytest

from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.healthcheck import health_answer
from playground.kube.kubeproxy.portrules import FORWARD
from playground.kube.kubeproxy.routing import Packet, ruling
from playground.kube.kubeproxy.serviceports import HEALTH
from tests.kube.kubeproxy.tracks import Fate, Health, Track, tracks

TRACKS = [(f"{stem}: {track.title}", track) for stem, track in tracks()]
PACKETS = {f"{name}: {line}": (track, packet, fate) for name, track in TRACKS for line, packet, fate in track.packets}
CHAINS = {f"{name}: {table} {chain}": (track, table, chain) for name, track in TRACKS for table, chain in track.chains}
CHECKS = {f"{name}: {port}": (track, port) for name, track in TRACKS for port in track.checks}
WHOLE = [(name, track) for name, track in TRACKS if ("nat", "KUBE-SERVICES") in track.chains]
UNORDERED = ("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL")
"""Between Service ports the order in these chains is that of a Go map: it means nothing."""


@pytest.mark.parametrize(("track", "packet", "fate"), PACKETS.values(), ids=PACKETS)
def test_what_becomes_of_a_packet(track: Track, packet: Packet, fate: Fate) -> None:
    assert fate_of(track, packet) == fate


def fate_of(track: Track, packet: Packet) -> Fate:
    found = ruling(track.config, track.table.find, packet)
    if found.verdict != FORWARD or found.way is None:
        return Fate(found.verdict or "NONE", unreached="" if found.verdict else found.unreached)
    endpoints = [(address(each.ip, number), found.masquerades(packet.source, each.ip)) for each, number in found.way.choice.in_order()]
    return Fate("DNAT", tuple(each for each, _ in endpoints), tuple(each for each, masqueraded in endpoints if masqueraded))


@pytest.mark.parametrize(("track", "table", "chain"), CHAINS.values(), ids=CHAINS)
def test_the_rules_of_a_chain(track: Track, table: str, chain: str) -> None:
    assert normal(chain, written(track, table).get(chain, [])) == normal(chain, track.chains[table, chain])


@pytest.mark.parametrize("track", [track for _, track in WHOLE], ids=[name for name, _ in WHOLE])
def test_there_is_no_chain_beside_those_of_the_table(track: Track) -> None:
    for table in ("nat", "filter"):
        told = sorted(chain for where, chain in track.chains if where == table)
        assert sorted(written(track, table)) == told
        if not track.restored:
            assert track.ruleset.chains(table) == [chain for chain in told if chain.startswith("KUBE-")]


def written(track: Track, table: str) -> dict[str, list[str]]:
    """The rules of each chain, without `-A CHAIN`; of empty chains only those that iptables-save prints."""
    made = track.ruleset
    found: dict[str, list[str]] = {} if track.restored else {chain: [] for chain in made.chains(table)}
    for line in made.written(table) if track.restored else made.lines(table):
        _, chain, rule = line.split(" ", 2)
        found.setdefault(chain, []).append(rule)
    return found


def normal(chain: str, rules: list[str]) -> list[str]:
    """Sorted where the order means nothing, but for the jumps to the node ports at the end."""
    if chain not in UNORDERED:
        return rules
    end = len(rules)
    while end and rules[end - 1].endswith("-j KUBE-NODEPORTS"):
        end -= 1
    return sorted(rules[:end]) + rules[end:]


@pytest.mark.parametrize(("track", "port"), CHECKS.values(), ids=CHECKS)
def test_what_a_load_balancer_hears(track: Track, port: int) -> None:
    assert heard(track, port) == track.checks[port]


def heard(track: Track, port: int) -> Health:
    held = track.table.find((track.config.family, HEALTH, port))
    if not held:
        return Health()
    answer = health_answer(track.config, held[0])
    count = int(answer.headers["X-Load-Balancing-Endpoint-Weight"])
    where = {"service": {"namespace": answer.namespace, "name": answer.service}}
    assert answer.body == {**where, "localEndpoints": count, "serviceProxyHealthy": True}
    return Health(f"{answer.namespace}/{answer.service}", answer.code, count, track.config.own_addresses())
