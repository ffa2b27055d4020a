"""How is what a document says stored?  Created, or put in the place of an object or of its status; what documents do not say stays.

Source: staging/src/k8s.io/apiserver/pkg/registry/rest/{create,update}.go; pkg/registry/*/*/strategy.go (generation);
plugin/pkg/admission/namespace/lifecycle.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import accounts, codec, lookup, managedfields, podstatus, resources, services, warnings
from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.defaults.batch import select
from playground.kube.apiserver.documents import fresh
from playground.kube.apiserver.intake import MODIFIED, Intake, refuse
from playground.kube.apiserver.limits import Guard
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.managedfields import OURSELVES, Entry
from playground.kube.apiserver.objects import EMPTY, EndpointSlice, Lease, Pod, next_generation, slice_meta
from playground.kube.apiserver.podtopology import labels_on
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.schema import Schema
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.apiserver.validation.service_status import service_status
from playground.kube.errors import already_exists, bad_request, conflict, forbidden, not_found

JSON = dict[str, Any]
_UNVERSIONED = ("Namespace", "Node", "Service", "ConfigMap", "Secret", "Endpoints", "ServiceAccount", "Event")
_SET_BY_KUBELETS = ("ip", "other_ip", "host_ip", "state")
_SHARED = ("labels", "annotations", "owners", "spec", "rest")


class Writer:
    """Writes documents that the intake has read. Each method raises Refusal before anything is stored."""

    def __init__(self, machinery: Machinery, schema: Schema, allocators: Allocators, intake: Intake, guard: Guard):
        self._machinery = machinery
        self._store = machinery.store
        self._schema = schema
        self._allocators = allocators
        self._intake = intake
        self._guard = guard

    def create(self, wanted: JSON, resource: Resource, managed: list[JSON] | None = None) -> tuple[Any, tuple[str, ...]]:
        """The new object, and warnings. `managed` are the entries of metadata.managedFields."""
        meta = wanted["metadata"]
        if meta.get("resourceVersion"):
            raise bad_request("resourceVersion should not be set on objects to be created")
        self._check_namespace(resource, meta)
        called = meta.get("name") or meta.get("generateName", "")
        account = (
            accounts.account_of(self._machinery, meta["namespace"], wanted.get("spec", EMPTY), called) if resource.kind == "Pod" else None
        )
        refuse(self._intake.complete(wanted, resource), resource, called)
        if account is not None:
            accounts.admit(wanted["spec"], account.rest)
        self._guard.admit(wanted, resource.kind)
        if not meta.get("name"):
            meta["name"] = self._generated(resource, meta)
        if lookup.found(self._machinery, resource, wanted) is not None or lookup.is_kept(self._machinery, resource, meta["name"]):
            raise already_exists(resource.qualified, meta["name"])
        if resource.kind == "Service":
            services.allocate(wanted["spec"], self._allocators)
        warned = _warnings(wanted) + warnings.on_create(wanted, resource.kind)
        if managed:
            meta["managedFields"] = managed
        uid = self._store.new_uid()
        if resource.kind == "Job":
            select(wanted, uid)
        thing = codec.decode(wanted, resource)
        if isinstance(thing, Pod):
            thing = msgspec.structs.replace(thing, labels=labels_on(thing.labels, self._store.get("Node", "", thing.node)))
        thing = msgspec.structs.replace(thing, uid=uid, created=self._machinery.now, **_first(thing))
        return self._store.create(thing), warned

    def update(
        self, old: Any, wanted: JSON, resource: Resource, manager: str, managed: list[JSON] | None = None
    ) -> tuple[Any, tuple[str, ...]]:
        """The object as it is then, and the warnings if that is another. `managed` are the entries of metadata.managedFields, where they are
        known already."""
        before, sent = self.encode(old), wanted["metadata"].get("managedFields")
        causes = self._intake.complete_update(wanted, before, resource)
        if resource.kind == "Job":
            select(wanted, old.uid)
        refuse(causes, resource, old.name)
        self._manage(before, wanted, sent, manager, managed)
        self._guard.sizes(wanted, len(old.endpoints) if isinstance(old, EndpointSlice) else 0)
        if resource.kind == "Service":
            services.allocate(wanted["spec"], self._allocators)
        warned = warnings.on_update(wanted, before, resource.kind)
        thing = self._settled(self._put_all(old, codec.decode(wanted, resource)))
        return thing, () if thing is old else warned

    def _manage(self, before: JSON, wanted: JSON, sent: Any, manager: str, managed: list[JSON] | None) -> None:
        """Enter who changed what, of an object that has such entries. Entries that were sent and differ are taken as they are."""
        was = before["metadata"].get("managedFields")
        if managed is None and (was or sent):
            taken = was if sent is None or sent == was else sent
            entries = managedfields.read({"managedFields": taken})
            who = Entry(manager or OURSELVES, "Update", before["apiVersion"], {}, self._timestamp())
            managed = managedfields.written(managedfields.after_update(self._schema, before, wanted, entries, who)) if entries else []
        if managed:
            wanted["metadata"]["managedFields"] = managed
        elif managed is not None:
            wanted["metadata"].pop("managedFields", None)

    def _timestamp(self) -> str:
        return timestamp(self._machinery.settings, self._machinery.now)

    def update_status(self, old: Any, wanted: JSON, managed: list[JSON] | None = None) -> Any:
        """A Pod's status is its kubelet's: of it only conditions that are none of its own can be set."""
        version, status = wanted["metadata"].get("resourceVersion"), wanted.get("status", {})
        if version and version != str(old.version):
            raise conflict(resources.by_kind(old.kind).qualified, old.name, MODIFIED)
        if old.kind == "Service":
            status = fresh(status)
            refuse(service_status(status, old.spec), resources.by_kind(old.kind), old.name)
        if not isinstance(old, Pod):
            return self._store.replace(old, status=status, **({"meta": {**old.meta, "managedFields": managed}} if managed else {}))
        return self._store.replace(old, state=msgspec.structs.replace(old.state, conditions=podstatus.of_others(status)))

    def _put_all(self, old: Any, new: Any) -> Any:
        """Put what a document says in the place of an object; what documents do not say stays."""
        status = services.status_after(old.status, new.spec) if old.kind == "Service" else old.status
        kept = {"uid": old.uid, "created": old.created, "deleting": old.deleting, "status": status}
        kept |= {name: getattr(old, name) for name in _SET_BY_KUBELETS} if isinstance(old, Pod) else {}
        kept |= {"since": old.since, "until": old.until} if isinstance(old, Lease) else {}
        # What is equal stays the very same value, which others may share.
        kept |= {name: getattr(old, name) for name in _SHARED if getattr(old, name) == getattr(new, name)}
        new = msgspec.structs.replace(new, **kept)
        if isinstance(old, EndpointSlice):
            new = msgspec.structs.replace(new, meta=slice_meta(old, new))
        elif not _is_same(new, old):
            new = msgspec.structs.replace(new, meta=next_generation(new.meta, old))
        return self._store.put(old, new)

    def respec(self, old: Any, spec: JSON) -> Any:
        return self._store.replace(old, spec=spec, meta=old.meta if spec == old.spec else next_generation(old.meta, old))

    def _settled(self, thing: Any) -> Any:
        """An object that only waited for its finalizers goes when the last is taken off."""
        waits = (
            thing.deleting is None
            or thing.meta.get("finalizers")
            or thing.meta.get("deletionGracePeriodSeconds")
            or thing.kind == "Namespace"
        )
        if not waits:
            self._store.remove(thing)
        return thing

    def encode(self, thing: Any) -> JSON:
        """The API's JSON of any stored object; not to be changed."""
        return codec.encode(thing, self._machinery.settings, self._store, self._machinery.now)

    def _check_namespace(self, resource: Resource, meta: JSON) -> None:
        if not resource.namespaced:
            return
        namespace = self._store.get("Namespace", "", meta["namespace"])
        if namespace is None:
            raise not_found("namespaces", meta["namespace"])
        if namespace.deleting is not None:
            why = f"unable to create new content in namespace {namespace.name} because it is being terminated"
            raise forbidden(resource.qualified, meta.get("name", ""), why)

    def _generated(self, resource: Resource, meta: JSON) -> str:
        prefix = meta["generateName"][: 63 - 5]
        while True:
            name = prefix + self._machinery.chance.suffix()
            if self._store.get(resource.kind, meta.get("namespace", ""), name) is None:
                return str(name)


def _first(thing: Any) -> JSON:
    """What a new object has besides what its document says."""
    if thing.kind in _UNVERSIONED:
        status = {"Namespace": {"phase": "Active"}, "Service": {"loadBalancer": {}}}.get(thing.kind, thing.status)
        return {"status": status}
    return {"meta": {**thing.meta, "generation": 1}, "status": EMPTY}


def _is_same(new: Any, old: Any) -> bool:
    """Nothing has changed that moves the generation. A Deployment's annotations do, since its ReplicaSets copy them."""
    if old.kind == "Deployment" and new.annotations != old.annotations:
        return False
    return new.spec == old.spec and bool(new.rest == old.rest)


def _warnings(document: JSON) -> tuple[str, ...]:
    many = (
        [index for index, each in enumerate(document.get("endpoints", ())) if len(each["addresses"]) > 1]
        if document["kind"] == "EndpointSlice"
        else []
    )
    return tuple(
        f"endpoints[{index}].addresses: only the first address is kept: kube-proxy uses no other, though DNS would name all of them"
        for index in many
    )
