"""Which documents does `-f` name, and which objects are they?  `-` is standard input, anything else a file or a directory of the place.

Source: k8s.io/cli-runtime pkg/resource/builder.go (FilenameParam), visitor.go (StreamVisitor, FileVisitorForSTDIN), mapper.go.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.resources import Resource
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
from playground.terminal.kubectl import api
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import File, Look, Steps
from playground.terminal.kubectl.builder import Found
from playground.terminal.kubectl.call import Call, stdin
from playground.terminal.kubectl.errors import Wrong, together

JSON = dict[str, Any]
STDIN = "STDIN"
MANIFESTS = (".json", ".yaml", ".yml")
NO_WORDS_BESIDE = "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"


class Given(msgspec.Struct):
    """A document, what it is and where it stands; `namespace` is '' for what has none."""

    resource: Resource
    document: JSON
    source: str

    @property
    def name(self) -> str:
        return str((self.document.get("metadata") or {}).get("name", ""))

    @property
    def namespace(self) -> str:
        return str((self.document.get("metadata") or {}).get("namespace", "")) if self.resource.namespaced else ""


def given(call: Call) -> Steps:
    """All documents of `-f`, with their namespaces; raises Wrong."""
    found: list[Given] = []
    for path in call.flags.of("filename", []):
        for source, text in (yield from _texts(path)):
            flat = _documents(source, text)
            found += yield Look(lambda kube, source=source, flat=flat: [_taken(kube, call, each, source) for each in flat])
    return found


def objects(call: Call, words: list[str]) -> Steps:
    """The objects that the documents of `-f` name, as they are now: Found. `words` name objects beside them. Raises Wrong."""
    if words:
        raise Wrong(NO_WORDS_BESIDE)
    named = yield from given(call)
    return (yield Look(lambda kube: _found(kube, named)))


def _texts(path: str) -> Steps:
    if path == "-":
        return [(STDIN, (yield from stdin()))]
    found = yield File(path)
    if path in found:
        return list(found.items())
    kept = [(name, text) for name, text in found.items() if name.endswith(MANIFESTS)]
    if not kept:
        raise Wrong(f"error reading [{path}]: recognized file extensions are [.json .yaml .yml]")
    return kept


def _documents(source: str, text: str) -> list[JSON]:
    try:
        values = read(text).values
    except BadYAML as error:
        raise Wrong(f"error parsing {source}: error converting YAML to JSON: yaml: {error}") from None
    return [each for value in values for each in (value.get("items") or [] if value.get("kind", "").endswith("List") else [value])]


def _found(kube: Cluster, named: list[Given]) -> Found:
    groups: list[tuple[Resource, list[Info]]] = []
    errors: list[Exception] = []
    for each in named:
        try:
            groups.append((each.resource, [Info(each.resource, api.one(kube, each.resource, each.namespace, each.name), each.source)]))
        except Refusal as refusal:
            errors.append(api.nowhere(kube, each.resource, each.namespace, refusal))
    return Found(groups, len(named) == 1, together(errors))


def _taken(kube: Cluster, call: Call, document: JSON, source: str) -> Given:
    if not document.get("kind"):
        shown = msgspec.json.encode(document, order="sorted").decode()
        raise Wrong(f"unable to decode \"{source}\": Object 'Kind' is missing in '{shown}'")
    if not document.get("apiVersion"):
        hint = "if you choose to ignore these errors, turn validation off with --validate=false"
        raise Wrong(f'error validating "{source}": error validating data: apiVersion not set; {hint}')
    kind = _kind(kube, document, source)
    meta = dict(document.get("metadata") or {})
    if kind.namespaced:
        wanted = call.flags.text("namespace")
        if wanted and meta.get("namespace") not in (None, "", wanted):
            raise Wrong(
                f'the namespace from the provided object "{meta["namespace"]}" does not match the namespace "{wanted}". '
                f"You must pass '--namespace={meta['namespace']}' to perform this operation."
            )
        meta["namespace"] = meta.get("namespace") or call.namespace
    return Given(kind, {**document, "metadata": meta}, source)


def _kind(kube: Cluster, document: JSON, source: str) -> Resource:
    version, word = document["apiVersion"], document["kind"]
    group = version.rpartition("/")[0]
    try:
        found = api.resource(kube, f"{word}.{group}" if group else word)
    except Wrong:
        found = None
    if found is None or found.api_version != version or found.word != word:
        name = (document.get("metadata") or {}).get("name", "")
        raise Wrong(
            f'resource mapping not found for name: "{name}" namespace: "{(document.get("metadata") or {}).get("namespace", "")}" from "{source}": '
            f'no matches for kind "{word}" in version "{version}"\nensure CRDs are installed first'
        )
    return found
