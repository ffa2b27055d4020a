"""Where does each Namespace have its `kube-root-ca.crt` from?  It is published there, and again when somebody takes or changes it.

Source: pkg/controller/certificates/rootcacertpublisher/publisher.go.
Simplified: the cluster has no certificate authority, and the ConfigMap says so in the place of a certificate.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object
from playground.kube.apiserver.tokenvolume import CA_FILE, CERTIFICATE
from playground.kube.apiserver.tokenvolume import ROOT_CA as NAME
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue

ANNOTATIONS = {
    "kubernetes.io/description": "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such "
    "as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."
}
CONTENT = {"data": {CA_FILE: CERTIFICATE}}


class RootCACertPublisher:
    """Reconciles Namespaces by (name,)."""

    name = "root-ca-cert-publisher"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("Namespace", self._namespace_changed)
        self._store.watch("ConfigMap", self._config_map_changed)

    def _reconcile(self, key: Key) -> None:
        (space,) = key
        namespace, known = self._store.get("Namespace", "", space), self._store.get("ConfigMap", space, NAME)
        if namespace is None or namespace.deleting is not None:
            return
        if known is not None:
            self._store.replace(known, annotations={**known.annotations, **ANNOTATIONS}, rest={**known.rest, **CONTENT})
            return
        uid, now = self._store.new_uid(), self._machinery.now
        self._store.create(Object("ConfigMap", space, NAME, uid, 0, now, annotations=ANNOTATIONS, rest=CONTENT))

    def _namespace_changed(self, old: Any, new: Any) -> None:
        if old is None:
            self._queue.add(new.name)

    def _config_map_changed(self, old: Any, new: Any) -> None:
        thing = old if new is None else new
        if thing.name == NAME and (new is None or new.rest.get("data") != CONTENT["data"]):
            self._queue.add(thing.namespace)

    def state(self) -> list[Any]:
        return list(self._queue.state())

    def restore(self, state: list[Any]) -> None:
        self._queue.restore(state)
