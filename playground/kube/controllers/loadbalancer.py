"""Which Service gets an address of the cloud's load balancers?  Each of type LoadBalancer, after the time that a cloud takes for it.

Source: staging/src/k8s.io/cloud-provider/controllers/service/controller.go (syncService, processLoadBalancerCreateOrUpdate,
wantsLoadBalancer), service/helpers/helper.go (LoadBalancerCleanupFinalizer).
Simplified: an address can be had at once or, when none is free, RETRY later; the balancer then follows every change of the Service.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from playground.kube.apiserver.balancing import addresses_of, is_wanted
from playground.kube.apiserver.deletion import remove_finalizer
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.queue import Key, WorkQueue

FINALIZER = "service.kubernetes.io/load-balancer-cleanup"
COMPONENT = "service-controller"
ENSURE = "loadbalancer.ensure"
RETRY = 5 * SECOND


class LoadBalancerController:
    """Reconciles Services by (namespace, name); `_ensuring` are the uids of those whose load balancer is being made.
    A cluster whose settings give no network for it has no cloud, and no such controller: Services stay `<pending>`."""

    name = "loadbalancer"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._cloud = machinery.settings.load_balancers
        self._ensuring: dict[str, None] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        machinery.clock.on(ENSURE, self._ensure)
        if self._cloud.network:
            self._store.watch("Service", self._changed)

    def _changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and (is_wanted(new) or _is_held(new)):
            self._queue.add(new.namespace, new.name)

    def _reconcile(self, key: Key) -> None:
        service = self._store.get("Service", *key)
        if service is None:
            return
        if not is_wanted(service):
            self._clean_up(service)
            return
        if not _is_held(service):
            service = self._store.replace(service, meta={**service.meta, "finalizers": [*service.meta.get("finalizers", ()), FINALIZER]})
        if not addresses_of(service) and service.uid not in self._ensuring:
            self._say(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer")
            self._make_after(self._cloud.delay * SECOND, service)

    def _make_after(self, delay: int, service: Object) -> None:
        self._ensuring[service.uid] = None
        self._machinery.clock.after(delay, ENSURE, service.uid)

    def _ensure(self, uid: str) -> None:
        """The cloud has made the load balancer, unless nobody wants it any more."""
        self._ensuring.pop(uid, None)
        service = self._store.by_uid(uid)
        if service is None or not is_wanted(service) or addresses_of(service):
            return
        address = self._address(service)
        if not address:
            wanted = service.spec.get("loadBalancerIP") or f"an address of {self._cloud.network}"
            self._say(
                service,
                "Warning",
                "SyncLoadBalancerFailed",
                f"Error syncing load balancer: failed to ensure load balancer: {wanted} is not free",
            )
            self._make_after(RETRY, service)
            return
        ingress = {"ip": address, "ipMode": self._cloud.mode}
        service = self._store.replace(service, status={**service.status, "loadBalancer": {"ingress": [ingress]}})
        self._say(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer")

    def _address(self, service: Object) -> str:
        """The address that spec.loadBalancerIP asks for, or the first free one; "" if it cannot be given."""
        network, asked = ip_network(self._cloud.network), service.spec.get("loadBalancerIP")
        if asked:
            inside = ip_address(asked) in network
            return asked if inside and self._is_free(asked) else ""
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
        return [self._queue.state(), list(self._ensuring)]

    def restore(self, state: list[Any]) -> None:
        queue, ensuring = state
        self._queue.restore(queue)
        self._ensuring = dict.fromkeys(ensuring)


def _is_held(service: Object) -> bool:
    return FINALIZER in service.meta.get("finalizers", ())
