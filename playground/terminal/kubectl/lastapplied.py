"""What does `kubectl apply view-last-applied` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_view_last_applied.go.
"""

from __future__ import annotations

import json
from functools import partial

from playground.kube.apiserver.lastapplied import LAST_APPLIED
from playground.kube.cluster import Cluster
from playground.manifests.writer import write
from playground.terminal.kubectl import documents
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.builder import NOTHING_NAMED, Found, Wish, find
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.output import in_order

FLAGS = "all:switch filename/f:list output/o:text selector/l:text"


def view_last_applied(call: Call) -> Program:
    flags = call.flags
    form = flags.text("output", "yaml")
    if form not in ("yaml", "json"):
        raise misused("apply view-last-applied", f"Unexpected -o output mode: {form}, the flag 'output' must be one of yaml|json")
    if "filename" in flags:
        found = yield from documents.objects(call, call.words)
    elif call.words:
        labels = flags.of("selector") or ("" if flags.on("all") else None)
        found = yield Look(partial(_looked, Wish(call.words, call.space, labels, all=True)))
    else:
        raise Wrong(NOTHING_NAMED)
    if found.error is not None:
        raise found.error
    for info in found.infos:
        text = (info.document["metadata"].get("annotations") or {}).get(LAST_APPLIED)
        if text:
            applied = json.loads(text)
            yield from out(json.dumps(applied, indent=2, ensure_ascii=False) + "\n" if form == "json" else write(in_order(applied)))
    return 0


def _looked(wish: Wish, kube: Cluster) -> Found:
    return find(kube, wish)
