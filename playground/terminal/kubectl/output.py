"""How is what was found printed with -o?  yaml, json, name, jsonpath, custom-columns.

Source: k8s.io/cli-runtime pkg/printers and pkg/genericclioptions (json_yaml_flags, jsonpath_flags, name_flags); kubectl pkg/cmd/get (customcolumn, get_flags).
Simplified: go-template, kyaml and files with templates are said not to be simulated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.resources import by_kind
from playground.manifests.writer import write
from playground.terminal.kubectl import golang, jsonpath
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.jsonpath import Unfound, Unparsed
from playground.terminal.kubectl.tabs import columns
from playground.terminal.kubectl.unsimulated import sentence

JSON = dict[str, Any]
Printer = Callable[[JSON], str]
UNSIMULATED = ("custom-columns-file", "go-template", "go-template-file", "jsonpath-file", "kyaml", "template", "templatefile")
TEMPLATES = ("jsonpath", "jsonpath-as-json")
GET = "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml"
MADE = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml"


def printer(format: str, allowed: str = GET, managed: bool = False, headers: bool = True) -> Printer:
    """What turns one value, or a List, into text; raises Wrong."""
    name, equals, argument = format.partition("=")
    if name == "yaml":
        return lambda value: write(in_order(_shown(value, managed)))
    if name == "json":
        return lambda value: golang.indented(_shown(value, managed)) + "\n"
    if name == "name":
        return lambda value: "".join(f"{_named(each)}\n" for each in items(value))
    if name in TEMPLATES:
        return _template(name, argument)
    if name == "custom-columns" and equals:
        return _custom(argument, headers)
    if name in UNSIMULATED and name in allowed.split(","):
        raise Wrong(sentence(f"-o {name}"))
    raise Wrong(f'unable to match a printer suitable for the output format "{format}", allowed formats are: {allowed}')


def items(value: JSON) -> list[JSON]:
    listed: list[JSON] = value["items"] if value.get("kind", "").endswith("List") else [value]
    return listed


def listed(documents: list[JSON]) -> JSON:
    """A List as kubectl makes it."""
    return {"apiVersion": "v1", "items": documents, "kind": "List", "metadata": {"resourceVersion": ""}}


def _named(document: JSON) -> str:
    group = document["apiVersion"].rpartition("/")[0]
    kind = document["kind"] if by_kind(document["kind"]).group == group else f"{document['kind']}.{group}"
    return by_kind(kind).spoken(document["metadata"]["name"])


def _shown(value: JSON, managed: bool) -> JSON:
    if managed:
        return value
    if value.get("kind", "").endswith("List"):
        return {**value, "items": [_shown(each, managed) for each in value["items"]]}
    if "metadata" not in value:
        return value
    meta = {key: each for key, each in value["metadata"].items() if key != "managedFields"}
    return {**value, "metadata": meta}


def in_order(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value, order="sorted"))


def _template(name: str, argument: str) -> Printer:
    if not argument:
        raise Wrong("template format specified but no template given")
    try:
        jsonpath.parse(argument)
    except Unparsed as error:
        raise Wrong(f"error parsing jsonpath {argument}, {error}") from None

    def fill(value: JSON) -> str:
        try:
            if name == "jsonpath-as-json":
                return golang.indented(jsonpath.results(argument, value)) + "\n"
            return jsonpath.render(argument, value)
        except Unfound as error:
            raise Wrong(_unfilled(argument, str(error), value)) from None

    return fill


def _unfilled(template: str, why: str, value: JSON) -> str:
    return (
        f'error executing jsonpath "{template}": Error executing template: {why}. Printing more information for debugging the template:\n'
        f"\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\t{golang.source(value)}\n\n\n"
    )


def _custom(spec: str, headers: bool) -> Printer:
    if not spec:
        raise Wrong("custom-columns format specified but no custom columns given")
    parts = []
    for part in spec.split(","):
        header, colon, path = part.partition(":")
        if not colon or (":" in path and not path.strip()):
            raise Wrong(f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        parts.append((header, _path(path)))

    def fill(value: JSON) -> str:
        rows = [[_cell(path, each) for _, path in parts] for each in items(value)]
        lines = [[header for header, _ in parts], *rows] if headers else rows
        return columns("".join("\t".join(line) + "\n" for line in lines))

    return fill


def _path(text: str) -> str:
    try:
        return jsonpath.relaxed(text)
    except Unparsed as error:
        raise Wrong(str(error)) from None


def _cell(path: str, document: JSON) -> str:
    try:
        found = jsonpath.results(path, document)
    except Unfound as error:
        raise Wrong(str(error)) from None
    return ",".join(map(golang.plain, found)) if found else "<none>"
