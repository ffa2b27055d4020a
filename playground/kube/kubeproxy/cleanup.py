"""Which flows of datagrams does kube-proxy delete when it syncs?  Those to a Service that do not lead to an endpoint of it that serves.

Source: pkg/proxy/conntrack/cleanup.go (CleanStaleEntries). Only UDP; policies, hints and termination do not count, only whether
an endpoint serves; a Service without any that does is passed over, so that its flows stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from playground.kube.kubeproxy.addresses import family
from playground.kube.kubeproxy.conntrack import Flow, FlowKey
from playground.kube.kubeproxy.portrules import PortRules
from playground.kube.kubeproxy.serviceports import Key, node_port_key


def is_stale(key: FlowKey, flow: Flow, lookup: Callable[[Key], tuple[PortRules, ...]]) -> bool:
    """Whether kube-proxy deletes a flow; `lookup` finds what it knows by address or node port. Of a node port the address does not count."""
    _, _, ip, port = key
    answers = (flow.endpoint.ip, flow.port) if flow.endpoint else (ip, port)
    asked = (*lookup((ip, "UDP", port)), *lookup(node_port_key(family(ip), "UDP", port)))
    return any(_serves(rules) and not _serves(rules, answers) for rules in asked)


def _serves(rules: PortRules, wanted: tuple[str, int] | None = None) -> bool:
    """Whether some endpoint serves, or the one at an address and port."""
    return any(
        each.serving is not False and (wanted is None or (each.ip, part.port) == wanted) for part in rules.parts for each in part.endpoints
    )
