"""Which Service gets an address of the cloud's load balancers?  Each of type LoadBalancer, after the time that a cloud takes for it.

Source: staging/src/k8s.io/cloud-provider/controllers/service/controller.go (syncService, processLoadBalancerCreateOrUpdate,
wantsLoadBalancer, ensureLoadBalancer, nodeSyncService), service/helpers/helper.go (LoadBalancerCleanupFinalizer).
Simplified: an address can be had at once or, when none is free, RETRY later; the balancer then follows every change of the Service and of the
Nodes at once, and what is said of a change takes as long as making one does.
Of a dual-stack Service it gets one address of each family that the cloud has a network for; the second family's comes and goes with the Service's.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from playground.kube.apiserver.balancing import addresses_of, is_wanted, takes_part
from playground.kube.apiserver.deletion import remove_finalizer
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.names import parse_ip
from playground.kube.apiserver.objects import JSON, Object
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.balancerchanges import NOTHING, change
from playground.kube.queue import Key, WorkQueue
from playground.kube.settings import family_of

FINALIZER = "service.kubernetes.io/load-balancer-cleanup"
COMPONENT = "service-controller"
ENSURE = "loadbalancer.ensure"
RETRY = 5 * SECOND
NODES = "nodes"


class LoadBalancerController:
    """Reconciles Services by (namespace, name), and all for changed Nodes by (NODES,). `_ensuring` are the uids of those whose load balancer
    is being made or changed, `_changing` of those that have changed since.
    A cluster whose settings give no network for it has no cloud, and no such controller: Services stay `<pending>`."""

    name = "loadbalancer"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._cloud = machinery.settings.load_balancers
        self._networks = {family_of(each): each for each in machinery.settings.balancer_networks}
        self._ensuring: dict[str, None] = {}
        self._changing: dict[str, None] = {}
        self._hosts = 0
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        machinery.clock.on(ENSURE, self._ensure)
        if self._networks:
            self._store.watch("Service", self._changed)
            self._store.follow("Node", self._follow_node, of=("labels",))
            self._store.watch("Node", self._node_changed, of=("labels",))

    def _changed(self, old: Object | None, new: Object | None) -> None:
        if new is None:
            self._changing.pop(old.uid if old is not None else "", None)
            return
        said = None if old is None else change(old, new)
        if said is not None:
            self._changing[new.uid] = None
        if said is not None and said != NOTHING:
            self._say(new, "Normal", *said)
        if is_wanted(new) or _is_held(new):
            self._queue.add(new.namespace, new.name)

    def _follow_node(self, old: Object | None, new: Object | None) -> None:
        self._hosts += _is_host(new) - _is_host(old)

    def _node_changed(self, old: Object | None, new: Object | None) -> None:
        if _is_host(old) != _is_host(new):
            self._queue.add(NODES)

    def _reconcile(self, key: Key) -> None:
        if key == (NODES,):
            self._tell_of_nodes()
            return
        service = self._store.get("Service", *key)
        if service is None:
            return
        if not is_wanted(service):
            self._changing.pop(service.uid, None)
            self._clean_up(service)
            return
        if not _is_held(service):
            service = self._store.replace(service, meta={**service.meta, "finalizers": [*service.meta.get("finalizers", ()), FINALIZER]})
        families = self._families(service)
        gone = [each for each in addresses_of(service) if family_of(each) not in families]
        if gone:
            service = self._put(service, [each for each in _ingress(service) if each["ip"] not in gone])
        if service.uid not in self._ensuring and (service.uid in self._changing or len(addresses_of(service)) < len(families)):
            self._changing.pop(service.uid, None)
            self._say(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer")
            self._say_without_nodes(service)
            self._make_after(self._cloud.delay * SECOND, service)

    def _tell_of_nodes(self) -> None:
        """Nodes have come or gone: all load balancers that there are send to others now."""
        for service in self._store.list("Service"):
            if is_wanted(service) and addresses_of(service) and not self._say_without_nodes(service):
                self._say(service, "Normal", "UpdatedLoadBalancer", "Updated load balancer with new hosts")

    def _say_without_nodes(self, service: Object) -> bool:
        if not self._hosts:
            self._say(service, "Warning", "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer")
        return not self._hosts

    def _make_after(self, delay: int, service: Object) -> None:
        self._ensuring[service.uid] = None
        self._machinery.clock.after(delay, ENSURE, service.uid)

    def _ensure(self, uid: str) -> None:
        """The cloud has made the load balancer, unless nobody wants it any more."""
        self._ensuring.pop(uid, None)
        service = self._store.by_uid(uid)
        if service is None or not is_wanted(service):
            return
        families, held = self._families(service), {family_of(each["ip"]): each for each in _ingress(service)}
        for family in families:
            if family not in held and (address := self._address(service, family)):
                held[family] = {"ip": address, "ipMode": self._cloud.mode}
        missing = [family for family in families if family not in held]
        if missing:
            wanted = service.spec.get("loadBalancerIP") or f"an address of {self._networks[missing[0]]}"
            said = f"Error syncing load balancer: failed to ensure load balancer: {wanted} is not free"
            self._say(service, "Warning", "SyncLoadBalancerFailed", said)
            self._make_after(RETRY, service)
            return
        service = self._put(service, [held[family] for family in families])
        self._say(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer")
        if uid in self._changing:
            self._queue.add(*service.key)

    def _families(self, service: Object) -> tuple[str, ...]:
        """Those of the Service that the cloud has addresses of."""
        listed = service.spec.get("ipFamilies") or tuple(self._networks)[:1]
        return tuple(family for family in listed if family in self._networks)

    def _put(self, service: Object, ingress: list[JSON]) -> Object:
        put: Object = self._store.replace(service, status={**service.status, "loadBalancer": {"ingress": ingress}})
        return put

    def _address(self, service: Object, family: str) -> str:
        """The address that spec.loadBalancerIP asks for, if it is of this family, or the first free one; "" if it cannot be given."""
        network, asked = ip_network(self._networks[family]), service.spec.get("loadBalancerIP")
        if asked and (family_of(asked) == family or len(self._families(service)) == 1):
            wanted = parse_ip(asked)
            return str(wanted) if wanted is not None and wanted in network and self._is_free(str(wanted)) else ""
        return next((str(each) for each in network.hosts() if self._is_free(str(each))), "")

    def _is_free(self, address: str) -> bool:
        return not self._machinery.services_by_balancer.count(address)

    def _clean_up(self, service: Object) -> None:
        """Nobody wants the load balancer any more: its address is free again, and the Service may go."""
        if not _is_held(service):
            return
        self._say(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer")
        if addresses_of(service):
            service = self._store.replace(service, status={**service.status, "loadBalancer": {}})
        self._say(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer")
        remove_finalizer(self._machinery, service, FINALIZER)

    def _say(self, service: Object, type: str, reason: str, message: str) -> None:
        self._machinery.record(service, type, reason, message, COMPONENT)

    def state(self) -> list[Any]:
        return [self._queue.state(), list(self._ensuring), list(self._changing)]

    def restore(self, state: list[Any]) -> None:
        queue, ensuring, changing = state
        self._queue.restore(queue)
        self._ensuring, self._changing = dict.fromkeys(ensuring), dict.fromkeys(changing)


def _ingress(service: Object) -> list[JSON]:
    return [each for each in (service.status.get("loadBalancer") or {}).get("ingress") or () if each.get("ip")]


def _is_host(node: Object | None) -> bool:
    return node is not None and takes_part(node)


def _is_held(service: Object) -> bool:
    return FINALIZER in service.meta.get("finalizers", ())
