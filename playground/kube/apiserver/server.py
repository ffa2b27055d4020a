"""How do documents become objects?  The API server: create, apply, replace, patch, scale, delete.

Source: staging/src/k8s.io/apiserver/pkg/registry/{rest,generic/registry}; pkg/registry/*/*/strategy.go (generation); plugin/pkg/admission/namespace/lifecycle;
staging/src/k8s.io/kubectl/pkg/cmd/{apply,scale}.
Every write is made inside a transaction of the store; a refusal is raised before anything is stored.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import (
    accounts,
    addressbook,
    codec,
    deletion,
    jsonpatch,
    managedfields,
    podstatus,
    resources,
    serversideapply,
    services,
    warnings,
)
from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.defaults.batch import select
from playground.kube.apiserver.documents import fresh, identity
from playground.kube.apiserver.intake import MODIFIED, STRICT, Intake, refuse
from playground.kube.apiserver.lastapplied import LAST_APPLIED, merged_with, missing, with_last_applied
from playground.kube.apiserver.limits import Guard
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.managedfields import OURSELVES, Entry
from playground.kube.apiserver.objects import EMPTY, EndpointSlice, Lease, Pod, next_generation, slice_meta
from playground.kube.apiserver.patches import Merger, merge
from playground.kube.apiserver.podtopology import labels_on
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.schema import Schema
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.apiserver.validation.fields import invalid as wrong
from playground.kube.apiserver.validation.fields import not_supported
from playground.kube.apiserver.validation.service_status import service_status
from playground.kube.errors import Cause, Refusal, already_exists, bad_request, conflict, forbidden, invalid, not_found

JSON = dict[str, Any]
PROTECTED = ("default", "kube-system", "kube-public")
PROPAGATIONS = ("Background", "Foreground", "Orphan")
_UNVERSIONED = ("Namespace", "Node", "Service", "ConfigMap", "Secret", "Endpoints", "ServiceAccount", "Event")
_SET_BY_KUBELETS = ("ip", "other_ip", "host_ip", "state")
_SHARED = ("labels", "annotations", "owners", "spec", "rest")


class Outcome(msgspec.Struct, frozen=True):
    """The object as stored (or as it was, if it is gone), kubectl's verb for what was done, warnings, and what there was before."""

    thing: Any
    verb: str
    warnings: tuple[str, ...] = ()
    old: Any = None


