"""Which changes of rules are told, and when?"""

from __future__ import annotations

from typing import Any

from playground.clusters.rulechanges import RuleChanges
from playground.kube.clock import SECOND
from playground.kube.events import RulesSynced

FEW = ["node-a", "node-b"]
MANY = ["node-a", "node-b", "node-c", "node-d"]
WEB = "default/web:80"


def rule(*endpoints: str, verdict: str = "forward", behind: bool = False) -> dict[str, Any]:
    return {WEB: {"verdict": verdict, "count": len(endpoints), "endpoints": list(endpoints), "behind": behind}}


def told(changes: RuleChanges, now: int) -> list[tuple[int, str]]:
    return [(time, text) for time, text, _ in changes.take(now)]


def test_an_endpoint_less_is_told_with_the_time_of_the_sync() -> None:
    changes = RuleChanges({node: rule("1:80", "2:80") for node in FEW})
    changes.synced(RulesSynced(3 * SECOND, ("node-a",), (WEB,)))
    changes.hear("node-a", rule("2:80"), 4 * SECOND)
    assert told(changes, 4 * SECOND) == [(3 * SECOND, "the rules on node-a now forward web to 1 endpoint")]


def test_being_behind_is_no_change_of_what_a_node_does() -> None:
    changes = RuleChanges({"node-a": rule("1:80")})
    changes.hear("node-a", rule("1:80", behind=True), 0)
    assert told(changes, 0) == []


def test_as_many_endpoints_but_others_are_told() -> None:
    changes = RuleChanges({"node-a": rule("1:80")})
    changes.hear("node-a", rule("2:80"), 0)
    assert told(changes, 0) == [(0, "the rules on node-a now forward web to 1 endpoint (not the same as before)")]


def test_drop_and_reject_are_told_with_their_reason() -> None:
    changes = RuleChanges({node: rule("1:80") for node in FEW})
    changes.hear("node-a", rule(verdict="DROP"), 0)
    changes.hear("node-b", rule(verdict="REJECT"), 0)
    assert told(changes, 0) == [
        (0, "the rules on node-a now drop requests to web: none of its endpoints is on that Node"),
        (0, "the rules on node-b now refuse requests to web: it has no endpoint to use"),
    ]


def test_many_nodes_are_told_in_one_sentence_once_all_have_heard() -> None:
    changes = RuleChanges({node: rule("1:80", "2:80") for node in MANY})
    for place, node in enumerate(MANY):
        changes.hear(node, rule("2:80"), place * SECOND // 10)
        assert told(changes, place * SECOND // 10) == []
    assert told(changes, SECOND) == [(SECOND, "the rules on every Node now forward web to 1 endpoint")]


def test_many_nodes_that_differ_are_told_in_a_sentence_each_way() -> None:
    changes = RuleChanges({node: rule("1:80") for node in MANY})
    changes.hear("node-a", rule("1:80", "2:80"), 0)
    for node in MANY[1:]:
        changes.hear(node, rule(verdict="DROP"), 0)
    assert [text for _, text in told(changes, SECOND)] == [
        "the rules on node-a now forward web to 2 endpoints",
        "the rules on node-b, node-c and node-d now drop requests to web: none of its endpoints is on that Node",
    ]


def test_many_nodes_that_go_on_changing_are_told_when_they_agree() -> None:
    changes = RuleChanges({node: rule("1:80") for node in MANY})
    for place, node in enumerate(MANY):
        changes.hear(node, rule(*(f"{number}:80" for number in range(place + 2))), 0)
    assert told(changes, SECOND) == []
    for node in MANY:
        changes.hear(node, rule("1:80", "2:80"), 2 * SECOND)
    assert told(changes, 2 * SECOND) == [(2 * SECOND, "the rules on every Node now forward web to 2 endpoints")]


def test_ports_of_a_service_that_change_alike_are_told_once() -> None:
    dns = {f"default/dns:{port}": rule("1:53")[WEB] for port in ("dns", "dns-tcp", "metrics")}
    changes = RuleChanges({"node-a": dns})
    changes.hear("node-a", {port: rule("1:53", "2:53")[WEB] for port in dns}, 0)
    assert told(changes, 0) == [(0, "the rules on node-a now forward dns to 2 endpoints")]


def test_what_becomes_of_requests_from_outside_is_told_where_it_is_another_thing() -> None:
    changes = RuleChanges({"node-a": {}, "node-b": {}})
    for node, mine in (("node-a", rule("1:80")), ("node-b", rule(verdict="DROP"))):
        changes.hear(node, {WEB: rule("1:80")[WEB], f"{WEB}/outside": mine[WEB]}, 0)
    assert told(changes, 0) == [
        (0, "the rules on node-a and node-b now forward web to 1 endpoint"),
        (0, "the rules on node-b now drop requests from outside to web: none of its endpoints is on that Node"),
    ]


def test_a_change_of_the_external_policy_alone_is_told() -> None:
    changes = RuleChanges({"node-a": {WEB: rule("1:80", "2:80")[WEB], f"{WEB}/outside": rule("1:80")[WEB]}})
    changes.hear("node-a", {key: rule("1:80", "2:80")[WEB] for key in (WEB, f"{WEB}/outside")}, 0)
    assert told(changes, 0) == [(0, "the rules on node-a now forward requests from outside to web to 2 endpoints")]


def test_a_service_that_is_gone_is_told_once() -> None:
    changes = RuleChanges({"node-a": {WEB: rule("1:80", "2:80")[WEB], f"{WEB}/outside": rule("1:80")[WEB]}})
    changes.hear("node-a", {"default/other:80": rule("3:80")[WEB]}, 0)
    assert [text for _, text in told(changes, 0)] == [
        "the rules on node-a no longer know web",
        "the rules on node-a now forward other to 1 endpoint",
    ]


def test_a_node_that_left_or_starts_again_is_not_told_of() -> None:
    changes = RuleChanges({node: rule("1:80") for node in FEW})
    changes.hear("node-a", None, 0)
    changes.hear("node-b", {}, 0)
    assert told(changes, SECOND) == []
