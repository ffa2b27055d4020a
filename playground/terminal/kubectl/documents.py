"""Which documents does `-f` name?  `-` is standard input; there are no files in a terminal of the page.

Source: k8s.io/cli-runtime pkg/resource/builder.go (FilenameParam), visitor.go (StreamVisitor, FileVisitorForSTDIN), mapper.go.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.resources import Resource
from playground.kube.cluster import Cluster
from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
from playground.terminal.kubectl import api
from playground.terminal.kubectl.asks import Look, Steps
from playground.terminal.kubectl.call import Call, stdin
from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]
STDIN = "STDIN"


class Given(msgspec.Struct):
    """A document and what it is; `namespace` is '' for what has none."""

    resource: Resource
    document: JSON

    @property
    def name(self) -> str:
        return str((self.document.get("metadata") or {}).get("name", ""))

    @property
    def namespace(self) -> str:
        return str((self.document.get("metadata") or {}).get("namespace", "")) if self.resource.namespaced else ""


def given(call: Call) -> Steps:
    """All documents of `-f`, with their namespaces; raises Wrong."""
    for path in call.flags.of("filename", []):
        if path != "-":
            raise Wrong(f'the path "{path}" does not exist')
    text = yield from stdin()
    try:
        values = read(text).values
    except BadYAML as error:
        raise Wrong(f"error parsing {STDIN}: error converting YAML to JSON: yaml: {error}") from None
    flat = [each for value in values for each in (value.get("items") or [] if value.get("kind", "").endswith("List") else [value])]
    return (yield Look(lambda kube: [_taken(kube, call, each) for each in flat]))


def _taken(kube: Cluster, call: Call, document: JSON) -> Given:
    if not document.get("kind"):
        shown = msgspec.json.encode(document, order="sorted").decode()
        raise Wrong(f"unable to decode \"{STDIN}\": Object 'Kind' is missing in '{shown}'")
    if not document.get("apiVersion"):
        hint = "if you choose to ignore these errors, turn validation off with --validate=false"
        raise Wrong(f'error validating "{STDIN}": error validating data: apiVersion not set; {hint}')
    kind = _kind(kube, document)
    meta = dict(document.get("metadata") or {})
    if kind.namespaced:
        wanted = call.flags.text("namespace")
        if wanted and meta.get("namespace") not in (None, "", wanted):
            raise Wrong(
                f'the namespace from the provided object "{meta["namespace"]}" does not match the namespace "{wanted}". '
                f"You must pass '--namespace={meta['namespace']}' to perform this operation."
            )
        meta["namespace"] = meta.get("namespace") or call.namespace
    return Given(kind, {**document, "metadata": meta})


def _kind(kube: Cluster, document: JSON) -> Resource:
    version, word = document["apiVersion"], document["kind"]
    group = version.rpartition("/")[0]
    try:
        found = api.resource(kube, f"{word}.{group}" if group else word)
    except Wrong:
        found = None
    if found is None or found.api_version != version or found.word != word:
        name = (document.get("metadata") or {}).get("name", "")
        raise Wrong(
            f'resource mapping not found for name: "{name}" namespace: "{(document.get("metadata") or {}).get("namespace", "")}" from "{STDIN}": '
            f'no matches for kind "{word}" in version "{version}"\nensure CRDs are installed first'
        )
    return found
