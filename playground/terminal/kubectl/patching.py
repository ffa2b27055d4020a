"""What does `kubectl patch` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go. A dry run on the client's side, and --local, change a copy and send nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from playground.kube.actions import Scale
from playground.kube.apiserver import jsonpatch
from playground.kube.apiserver.patches import merge
from playground.kube.apiserver.scales import scale
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal, bad_request
from playground.manifests import malformed
from playground.manifests.errors import BadYAML
from playground.manifests.reader import values
from playground.terminal.kubectl import documents, golang, output
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.builder import NOTHING_NAMED, Found
from playground.terminal.kubectl.call import Call, err, out, text_of
from playground.terminal.kubectl.changing import changed, patching, wanted
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.get import below
from playground.terminal.kubectl.submitting import SHOWN, dry_run
from playground.terminal.kubectl.unsimulated import sentence

JSON = dict[str, Any]
FLAGS = f"{SHOWN} filename/f:list local:switch patch/p:text patch-file:text subresource:text type:text"
STYLES = ("json", "merge", "strategic")
SUBRESOURCES = ("", "scale", "status")
NO_PATCH = "must specify --patch or --patch-file containing the contents of the patch"


def patch(call: Call) -> Program:
    flags, style = call.flags, call.flags.text("type", "strategic")
    _check(call, style)
    text = flags.text("patch") or (yield from text_of(flags.text("patch-file"), "unable to read patch file:"))
    found = yield from (_local(call) if flags.on("local") else wanted(call, call.words))
    if found.error is not None:
        raise found.error
    scales = flags.text("subresource") == "scale" and not flags.on("local")
    infos = [each for info in found.infos for each in below(info.resource, [info], "scale")[1]] if scales else found.infos
    for info in infos:
        done = _here if flags.on("local") or dry_run(call) == "client" else _there
        document, warnings = yield from done(call, info, _read(text), style)
        same = _plain(document) == _plain(info.document)
        yield from err("".join(f"Warning: {each}\n" for each in warnings))
        yield from _said(call, Info(info.resource, document), "patched (no change)" if same else "patched")
    return 0


def _check(call: Call, style: str) -> None:
    flags = call.flags
    if flags.text("patch") and flags.text("patch-file"):
        raise Wrong("cannot specify --patch and --patch-file together")
    if not flags.text("patch") and not flags.text("patch-file"):
        raise Wrong(NO_PATCH)
    if flags.on("local") and call.words:
        raise Wrong("cannot specify --local and server resources")
    if style not in STYLES:
        raise Wrong(f'--type must be one of [json merge strategic], not "{style}"')
    if flags.text("subresource") in ("resize", "ephemeralcontainers"):
        raise Wrong(sentence(f"patch --subresource={flags.text('subresource')}"))
    if flags.text("subresource") not in SUBRESOURCES:
        raise Refusal(404, "NotFound", "the server could not find the requested resource")


def _local(call: Call) -> Steps:
    """The documents themselves."""
    if "filename" not in call.flags:
        raise Wrong(NOTHING_NAMED)
    given = yield from documents.given(call)
    return Found([(each.resource, [Info(each.resource, each.document, each.source)]) for each in given])


def _there(call: Call, info: Info, change: Any, style: str) -> Steps:
    """As the server leaves it. kubectl asks for no validation of fields, so that the server warns of those that it does not know."""
    if isinstance(change, _Unread):
        raise bad_request(("" if style == "strategic" else "error decoding patch: ") + change.why)
    if info.resource.kind == "Scale":
        return (yield from _scaled(call, info, change, style))
    subresource = call.flags.text("subresource")
    action = msgspec.structs.replace(patching(info, change, style, subresource, "kubectl-patch"), validation="Warn")
    return (yield from changed(call, action))


def _scaled(call: Call, info: Info, change: Any, style: str) -> Steps:
    """The Scale of what has replicas."""
    kind = yield Look(lambda kube: kube.store.by_uid(info.document["metadata"]["uid"]).kind)
    after = jsonpatch.patched(info.document, change) if style == "json" else merge(info.document, change)
    replicas = after.get("spec", {}).get("replicas", 0)
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        raise bad_request("json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32")
    document, warnings = yield from changed(call, Scale(kind, info.name, replicas, info.namespace))
    return scale(document), warnings


def _here(call: Call, info: Info, change: Any, style: str) -> Steps:
    """As it would look, without a word to the server."""
    if isinstance(change, _Unread):
        raise Wrong({"json": change.why, "merge": "Invalid JSON Patch", "strategic": "invalid JSON document"}[style])
    if not isinstance(change, list if style == "json" else dict):
        raise Wrong(_of_wrong_sort(change, style))
    return (yield Look(partial(_laid_over, info.document, change, style))), ()


def _of_wrong_sort(change: Any, style: str) -> str:
    if style == "strategic":
        return "invalid JSON document"
    into = "jsonpatch.Patch" if style == "json" else "unstructured.detector"
    return f"json: cannot unmarshal {jsonpatch.sort_of(change)} into Go value of type {into}"


def _laid_over(document: JSON, change: Any, style: str, kube: Cluster) -> JSON:
    """Raises Wrong."""
    try:
        if style == "json":
            return jsonpatch.applied(document, change)
        if style == "merge" or document["kind"] == "Scale":
            return merge(document, change)  # type: ignore[no-any-return]
        return kube.server.merged(document, change)
    except (Refusal, jsonpatch.Inapplicable) as error:
        raise Wrong(str(error)) from None


def _plain(document: JSON) -> JSON:
    return {**document, "metadata": {key: each for key, each in document["metadata"].items() if key != "managedFields"}}


def _said(call: Call, info: Info, verb: str) -> Steps:
    """Of a dry run it is not told that it was one."""
    form = call.flags.text("output")
    if form and form != "name":
        return (yield from out(output.printer(form, output.MADE, call.flags.on("show-managed-fields"))(info.document)))
    return (yield from out(f"{info.spoken}\n" if form else f"{info.spoken} {verb}\n"))


class _Unread(msgspec.Struct):
    """What begins as JSON and is none, and why."""

    why: str


def _read(text: str) -> Any:
    """The patch as JSON, which whoever lays it over reads, or as YAML, which kubectl does."""
    if text.lstrip()[:1] == "{":
        wrong = malformed.why(text)
        return _Unread(wrong) if wrong else msgspec.json.decode(text)
    try:
        return next(iter(values(text)), None)
    except BadYAML as error:
        raise Wrong(f"unable to parse {golang.quoted(text)}: yaml: {error}") from None
