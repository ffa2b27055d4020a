"""What becomes of each packet of a scenario, and what does the Node answer to a load balancer's question?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.conformance.proxy_scenario import Scenario
from playground.conformance.report import Result
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.healthcheck import health_answer
from playground.kube.kubeproxy.portrules import FORWARD
from playground.kube.kubeproxy.routing import Packet, Ruling, ruling
from playground.kube.kubeproxy.serviceports import HEALTH

FIELDS = ("verdict", "endpoints", "masq")


def flows(scenario: Scenario, any_hook: bool) -> Iterator[Result]:
    """`any_hook`: a refusal counts even where no hook of netfilter leads the packet to it."""
    for flow in scenario.value["flows"]:
        packet = Packet(flow["sourceIP"], flow["destIP"], flow["protocol"], flow["destPort"])
        found = ruling(scenario.config, scenario.table.find, packet)
        expected = {name: flow[name] for name in FIELDS} | flow.get("kernel", {})
        if flow.get("masqEndpoints") is not None:
            expected["masqEndpoints"] = flow["masqEndpoints"]
        yield Result(f"{scenario.name}: {flow['name']}", expected, _outcome(found, packet, any_hook))


def _outcome(found: Ruling, packet: Packet, any_hook: bool) -> dict[str, Any]:
    """Every endpoint that the packet may be led to, in the order of the rules, and for which of them it is masqueraded."""
    verdict = (found.verdict or (found.unreached if any_hook else "")) or "NONE"
    if found.way is None or verdict != FORWARD:
        return {"verdict": verdict, "endpoints": [], "masq": False}
    ordered = found.way.choice.in_order()
    masqueraded = [address(each.ip, number) for each, number in ordered if found.masquerades(packet.source, each.ip)]
    outcome = {"verdict": "DNAT", "endpoints": [address(each.ip, number) for each, number in ordered], "masq": bool(masqueraded)}
    return outcome | ({"masqEndpoints": masqueraded} if 0 < len(masqueraded) < len(ordered) else {})


def health_checks(scenario: Scenario) -> Iterator[Result]:
    """Which of the Node's addresses answer on a healthCheckNodePort, and what."""
    for port, expected in scenario.value.get("healthChecks", {}).items():
        held = scenario.table.find((scenario.config.family, HEALTH, int(port)))
        got: dict[str, Any] = {"service": expected["service"], "listensOn": []}
        if held:
            answer = health_answer(scenario.config, held[0])
            got = {
                "service": f"{answer.namespace}/{answer.service}",
                "listensOn": list(scenario.config.own_addresses()),
                "code": answer.code,
                "weightHeader": answer.headers["X-Load-Balancing-Endpoint-Weight"],
                "body": answer.body,
            }
        yield Result(f"{scenario.name}: health check on port {port}", expected, got)
