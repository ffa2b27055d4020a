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

from playground.kube.apiserver import resources
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.schema import Schema
from playground.kube.apiserver.served import ASKED, VERSION
from playground.kube.apiserver.served import custom as custom_kinds
from playground.rest.discovery import subresources
from playground.rest.exchange import Answer, Request, answer, not_there

JSON = dict[str, Any]
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
CONFIG_MAP = "io.k8s.api.core.v1.ConfigMap"
_INFO = {"title": "Kubernetes", "version": VERSION[2]}
# gnostic's openapiv2.Document: 1 swagger, 2 info (1 title, 2 version).
SECOND = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
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
_WRITING = dict.fromkeys(("dryRun", "fieldManager", "fieldValidation"), "string")
_CHOOSING = dict.fromkeys(("labelSelector", "fieldSelector", "continue", "resourceVersion", "resourceVersionMatch"), "string")
_DELETING = {"dryRun": "string", "gracePeriodSeconds": "integer", "propagationPolicy": "string"}
_PARAMETERS = {
    "list": {**_CHOOSING, "limit": "integer"},
    "post": _WRITING,
    "put": _WRITING,
    "patch": {**_WRITING, "force": "boolean"},
    "delete": _DELETING,
    "deletecollection": {**_CHOOSING, **_DELETING},
}
_PATCHES = {
    "apply-patch+yaml": "object",
    "json-patch+json": "array",
    "merge-patch+json": "object",
    "strategic-merge-patch+json": "object",
}


class Document(msgspec.Struct, frozen=True):
    """A document as JSON and compressed; `hash` names its content."""

    plain: bytes
    packed: bytes
    hash: str


class Known(msgspec.Struct, frozen=True):
    """The schema of the built-in kinds; the custom ones, and what their definitions say of their fields."""

    schema: Schema
    custom: list[Resource]
    told: JSON


def known(kube: Any) -> Known:
    """To be asked while nothing moves the cluster."""
    return Known(kube.schema, custom_kinds(kube.store), _told(kube))


def document(request: Request, known: Known) -> Answer:
    """`openapi/v2`, `openapi/v3`, and `openapi/v3/<group and version>`; raises Refusal."""
    if request.path == "openapi/v2":
        return _second(request)
    if request.path == "openapi/v3":
        return answer({"paths": {_place(each): _link(request, each, known) for each in _versions(known.custom)}})
    found = [each for each in _versions(known.custom) if request.path == f"openapi/v3/{_place(each)}"]
    if not found:
        raise not_there()
    made = _document(found[0], known)
    kept = (("Cache-Control", FOR_EVER), ("ETag", f'"{made.hash}"'), ("Vary", "Accept-Encoding"))
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Answer(made.packed, headers=(*kept, ("Content-Encoding", "gzip")))
    return Answer(made.plain, headers=kept)


def _second(request: Request) -> Answer:
    """Version 2 knows no kind: kubectl asks it only for what version 3 does not know, and believes that there is no such kind."""
    if "proto" not in request.headers.get("accept", ""):
        return answer({"swagger": "2.0", "info": _INFO, "paths": {}, "definitions": {}})
    info = b"".join(bytes([number << 3 | 2, len(text)]) + text for number, text in ((1, b"Kubernetes"), (2, VERSION[2].encode())))
    return Answer(b"\x0a\x032.0\x12" + bytes([len(info)]) + info, type=SECOND)


def _versions(custom: list[Resource]) -> list[str]:
    """The apiVersions, built in and custom."""
    asked = (f"{group}/{version}" for _, group, version, *_ in ASKED)
    return list(dict.fromkeys([*(each.api_version for each in [*resources.KINDS.values(), *custom]), *asked]))


def _place(api_version: str) -> str:
    return f"apis/{api_version}" if "/" in api_version else f"api/{api_version}"


def _link(request: Request, api_version: str, known: Known) -> JSON:
    return {"serverRelativeURL": f"{request.prefix}/openapi/v3/{_place(api_version)}?hash={_document(api_version, known).hash}"}


def _document(api_version: str, known: Known) -> Document:
    own = tuple(each for each in known.custom if each.api_version == api_version)
    return _built_in(known.schema, api_version) if not own else _packed(_whole(known.schema, api_version, own, known.told))


def _told(kube: Any) -> JSON:
    """What CustomResourceDefinitions say of their fields, by the schema's name."""
    return {
        f"{each.spec['group']}.{version['name']}.{each.spec['names']['kind']}": version.get("schema", {}).get("openAPIV3Schema", {})
        for each in kube.store.list("CustomResourceDefinition")
        for version in each.spec.get("versions", ())
    }


@cache
def _built_in(schema: Schema, api_version: str) -> Document:
    return _packed(_whole(schema, api_version, [each for each in resources.KINDS.values() if each.api_version == api_version], {}))


def _packed(value: JSON) -> Document:
    plain = msgspec.json.encode(value)
    return Document(plain, gzip.compress(plain, 6, mtime=0), hashlib.sha256(plain).hexdigest()[:32].upper())


