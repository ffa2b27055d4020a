"""What does `kubectl patch` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/patch.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.errors import bad_request
from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
from playground.terminal.kubectl import golang
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.changing import changed, patching, said, wanted
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.submitting import COMMON

FLAGS = f"{COMMON} patch/p:text patch-file:text type:text subresource:text filename/f:list local:switch recursive/R:switch kustomize/k:text"
STYLES = ("json", "merge", "strategic")


def patch(call: Call) -> Program:
    flags, style = call.flags, call.flags.text("type", "strategic")
    if "patch" not in flags:
        raise Wrong("must specify --patch or --patch-file containing the contents of the patch")
    if style not in STYLES:
        raise Wrong(f'--type must be one of [json merge strategic], not "{style}"')
    found = yield from wanted(call, call.words)
    if found.error is not None:
        raise found.error
    for info in found.infos:
        change = _change(flags.text("patch"), info)
        document, warnings = yield from changed(call, patching(info, change, style, flags.text("subresource"), "kubectl-patch"))
        same = document["metadata"].get("resourceVersion") == info.document["metadata"].get("resourceVersion")
        yield from said(call, info, document, "patched (no change)" if same else "patched", warnings)
    return 0


def _change(text: str, info: Info) -> Any:
    """The patch as JSON, which the API server reads, or as YAML, which kubectl does."""
    try:
        if text.lstrip()[:1] in ("{", "["):
            return msgspec.json.decode(text)
        values = read(text).values
    except msgspec.DecodeError as error:
        why = f"the object provided is unrecognized (must be of type {info.resource.word}): couldn't get version/kind; json parse error: {error}"
        raise bad_request(why) from None
    except BadYAML as error:
        raise Wrong(f"unable to parse {golang.quoted(text)}: yaml: {error}") from None
    return values[0] if values else {}
