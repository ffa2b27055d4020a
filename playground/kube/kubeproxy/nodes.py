"""How does each Node's kube-proxy run?  All alike, as kubeadm sets them up; only the Node's own addresses and zone differ.

Simplified: a Node's own addresses are its InternalIPs and loopback, without those of the bridges of its Pods' network.
"""

from __future__ import annotations

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import addresses, zone
from playground.kube.apiserver.objects import Object
from playground.kube.kubeproxy.addresses import IPV4, IPV6, of_family
from playground.kube.kubeproxy.config import Detector, ProxyConfig
from playground.kube.settings import family_of

NOBODY = Detector()  # of a family that the cluster's Pods do not have


class NodeConfigs:
    """The configurations, each made when it is first asked for and kept until its Node changes."""

    def __init__(self, machinery: Machinery):
        self._store = machinery.store
        self._detectors = {family_of(each): Detector("ClusterCIDR", each) for each in machinery.settings.pod_networks}
        self._made: dict[str, dict[str, ProxyConfig]] = {IPV4: {}, IPV6: {}}

    def of(self, node: str, family: str = IPV4) -> ProxyConfig:
        """Of a Node, for a family of addresses."""
        made = self._made[family]
        found = made.get(node)
        if found is None:
            found = made[node] = self._make(node, family)
        return found

    def forget(self, node: str) -> None:
        """A Node is new, changed or gone."""
        for made in self._made.values():
            made.pop(node, None)

    def _make(self, name: str, family: str) -> ProxyConfig:
        node: Object | None = self._store.get("Node", "", name)
        mine = of_family(family, addresses(node)) if node else ()
        return ProxyConfig(
            family=family,
            node=name,
            zone=zone(node) if node else "",
            node_ip=mine[0] if mine else "",
            local_ips=("127.0.0.1" if family == IPV4 else "::1", *mine),
            detector=self._detectors.get(family, NOBODY),
        )
