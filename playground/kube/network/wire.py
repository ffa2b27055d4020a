"""Does a packet reach somebody, and who is it?  The sender's own Node decides where it goes, then the address is looked for.
What comes from outside, or leaves a Node, is decided by the Node that has the address, or that a load balancer chose.

Simplified: every Pod network and every Node is one hop away; outside there are only clients, load balancers, a few servers
(kube/outside.py), and a resolver on the Nodes' network. What a Pod sends to another Node's own address, or out of the cluster,
arrives from its own Node's, as the network plugins that masquerade do it; no router puts another address in its place.
An external address is sent to the first Node by name that is up, as if it were routed there.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Protocol

import msgspec

from playground.kube import outside
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import address_of, addresses
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.kubeproxy import Proxies
from playground.kube.kubeproxy.addresses import canonical, family
from playground.kube.kubeproxy.healthcheck import HealthAnswer
from playground.kube.kubeproxy.portrules import ACCEPT, NO_RULE, Decision
from playground.kube.kubeproxy.routing import Packet
from playground.kube.network.balancers import PROXY, Balanced, Balancers
from playground.kube.network.hostports import HostPorts
from playground.kube.network.senders import Machine, Sender, source_of
from playground.kube.network.targets import ICMP, UDP, is_loopback
from playground.kube.settings import ClusterSettings

API_SERVER_PORT = 6443
DNS_PORT = 53


class Kubelets(Protocol):
    """What the network asks of the kubelets."""

    def serves(self, pod: Pod, port: int, protocol: str) -> str:
        """`accepts`, `refuses` (nobody listens there), `hangs` (its process stands still), or `dead` (no answer at all)."""

    def listener(self, pod: Pod, port: int, protocol: str) -> tuple[int, int] | None:
        """The process that accepts there: its container's place in the Pod, and how often that was started again; None without one."""

    def says(self, pod: Pod, port: int, protocol: str) -> str:
        """What the program that listens there answers."""

    def hangs(self, pod: Pod) -> bool:
        """Some process of the Pod stands still."""

    def up(self, node: str) -> bool:
        """The Node is on and has booted."""

    def boots(self, node: str) -> int:
        """A number that is another after each power cut of the Node."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """How a packet came to a Node that is not its sender's own: from the address `source`, addressed to `ip:port`, which
    is not what its sender wrote if a load balancer of mode Proxy stands between. `node_ip` is the Node's own address."""

    node: str
    node_ip: str
    source: str
    ip: str
    port: int
    balanced: Balanced | None = None


class Beyond(msgspec.Struct, frozen=True, gc=False):
    """A server outside of the cluster, and the address that it sees as the sender."""

    site: outside.Site
    source: str


class Passage(msgspec.Struct, frozen=True, gc=False):
    """Where one packet ended: at `ip:port`, after the Node's `decision`. `pod` is who has that address, if a Pod has it.

    `reach`: accepts, refuses, hangs (of a Pod), dead (of a Pod or Node), DROP, REJECT (of kube-proxy), nobody (has that address), outside (of
    all networks, where nobody has it), filtered (by the firewall of a server outside), unrouted (an address of the cluster's own that no way
    from outside leads to), no source (the sender has no address of that family), closed (of a load balancer).
    `entry` says which other Node decided, if not the sender's own. `health` is what kube-proxy itself answered; `beyond` is the server outside
    that it came to. `mapped`: the address is the Node's, and a hostPort led on from it. `hidden`: the endpoint has another Node's address, so that
    the network plugin put the address of the sender's Node in the place of its own.
    """

    decision: Decision
    ip: str
    port: int
    reach: str
    pod: Pod | None = None
    entry: Entry | None = None
    health: HealthAnswer | None = None
    mapped: bool = False
    beyond: Beyond | None = None
    hidden: bool = False

    @property
    def node(self) -> str:
        """The Node that decided, if it was not the sender's own."""
        return self.entry.node if self.entry else ""

    @property
    def balanced(self) -> Balanced | None:
        """The load balancer that it went through."""
        return self.entry.balanced if self.entry else None


