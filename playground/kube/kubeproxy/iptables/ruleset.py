"""Which rules does a Node hold in all, table by table and chain by chain?

Source: pkg/proxy/iptables/proxier.go (syncProxyRules).
Simplified: Service ports are written in the order of their names; in a real Node their order is chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from playground.kube.kubeproxy.addresses import IPV6
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.iptables.fixed import BUILT_IN, CANARY, CHAINS, JUMPS, filter_rules, masquerading, node_port_jumps
from playground.kube.kubeproxy.iptables.porttext import PortText
from playground.kube.kubeproxy.iptables.rule import Rule
from playground.kube.kubeproxy.portrules import FORWARD, PortRules
from playground.kube.kubeproxy.routing import EXTERNAL_IP, LOAD_BALANCER

LARGE_CLUSTER = 1_000
TABLES = ("mangle", "filter", "nat")


class Line(msgspec.Struct, frozen=True):
    """A rule and the table that it is in: mangle, filter or nat."""

    table: str
    rule: Rule


class Ruleset(msgspec.Struct, frozen=True):
    """All chains of kube-proxy with their rules, by table; the jumps from the built-in chains are `JUMPS`."""

    ipv6: bool
    tables: dict[str, dict[str, list[Rule]]]

    def lines(self, table: str) -> list[str]:
        """The rules of a table as iptables-save prints them: the jumps, then chain by chain in the order of their names."""
        return [each.saved(self.ipv6) for each in (*JUMPS[table], *self._rules(table, sorted(self.tables[table])))]

    def written(self, table: str) -> list[str]:
        """The rules of a table as kube-proxy hands them to iptables-restore; the jumps are not among them."""
        return [each.restored() for each in self._rules(table, self.tables[table])]

    def chains(self, table: str) -> list[str]:
        """The names of kube-proxy's chains in a table, sorted, empty ones too."""
        return sorted(self.tables[table])

    def save(self) -> str:
        """All of it as iptables-save prints it; iptables-restore takes it, too."""
        return "".join(self._saved(table) for table in TABLES)

    def restore(self) -> str:
        """What kube-proxy hands to `iptables-restore --noflush --counters` in a sync; it makes the jumps beforehand."""
        return "".join(self._restored(table) for table in TABLES if table != "mangle")

    def _rules(self, table: str, chains: Iterable[str]) -> Iterator[Rule]:
        return (each for chain in chains for each in self.tables[table][chain])

    def _saved(self, table: str) -> str:
        built_in = [f":{chain} ACCEPT [0:0]" for chain in BUILT_IN[table]]
        own = [f":{chain} - [0:0]" for chain in self.chains(table)]
        return "\n".join([f"*{table}", *built_in, *own, *self.lines(table), "COMMIT", ""])

    def _restored(self, table: str) -> str:
        own = [f":{chain} - [0:0]" for chain in self.tables[table] if chain != CANARY]
        return "\n".join([f"*{table}", *own, *self.written(table), "COMMIT", ""])


def ruleset(config: ProxyConfig, ports: Iterable[PortRules]) -> Ruleset:
    """The rules of one Node for these Service ports, which are all of its family."""
    held = list(ports)
    tables: dict[str, dict[str, list[Rule]]] = {table: {chain: [] for chain in (*CHAINS[table], CANARY)} for table in TABLES}
    commented = is_commented(held)
    lines = [Line("filter", each) for each in filter_rules(config)] + [Line("nat", each) for each in masquerading(config)]
    for rules in held:
        text = PortText(config, rules, commented)
        lines += [*_ways_in(text), *_within(text), *_to_endpoints(text)]
    for line in (*lines, *(Line("nat", each) for each in node_port_jumps(config))):
        tables[line.table].setdefault(line.rule.chain, []).append(line.rule)
    return Ruleset(config.family == IPV6, tables)


def is_commented(ports: Iterable[PortRules]) -> bool:
    """Whether the rules of endpoints have comments: not in clusters of more than LARGE_CLUSTER endpoints."""
    total = 0
    for rules in ports:
        total += sum(len(part.endpoints) for part in rules.parts)
        if total > LARGE_CLUSTER:
            return False
    return True


def _ways_in(text: PortText) -> Iterator[Line]:
    """How packets come into the Service's chains, or are refused."""
    port, refused = text.port, text.external.verdict != FORWARD
    yield Line("nat" if text.internal.verdict == FORWARD else "filter", text.to_cluster_ip())
    for door, addresses in ((EXTERNAL_IP, port.external_ips), (LOAD_BALANCER, port.load_balancer_ips)):
        for ip in addresses:
            if text.has_any:
                yield Line("nat", text.to_address(door, ip))
            if text.guarded and door == LOAD_BALANCER:
                yield Line("filter", text.refuse_source(ip))
            if refused:
                yield Line("filter", text.refuse_address(ip))
    if port.node_port and text.has_any:
        if text.config.localhost and text.config.nfacct:
            yield Line("nat", text.counted_node_port())
        yield Line("nat", text.to_node_port())
    if port.node_port and refused:
        yield Line("filter", text.refuse_node_port())
    if port.health_check_port:
        yield Line("filter", text.accept_health_check())


def _within(text: PortText) -> Iterator[Line]:
    """The chains EXT and FW, and who is masqueraded."""
    marked = text.mark_internal() if text.internal.verdict == FORWARD else None
    rules: list[Rule | None] = [marked]
    if text.has_any and text.port.accessible:
        if text.port.external_local:
            rules += [text.pods_short_way(), text.mark_node(), text.nodes_short_way()]
        else:
            rules.append(text.mark_external())
        if text.external.verdict == FORWARD:
            rules.append(text.by_policy())
    if text.guarded:
        rules += [*(text.admit(source) for source in text.admitted()), text.others_dropped()]
    return (Line("nat", each) for each in rules if each is not None)


def _to_endpoints(text: PortText) -> Iterator[Line]:
    """The chains SVC, SVL and SEP."""
    for kind, choice in (("SVC", text.found.cluster), ("SVL", text.found.local)):
        if choice is not None:
            yield from (Line("nat", each) for each in text.choosing(kind, choice))
    for endpoint, number in text.found.reachable():
        yield Line("nat", text.mark_hairpin(endpoint, number))
        yield Line("nat", text.rewrite(endpoint, number))
