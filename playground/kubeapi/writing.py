"""Which action does a request that changes something ask for, and what is answered when it was taken?

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/{create,update,patch,delete}.go; pkg/registry/core/pod/storage/eviction.go.
Each write is one action of the log, taken through the one door; a dry run is rehearsed and never logged.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from playground.clusters import looks, service, spending
from playground.kube.actions import Action, Batch, Create, Delete, Evict, Patch, Receipt, Replace, Scale
from playground.kube.apiserver import jsonpatch
from playground.kube.apiserver.deletion import check_preconditions
from playground.kube.apiserver.patches import merge
from playground.kube.errors import Cause, Refusal, bad_request, conflict, forbidden, invalid
from playground.kubeapi import bodies
from playground.kubeapi.exchange import Request
from playground.rest import choosing, forms, reading, scaling, statuses, tokenrequest
from playground.rest.exchange import Answer, answer, not_allowed, not_there
from playground.rest.paths import Target

JSON = dict[str, Any]
STYLES = {
    "application/json-patch+json": "json",
    "application/merge-patch+json": "merge",
    "application/strategic-merge-patch+json": "strategic",
    "application/apply-patch+yaml": "apply",
}
VALIDATIONS = ("Strict", "Warn", "Ignore")
# What a deletion gives back where the object is gone at once; of the others, a Status.
_GIVEN_BACK = frozenset("Pod Service ServiceAccount PersistentVolume PersistentVolumeClaim PodTemplate ResourceQuota".split())
UNSIMULATED = ("resize",)
LIMITS = ("api_writes_per_minute",)


def write(request: Request, kube: Any, target: Target) -> Answer:
    """To be called inside of `looks.alone`; raises Refusal, and then nothing has changed."""
    way = _WAYS.get((request.method, target.subresource if target.name else None))
    if way is None:
        if target.subresource in UNSIMULATED:
            raise Refusal(501, "NotImplemented", f"{target.subresource} of a {target.resource.word} is not simulated in this playground")
        raise not_allowed() if target.subresource in _KNOWN else not_there()
    return way(request, kube, target)


# --- create


def _create(request: Request, kube: Any, target: Target) -> Answer:
    document = _document(request, target)
    receipt, (made, *_) = _act(request, Create([document], _validation(request)))
    return _shown(request, target, made, 201, receipt.warnings)


def _evict(request: Request, kube: Any, target: Target) -> Answer:
    body = bodies.an_object(bodies.decoded(request, "Eviction"), "Eviction")
    pod = reading.found(kube, target)
    options = bodies.part(body, "deleteOptions", "v1.DeleteOptions")
    wanted = _deletion(request, target, options)
    check_preconditions(target.resource, pod, wanted.uid, wanted.version)
    _act(request, Evict(target.name, target.namespace or "", wanted.grace), dry=_is_dry(request, options))
    return answer(statuses.success({}, 201), 201)


# --- change


def _replace(request: Request, kube: Any, target: Target) -> Answer:
    document = _document(request, target)
    action = Replace(document, target.subresource, request.manager, _validation(request))
    receipt, (made, *_) = _act(request, action)
    return _shown(request, target, made or kube.written(receipt.refs[0]), 200, receipt.warnings)


def _patch(request: Request, kube: Any, target: Target) -> Answer:
    style = _style(request)
    if style == "apply":
        return _apply(request, kube, target, bodies.decoded(request, target.resource.word))
    reading.found(kube, target)
    patch = bodies.a_patch(request, style)
    receipt, (made, *_) = _act(request, _patch_action(request, target, patch, style))
    return _shown(request, target, made or kube.written(receipt.refs[0]), 200, receipt.warnings)


def _apply(request: Request, kube: Any, target: Target, patch: Any) -> Answer:
    config = _matched(bodies.an_object(patch, target.resource.word), target)
    new = kube.store.get(target.resource.kind, target.found_in, target.name) is None
    if new and target.subresource:
        reading.found(kube, target)
    receipt, (made, *_) = _act(request, _patch_action(request, target, config, "apply"))
    return _shown(request, target, made, 201 if new else 200, receipt.warnings)


def _patch_action(request: Request, target: Target, patch: Any, style: str) -> Patch:
    who, force = request.asked("fieldManager") if style == "apply" else request.manager, request.flag("force")
    if force and style != "apply":
        raise invalid(
            "PatchOptions.meta.k8s.io", "", (Cause("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch"),)
        )
    where = (target.namespace or "", style, target.subresource)
    return Patch(target.resource.kind, target.name, patch, *where, who, force, _validation(request))


def _scale(request: Request, kube: Any, target: Target) -> Answer:
    """Put or patch the number of replicas alone."""
    thing = reading.found(kube, target)
    before = scaling.scale_of(kube, target)
    if request.method == "PUT":
        after = bodies.an_object(bodies.decoded(request, "Scale"), "Scale")
    else:
        after = _rescaled(before, bodies.a_patch(request, _style(request)), _style(request))
    version = bodies.part(after, "metadata", "v1.ObjectMeta").get("resourceVersion")
    if version and version != str(thing.version):
        why = "the object has been modified; please apply your changes to the latest version and try again"
        raise conflict(target.resource.qualified, target.name, why)
    replicas = bodies.part(after, "spec", "v1.ScaleSpec").get("replicas", 0)
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        raise bad_request("json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32")
    receipt, (made, *_) = _act(request, Scale(target.resource.kind, target.name, replicas, target.namespace or ""))
    return answer(scaling.scale(made), 200, receipt.warnings)


# --- delete


def _delete(request: Request, kube: Any, target: Target) -> Answer:
    options = _options(request)
    thing = reading.found(kube, target)
    before = kube.server.encode(thing)
    receipt, (left, *_) = _act(request, _deletion(request, target, options), dry=_is_dry(request, options))
    if left or target.resource.kind in _GIVEN_BACK:
        return _shown(request, target, left or before, 200, receipt.warnings)
    details = {"name": target.name, "group": target.resource.group, "kind": target.resource.plural, "uid": thing.uid}
    return answer(statuses.success({key: value for key, value in details.items() if value}), 200, receipt.warnings)


def _delete_many(request: Request, kube: Any, target: Target) -> Answer:
    options, choice = _options(request), choosing.of(request, target)
    chosen = [each for each in choice.among(kube) if choice.fields.matches(kube.server.encode(each))]
    documents = [kube.server.encode(each) for each in chosen]
    if chosen:
        word = target.resource.word
        each_of = [_deletion(request, _single(target, each), options) for each in chosen]
        _act(request, Batch(f"Delete {len(chosen)} {word}{'' if len(chosen) == 1 else 's'}", each_of), dry=_is_dry(request, options))
    return answer(forms.many(forms.of(request), target.resource, documents, kube.store.revision, forms.seconds(kube), {}))


def _single(target: Target, thing: Any) -> Target:
    return Target(target.resource, thing.namespace, thing.name, "")


def _options(request: Request) -> JSON:
    """DeleteOptions: from the body, or from parameters."""
    body = bodies.decoded(request, "DeleteOptions")
    if body is not None:
        return bodies.an_object(body, "DeleteOptions")
    options: JSON = {"propagationPolicy": request.asked("propagationPolicy")} if request.asked("propagationPolicy") else {}
    return options | ({"gracePeriodSeconds": request.number("gracePeriodSeconds")} if request.asked("gracePeriodSeconds") else {})


def _deletion(request: Request, target: Target, options: JSON) -> Delete:
    grace, orphan = options.get("gracePeriodSeconds"), options.get("orphanDependents")
    conditions = bodies.part(options, "preconditions", "v1.Preconditions")
    if grace is not None and (not isinstance(grace, int) or isinstance(grace, bool)):
        raise bad_request("json: cannot unmarshal into Go struct field DeleteOptions.gracePeriodSeconds of type int64")
    policy = options.get("propagationPolicy") or ("Orphan" if orphan else "Background")
    wanted = [str(conditions.get(name) or "") for name in ("uid", "resourceVersion")]
    return Delete(target.resource.kind, target.name, target.namespace or "", grace, str(policy), *wanted)


def _is_dry(request: Request, options: JSON) -> bool:
    asked = options.get("dryRun")
    return request.dry or (isinstance(asked, list) and "All" in asked)


# --- what they share


def _rescaled(before: JSON, patch: Any, style: str) -> JSON:
    """A Scale has no lists, so a strategic patch is a merge patch."""
    return jsonpatch.patched(before, patch) if style == "json" else bodies.an_object(merge(before, patch), "Scale")


def _act(request: Request, action: Action, dry: bool | None = None) -> tuple[Receipt, list[JSON]]:
    """Take the action, or rehearse it; its receipt, and the objects as they are then ({} of one that is gone)."""
    if request.dry if dry is None else dry:
        spending.spend(request.cluster.pk, *LIMITS)
        with looks.at(request.cluster) as kube:
            return kube.rehearse(action)
    receipt = service.act(request.cluster, action, secrets.token_urlsafe(12), LIMITS, keep=False)
    with looks.at(request.cluster) as kube:
        return receipt, [kube.shown(ref) for ref in receipt.refs]


def _document(request: Request, target: Target) -> JSON:
    return _matched(bodies.an_object(bodies.decoded(request, target.resource.word), target.resource.word), target)


def _matched(document: JSON, target: Target) -> JSON:
    """The document with what the address says of it; raises Refusal where they differ."""
    word, version = target.resource.word, target.resource.api_version
    document = {"apiVersion": version, "kind": word, **document}
    if document["kind"] != word:
        raise bad_request(
            f'{document["kind"]} in version "{version.rpartition("/")[2]}" cannot be handled as a {word}: converting '
            f"(v1.{document['kind']}) to (core.{word}): unknown conversion"
        )
    if document["apiVersion"] != version:
        raise bad_request(f"the API version in the data ({document['apiVersion']}) does not match the expected API version ({version})")
    meta = bodies.part(document, "metadata", "v1.ObjectMeta")
    if target.namespace:
        if meta.get("namespace") not in (None, "", target.namespace):
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        meta = {**meta, "namespace": target.namespace}
    if target.name:
        if meta.get("name") not in (None, "", target.name):
            raise bad_request(f"the name of the object ({meta.get('name')}) does not match the name on the URL ({target.name})")
        meta = {**meta, "name": target.name}
    return {**document, "metadata": meta}


def _shown(request: Request, target: Target, document: JSON, status: int, warnings: tuple[str, ...]) -> Answer:
    with looks.at(request.cluster) as kube:
        return answer(forms.one(forms.of(request), target.resource, document, forms.seconds(kube)), status, warnings)


def _style(request: Request) -> str:
    type = bodies.content_type(request)
    if type not in STYLES:
        known = ", ".join(STYLES)
        message = f"the body of the request was in an unknown format - accepted media types include: {known}"
        raise Refusal(415, "UnsupportedMediaType", message)
    return STYLES[type]


def _validation(request: Request) -> str:
    asked = request.asked("fieldValidation") or "Warn"
    if asked not in VALIDATIONS:
        supported = '"Ignore", "Warn", "Strict"'
        why = f'Unsupported value: "{asked}": supported values: {supported}'
        raise invalid("CreateOptions.meta.k8s.io", "", (Cause("fieldValidation", "FieldValueNotSupported", why),))
    return asked


def refuse_reader(request: Request, target: Target, verb: str) -> Refusal:
    """In the words of RBAC."""
    resource = target.resource.plural + (f"/{target.subresource}" if target.subresource else "")
    where = f' in the namespace "{target.namespace}"' if target.namespace else " at the cluster scope"
    why = f'User "reader" cannot {verb} resource "{resource}" in API group "{target.resource.group}"{where}'
    refusal = forbidden(target.resource.qualified, target.name, why)
    return (
        refusal
        if target.name
        else Refusal(403, "Forbidden", f"{target.resource.qualified} is forbidden: {why}", subject=(target.resource.qualified, ""))
    )


def _issue_token(request: Request, kube: Any, target: Target) -> Answer:
    """Nothing is stored, so it is no action."""
    if target.resource.kind != "ServiceAccount":
        raise not_there()
    document = bodies.an_object(bodies.decoded(request, tokenrequest.KIND), tokenrequest.KIND)
    spec = bodies.part(document, "spec", "v1.TokenRequestSpec")
    return answer(tokenrequest.issued(kube, target.found_in, target.name, spec), 201)


_KNOWN = ("", "status", "scale", "eviction", "token")
# By method and subresource; None is a whole collection.
_WAYS: dict[tuple[str, str | None], Callable[[Request, Any, Target], Answer]] = {
    ("POST", None): _create,
    ("POST", "eviction"): _evict,
    ("POST", "token"): _issue_token,
    ("PUT", ""): _replace,
    ("PUT", "status"): _replace,
    ("PUT", "scale"): _scale,
    ("PATCH", ""): _patch,
    ("PATCH", "status"): _patch,
    ("PATCH", "scale"): _scale,
    ("DELETE", ""): _delete,
    ("DELETE", None): _delete_many,
}
