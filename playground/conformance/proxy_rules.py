"""Are the rules that a Node holds, chain by chain, those that kube-proxy writes?"""

from __future__ import annotations

from collections.abc import Iterator

from playground.conformance.proxy_scenario import Scenario
from playground.conformance.report import Result

# Between Service ports the order in these chains is that of a Go map: it means nothing.
UNORDERED = ("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL")
LAST = "-j KUBE-NODEPORTS"


def written(scenario: Scenario) -> Iterator[Result]:
    """As kube-proxy hands them to iptables-restore."""
    for table, field in (("filter", "expectedFilterRules"), ("nat", "expectedNatRules")):
        yield from _compare(scenario, table, scenario.value[field], scenario.ruleset.written(table))


def saved(scenario: Scenario) -> Iterator[Result]:
    """As iptables-save prints them."""
    for table, expected in scenario.value["expected"].items():
        yield from _compare(scenario, table, expected, scenario.ruleset.lines(table))


def chains(scenario: Scenario) -> Iterator[Result]:
    """Which chains there are, empty ones too."""
    for table, expected in scenario.value.get("chains", {}).items():
        yield Result(f"{scenario.name}: chains of {table}", sorted(expected), scenario.ruleset.chains(table))


def _compare(scenario: Scenario, table: str, expected: list[str], got: list[str]) -> Iterator[Result]:
    """One result for each chain that has rules on either side."""
    wanted, found = _by_chain(expected), _by_chain(got)
    for chain in dict.fromkeys((*wanted, *found)):
        case = f"{scenario.name}: {table} {chain}"
        yield Result(case, _normal(chain, wanted.get(chain, [])), _normal(chain, found.get(chain, [])))


def _by_chain(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.split(" ")[1], []).append(line)
    return found


def _normal(chain: str, lines: list[str]) -> list[str]:
    """Sorted where order means nothing; the jumps to the node ports stay last if they are."""
    if chain not in UNORDERED:
        return lines
    end = len(lines)
    while end and lines[end - 1].endswith(LAST):
        end -= 1
    return sorted(lines[:end]) + lines[end:]