def _whole(schema: Schema, api_version: str, kinds: Any, told: JSON) -> JSON:
    paths = {path: operations for each in kinds for path, operations in _paths(schema, each)} | _asked(schema, api_version)
    return {"openapi": "3.0.0", "info": _INFO, "paths": paths, "components": {"schemas": _schemas(schema, api_version, kinds, told)}}


# --- which addresses there are


def _asked(schema: Schema, api_version: str) -> JSON:
    """The kinds that are only asked."""
    return {
        f"/{_place(api_version)}/{plural}": _operations(schema, {"group": group, "version": version, "kind": kind}, post="post")
        for plural, group, version, kind, _ in ASKED
        if f"{group}/{version}" == api_version
    }


def _paths(schema: Schema, resource: Resource) -> Iterator[tuple[str, JSON]]:
    base = f"/{_place(resource.api_version)}"
    gvk = {"group": resource.group, "version": resource.version, "kind": resource.word}
    if resource.namespaced:
        yield f"{base}/{resource.plural}", _operations(schema, gvk, get="list")
        base += "/namespaces/{namespace}"
    within = [_parameter("namespace", "path")] if resource.namespaced else []
    yield (
        f"{base}/{resource.plural}",
        {"parameters": within, **_operations(schema, gvk, get="list", post="post", delete="deletecollection")},
    )
    one, named = f"{base}/{resource.plural}/{{name}}", [_parameter("name", "path"), *within]
    yield one, {"parameters": named, **_operations(schema, gvk, get="get", put="put", patch="patch", delete="delete")}
    for (name, *_, verbs), below in zip(subresources(resource), _below(resource), strict=True):
        methods = {"get": "get"} if "get" in verbs else {}
        methods |= {"put": "put", "patch": "patch"} if "patch" in verbs else {"post": "post"} if "create" in verbs else {}
        yield f"{one}/{name}", {"parameters": named, **_operations(schema, below, **methods)}


def _operations(schema: Schema, gvk: JSON, **methods: str) -> JSON:
    return {method: _operation(schema, gvk, action) for method, action in methods.items()}


def _operation(schema: Schema, gvk: JSON, action: str) -> JSON:
    return {
        "parameters": [_parameter(name, "query", type) for name, type in _PARAMETERS.get(action, {}).items()],
        **_body(schema, gvk, action),
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": gvk,
    }


def _parameter(name: str, place: str, type: str = "string") -> JSON:
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, **required, "schema": {"type": type, "uniqueItems": True}}


def _body(schema: Schema, gvk: JSON, action: str) -> JSON:
    """What an operation takes. The type of a whole object is that of its kind, where this document has it."""
    if action in ("post", "put"):
        name = _named(schema, gvk)
        content = {"*/*": {"schema": _reference(name) if name else {"type": "object"}}}
    elif action == "patch":
        content = {f"application/{style}": {"schema": {"type": type}} for style, type in _PATCHES.items()}
    else:
        return {}
    return {"requestBody": {"content": content, "required": True}}


def _named(schema: Schema, gvk: JSON) -> str | None:
    """The type of a kind; None if Kubernetes does not publish it."""
    return schema.kinds.get("/".join(filter(None, (gvk["group"], gvk["version"], gvk["kind"]))))


def _below(resource: Resource) -> list[JSON]:
    """The kinds of a resource's subresources."""
    return [{"group": group, "version": version, "kind": kind} for _, group, version, kind, _ in subresources(resource)]


# --- which fields there are


def _schemas(schema: Schema, api_version: str, kinds: Any, told: JSON) -> JSON:
    roots = {key: name for key, name in schema.kinds.items() if key.rpartition("/")[0] == api_version}
    made: JSON = dict(SPECIAL.values())
    for name in (*roots.values(), *filter(None, (_named(schema, gvk) for each in kinds for gvk in _below(each)))):
        made |= _with_references(schema, name)
    for key, name in roots.items():
        group, _, version = api_version.rpartition("/")
        made[name] = {
            **made[name],
            "x-kubernetes-group-version-kind": [{"group": group, "version": version, "kind": key.rpartition("/")[2]}],
        }
    names = {f"{each.group}.{each.version}.{each.word}": each for each in kinds if "." in each.kind}
    if names and META not in made:
        made |= _with_references(schema, META)
    common = _type(schema.types[CONFIG_MAP])["properties"]
    return made | {name: _custom(each, told.get(name, {}), common) for name, each in names.items()}


def _with_references(schema: Any, name: str) -> JSON:
    """A type, and those that it refers to."""
    made: JSON = {}
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name not in made:
            made[name] = _type(schema.types[name])
            waiting += _references(schema.types[name])
    return made


def _custom(resource: Resource, told: JSON, common: JSON) -> JSON:
    """What its definition says, and what every object has."""
    gvk = {"group": resource.group, "version": resource.version, "kind": resource.word}
    first = {name: common[name] for name in ("apiVersion", "kind", "metadata")}
    known = {**told, "type": "object", "properties": {**first, **told.get("properties", {})}}
    return {**known, "x-kubernetes-group-version-kind": [gvk]}


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
