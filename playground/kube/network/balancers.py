"""To which Node does a load balancer send a packet?  To one that answered its health probes, drawn by chance.

Source: with externalTrafficPolicy Local the Service's healthCheckNodePort is asked, else kube-proxy's /healthz
(KEP-3836, pkg/proxy/healthcheck); which Nodes are asked: staging/src/k8s.io/cloud-provider/controllers/service/controller.go
(nodeIncludedPredicate). What comes from one UDP
port goes to one Node as long as the same are healthy, by a hash of it. A balancer with no healthy Node sends to all of them, as those of the large clouds do.
Simplified: a new Node is in use after one good probe; all of a balancer's Nodes are probed at one moment.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.balancing import addresses_of, mode_of, takes_part
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object
from playground.kube.chance import mix
from playground.kube.clock import SECOND
from playground.kube.kubeproxy import Proxies
from playground.kube.kubeproxy.addresses import family, network, within

PROBE = "balancer.probe"
PROXY = "Proxy"
GOING = "ToBeDeletedByClusterAutoscaler"


class Balanced(msgspec.Struct, frozen=True, gc=False):
    """How a load balancer chose: `service` is `namespace/name`, `mode` VIP or Proxy, `checked` what its probes ask."""

    service: str
    address: str
    mode: str
    checked: str
    healthy: tuple[str, ...]
    unhealthy: tuple[str, ...]


class Balancers:
    """The load balancers of all Services that have an address. `_failures` counts, for each, every Node's failed probes in a row."""

    def __init__(self, machinery: Machinery, proxies: Proxies, up: Any):
        self._machinery = machinery
        self._proxies = proxies
        self._up = up
        self._settings = machinery.settings.load_balancers
        self._failures: dict[str, dict[str, int]] = {}
        machinery.clock.on(PROBE, self._probe)
        machinery.store.watch("Service", self._changed)

    def holder(self, ip: str) -> Object | None:
        """The Service whose load balancer has this address."""
        found = self._machinery.store.find(self._machinery.services_by_balancer, ip)
        return found[0] if found else None

    def choose(self, service: Object, address: str, socket: int = 0) -> tuple[str, Balanced]:
        """The Node that a new connection, or a datagram of an open socket, is sent to ("": there is none), and how it was chosen.
        Draws from chance if there is a choice, but not for a socket."""
        known = self._failures.get(service.uid, {})
        healthy = tuple(name for name, failures in known.items() if failures < self._settings.unhealthy_after)
        unhealthy = tuple(name for name in known if name not in healthy)
        nodes = healthy or unhealthy
        place = 0 if len(nodes) < 2 else mix(socket) % len(nodes) if socket else self._machinery.chance.below(len(nodes))
        node = nodes[place] if nodes else ""
        key, checked = f"{service.namespace}/{service.name}", _checked(service)
        return node, Balanced(key, address, mode_of(service, address), checked, healthy, unhealthy)

    def admits(self, service: Object, source: str) -> bool:
        """Whether loadBalancerSourceRanges let a sender in. A balancer of mode Proxy looks itself, as no Node sees the sender any more."""
        ranges = service.spec.get("loadBalancerSourceRanges") or ()
        return not ranges or any(within(source, network(each)) for each in ranges)

    def _changed(self, old: Object | None, new: Object | None) -> None:
        if new is None:
            self._failures.pop(old.uid, None)  # type: ignore[union-attr]
        elif addresses_of(new) and new.uid not in self._failures:
            self._failures[new.uid] = {}
            self._probe(new.uid)

    def _probe(self, uid: str) -> None:
        """Ask every Node whether it can be used, and again after the interval."""
        service = self._machinery.store.by_uid(uid)
        if service is None or not addresses_of(service):
            self._failures.pop(uid, None)
            return
        before, bad = self._failures[uid], self._settings.unhealthy_after
        nodes = [node.name for node in self._machinery.store.list("Node") if takes_part(node)]
        self._failures[uid] = {name: 0 if self._answers(service, name) else min(before.get(name, bad) + 1, bad) for name in nodes}
        self._machinery.clock.after(self._settings.probe_interval * SECOND, PROBE, uid)

    def _answers(self, service: Object, node: str) -> bool:
        if not self._up(node):
            return False
        port = service.spec.get("healthCheckNodePort")
        if not port:
            return self._proxies.stopped(node) is None and not self._is_going(node)
        answer = self._proxies.health_check(node, port, family(addresses_of(service)[0]))
        return answer is not None and answer.code == 200

    def _is_going(self, node: str) -> bool:
        """The autoscaler is about to delete it: kube-proxy's /healthz says so, that connections may drain (NodeEligible)."""
        found = self._machinery.store.get("Node", "", node)
        return found is not None and any(each.get("key") == GOING for each in found.spec.get("taints", ()))

    def state(self) -> dict[str, Any]:
        return self._failures

    def restore(self, state: dict[str, Any]) -> None:
        self._failures = {uid: dict(nodes) for uid, nodes in state.items()}


def _checked(service: Object) -> str:
    port = service.spec.get("healthCheckNodePort")
    return f"the health check port {port} of the Service" if port else "/healthz of kube-proxy"
