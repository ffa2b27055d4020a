"""Does a packet from a Pod reach somebody, and who is it?  The Pod's own Node decides where it goes, then the address is looked for.

Simplified: IPv4; every Pod network and every Node is one hop away; there is no world outside the cluster's networks, but
for a resolver on the Nodes' network. What a Pod sends to another Node's own address arrives from its own Node's, as the
network plugins that masquerade do it. The health check port of a Service does not answer.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, Protocol

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.kubeproxy import Proxies
from playground.kube.kubeproxy.portrules import Decision
from playground.kube.kubeproxy.routing import Packet
from playground.kube.settings import ClusterSettings

API_SERVER_PORT = 6443
DNS_PORT = 53


class Kubelets(Protocol):
    """What the network asks of the kubelets."""

    def serves(self, pod: Pod, port: int, protocol: str) -> str:
        """`accepts`, `refuses` (nobody listens there), or `dead` (no answer at all)."""

    def says(self, pod: Pod, port: int) -> str:
        """What the program that listens there answers."""

    def up(self, node: str) -> bool:
        """The Node is on and has booted."""


class Passage(msgspec.Struct, frozen=True, gc=False):
    """Where one packet ended: at `ip:port`, after the Node's `decision`. `pod` is who has that address, if a Pod has it.

    `reach`: accepts, refuses, dead (of a Pod or Node), DROP, REJECT (of kube-proxy), nobody (has that address), outside (of all networks).
    `node` is whose decision it was, if not the sender's own Node's.
    """

    decision: Decision
    ip: str
    port: int
    reach: str
    pod: Pod | None = None
    node: str = ""


class Wire:
    def __init__(self, machinery: Machinery, proxies: Proxies, kubelet: Kubelets):
        self._machinery = machinery
        self._proxies = proxies
        self.kubelet = kubelet
        self._nodes = machinery.store.index("Node", _addresses)
        nodes = ip_network(machinery.settings.node_network)
        self._fixed = {str(nodes[1]): API_SERVER_PORT, node_resolver(machinery.settings): DNS_PORT}
        settings = machinery.settings
        networks = [ip_network(each) for each in (settings.service_network, settings.pod_network, settings.node_network)]
        self._is_inside = lru_cache(maxsize=10_000)(lambda ip: any(ip_address(ip) in network for network in networks))

    def carry(self, pod: Pod, ip: str, protocol: str, port: int) -> Passage:
        """Send the first packet of a connection from a Pod to `ip:port`."""
        decision = self._proxies.route(pod.node, ip, protocol, port, pod.ip)
        if decision.rules is None and (there := self._other_node(pod, ip)):
            return self._ask(there, pod, ip, protocol, port)
        return self._follow(decision, ip, protocol, port)

    def trace(self, pod: Pod, passage: Passage, ip: str, protocol: str, port: int) -> tuple[str, ...]:
        """The rules that led a packet where it went, as `iptables-save` prints them."""
        node, source = (passage.node, pod.host_ip) if passage.node else (pod.node, pod.ip)
        lines = self._proxies.trace(node, Packet(source, ip, protocol, port), passage.decision)
        return tuple(f"{line.table}: {line.rule.saved()}" for line in lines)

    def _other_node(self, pod: Pod, ip: str) -> str:
        """The name of the Node that has this address, if it is not the Pod's own."""
        return next((node.name for node in self._machinery.store.find(self._nodes, ip) if node.name != pod.node), "")

    def _ask(self, node: str, pod: Pod, ip: str, protocol: str, port: int) -> Passage:
        """The packet leaves its Node, and the one that has the address decides."""
        if not self.kubelet.up(node):
            return Passage(Decision(), ip, port, "dead")
        decision = self._proxies.route(node, ip, protocol, port, pod.host_ip)
        passage = self._follow(decision, ip, protocol, port)
        return passage if decision.rules is None else msgspec.structs.replace(passage, node=node)

    def _follow(self, decision: Decision, ip: str, protocol: str, port: int) -> Passage:
        """Where the packet arrives after a Node's decision."""
        endpoint = decision.endpoint
        if endpoint is not None:
            ip, port = endpoint.ip, decision.port
        elif decision.verdict not in ("", "ACCEPT"):
            return Passage(decision, ip, port, decision.verdict)
        machinery = self._machinery
        pods, store = machinery.pods_by_ip, machinery.store
        holder: Pod | None = store.by_uid(endpoint.uid) if endpoint is not None else None
        if holder is None or holder.ip != ip or (ip == holder.host_ip and pods.count(ip) > 1):
            holder = store.by_uid(next(iter(pods.uids(ip)))) if pods.count(ip) == 1 else None
        if holder is not None:
            reach = self.kubelet.serves(holder, port, protocol)
            if reach == "accepts" or ip != holder.host_ip:
                return Passage(decision, ip, port, reach, holder)
        return self._among_several(decision, ip, protocol, port)

    def inside(self, pod: Pod, ip: str, protocol: str, port: int) -> Passage:
        """Send a packet to a loopback address: it stays in the Pod."""
        return Passage(Decision(), ip, port, self.kubelet.serves(pod, port, protocol), pod)

    def _among_several(self, decision: Decision, ip: str, protocol: str, port: int) -> Passage:
        """An address that is not one Pod's own: a Node's, with its host-network Pods, one that a finished Pod had before, a fixed one, or nobody's."""
        store = self._machinery.store
        answers: dict[str, Pod] = {}
        for holder in store.find(self._machinery.pods_by_ip, ip):
            answers.setdefault(self.kubelet.serves(holder, port, protocol), holder)
        if "accepts" in answers:
            return Passage(decision, ip, port, "accepts", answers["accepts"])
        for node in store.find(self._nodes, ip):
            return Passage(decision, ip, port, "refuses" if self.kubelet.up(node.name) else "dead")
        for reach in sorted(answers, reverse=True):
            return Passage(decision, ip, port, reach, answers[reach])
        if ip in self._fixed:
            return Passage(decision, ip, port, "accepts" if self._fixed[ip] == port else "refuses")
        return Passage(decision, ip, port, "nobody" if self._is_inside(ip) else "outside")


def node_resolver(settings: ClusterSettings) -> str:
    """The name server in the Nodes' own resolv.conf: the last address of their network."""
    return str(ip_network(settings.node_network)[-2])


def _addresses(node: Object) -> tuple[str, ...]:
    listed: list[dict[str, Any]] = node.status.get("addresses") or []
    return tuple(each["address"] for each in listed if each.get("type") == "InternalIP")