class Wire:
    def __init__(self, machinery: Machinery, proxies: Proxies, kubelet: Kubelets):
        self._machinery = machinery
        self.proxies = proxies
        self.kubelet = kubelet
        self.balancers = Balancers(machinery, proxies, kubelet.up)
        self.hostports = HostPorts(machinery)
        self._nodes = machinery.store.index("Node", addresses)
        self._external = machinery.store.index("Service", _external_addresses)
        nodes = ip_network(machinery.settings.node_network)
        resolver = node_resolver(machinery.settings)
        self._fixed = {str(nodes[1]): ((API_SERVER_PORT, "TCP"),), resolver: ((DNS_PORT, "UDP"), (DNS_PORT, "TCP"))}
        settings = machinery.settings
        networks = [ip_network(each) for each in (*settings.service_networks, *settings.pod_networks, *settings.node_networks)]
        self._is_inside = lru_cache(maxsize=10_000)(lambda ip: any(ip_address(ip) in network for network in networks))
        machines = [ip_network(each) for each in settings.node_networks]
        self._is_machine = lru_cache(maxsize=10_000)(lambda ip: any(ip_address(ip) in network for network in machines))

    def carry(self, sender: Sender, ip: str, protocol: str, port: int, socket: int = 0) -> Passage:
        """Send the first packet of a connection to `ip:port`, or a datagram of the open socket of this number."""
        source = sender.ip
        if (":" in source) != (":" in ip):
            source = sender.other_ip
            if not source:
                return Passage(NO_RULE, ip, port, "no source")
        if not sender.node:
            arrived = self._arrive(source, ip, protocol, port, socket) or _abroad(NO_RULE, source, ip, protocol, port)
            return arrived or Passage(NO_RULE, ip, port, "unrouted" if self._is_inside(ip) else "outside")
        decision = (
            self.proxies.route_flow(sender.node, ip, port, source, socket)
            if socket
            else self.proxies.route(sender.node, ip, protocol, port, source)
        )
        if decision.rules is None and decision.endpoint is None and not self._has(sender.node, ip):
            elsewhere = self._arrive(self.leaves_as(sender, ip), ip, protocol, port, socket)
            if elsewhere is not None:
                return elsewhere
        passage = self._follow(decision, ip, protocol, port, sender.node)
        if decision.endpoint is None or not self._is_machine(passage.ip) or not self._is_hidden(sender, passage):
            return passage
        return msgspec.structs.replace(passage, hidden=True)

    def datagram(self, sender: Sender, ip: str, port: int, socket: int, loopback: bool) -> Passage:
        """Send a datagram of an open socket; every Node that remembers its flow sees the answer."""
        passage = self.inside(sender, ip, UDP, port, socket) if loopback else self.carry(sender, ip, UDP, port, socket)
        if passage.reach == "accepts":
            self.proxies.answered(sender.node, (source_of(sender, ip), socket, ip, port))
            if passage.entry is not None:
                self.proxies.answered(passage.entry.node, (passage.entry.source, socket, passage.entry.ip, passage.entry.port))
        return passage

    def leaves_as(self, sender: Sender, ip: str) -> str:
        """The address that other machines see of it: what a Pod sends out of the cluster leaves with its Node's of that family."""
        if isinstance(sender, Machine):
            return source_of(sender, ip)
        if (":" in sender.host_ip) == (":" in ip):
            return sender.host_ip
        node = self._machinery.store.get("Node", "", sender.node)
        return address_of(node, family(ip)) if node is not None else ""

    def _is_hidden(self, sender: Sender, passage: Passage) -> bool:
        """Whether a Pod with an address of its own is led to this machine, which is another than its own and in no network of Pods."""
        own = not isinstance(sender, Machine) and not sender.spec.get("hostNetwork")
        return own and not passage.decision.masquerade and not self._has(sender.node, passage.ip)

    def seen_behind(self, sender: Sender, ip: str, passage: Passage) -> str:
        """The sender that a Pod sees behind a hostPort: as it is, but for the Node's loopback and the Pod itself, which are masqueraded."""
        entry = passage.entry
        source = entry.source if entry is not None else source_of(sender, ip)
        if source != passage.ip and not is_loopback(ip):
            return source
        return entry.node_ip if entry is not None else self.leaves_as(sender, ip)

    def trace(self, sender: Sender, passage: Passage, ip: str, protocol: str, port: int) -> tuple[str, ...]:
        """The rules that led a packet where it went, as `iptables-save` prints them."""
        node, packet, entry = sender.node, Packet(source_of(sender, ip), ip, protocol, port), passage.entry
        if entry is not None:
            node, packet = entry.node, Packet(entry.source, entry.ip, protocol, entry.port)
        ipv6 = ":" in packet.ip
        return tuple(f"{line.table}: {line.rule.saved(ipv6)}" for line in self.proxies.trace(node, packet, passage.decision))

    # --- between the Nodes, and from outside

    def _arrive(self, source: str, ip: str, protocol: str, port: int, socket: int) -> Passage | None:
        """A packet that is on no Node: whoever has its address gets it; None if that is nobody who could be reached so."""
        store = self._machinery.store
        for node in store.find(self._nodes, ip):
            return self._enter(Entry(node.name, ip, source, ip, port), protocol, socket)
        service = self.balancers.holder(ip)
        if service is not None:
            return self._balance(service, source, ip, protocol, port, socket)
        if self._external.count(ip):
            for node in store.list("Node"):
                if self.kubelet.up(node.name):
                    return self._enter(Entry(node.name, address_of(node, family(ip)), source, ip, port), protocol, socket)
        return None

    def _balance(self, service: Object, source: str, ip: str, protocol: str, port: int, socket: int) -> Passage:
        """A load balancer takes the ports of its Service, and hands the packet, or in mode Proxy a connection of its own, to a Node."""
        served = next(
            (each for each in service.spec.get("ports") or () if (each["port"], each.get("protocol") or "TCP") == (port, protocol)), None
        )
        name, balanced = self.balancers.choose(service, ip, socket)
        node = self._machinery.store.get("Node", "", name)
        if served is None or node is None:
            return Passage(NO_RULE, ip, port, "closed", None, Entry("", "", source, ip, port, balanced))
        own = address_of(node, family(ip))
        if balanced.mode != PROXY:
            return self._enter(Entry(name, own, source, ip, port, balanced), protocol, socket)
        if not served.get("nodePort") or not self.balancers.admits(service, source):
            return Passage(NO_RULE, ip, port, "closed", None, Entry("", "", source, ip, port, balanced))
        return self._enter(Entry(name, own, ip, own, served["nodePort"], balanced), protocol, socket)

    def _enter(self, entry: Entry, protocol: str, socket: int) -> Passage:
        """The packet comes to a Node, and that one decides."""
        if not self.kubelet.up(entry.node):
            return Passage(NO_RULE, entry.ip, entry.port, "dead", None, entry)
        decision = self._decide(entry.node, entry.ip, protocol, entry.port, entry.source, socket)
        passage = self._follow(decision, entry.ip, protocol, entry.port, entry.node)
        reach = "nobody" if passage.reach == "outside" else passage.reach
        return msgspec.structs.replace(passage, entry=entry, reach=reach)

    def _has(self, node: str, ip: str) -> bool:
        return any(each.name == node for each in self._machinery.store.find(self._nodes, ip))

    def _decide(self, node: str, ip: str, protocol: str, port: int, source: str, socket: int) -> Decision:
        if socket:
            return self.proxies.route_flow(node, ip, port, source, socket)
        return self.proxies.route(node, ip, protocol, port, source)

    # --- at its end

    def _follow(self, decision: Decision, ip: str, protocol: str, port: int, node: str) -> Passage:
        """Where the packet arrives after the decision of a Node. A Pod whose address is its host's shares its Node's network."""
        endpoint = decision.endpoint
        if endpoint is not None:
            ip, port = endpoint.ip, decision.port
        elif decision.verdict == ACCEPT:
            answer = self.proxies.health_check(node, port, family(ip))
            return Passage(decision, ip, port, "accepts" if answer else "refuses", health=answer)
        elif decision.verdict:
            return Passage(decision, ip, port, decision.verdict)
        elif self._has(node, ip) and (mapped := self._mapped(decision, ip, protocol, port, node)) is not None:
            return mapped
        machinery = self._machinery
        pods, store = machinery.pods_by_ip, machinery.store
        holder: Pod | None = store.by_uid(endpoint.uid) if endpoint is not None else None
        if holder is None or (holder.ip != ip and holder.other_ip != ip) or (holder.ip == holder.host_ip and pods.count(ip) > 1):
            holder = store.by_uid(next(iter(pods.uids(ip)))) if pods.count(ip) == 1 else None
        if holder is not None:
            reach = self.kubelet.serves(holder, port, protocol)
            if reach == "accepts" or holder.ip != holder.host_ip:
                return Passage(decision, ip, port, reach, holder)
        return self._among_several(decision, ip, protocol, port, node)

    def inside(self, sender: Sender, ip: str, protocol: str, port: int, socket: int = 0) -> Passage:
        """Send a packet to a loopback address: it stays in the Pod, or on the machine, whose network is that of a Pod with hostNetwork, too."""
        if not isinstance(sender, Machine) and not sender.spec.get("hostNetwork"):
            return Passage(NO_RULE, ip, port, self.kubelet.serves(sender, port, protocol), sender)
        if not sender.node:
            return Passage(NO_RULE, ip, port, "refuses")
        own = source_of(sender, ip)
        if not own:  # of a family that the cluster has not: no rule is for it, and what listens here listens on both
            return msgspec.structs.replace(self._among_several(NO_RULE, sender.ip, protocol, port, sender.node), ip=ip)
        decision = self._decide(sender.node, ip, protocol, port, own, socket)
        if decision.rules is not None or decision.endpoint is not None:
            return self._follow(decision, ip, protocol, port, sender.node)
        mapped = self._mapped(decision, ip, protocol, port, sender.node)
        return mapped or msgspec.structs.replace(self._among_several(decision, own, protocol, port, sender.node), ip=ip)

    def _mapped(self, decision: Decision, ip: str, protocol: str, port: int, node: str) -> Passage | None:
        """What kube-proxy leaves alone may be a hostPort of a Pod, whose rules stand behind its own."""
        found = self.hostports.find(node, ip, protocol, port)
        if found is None:
            return None
        pod, inner, number = found
        return Passage(decision, inner, number, self.kubelet.serves(pod, number, protocol), pod, mapped=True)

    def _among_several(self, decision: Decision, ip: str, protocol: str, port: int, by: str) -> Passage:
        """An address that is not one Pod's own: a Node's, with its host-network Pods, one that a finished Pod had before, a fixed one, one outside,
        to which the Node `by` sends it, or nobody's."""
        store = self._machinery.store
        answers: dict[str, Pod] = {}
        for holder in store.find(self._machinery.pods_by_ip, ip):
            answers.setdefault(self.kubelet.serves(holder, port, protocol), holder)
        for reach in ("accepts", "hangs"):
            if reach in answers:
                return Passage(decision, ip, port, reach, answers[reach])
        for node in store.find(self._nodes, ip):
            return Passage(decision, ip, port, "refuses" if self.kubelet.up(node.name) else "dead")
        for reach in sorted(answers, reverse=True):
            return Passage(decision, ip, port, reach, answers[reach])
        if ip in self._fixed:
            return Passage(decision, ip, port, "accepts" if (port, protocol) in self._fixed[ip] else "refuses")
        return self._leave(decision, by, ip, protocol, port) or Passage(decision, ip, port, "nobody" if self._is_inside(ip) else "outside")

    def _leave(self, decision: Decision, node: str, ip: str, protocol: str, port: int) -> Passage | None:
        """A packet leaves a Node for a server outside, with the Node's own address."""
        if outside.at(ip) is None:
            return None
        found = self._machinery.store.get("Node", "", node)
        return _abroad(decision, address_of(found, family(ip)) if found is not None else "", ip, protocol, port)


def _abroad(decision: Decision, source: str, ip: str, protocol: str, port: int) -> Passage | None:
    """A packet outside, from an address to that of a server; None if it is no server's."""
    site = outside.at(ip)
    if site is None:
        return None
    takes = protocol == ICMP or (port, protocol) in outside.PORTS
    return Passage(decision, ip, port, "accepts" if takes else "filtered", beyond=Beyond(site, source))


def node_resolver(settings: ClusterSettings) -> str:
    """The name server in the Nodes' own resolv.conf: the last address of their network."""
    return str(ip_network(settings.node_network)[-2])


def _external_addresses(service: Object) -> tuple[str, ...]:
    return tuple(canonical(each) for each in service.spec.get("externalIPs") or ())
