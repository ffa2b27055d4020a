"""What does a scenario of the kube-proxy suites say: how does kube-proxy run, and which objects has it seen?"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from playground.kube.apiserver import codec, resources
from playground.kube.apiserver.nodes import ZONE
from playground.kube.kubeproxy.config import Detector, ProxyConfig
from playground.kube.kubeproxy.iptables import Ruleset, ruleset
from playground.kube.kubeproxy.table import Table, rules_in, table_of


class Scenario:
    """The value of one scenario, its kube-proxy and what that holds."""

    def __init__(self, value: dict[str, Any]):
        self.value = value
        self.name: str = value["name"]
        self.config = config(value["config"])

    @cached_property
    def table(self) -> Table:
        services = [codec.decode(_said(each), resources.by_kind("Service")) for each in self.value["services"]]
        slices = [codec.decode(_named(_said(each)), resources.by_kind("EndpointSlice")) for each in self.value["endpointSlices"]]
        return table_of(self.config, services, slices)

    @cached_property
    def ruleset(self) -> Ruleset:
        return ruleset(self.config, rules_in(self.table.held.values()))


def config(value: dict[str, Any]) -> ProxyConfig:
    """The field `config` of a scenario; what it does not say is as kube-proxy has it by default, without a counter of nfacct."""
    detector = value["localDetector"]
    named = detector.get("cidr") or detector.get("interface") or detector.get("value") or ""
    return ProxyConfig(
        family=value["ipFamily"],
        node=value["nodeName"],
        zone=value.get("nodeLabels", {}).get(ZONE, ""),
        node_ip=value["nodeIP"],
        local_ips=tuple(value["localIPs"]),
        detector=Detector(detector["mode"], named),
        masquerade_all=value["masqueradeAll"],
        localhost_node_ports=value["localhostNodePorts"],
        node_port_addresses=tuple(value["nodePortAddresses"]),
        mark=value["masqueradeMark"],
        random_fully=value.get("randomFully", False),
        nfacct=value.get("nfacctCounters", False),
        excludes_localhost=value.get("emitLocalhostExclusion", True),
    )


def _said(value: Any) -> Any:
    """Without fields that are null: they are not said."""
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items() if each is not None}
    return [_said(each) for each in value] if isinstance(value, list) else value


def _named(piece: dict[str, Any]) -> dict[str, Any]:
    """An EndpointSlice without ports that have no name: kube-proxy ignores them, and no API server would have let them stay so."""
    return {**piece, "ports": [port for port in piece.get("ports", ()) if "name" in port]}
