"""How does a kubelet say that it is alive?  It keeps the Lease of its Node.

Source: pkg/kubelet/kubelet.go, staging/src/k8s.io/component-helpers/apimachinery/lease/controller.go (ensureLease).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.leases import NAMESPACE, RENEWED_EVERY, lease_of, renewed
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Lease, Object
from playground.kube.kubelet.power import Power

RENEW = "kubelet.lease"


class Leases:
    """The Leases of all Nodes. One that is deleted comes back when its kubelet wants to renew it."""

    def __init__(self, machinery: Machinery, power: Power):
        self._machinery = machinery
        self._store = machinery.store
        self._power = power
        machinery.clock.on(RENEW, self._renew)
        self._store.watch("Lease", self._lease_changed)

    def begin(self, node: Object) -> None:
        """The Node's kubelet is at work from now on."""
        known = self._of(node.name)
        if known is None:
            self._store.create(lease_of(node, self._store.new_uid(), self._machinery.now))
        else:
            self._store.replace(known, since=self._machinery.now, until=None)

    def fall_silent(self, node: str) -> int:
        """The Node's kubelet is cut off now; when it last renewed its Lease."""
        known = self._of(node)
        if known is None or known.since is None:
            return self._machinery.now
        if known.until is None:
            known = self._store.replace(known, until=self._machinery.now)
        return renewed(known, self._machinery.now)

    def _renew(self, name: str) -> None:
        node = self._store.get("Node", "", name)
        if node is not None and self._power.works(name) and self._of(name) is None:
            self.begin(node)

    def _of(self, node: str) -> Lease | None:
        found: Lease | None = self._store.get("Lease", NAMESPACE, node)
        return found

    def _lease_changed(self, old: Any, new: Any) -> None:
        if new is None and old.namespace == NAMESPACE and old.since is not None and old.until is None:
            self._machinery.clock.at(renewed(old, self._machinery.now) + RENEWED_EVERY, RENEW, old.name)