class APIServer:
    """The one way in for documents. Controllers write to the store directly, as their objects need no checks."""

    def __init__(self, machinery: Machinery, schema: Schema, allocators: Allocators):
        self._machinery = machinery
        self._store = machinery.store
        self._allocators = allocators
        self._schema = schema
        self._intake = Intake(machinery.store, schema, allocators)
        self._merger = Merger(schema)
        self._guard = Guard(machinery)

    def create(self, document: JSON, validation: str = STRICT) -> Outcome:
        resource = self._intake.resource(document)
        wanted, unknown = self._intake.take(document, resource, validation)
        return _warned(self._create(wanted, resource), unknown)

    def apply(self, document: JSON) -> Outcome:
        """Create, or merge with what is there and what was applied last."""
        resource = self._intake.resource(document)
        wanted = self._intake.read(document, resource)
        self._refuse_generated(wanted)
        applied = with_last_applied(wanted)
        old = self._found(resource, wanted)
        if old is None:
            return self._create(applied, resource)
        merged, was_applied = self._apply_to(old, document, applied)
        thing, warned = self._update(old, merged, resource, managedfields.CLIENT_SIDE)
        unknown = () if was_applied else (missing(resource, old.name),)
        return Outcome(thing, "unchanged" if thing is old else "configured", unknown + _inert(resource) + warned, old)

    def replace(self, document: JSON, subresource: str = "", manager: str = OURSELVES, validation: str = STRICT) -> Outcome:
        """`subresource` is '' or status, and then only the status is replaced."""
        resource = self._intake.resource(document)
        wanted, unknown = self._intake.take(document, resource, validation)
        name = wanted["metadata"].get("name", "")
        old = self._found(resource, wanted)
        if old is None:
            old = self._get(resource, wanted["metadata"].get("namespace", ""), name)
        thing, warned = self._write(old, wanted, resource, subresource, manager)
        return Outcome(thing, "replaced", unknown + _inert(resource) + warned, old)

    def patch(
        self,
        kind: str,
        namespace: str,
        name: str,
        patch: Any,
        style: str = "merge",
        subresource: str = "",
        manager: str = OURSELVES,
        validation: str = STRICT,
    ) -> Outcome:
        """`style` is merge, strategic or json; `subresource` is '' or status, and then only the status is changed."""
        resource = self._intake.named(kind)
        old = self._get(resource, namespace, name)
        changed = self._patched(self.encode(old), patch, style)
        if self._intake.resource(changed).kind != resource.kind:
            raise bad_request(f"the patch may not change apiVersion or kind of {resource.spoken(name)}")
        _still_named(changed, old)
        wanted, unknown = self._intake.take(changed, resource, validation)
        thing, warned = self._write(old, wanted, resource, subresource, manager)
        return Outcome(thing, "patched (no change)" if thing is old else "patched", unknown + warned, old)

    def apply_fields(self, config: JSON, manager: str, force: bool = False, subresource: str = "", validation: str = STRICT) -> Outcome:
        """Server-side apply: the fields of `config` are the manager's from now on; raises Refusal where others own and differ, unless `force`."""
        resource = self._intake.resource(config)
        if not manager:
            causes = (Cause("fieldManager", "FieldValueRequired", "Required value: is required for apply patch"),)
            raise invalid("PatchOptions.meta.k8s.io", "", causes)
        if identity(config)[2].get("managedFields"):
            raise bad_request("metadata.managedFields must be nil")
        wanted, unknown = self._intake.take(config, resource, validation)
        who = Entry(manager, "Apply", config["apiVersion"], {}, self._timestamp(), subresource)
        old = self._found(resource, wanted)
        if old is None:
            entries = managedfields.written(serversideapply.first(self._schema, wanted, who))
            return _warned(self._create(wanted, resource, entries), unknown)
        merged, entered = serversideapply.applied(self._schema, self.encode(old), wanted, who, force)
        merged["metadata"]["resourceVersion"] = wanted["metadata"].get("resourceVersion", "")
        managed = managedfields.written(entered)
        if subresource:
            return Outcome(self._update_status(old, merged, managed), "serverside-applied", unknown, old)
        thing, warned = self._update(old, merged, resource, manager, managed)
        return Outcome(thing, "serverside-applied", unknown + _inert(resource) + warned, old)

    def scale(self, kind: str, namespace: str, name: str, replicas: int) -> Outcome:
        resource = self._intake.named(kind)
        if resource.kind not in resources.SCALABLE:
            raise Refusal(404, "NotFound", "the server could not find the requested resource")
        old = self._get(resource, namespace, name)
        if not isinstance(replicas, int) or replicas < 0:
            causes = (wrong("spec.replicas", replicas, "must be greater than or equal to 0"),)
            raise invalid("Scale.autoscaling", name, causes)
        self._guard.replicas(replicas)
        return Outcome(self._put(old, spec={**old.spec, "replicas": replicas}), "scaled", _inert(resource), old)

    def delete(
        self,
        kind: str,
        namespace: str,
        name: str,
        grace: int | None = None,
        propagation: str = "Background",
        uid: str = "",
        version: str = "",
    ) -> Outcome:
        """`grace` in seconds, None for the object's own; `uid` and `version` are preconditions."""
        resource = self._intake.named(kind)
        told = self._machinery.recorder.get(namespace or "default", name) if resource.kind == "Event" else None
        if told is not None:
            self._machinery.recorder.remove(told)
            return Outcome(told, "deleted")
        thing = self._get(resource, namespace, name)
        deletion.check_preconditions(resource, thing, uid, version)
        if resource.kind == "Namespace" and name in PROTECTED:
            raise forbidden("namespaces", name, "this namespace may not be deleted")
        causes = [] if propagation in PROPAGATIONS else [not_supported("propagationPolicy", propagation, PROPAGATIONS)]
        if grace is not None and grace < 0:
            causes.append(wrong("gracePeriodSeconds", grace, "must be greater than or equal to 0"))
        if causes:
            raise invalid("DeleteOptions.meta.k8s.io", name, tuple(causes))
        deletion.delete(self._machinery, thing, grace, propagation)
        return Outcome(thing, "deleted")

    def check(self, document: JSON) -> tuple[Cause, ...]:
        """What applying a document would be refused for, as far as it can be told from the document and the cluster. Changes nothing."""
        try:
            resource = self._intake.resource(document)
            wanted = self._intake.read(document, resource)
            old = self._found(resource, wanted)
            if old is None:
                return tuple(self._intake.complete(wanted, resource))
            merged, _ = self._apply_to(old, document, with_last_applied(wanted))
            return tuple(self._intake.complete_update(merged, self.encode(old), resource))
        except Refusal as refusal:
            return refusal.causes or (Cause("", refusal.reason, refusal.message),)

    def encode(self, thing: Any) -> JSON:
        """The API's JSON of any stored object; not to be changed."""
        return codec.encode(thing, self._machinery.settings, self._store, self._machinery.now)

    # --- steps

    def _create(self, wanted: JSON, resource: Resource, managed: list[JSON] | None = None) -> Outcome:
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
        if self._found(resource, wanted) is not None or self._is_kept(resource, meta["name"]):
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
        return Outcome(self._store.create(thing), "created", _inert(resource) + warned)

    def _write(self, old: Any, wanted: JSON, resource: Resource, subresource: str, manager: str) -> tuple[Any, tuple[str, ...]]:
        """Put what a document says in the place of an object, or of its status; the object as it is then, and warnings."""
        if subresource not in ("", "status"):
            raise Refusal(404, "NotFound", "the server could not find the requested resource")
        return (self._update_status(old, wanted), ()) if subresource else self._update(old, wanted, resource, manager)

    def _update(
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

    def _update_status(self, old: Any, wanted: JSON, managed: list[JSON] | None = None) -> Any:
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

    def _put(self, old: Any, spec: JSON) -> Any:
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

    def _patched(self, current: JSON, patch: Any, style: str) -> JSON:
        if style == "json":
            return jsonpatch.patched(current, patch)
        if style not in ("merge", "strategic"):
            raise bad_request(f'unknown style of patch "{style}": merge, strategic, json and apply are known')
        if not isinstance(patch, dict):
            start = "error decoding patch: " if style == "merge" else ""
            raise bad_request(f"{start}json: cannot unmarshal {jsonpatch.sort_of(patch)} into Go value of type map[string]interface {{}}")
        return merge(current, patch) if style == "merge" else self._merger.strategic(current, patch)

    def merged(self, current: JSON, patch: JSON) -> JSON:
        """What a strategic patch would make of a document; raises Refusal."""
        return self._merger.strategic(current, patch)

    def _apply_to(self, old: Any, document: JSON, applied: JSON) -> tuple[JSON, bool]:
        """What applying makes of an object, and whether it was applied before."""
        last = old.annotations.get(LAST_APPLIED)
        return merged_with(self._merger, last, document, applied, self.encode(old)), last is not None

    def _found(self, resource: Resource, document: JSON) -> Any:
        meta = document["metadata"]
        return self._store.get(resource.kind, meta.get("namespace", "") if resource.namespaced else "", meta.get("name", ""))

    def _get(self, resource: Resource, namespace: str, name: str) -> Any:
        found = self._store.get(resource.kind, (namespace or "default") if resource.namespaced else "", name)
        if found is None:
            raise addressbook.kept(resource.word, name) if self._is_kept(resource, name) else not_found(resource.qualified, name)
        return found

    def _is_kept(self, resource: Resource, name: str) -> bool:
        """Whether it is of the address book, which nobody writes."""
        book = (self._machinery.settings, self._store, resource.kind)
        return resource.kind in addressbook.KINDS and addressbook.single(*book, name) is not None

    def _check_namespace(self, resource: Resource, meta: JSON) -> None:
        if not resource.namespaced:
            return
        namespace = self._store.get("Namespace", "", meta["namespace"])
        if namespace is None:
            raise not_found("namespaces", meta["namespace"])
        if namespace.deleting is not None:
            why = f"unable to create new content in namespace {namespace.name} because it is being terminated"
            raise forbidden(resource.qualified, meta.get("name", ""), why)

    def _refuse_generated(self, document: JSON) -> None:
        if not document["metadata"].get("name") and document["metadata"].get("generateName"):
            raise bad_request(f"from {document['metadata']['generateName']}: cannot use generate name with apply")

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


def _warned(outcome: Outcome, unknown: tuple[str, ...]) -> Outcome:
    return msgspec.structs.replace(outcome, warnings=unknown + outcome.warnings) if unknown else outcome


def _inert(resource: Resource) -> tuple[str, ...]:
    return () if resource.simulated else (f"{resource.word} is stored but not simulated: nothing acts on it",)


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


def _still_named(changed: JSON, old: Any) -> None:
    """A patch may not give an object another name or namespace; raises Refusal. Source: endpoints/handlers/patch.go (checkName)."""
    meta = changed.get("metadata") or {}
    if meta.get("namespace", "") not in ("", old.namespace):
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    if meta.get("name") not in (None, "", old.name):
        raise bad_request(f"the name of the object ({meta['name']}) does not match the name on the URL ({old.name})")
