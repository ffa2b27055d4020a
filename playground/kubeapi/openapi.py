"""Which fields do the kinds have, said so that kubectl can explain them and check manifests?  OpenAPI v3, one document a group and version.

Source: kubernetes.io/docs/concepts/overview/kubernetes-api (OpenAPI V3); k8s.io/kube-openapi pkg/handler3.
The fields come from the schema that `make setup` derives; what is said of each stands in the same words.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from playground.clusters import engine, service
from playground.kube.apiserver import resources
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.served import VERSION
from playground.kube.apiserver.served import custom as custom_kinds
from playground.kubeapi.discovery import subresources
from playground.kubeapi.exchange import Answer, Request, answer, not_there

JSON = dict[str, Any]
FOR_EVER = "public, immutable, max-age=31536000"
SPECIAL: dict[str, tuple[str, JSON]] = {
    "int-or-string": (
        "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
        {"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]},
    ),
    "quantity": ("io.k8s.apimachinery.pkg.api.resource.Quantity", {"oneOf": [{"type": "string"}, {"type": "number"}]}),
    "time": ("io.k8s.apimachinery.pkg.apis.meta.v1.Time", {"type": "string", "format": "date-time"}),
}
COPIED = {
    "description": "description",
    "format": "format",
    "enum": "enum",
    "listType": "x-kubernetes-list-type",
    "listMapKeys": "x-kubernetes-list-map-keys",
    "patchStrategy": "x-kubernetes-patch-strategy",
    "mergeKey": "x-kubernetes-patch-merge-key",
    "mapType": "x-kubernetes-map-type",
}
_OPTIONS = ("dryRun", "fieldManager", "fieldValidation")


class Document(msgspec.Struct, frozen=True):
    """A document as JSON and compressed; `hash` names its content."""

    plain: bytes
    packed: bytes
    hash: str


def document(request: Request) -> Answer:
    """`openapi/v3`, and `openapi/v3/<group and version>`; raises Refusal."""
    with service.looking(request.cluster) as kube:
        custom = custom_kinds(kube.store)
    if request.path == "openapi/v3":
        return answer({"paths": {_place(each): _link(request, each, custom) for each in _versions(custom)}})
    found = [each for each in _versions(custom) if request.path == f"openapi/v3/{_place(each)}"]
    if not found:
        raise not_there()
    made = _document(found[0], custom)
    kept = (("Cache-Control", FOR_EVER), ("ETag", f'"{made.hash}"'), ("Vary", "Accept-Encoding"))
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Answer(made.packed, headers=(*kept, ("Content-Encoding", "gzip")))
    return Answer(made.plain, headers=kept)


def _versions(custom: list[Resource]) -> list[str]:
    """The apiVersions, built in and custom."""
    return list(dict.fromkeys(each.api_version for each in [*resources.KINDS.values(), *custom]))


def _place(api_version: str) -> str:
    return f"apis/{api_version}" if "/" in api_version else f"api/{api_version}"


def _link(request: Request, api_version: str, custom: list[Resource]) -> JSON:
    return {"serverRelativeURL": f"{request.prefix}/openapi/v3/{_place(api_version)}?hash={_document(api_version, custom).hash}"}


def _document(api_version: str, custom: list[Resource]) -> Document:
    own = tuple(each for each in custom if each.api_version == api_version)
    return _built_in(api_version) if not own else _packed(_whole(api_version, own))


@cache
def _built_in(api_version: str) -> Document:
    return _packed(_whole(api_version, [each for each in resources.KINDS.values() if each.api_version == api_version]))


def _packed(value: JSON) -> Document:
    plain = msgspec.json.encode(value)
    return Document(plain, gzip.compress(plain, 6, mtime=0), hashlib.sha256(plain).hexdigest()[:32].upper())


def _whole(api_version: str, kinds: Any) -> JSON:
    paths = {path: operations for each in kinds for path, operations in _paths(each)}
    info = {"title": "Kubernetes", "version": VERSION[2]}
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": _schemas(api_version, kinds)}}


# --- which addresses there are


def _paths(resource: Resource) -> Iterator[tuple[str, JSON]]:
    base = f"/{_place(resource.api_version)}"
    gvk = {"group": resource.group, "version": resource.version, "kind": resource.word}
    if resource.namespaced:
        yield f"{base}/{resource.plural}", _operations(gvk, get="list")
        base += "/namespaces/{namespace}"
    yield f"{base}/{resource.plural}", _operations(gvk, get="list", post="post", delete="deletecollection")
    one = f"{base}/{resource.plural}/{{name}}"
    yield one, _operations(gvk, get="get", put="put", patch="patch", delete="delete")
    for name, group, version, kind, verbs in subresources(resource):
        below = {"group": group, "version": version, "kind": kind}
        methods = {"get": "get"} if "get" in verbs else {}
        methods |= {"put": "put", "patch": "patch"} if "patch" in verbs else {"post": "post"} if "create" in verbs else {}
        yield f"{one}/{name}", _operations(below, **methods)


def _operations(gvk: JSON, **methods: str) -> JSON:
    return {method: _operation(gvk, action) for method, action in methods.items()}


def _operation(gvk: JSON, action: str) -> JSON:
    query = _OPTIONS if action in ("post", "put", "patch") else ()
    parameters = [{"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}} for name in query]
    parameters += [{"name": "force", "in": "query", "schema": {"type": "boolean", "uniqueItems": True}}] if action == "patch" else []
    return {
        "parameters": parameters,
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": gvk,
    }


# --- which fields there are


def _schemas(api_version: str, kinds: Any) -> JSON:
    schema = engine.schema()
    roots = {key: name for key, name in schema.kinds.items() if key.rpartition("/")[0] == api_version}
    made: JSON = dict(SPECIAL.values())
    waiting = sorted(roots.values())
    while waiting:
        name = waiting.pop()
        if name not in made:
            made[name] = _type(schema.types[name])
            waiting += [each for each in _references(schema.types[name]) if each not in made]
    for key, name in roots.items():
        group, _, version = api_version.rpartition("/")
        made[name] = {
            **made[name],
            "x-kubernetes-group-version-kind": [{"group": group, "version": version, "kind": key.rpartition("/")[2]}],
        }
    return made | {f"{each.group}.{each.version}.{each.word}": _custom(each) for each in kinds if "." in each.kind}


def _custom(resource: Resource) -> JSON:
    gvk = {"group": resource.group, "version": resource.version, "kind": resource.word}
    return {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "x-kubernetes-group-version-kind": [gvk]}


def _type(type: JSON) -> JSON:
    described = {"description": type["description"]} if "description" in type else {}
    required = {"required": type["required"]} if type.get("required") else {}
    return {"type": "object", **described, **required, "properties": {name: _field(each) for name, each in type.get("fields", {}).items()}}


def _field(field: JSON) -> JSON:
    copied = {theirs: field[ours] for ours, theirs in COPIED.items() if ours in field}
    if "ref" in field:
        return {**copied, "allOf": [_reference(field["ref"])], "default": {}}
    if field["type"] in SPECIAL:
        copied.pop("format", None)
        return {**copied, "allOf": [_reference(SPECIAL[field["type"]][0])]}
    if field["type"] == "any":
        return copied
    inner = {"items": _field(field["items"])} if "items" in field else {}
    inner |= {"additionalProperties": _field(field["values"])} if "values" in field else {}
    return {**copied, "type": field["type"], **inner}


def _reference(name: str) -> JSON:
    return {"$ref": f"#/components/schemas/{name}"}


def _references(value: JSON) -> list[str]:
    found = [value["ref"]] if "ref" in value else []
    inner = [*value.get("fields", {}).values(), *(value[key] for key in ("items", "values") if key in value)]
    return found + [name for field in inner for name in _references(field)]
