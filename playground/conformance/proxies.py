"""Does kube-proxy here decide, and write its rules, as Kubernetes' own tests and a running kube-proxy say?

Suites proxy-endpoints, proxy-flows, proxy-rules and proxy-real; every case goes through the code of playground.kube.kubeproxy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playground.conformance.proxy_endpoints import categories
from playground.conformance.proxy_facts import facts
from playground.conformance.proxy_flows import flows, health_checks
from playground.conformance.proxy_rules import chains, saved, written
from playground.conformance.proxy_scenario import Scenario
from playground.conformance.report import Result


def run(value: dict[str, Any]) -> Iterator[Result]:
    """Every case of a file of one of these suites. Raises KeyError for another suite."""
    yield from RUNNERS[value["suite"]](value)


def _endpoints(value: dict[str, Any]) -> Iterator[Result]:
    return (categories(case) for case in value["cases"])


def _flows(value: dict[str, Any]) -> Iterator[Result]:
    """What Kubernetes' packet tracer said; it walks all chains of the table filter, whichever hook leads to them."""
    for each in value["scenarios"]:
        scenario = Scenario(each)
        yield from flows(scenario, any_hook=True)
        if each.get("expectKubeFirewallRule") is not None:
            guarded = bool(scenario.ruleset.tables["filter"]["KUBE-FIREWALL"])
            yield Result(f"{scenario.name}: a rule in KUBE-FIREWALL", each["expectKubeFirewallRule"], guarded)
    for each in value.get("rule_scenarios", ()):
        yield from written(Scenario(each))


def _rules(value: dict[str, Any]) -> Iterator[Result]:
    for each in value["rule_scenarios"]:
        yield from written(Scenario(each))
    yield from facts(value.get("other_expectations", {}))


def _real(value: dict[str, Any]) -> Iterator[Result]:
    """What a running kube-proxy wrote, and what a kernel did with it. Scenarios that only an older version answers so
    (`version_specific_scenarios`) are no cases, as the format says."""
    for each in value["scenarios"]:
        scenario = Scenario(each)
        yield from saved(scenario)
        yield from chains(scenario)
        yield from health_checks(scenario)
        yield from flows(scenario, any_hook=False)


RUNNERS: dict[str, Callable[[dict[str, Any]], Iterator[Result]]] = {
    "proxy-endpoints": _endpoints,
    "proxy-flows": _flows,
    "proxy-rules": _rules,
    "proxy-real": _real,
}
