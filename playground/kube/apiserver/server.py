"""How do documents become objects?  The API server: create, apply, replace, patch, scale, delete.

Source: staging/src/k8s.io/apiserver/pkg/registry/generic/registry; staging/src/k8s.io/kubectl/pkg/cmd/{apply,scale}.
Every write is made inside a transaction of the store; a refusal is raised before anything is stored.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import deletion, jsonpatch, lookup, managedfields, resources, serversideapply
from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.documents import identity
from playground.kube.apiserver.intake import STRICT, Intake
from playground.kube.apiserver.lastapplied import LAST_APPLIED, merged_with, missing, with_last_applied
from playground.kube.apiserver.limits import Guard
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.managedfields import OURSELVES, Entry
from playground.kube.apiserver.patches import Merger, merge
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.schema import Schema
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.apiserver.validation.fields import invalid as wrong
from playground.kube.apiserver.validation.fields import not_supported
from playground.kube.apiserver.writing import Writer
from playground.kube.errors import Cause, Refusal, bad_request, forbidden, invalid

JSON = dict[str, Any]
PROTECTED = ("default", "kube-system", "kube-public")
PROPAGATIONS = ("Background", "Foreground", "Orphan")


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
        self._schema = schema
        self._intake = Intake(machinery.store, schema, allocators)
        self._merger = Merger(schema)
        self._guard = Guard(machinery)
        self._writer = Writer(machinery, schema, allocators, self._intake, self._guard)

    def create(self, document: JSON, validation: str = STRICT) -> Outcome:
        resource = self._intake.resource(document)
        wanted, unknown = self._intake.take(document, resource, validation)
        return self._create(wanted, resource, unknown)

    def apply(self, document: JSON) -> Outcome:
        """Create, or merge with what is there and what was applied last."""
        resource = self._intake.resource(document)
        wanted = self._intake.read(document, resource)
        self._refuse_generated(wanted)
        applied = with_last_applied(wanted)
        old = lookup.found(self._machinery, resource, wanted)
        if old is None:
            return self._create(applied, resource)
        merged, was_applied = self._apply_to(old, document, applied)
        thing, warned = self._writer.update(old, merged, resource, managedfields.CLIENT_SIDE)
        unknown = () if was_applied else (missing(resource, old.name),)
        return Outcome(thing, "unchanged" if thing is old else "configured", unknown + _inert(resource) + warned, old)

    def replace(self, document: JSON, subresource: str = "", manager: str = OURSELVES, validation: str = STRICT) -> Outcome:
        """`subresource` is '' or status, and then only the status is replaced."""
        resource = self._intake.resource(document)
        wanted, unknown = self._intake.take(document, resource, validation)
        name = wanted["metadata"].get("name", "")
        old = lookup.found(self._machinery, resource, wanted)
        if old is None:
            old = lookup.get(self._machinery, resource, wanted["metadata"].get("namespace", ""), name)
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
        old = lookup.get(self._machinery, resource, namespace, name)
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
        who = Entry(manager, "Apply", config["apiVersion"], {}, timestamp(self._machinery.settings, self._machinery.now), subresource)
        old = lookup.found(self._machinery, resource, wanted)
        if old is None:
            entries = managedfields.written(serversideapply.first(self._schema, wanted, who))
            return self._create(wanted, resource, unknown, entries)
        merged, entered = serversideapply.applied(self._schema, self.encode(old), wanted, who, force)
        merged["metadata"]["resourceVersion"] = wanted["metadata"].get("resourceVersion", "")
        managed = managedfields.written(entered)
        if subresource:
            return Outcome(self._writer.update_status(old, merged, managed), "serverside-applied", unknown, old)
        thing, warned = self._writer.update(old, merged, resource, manager, managed)
        return Outcome(thing, "serverside-applied", unknown + _inert(resource) + warned, old)

    def scale(self, kind: str, namespace: str, name: str, replicas: int) -> Outcome:
        resource = self._intake.named(kind)
        if resource.kind not in resources.SCALABLE:
            raise Refusal(404, "NotFound", "the server could not find the requested resource")
        old = lookup.get(self._machinery, resource, namespace, name)
        if not isinstance(replicas, int) or replicas < 0:
            causes = (wrong("spec.replicas", replicas, "must be greater than or equal to 0"),)
            raise invalid("Scale.autoscaling", name, causes)
        self._guard.replicas(replicas)
        return Outcome(self._writer.respec(old, {**old.spec, "replicas": replicas}), "scaled", _inert(resource), old)

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
        thing = lookup.get(self._machinery, resource, namespace, name)
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
            old = lookup.found(self._machinery, resource, wanted)
            if old is None:
                return tuple(self._intake.complete(wanted, resource))
            merged, _ = self._apply_to(old, document, with_last_applied(wanted))
            return tuple(self._intake.complete_update(merged, self.encode(old), resource))
        except Refusal as refusal:
            return refusal.causes or (Cause("", refusal.reason, refusal.message),)

    def encode(self, thing: Any) -> JSON:
        """The API's JSON of any stored object; not to be changed."""
        return self._writer.encode(thing)

    # --- steps

    def _create(self, wanted: JSON, resource: Resource, unknown: tuple[str, ...] = (), managed: list[JSON] | None = None) -> Outcome:
        thing, warned = self._writer.create(wanted, resource, managed)
        return Outcome(thing, "created", unknown + _inert(resource) + warned)

    def _write(self, old: Any, wanted: JSON, resource: Resource, subresource: str, manager: str) -> tuple[Any, tuple[str, ...]]:
        """Put what a document says in the place of an object, or of its status; the object as it is then, and warnings."""
        if subresource not in ("", "status"):
            raise Refusal(404, "NotFound", "the server could not find the requested resource")
        return (self._writer.update_status(old, wanted), ()) if subresource else self._writer.update(old, wanted, resource, manager)

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

    def _refuse_generated(self, document: JSON) -> None:
        if not document["metadata"].get("name") and document["metadata"].get("generateName"):
            raise bad_request(f"from {document['metadata']['generateName']}: cannot use generate name with apply")


def _inert(resource: Resource) -> tuple[str, ...]:
    return () if resource.simulated else (f"{resource.word} is stored but not simulated: nothing acts on it",)


def _still_named(changed: JSON, old: Any) -> None:
    """A patch may not give an object another name or namespace; raises Refusal. Source: endpoints/handlers/patch.go (checkName)."""
    meta = changed.get("metadata") or {}
    if meta.get("namespace", "") not in ("", old.namespace):
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    if meta.get("name") not in (None, "", old.name):
        raise bad_request(f"the name of the object ({meta['name']}) does not match the name on the URL ({old.name})")
