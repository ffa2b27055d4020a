"""How does the kube-proxy of one Node run: which addresses are the Node's own, and who counts as a Pod?

Source: cmd/kube-proxy/app/server_linux.go, pkg/proxy/util/localdetector.go, pkg/proxy/util/nodeport_addresses.go.
"""

from __future__ import annotations

import msgspec

from playground.kube.kubeproxy.addresses import IPV4, family, of_family, within

LOOPBACK = {IPV4: "127.0.0.0/8", "IPv6": "::1/128"}
EVERYTHING = {IPV4: "0.0.0.0/0", "IPv6": "::/0"}


class Detector(msgspec.Struct, frozen=True):
    """How kube-proxy tells what comes from a Pod. `mode` is ClusterCIDR or NodeCIDR (`value` is the network), BridgeInterface
    (the interface), InterfaceNamePrefix (how the interface's name begins), or none."""

    mode: str = "none"
    value: str = ""

    def finds(self, source: str, interface: str = "") -> bool:
        """Whether a packet from this address, that came in by this interface ("" is none), counts as a Pod's."""
        if self.mode in ("ClusterCIDR", "NodeCIDR"):
            return within(source, self.value)
        if self.mode == "BridgeInterface":
            return interface == self.value
        return self.mode == "InterfaceNamePrefix" and interface.startswith(self.value)

    def option(self) -> str:
        """How iptables asks the same, "" where it cannot."""
        if self.mode in ("ClusterCIDR", "NodeCIDR"):
            return f"-s {self.value}"
        return {"BridgeInterface": f"-i {self.value}", "InterfaceNamePrefix": f"-i {self.value}+"}.get(self.mode, "")


class ProxyConfig(msgspec.Struct, frozen=True):
    """One kube-proxy, for one family of addresses. `local_ips` are the Node's own addresses, of any family, beside all of
    127.0.0.0/8; `node_port_addresses` are networks, none means all; `mark` is the bit of packets to be masqueraded.

    `node_hints` and `ip_mode` False, `excludes_localhost` False: as before the feature gates PreferSameTrafficDistribution and
    LoadBalancerIPMode, and before the last rule of KUBE-SERVICES left out loopback addresses.
    """

    family: str = IPV4
    node: str = ""
    zone: str = ""
    node_ip: str = ""
    local_ips: tuple[str, ...] = ()
    detector: Detector = Detector()
    masquerade_all: bool = False
    localhost_node_ports: bool = True
    node_port_addresses: tuple[str, ...] = ()
    mark: str = "0x4000"
    random_fully: bool = True
    tcp_be_liberal: bool = False
    nfacct: bool = False
    node_hints: bool = True
    ip_mode: bool = True
    excludes_localhost: bool = True

    def is_local(self, address: str) -> bool:
        """Whether it is one of this Node's own addresses."""
        return address in self.local_ips or within(address, LOOPBACK[family(address)])

    def masquerades(self, source: str, interface: str = "") -> bool:
        """Whether a sender to a ClusterIP is masqueraded: whoever is no Pod; where nobody knows who is a Pod, nobody is."""
        return self.masquerade_all or (self.detector.mode != "none" and not self.detector.finds(source, interface))

    @property
    def localhost(self) -> bool:
        """Whether node ports answer on 127.0.0.1: never on ::1, and only if node ports may be there at all."""
        covered = any(within("127.0.0.0", each) for each in self._node_port_networks())
        return self.family == IPV4 and self.localhost_node_ports and covered

    def takes_node_port(self, address: str) -> bool:
        """Whether node ports are forwarded on this address."""
        if within(address, LOOPBACK[self.family]) and self.excludes_localhost and not self.localhost:
            return False
        chosen = self.node_port_ips()
        return self.is_local(address) if chosen is None else address in chosen

    def node_port_ips(self) -> tuple[str, ...] | None:
        """The Node's addresses in `node_port_addresses`, in order; None means all that it has."""
        networks = self._node_port_networks()
        if EVERYTHING[self.family] in networks:
            return None
        mine = of_family(self.family, self.local_ips)
        return tuple(dict.fromkeys(each for each in mine if any(within(each, network) for network in networks)))

    def own_addresses(self) -> tuple[str, ...]:
        """Where the servers of health checks listen: the addresses of node ports, loopback among them."""
        chosen = self.node_port_ips()
        return of_family(self.family, self.local_ips) if chosen is None else chosen

    def _node_port_networks(self) -> tuple[str, ...]:
        return of_family(self.family, self.node_port_addresses) or (EVERYTHING[self.family],)
