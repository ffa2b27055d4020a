"""What fields do Kubernetes' own objects have? Kubernetes' published definitions, cut down to what this server asks of them.

Every kind and every type that a kind reaches, as one JSON value:

    {"kinds": {"v1/Service": "io.k8s.api.core.v1.Service", "apps/v1/Deployment": "io.k8s.api.apps.v1.Deployment", ...},
     "types": {"io.k8s.api.core.v1.ServicePort": {"description": "...", "required": ["port"], "fields": {"port": FIELD, ...}}, ...}}

    FIELD = {"type": "string" | "integer" | "number" | "boolean" | "array" | "object" | "any" | "int-or-string" | "quantity" | "time",
             "ref": "io.k8s....",     an object of that type; `types` has it
             "items": FIELD,          what an array holds
             "values": FIELD,         what a map of strings holds (an object without ref and values may hold anything)
             "format": "int32" | "int64" | "byte" | "double",
             "enum": [...],           the only values allowed
             "listType": "map" | "set" | "atomic", "listMapKeys": ["port", "protocol"],         for server-side apply
             "patchStrategy": "merge" | "retainKeys" | "merge,retainKeys", "mergeKey": "port",   for strategic merge patch
             "mapType": "atomic",
             "description": "..."}

A key that would be empty is absent. Source: api/openapi-spec of kubernetes/kubernetes 1.37, as JSON Schema.
"""

from typing import Any

Definition = dict[str, Any]

SPECIAL = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "time",
}
COPIED = {
    "format": "format",
    "enum": "enum",
    "x-kubernetes-list-type": "listType",
    "x-kubernetes-list-map-keys": "listMapKeys",
    "x-kubernetes-patch-strategy": "patchStrategy",
    "x-kubernetes-patch-merge-key": "mergeKey",
    "x-kubernetes-map-type": "mapType",
    "description": "description",
}


def compact(definitions: dict[str, Definition]) -> dict[str, Any]:
    """The value above, from JSON Schema definitions by name. Those that are no kind and that no kind reaches are left out."""
    kinds = {key: name for name, definition in definitions.items() for key in _kinds(definition)}
    reached: dict[str, Definition] = {}
    waiting = sorted(set(kinds.values()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = _type(definitions[name], definitions)
            waiting += _references(reached[name])
    return {"kinds": dict(sorted(kinds.items())), "types": dict(sorted(reached.items()))}


def _kinds(definition: Definition) -> list[str]:
    """The keys under which an object of this type is written. A type of several groups (DeleteOptions) is never applied, so it is no kind."""
    names = definition.get("x-kubernetes-group-version-kind", [])
    return ["/".join(filter(None, (name["group"], name["version"], name["kind"]))) for name in names] if len(names) == 1 else []


def _type(definition: Definition, definitions: dict[str, Definition]) -> Definition:
    fields = {name: _field(schema, definitions) for name, schema in definition.get("properties", {}).items()}
    return _without_empty({"description": definition.get("description"), "required": definition.get("required"), "fields": fields})


def _field(schema: Definition, definitions: dict[str, Definition]) -> Definition:
    copied = {ours: schema.get(theirs) for theirs, ours in COPIED.items()}
    return _without_empty({**_shape(schema, definitions), **copied})


def _shape(schema: Definition, definitions: dict[str, Definition]) -> Definition:
    if "$ref" in schema:
        return _named(schema["$ref"].removeprefix("#/$defs/"), definitions)
    inner = {
        "items": _field(schema["items"], definitions) if "items" in schema else None,
        "values": _field(schema["additionalProperties"], definitions) if isinstance(schema.get("additionalProperties"), dict) else None,
    }
    return {"type": _word(schema), **inner}


def _named(name: str, definitions: dict[str, Definition]) -> Definition:
    """A named type with fields is kept as a reference; one without is said in a word."""
    if name in SPECIAL:
        return {"type": SPECIAL[name]}
    if "properties" in definitions[name]:
        return {"type": "object", "ref": name}
    return {"type": _word(definitions[name])}


def _word(schema: Definition) -> str:
    """The JSON type. Kubernetes takes null for "not set" everywhere, so that is not said."""
    types = schema.get("type", "any")
    return next(word for word in types if word != "null") if isinstance(types, list) else str(types)


def _references(value: Definition) -> list[str]:
    """Every type that the fields of a type name."""
    found = [value["ref"]] if "ref" in value else []
    inner = [*value.get("fields", {}).values(), *(value[key] for key in ("items", "values") if key in value)]
    return found + [name for field in inner for name in _references(field)]


def _without_empty(value: Definition) -> Definition:
    return {key: entry for key, entry in value.items() if entry not in (None, [], {})}
