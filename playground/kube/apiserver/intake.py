"""What becomes of a document on its way in?  It is checked, copied, filled in and validated; nothing is stored here.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers (decoding, admission) and pkg/registry/rest/create.go.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from playground.kube.apiserver import defaults, families, priority, resources, services, templategeneration
from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.canonical import canonicalise
from playground.kube.apiserver.documents import fresh, identity
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.schema import Problem, Schema
from playground.kube.apiserver.store import Store
from playground.kube.apiserver.validation import kinds
from playground.kube.errors import Cause, Refusal, bad_request, conflict, invalid

JSON = dict[str, Any]
STRICT = "Strict"
WARN = "Warn"
_SET_BY_THE_SERVER = (
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
)
_KEPT_IN_PODS = ("nodeName", "priority", "priorityClassName", "preemptionPolicy")
MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


class Intake:
    """Reads documents for one cluster."""

    def __init__(self, store: Store, schema: Schema, allocators: Allocators):
        self._store = store
        self._schema = schema
        self._allocators = allocators

    def resource(self, document: Any) -> Resource:
        """The resource that a document means; raises Refusal if there is none."""
        api_version, kind, _ = identity(document)
        found = resources.find(api_version, kind)
        if found is not None and self._schema.knows(api_version, kind):
            return found
        return self._custom(api_version, kind) or _no_match(api_version, kind)

    def named(self, kind: str) -> Resource:
        """The resource of a kind as the store or a learner names it; raises Refusal if there is none."""
        if kind in resources.KINDS:
            return resources.KINDS[kind]
        for definition in self._store.list("CustomResourceDefinition"):
            spec = definition.spec
            if kind in (spec["names"]["kind"], f"{spec['names']['kind']}.{spec['group']}"):
                return _custom_resource(spec, spec["versions"][0]["name"])
        raise bad_request(f'the server doesn\'t have a resource type "{kind}"')

    def read(self, document: JSON, resource: Resource) -> JSON:
        """A copy of the document, with right types and its namespace; raises Refusal with every problem of that sort."""
        return self.take(document, resource, STRICT)[0]

    def take(self, document: JSON, resource: Resource, validation: str) -> tuple[JSON, tuple[str, ...]]:
        """As `read`, but unknown fields are refused only where `validation` is Strict, and else left out, where it is Warn with warnings."""
        problems = self._schema.problems(document)
        if problems and (validation == STRICT or not all(each.unknown for each in problems)):
            raise _undecodable(document, problems)
        copy: JSON = fresh(self._schema.known(document) if problems else document)
        meta = copy.setdefault("metadata", {})
        if resource.namespaced and not meta.get("namespace"):
            meta["namespace"] = "default"
        return copy, tuple(each.words for each in problems) if validation == WARN else ()

    def complete(self, document: JSON, resource: Resource) -> list[Cause]:
        """Fill in a new document; returns what is wrong with it. Raises Refusal for a Pod that admission does not let in."""
        meta = document["metadata"]
        if resource.kind == "Pod":
            priority.admit(self._store, document.setdefault("spec", {}), meta.get("name") or meta.get("generateName", ""))
        for name in _SET_BY_THE_SERVER:
            meta.pop(name, None)
        if resource.kind != "Node":
            document.pop("status", None)
        return self._complete(document, resource, None)

    def complete_update(self, document: JSON, old: JSON, resource: Resource) -> list[Cause]:
        """Fill in a document that is to replace `old`; what the server sets is kept. Returns what is wrong with it."""
        meta, before = document["metadata"], old["metadata"]
        _check_preconditions(meta, before, resource)
        for name in _SET_BY_THE_SERVER:
            meta.pop(name, None)
            if name in before:
                meta[name] = before[name]
        if resource.kind == "Namespace" and "spec" not in document:
            document["spec"] = fresh(old.get("spec", {}))
        if resource.kind == "Pod":
            # A Pod made from a template may lack the defaults that only Pods get.
            old = fresh(old)
            defaults.fill(old, resource)
            for field in _KEPT_IN_PODS:
                if field in old["spec"]:
                    document.setdefault("spec", {}).setdefault(field, old["spec"][field])
        return self._complete(document, resource, old)

    def _complete(self, document: JSON, resource: Resource, old: JSON | None) -> list[Cause]:
        canonicalise(self._schema, document)
        defaults.fill(document, resource)
        if resource.kind == "DaemonSet":
            templategeneration.count(document, old)
        before = None if old is None else old.get("spec")
        if resource.kind == "Service":
            services.normalise(document["spec"], before)
            # What was given before may need the defaults of a new type.
            defaults.fill(document, resource)
            wrong = families.settle(document["spec"], before, tuple(self._allocators.cluster_ips))
            if wrong:
                return wrong
        causes = kinds.validate(document, resource) if old is None else kinds.validate_update(document, old, resource)
        if resource.kind == "Service" and not causes:
            causes = services.problems(document["spec"], before, self._allocators)
        return causes

    def _custom(self, api_version: str, kind: str) -> Resource | None:
        group, _, version = api_version.rpartition("/")
        for definition in self._store.list("CustomResourceDefinition") if group else ():
            spec = definition.spec
            versions = [each.get("name") for each in spec.get("versions", ()) if each.get("served", True)]
            if spec.get("group") == group and spec.get("names", {}).get("kind") == kind and version in versions:
                return _custom_resource(spec, version)
        return None


def refuse(causes: list[Cause], resource: Resource, name: str) -> None:
    """Raise the refusal of an invalid object, if there is a cause."""
    if causes:
        raise invalid(resource.titled, name, tuple(causes))


def _custom_resource(spec: JSON, version: str) -> Resource:
    names = spec["names"]
    plural = names.get("plural", names["kind"].lower() + "s")
    return resources.custom(f"{names['kind']}.{spec['group']}", version, plural, spec.get("scope") != "Cluster")


def _no_match(api_version: str, kind: str) -> Resource:
    message = f'no matches for kind "{kind}" in version "{api_version}"'
    known = resources.KINDS.get(kind)
    hint = f'; {kind} is in "{known.api_version}"' if known and known.api_version != api_version else ""
    near = "" if known else _nearest_kind(kind)
    raise Refusal(404, "NotFound", message, (Cause("apiVersion" if known else "kind", "FieldValueNotSupported", message + hint + near),))


def _nearest_kind(kind: str) -> str:
    plain = {known.lower(): known for known in resources.KINDS}
    near = get_close_matches(kind.lower(), plain, 1, 0.7) if len(kind) <= 80 else []
    return f'; did you mean "{plain[near[0]]}"?' if near else ""


def _undecodable(document: JSON, problems: list[Problem]) -> Refusal:
    """A wrong type stops Kubernetes at once; unknown fields are all told."""
    kind, version = document["kind"], document["apiVersion"].rpartition("/")[2]
    wrong = [each.words for each in problems if not each.unknown]
    told = wrong[0] if wrong else "strict decoding error: " + ", ".join(each.words for each in problems)
    causes = tuple(each.cause() for each in problems)
    return bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: {told}', causes)


def _check_preconditions(meta: JSON, before: JSON, resource: Resource) -> None:
    version, uid = meta.get("resourceVersion"), meta.get("uid")
    if version and version != before["resourceVersion"]:
        raise conflict(resource.qualified, before["name"], MODIFIED)
    if uid and uid != before["uid"]:
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {before['uid']}"
        raise conflict(resource.qualified, before["name"], why)
