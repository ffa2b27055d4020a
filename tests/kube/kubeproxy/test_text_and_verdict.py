"""Do the verdict and the text of the rules say the same?  Both are made of the same values, but the text is read here as netfilter would."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.iptables import trace
from playground.kube.kubeproxy.portrules import FORWARD, Decision
from playground.kube.kubeproxy.routing import Packet, Ruling, ruling
from tests.kube.kubeproxy.scenarios import CLIENTS, NODES, PODS, Scenario, options, scenario
from tests.kube.kubeproxy.walker import Fate, Walker

WORDS = {FORWARD: "DNAT", "": "NONE"}


def packets(made: Scenario, node: str) -> Iterator[Packet]:
    """From every kind of sender to every target; to a loopback address only from one."""
    for target in made.targets(node):
        elsewhere = (*PODS.values(), *CLIENTS.values(), NODES[node], "203.0.113.10")
        yield from (Packet(source, *target) for source in (("127.0.0.1",) if target[0] == "127.0.0.1" else elsewhere))


def said(found: Ruling) -> list[tuple[str, str, bool]]:
    """Verdict, endpoint and masquerade of every way that a packet may go, in the order of the rules."""
    if found.verdict != FORWARD or found.way is None:
        return [(WORDS.get(found.verdict, found.verdict), "", False)]
    return [("DNAT", address(each.ip, number), found.masquerade) for each, number in found.way.choice.in_order()]


def ways(fates: list[Fate], source: str) -> list[tuple[str, str, bool]]:
    """The same as netfilter has it; that an endpoint's own packets are marked is left out."""
    return [
        (fate.verdict, fate.target, fate.marked and not (fate.target.startswith(f"{source}:") and _by_hairpin_alone(fate)))
        if fate.verdict == "DNAT"
        else (fate.verdict, "", False)
        for fate in fates
    ]


def _by_hairpin_alone(fate: Fate) -> bool:
    return not any("-j KUBE-MARK-MASQ" in line and "-A KUBE-SEP-" not in line for line in fate.passed)


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False))
def test_every_packet_goes_where_the_text_of_the_rules_leads_it(random: Random) -> None:
    made = msgspec.structs.replace(scenario(random, ("TCP", "UDP", "SCTP")), options=options(random))
    for node in NODES:
        config, table = made.config(node), made.table(node)
        walker = Walker(made.ruleset(node).save(), config.local_ips)
        for packet in packets(made, node):
            fates = walker.fates(packet)
            found = ruling(config, table.find, packet)
            assert ways(fates, packet.source) == said(found), packet
            assert all(fate.chance == pytest.approx(1 / len(fates), abs=1e-6) for fate in fates)
            hairpins = [fate.marked for fate in fates if fate.target.startswith(f"{packet.source}:")]
            assert all(hairpins)


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False))
def test_a_trace_is_the_lines_that_the_packet_passes(random: Random) -> None:
    made = msgspec.structs.replace(scenario(random), options=options(random))
    for node in NODES:
        config, table, rules = made.config(node), made.table(node), made.ruleset(node)
        walker = Walker(rules.save(), config.local_ips)
        held = {*rules.lines("nat"), *rules.lines("filter")}
        for packet in packets(made, node):
            found = ruling(config, table.find, packet)
            for decision, fate in zip(decisions(found, packet), walker.fates(packet), strict=True):
                lines = [line.rule.saved() for line in trace(config, packet, decision)]
                assert set(lines) <= held
                if decision.endpoint is None:
                    assert lines == ([] if found.way is None else [fate.passed[-1]])
                else:
                    mine = [line for line in lines if "-A KUBE-MARK-MASQ" not in line and "-A KUBE-POSTROUTING" not in line]
                    assert mine == [line for line in fate.passed if line.startswith("-A KUBE-") and "-j MARK" not in line]
                    assert (mine != lines) == fate.marked


def decisions(found: Ruling, packet: Packet) -> list[Decision]:
    """One for each endpoint that may be drawn."""
    if found.way is None or found.verdict != FORWARD:
        return [Decision(found.rules, found.way, door=found.door)]
    return [
        Decision(found.rules, found.way, None, each, number, found.masquerades(packet.source, each.ip), door=found.door)
        for each, number in found.way.choice.in_order()
    ]
