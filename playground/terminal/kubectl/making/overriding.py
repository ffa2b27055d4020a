"""How do `--overrides` change what kubectl makes?  A patch in JSON, laid over the object before it is sent.

Source: staging/src/k8s.io/kubectl/pkg/cmd/util/{helpers,override_options}.go (Merge, JSONPatch); evanphx/json-patch for the sentence.
Simplified: a strategic merge is refused.
"""

from __future__ import annotations

import json
from typing import Any

from playground.kube.apiserver.jsonpatch import patched
from playground.kube.apiserver.patches import merge
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]


def overridden(call: Call, document: JSON) -> JSON:
    """The document as the flags change it; itself without them. Raises Wrong, Refusal."""
    text, style = call.flags.text("overrides"), call.flags.text("override-type") or "merge"
    if not text:
        return document
    if style not in ("json", "merge", "strategic"):
        raise Wrong(f"invalid override type: {style}")
    if style == "strategic":
        raise Wrong("--override-type=strategic is not simulated in this terminal: use merge or json")
    try:
        patch = json.loads(text)
    except ValueError:
        raise Wrong("Invalid JSON Patch") from None
    found: JSON = merge(document, patch) if style == "merge" else patched(document, patch)
    return found
