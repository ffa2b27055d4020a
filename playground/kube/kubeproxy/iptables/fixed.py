"""Which rules does every Node hold, whatever its Services?

Source: pkg/proxy/iptables/proxier.go (iptablesJumpChains, syncProxyRules).
"""

from __future__ import annotations

from playground.kube.kubeproxy.config import LOOPBACK, ProxyConfig
from playground.kube.kubeproxy.iptables.rule import Rule, comment, rule

NEW = "-m conntrack --ctstate NEW"
FIREWALL = comment("kubernetes load balancer firewall")
FORWARDING = comment("kubernetes forwarding rules")
PORTALS = comment("kubernetes service portals")
OUTSIDE = comment("kubernetes externally-visible service portals")
NODE_PORTS_LAST = comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain")

JUMPS: dict[str, tuple[Rule, ...]] = {
    "filter": (
        rule("INPUT", "-j KUBE-FIREWALL"),
        rule("INPUT", NEW, FIREWALL, "-j KUBE-PROXY-FIREWALL"),
        rule("INPUT", comment("kubernetes health check service ports"), "-j KUBE-NODEPORTS"),
        rule("INPUT", NEW, OUTSIDE, "-j KUBE-EXTERNAL-SERVICES"),
        rule("FORWARD", NEW, FIREWALL, "-j KUBE-PROXY-FIREWALL"),
        rule("FORWARD", FORWARDING, "-j KUBE-FORWARD"),
        rule("FORWARD", NEW, PORTALS, "-j KUBE-SERVICES"),
        rule("FORWARD", NEW, OUTSIDE, "-j KUBE-EXTERNAL-SERVICES"),
        rule("OUTPUT", "-j KUBE-FIREWALL"),
        rule("OUTPUT", NEW, FIREWALL, "-j KUBE-PROXY-FIREWALL"),
        rule("OUTPUT", NEW, PORTALS, "-j KUBE-SERVICES"),
    ),
    "nat": (
        rule("PREROUTING", PORTALS, "-j KUBE-SERVICES"),
        rule("OUTPUT", PORTALS, "-j KUBE-SERVICES"),
        rule("POSTROUTING", comment("kubernetes postrouting rules"), "-j KUBE-POSTROUTING"),
    ),
    "mangle": (),
}
BUILT_IN = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
}
CHAINS = {
    "filter": ("KUBE-EXTERNAL-SERVICES", "KUBE-FIREWALL", "KUBE-FORWARD", "KUBE-NODEPORTS", "KUBE-PROXY-FIREWALL", "KUBE-SERVICES"),
    "nat": ("KUBE-MARK-MASQ", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-SERVICES"),
    "mangle": (),
}
CANARY = "KUBE-PROXY-CANARY"


def filter_rules(config: ProxyConfig) -> list[Rule]:
    """KUBE-FIREWALL guards loopback where route_localnet opens it; KUBE-FORWARD lets through what is forwarded."""
    invalid = "-m nfacct --nfacct-name ct_state_invalid_dropped_pkts" if config.nfacct else ""
    local, state = LOOPBACK[config.family], "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT"
    guard = rule("KUBE-FIREWALL", comment("block incoming localnet connections"), f"-d {local}", f"! -s {local}", state, "-j DROP")
    found = [guard] if config.localhost else []
    if not config.tcp_be_liberal:
        found.append(rule("KUBE-FORWARD", "-m conntrack --ctstate INVALID", invalid, "-j DROP"))
    established = comment("kubernetes forwarding conntrack rule")
    return [
        *found,
        rule("KUBE-FORWARD", FORWARDING, f"-m mark --mark {config.mark}/{config.mark}", "-j ACCEPT"),
        rule("KUBE-FORWARD", established, "-m conntrack --ctstate RELATED,ESTABLISHED", "-j ACCEPT"),
    ]


def masquerading(config: ProxyConfig) -> list[Rule]:
    """How a packet is marked, and how a marked one leaves: with the address of the interface by which it leaves."""
    fully = " --random-fully" if config.random_fully else ""
    return [
        rule("KUBE-MARK-MASQ", f"-j MARK --or-mark {config.mark}"),
        rule("KUBE-POSTROUTING", f"-m mark ! --mark {config.mark}/{config.mark}", "-j RETURN"),
        rule("KUBE-POSTROUTING", f"-j MARK --xor-mark {config.mark}"),
        rule("KUBE-POSTROUTING", comment("kubernetes service traffic requiring SNAT"), f"-j MASQUERADE{fully}"),
    ]


def node_port_jumps(config: ProxyConfig) -> list[Rule]:
    """The last rules of KUBE-SERVICES: one for all of the Node's addresses, or one for each that may have node ports."""
    chosen = config.node_port_ips()
    if chosen is not None:
        taken = [ip for ip in chosen if config.takes_node_port(ip)]
        return [rule("KUBE-SERVICES", NODE_PORTS_LAST, f"-d {ip}", "-j KUBE-NODEPORTS") for ip in taken]
    excluded = "" if config.localhost or not config.excludes_localhost else f"! -d {LOOPBACK[config.family]}"
    return [rule("KUBE-SERVICES", NODE_PORTS_LAST, "-m addrtype --dst-type LOCAL", excluded, "-j KUBE-NODEPORTS")]
