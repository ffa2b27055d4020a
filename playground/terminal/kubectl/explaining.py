"""What does `kubectl explain` print?  The fields of a kind, in the words of Kubernetes' own schema.

Source: staging/src/k8s.io/kubectl/pkg/cmd/explain; pkg/explain/v2 (the template plaintext, and `wrap`); github.com/mitchellh/go-wordwrap.
The schema is the one that the API serves: a reference is an object of its own, and an IntOrString, a Quantity and a Time are too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.errors import Bare, Wrong

JSON = dict[str, Any]
FLAGS = "api-version:text max-depth:whole output/o:text recursive/R:switch"
SUGGEST = 'Use "kubectl api-resources" for a complete list of supported resources.'
WORDS = {"int-or-string": "IntOrString", "quantity": "Quantity", "time": "string", "any": "Object", "object": "Object"}
WIDE = 76
MOST_SHORT = 4


def explain(call: Call) -> Program:
    flags = call.flags
    if not call.words:
        raise Wrong(f"You must specify the type of resource to explain. {SUGGEST}\n")
    if len(call.words) > 1:
        raise Wrong("We accept only this format: explain RESOURCE\n")
    if flags.text("output", "plaintext") != "plaintext":
        raise Wrong(f"explain --output={flags.text('output')} is not simulated in this terminal")
    resource, path, types, root = yield Look(lambda kube: _found(kube, call.words[0], flags.text("api-version")))
    group = f"GROUP:      {resource.group}\n" if resource.group else ""
    yield from out(f"{group}KIND:       {resource.word}\nVERSION:    {resource.version}\n\n")
    yield from out(_page(path, _Types(types, flags.on("recursive"), flags.of("max-depth", 0)), root))
    return 0


def _found(kube: Cluster, word: str, version: str) -> tuple[Resource, list[str], JSON, JSON]:
    """The kind, the fields' names behind it, and its type. `deployments.apps.spec` names the group too."""
    first, *rest = word.split(".")
    for count in range(len(rest), -1, -1):
        try:
            resource = api.resource(kube, ".".join([first, *rest[:count]]))
        except Wrong:
            if count == 0:
                raise Bare(f'the server doesn\'t have a resource type "{first}"') from None
            continue
        break
    if version not in ("", resource.api_version):
        group, _, number = version.rpartition("/")
        gone = f"{group or ''}/{number}, Resource={resource.plural}"
        raise Wrong(f'couldn\'t find resource for "{gone}"')
    schema = kube.schema
    return resource, rest[count:], schema.types, schema.root(resource.api_version, resource.word)


def _page(path: list[str], types: _Types, root: JSON) -> str:
    field, head = root, ""
    for place, name in enumerate(path):
        known = types.fields(field)
        if name not in known:
            raise Wrong(f'field "{path[-1]}" does not exist')
        field = known[name]
        if place == len(path) - 1:
            head += f"FIELD: {name} <{types.word(field)}>\n{_enum(field, '    ', 0)}\n\n"
    told = "".join(f"{each}\n" for each in types.descriptions(field)) or "<empty>"
    fields = types.listed(field, 1)
    return f"{head}DESCRIPTION:\n{_indented(_wrapped(told, WIDE), 4)}\n{f'FIELDS:{chr(10)}{fields}' if fields else ''}\n"


class _Types:
    """The schema's types by name. A field is `{type, ref, items, values, ...}`."""

    def __init__(self, types: JSON, recursive: bool, deepest: int):
        self._types = types
        self._recursive = recursive
        self._deepest = deepest

    def fields(self, field: JSON) -> JSON:
        """By name, of an object, or of what is listed or mapped."""
        inner = self._inner(field)
        if inner is not None:
            return self.fields(inner)
        found: JSON = self._type(field).get("fields") or field.get("fields") or {}
        return dict(sorted(found.items()))

    def descriptions(self, field: JSON) -> Iterator[str]:
        if field.get("description"):
            yield field["description"]
        if "ref" in field and self._type(field).get("description"):
            yield self._type(field)["description"]
        inner = self._inner(field)
        if inner is not None:
            yield from self.descriptions(inner)

    def word(self, field: JSON) -> str:
        if "items" in field:
            return f"[]{self.word(field['items'])}"
        if "values" in field:
            return f"map[string]{self.word(field['values'])}"
        if "ref" in field:
            return str(field["ref"]).rpartition(".")[2]
        return WORDS.get(field.get("type", "any"), field.get("type", ""))

    def listed(self, field: JSON, level: int, above: tuple[str, ...] = ()) -> str:
        """The fields, each with its description, or with those inside of it."""
        ref = self._ref(field)
        if ref in above or (self._deepest and level > self._deepest):
            return ""
        required = self._type(self._innermost(field)).get("required") or ()
        text = ""
        for name, each in self.fields(field).items():
            text += self._one(name, each, level, name in required)
            if self._recursive:
                text += self.listed(each, level + 1, (*above, ref) if ref else above)
        return text

    def _one(self, name: str, field: JSON, level: int, required: bool) -> str:
        pad = level * 2
        line = f"{' ' * pad}{name}\t<{self.word(field)}>{' -required-' if required else ''}{_enum(field, '', pad)}\n"
        if self._recursive:
            return line
        return f"{line}{_indented(_wrapped(field.get('description') or '<no description>', 78 - pad), pad + 2)}\n\n"

    def _type(self, field: JSON) -> JSON:
        found: JSON = self._types.get(field["ref"], {}) if "ref" in field else field
        return found

    def _inner(self, field: JSON) -> JSON | None:
        return field.get("items") or field.get("values")

    def _innermost(self, field: JSON) -> JSON:
        inner = self._inner(field)
        return field if inner is None else self._innermost(inner)

    def _ref(self, field: JSON) -> str:
        return str(self._innermost(field).get("ref", ""))


def _enum(field: JSON, before: str, pad: int) -> str:
    """`before` is what a long list begins its lines with; a short one stands in one line and is cut."""
    values = ['""' if each == "" else str(each) for each in field.get("enum") or ()]
    if not values:
        return ""
    if before:
        return "ENUM:" + "".join(f"\n{before}{each}" for each in values)
    return f"\n{' ' * pad}enum: {', '.join(values[:MOST_SHORT])}{', ....' if len(values) > MOST_SHORT else ''}"


def _indented(text: str, amount: int) -> str:
    pad = " " * amount
    return pad + text.replace("\n", f"\n{pad}")


def _wrapped(text: str, limit: int) -> str:
    """Lines of at most so many characters, broken at spaces; a word that is longer stands alone."""
    done, current, spaces, word = "", 0, "", ""
    for sign in text:
        if sign == "\n":
            kept = word or current + len(spaces) <= limit
            done, current, spaces, word = done + (spaces + word if kept else "") + sign, 0, "", ""
        elif sign.isspace() and sign != "\xa0":
            if not spaces or word:
                done, current, spaces, word = done + spaces + word, current + len(spaces) + len(word), "", ""
            spaces += sign
        else:
            word += sign
            if current + len(spaces) + len(word) > limit and len(word) < limit:
                done, current, spaces = done + "\n", 0, ""
    return done + (spaces + word if word or current + len(spaces) <= limit else "")
