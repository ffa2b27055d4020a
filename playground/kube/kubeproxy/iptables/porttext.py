"""Which rules does a Node hold for one Service port?

Source: pkg/proxy/iptables/proxier.go (syncProxyRules, writeServiceToEndpointRules): each function writes what one part of it writes.
"""

from __future__ import annotations

from playground.kube.apiserver.objects import Endpoint
from playground.kube.kubeproxy.chains import address, endpoint_chain, service_chain
from playground.kube.kubeproxy.config import LOOPBACK, ProxyConfig
from playground.kube.kubeproxy.endpoints import Choice
from playground.kube.kubeproxy.iptables.rule import Rule, comment, name_comment, probability, rule
from playground.kube.kubeproxy.portrules import DROP, FORWARD, REJECT, PortRules
from playground.kube.kubeproxy.routing import LOAD_BALANCER

MARK = "-j KUBE-MARK-MASQ"
FROM_NODE, TO_NODE = "-m addrtype --src-type LOCAL", "-m addrtype --dst-type LOCAL"


class PortText:
    """`commented` False: without comments on the rules of endpoints, as in clusters of more than 1,000 endpoints."""

    def __init__(self, config: ProxyConfig, rules: PortRules, commented: bool = True):
        self.config = config
        self.port = port = rules.port
        self.commented = commented
        self.name = port.name
        self.protocol = port.protocol.lower()
        self.found = rules.categorize(config)
        self.internal = rules.internal(config)
        self.external = rules.way(config, port.external_local)
        self.has_any = self.found.has_any
        self.guarded = self.has_any and bool(port.source_ranges and port.load_balancer_ips)
        self.own = config.detector.option()

    def chain(self, kind: str) -> str:
        """`kind` is SVC, SVL, EXT or FW."""
        return service_chain(kind, self.name, self.protocol)

    # --- into the Service's chains

    def to_cluster_ip(self) -> Rule:
        """The jump from KUBE-SERVICES, or the refusal in the table filter."""
        target = self.chain(self.internal.chain) if self.internal.verdict == FORWARD else ""
        said = f"{self.name} cluster IP" if target else self._why(self.internal.verdict)
        return rule("KUBE-SERVICES", comment(said), *self._to(self.port.ip), f"-j {target or self.internal.verdict}")

    def to_address(self, door: str, ip: str) -> Rule:
        """The jump for an external or a load balancer's address."""
        kind = "FW" if door == LOAD_BALANCER and self.guarded else "EXT"
        return rule("KUBE-SERVICES", comment(f"{self.name} {door}"), *self._to(ip), f"-j {self.chain(kind)}")

    def to_node_port(self, *matches: str) -> Rule:
        return rule(
            "KUBE-NODEPORTS", name_comment(self.name), self._protocol(), *matches[:1], f"--dport {self.port.node_port}", *matches[1:],
            f"-j {self.chain('EXT')}",
        )  # fmt: skip

    def counted_node_port(self) -> Rule:
        """The same for loopback addresses, with a counter of nfacct."""
        return self.to_node_port(f"-d {LOOPBACK[self.config.family]}", "-m nfacct --nfacct-name localhost_nps_accepted_pkts")

    # --- refusals

    def refuse_address(self, ip: str) -> Rule:
        return rule("KUBE-EXTERNAL-SERVICES", comment(self._why(self.external.verdict)), *self._to(ip), f"-j {self.external.verdict}")

    def refuse_node_port(self) -> Rule:
        said, number = comment(self._why(self.external.verdict)), f"--dport {self.port.node_port}"
        return rule("KUBE-EXTERNAL-SERVICES", said, TO_NODE, self._protocol(), number, f"-j {self.external.verdict}")

    def refuse_source(self, ip: str) -> Rule:
        """For senders outside of loadBalancerSourceRanges."""
        return rule("KUBE-PROXY-FIREWALL", comment(f"{self.name} traffic not accepted by {self.chain('FW')}"), *self._to(ip), f"-j {DROP}")

    def accept_health_check(self) -> Rule:
        number = f"--dport {self.port.health_check_port}"
        return rule("KUBE-NODEPORTS", comment(f"{self.name} health check node port"), "-m tcp -p tcp", number, "-j ACCEPT")

    # --- within them

    def mark_internal(self) -> Rule | None:
        """Masquerades packets to the ClusterIP that come from no Pod."""
        unless = "" if self.config.masquerade_all else f"! {self.own}"
        if not (self.config.masquerade_all or self.own):
            return None
        said = comment(f"{self.name} cluster IP")
        return rule(self.chain(self.internal.chain), said, *self._to(self.port.ip), unless, MARK)

    def mark_external(self) -> Rule:
        return rule(self.chain("EXT"), comment(f"masquerade traffic for {self.name} external destinations"), MARK)

    def pods_short_way(self) -> Rule | None:
        said = comment(f"pod traffic for {self.name} external destinations")
        return rule(self.chain("EXT"), said, self.own, f"-j {self.chain('SVC')}") if self.own else None

    def mark_node(self) -> Rule:
        return rule(self.chain("EXT"), comment(f"masquerade LOCAL traffic for {self.name} external destinations"), FROM_NODE, MARK)

    def nodes_short_way(self) -> Rule:
        said = comment(f"route LOCAL traffic for {self.name} external destinations")
        return rule(self.chain("EXT"), said, FROM_NODE, f"-j {self.chain('SVC')}")

    def by_policy(self) -> Rule:
        return rule(self.chain("EXT"), f"-j {self.chain(self.external.chain)}")

    def admit(self, source: str) -> Rule:
        return rule(self.chain("FW"), comment(f"{self.name} loadbalancer IP"), f"-s {source}", f"-j {self.chain('EXT')}")

    def admitted(self) -> tuple[str, ...]:
        """The sources that the chain FW lets in, in its order."""
        port = self.port
        return (*port.source_ranges, *(port.load_balancer_ips if port.admits_itself(self.config.node_ip) else ()))

    def others_dropped(self) -> Rule:
        return rule(self.chain("FW"), comment(f"other traffic to {self.name} will be dropped by KUBE-PROXY-FIREWALL"))

    # --- to an endpoint

    def stick(self, kind: str, endpoint: Endpoint, number: int) -> Rule:
        chain = self._endpoint_chain(endpoint, number)
        seen = f"-m recent --name {chain} --rcheck --seconds {self.port.sticky} --reap"
        return rule(self.chain(kind), self._to_comment(endpoint, number), seen, f"-j {chain}")

    def choose(self, kind: str, endpoint: Endpoint, number: int, left: int) -> Rule:
        """One of `left` endpoints that are left to choose from."""
        draw = f"-m statistic --mode random --probability {probability(left)}" if left > 1 else ""
        return rule(self.chain(kind), self._to_comment(endpoint, number), draw, f"-j {self._endpoint_chain(endpoint, number)}")

    def choosing(self, kind: str, choice: Choice) -> list[Rule]:
        """The rules of a chain SVC or SVL that choose an endpoint."""
        ordered = choice.in_order()
        stuck = [self.stick(kind, *each) for each in ordered] if self.port.sticky else []
        return stuck + [self.choose(kind, *each, len(ordered) - place) for place, each in enumerate(ordered)]

    def mark_hairpin(self, endpoint: Endpoint, number: int) -> Rule:
        return rule(self._endpoint_chain(endpoint, number), self._endpoint_comment(), f"-s {endpoint.ip}", MARK)

    def rewrite(self, endpoint: Endpoint, number: int) -> Rule:
        chain = self._endpoint_chain(endpoint, number)
        stamp = f"-m recent --name {chain} --set" if self.port.sticky else ""
        return rule(chain, self._endpoint_comment(), stamp, self._protocol(), f"-j DNAT --to-destination {address(endpoint.ip, number)}")

    # --- pieces

    def _protocol(self) -> str:
        return f"-m {self.protocol} -p {self.protocol}"

    def _to(self, ip: str) -> tuple[str, str, str]:
        return self._protocol(), f"-d {ip}", f"--dport {self.port.port}"

    def _why(self, verdict: str) -> str:
        return f"{self.name} has no {'' if verdict == REJECT else 'local '}endpoints"

    def _endpoint_chain(self, endpoint: Endpoint, number: int) -> str:
        return endpoint_chain(self.name, self.protocol, endpoint.ip, number)

    def _to_comment(self, endpoint: Endpoint, number: int) -> str:
        return comment(f"{self.name} -> {address(endpoint.ip, number)}") if self.commented else ""

    def _endpoint_comment(self) -> str:
        return name_comment(self.name) if self.commented else ""
