"""Which objects does a command change, by which action, and what is said of each?  What label, scale, set, patch, cordon and taint have in common.

Source: staging/src/k8s.io/kubectl/pkg/cmd/{label,annotate,scale,set,patch,drain,taint}.
Each object is one action, as each is one request of kubectl's.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.actions import Action, Patch
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import documents, output
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Steps
from playground.terminal.kubectl.builder import NOTHING_NAMED, Wish, find
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.submitting import SHOWN, dry_run

JSON = dict[str, Any]
MANY = f"{SHOWN} all:switch filename/f:list selector/l:text"
NONE_NAMED = "one or more resources must be specified as <resource> <name> or <resource>/<name>"


def wanted(call: Call, words: list[str], empty: str = NOTHING_NAMED, gets: bool = True) -> Steps:
    """The objects that a command is to change, and what went wrong beside; raises Wrong. `gets` as of a Wish."""
    flags = call.flags
    if "filename" in flags:
        return (yield from documents.objects(call, words))
    if not words:
        raise Wrong(empty)
    labels = flags.of("selector") or ("" if flags.on("all") else None)
    wish = Wish(words, call.space, labels, flags.of("field-selector"), gets=gets)
    return (yield Look(partial(_found, wish)))


def _found(wish: Wish, kube: Cluster) -> Any:
    return find(kube, wish)


def changed(call: Call, action: Action) -> Steps:
    """Do it, or find out what would come of it: the object as it is then, and warnings."""
    if dry_run(call) == "server":
        receipt, shown = yield Look(lambda kube: kube.rehearse(action))
        return shown[0], receipt.warnings
    receipt = yield Act(action)
    shown = yield Look(lambda kube: kube.written(receipt.refs[0]))
    return shown, receipt.warnings


def said(call: Call, info: Info, document: JSON, verb: str, warnings: tuple[str, ...] = ()) -> Steps:
    yield from err("".join(f"Warning: {each}\n" for each in warnings))
    form = call.flags.text("output")
    if form and form != "name":
        return (yield from out(output.printer(form, output.MADE, call.flags.on("show-managed-fields"))(document)))
    dry = {"client": " (dry run)", "server": " (server dry run)"}.get(dry_run(call), "")
    return (yield from out(f"{info.spoken}\n" if form else f"{info.spoken} {verb}{dry}\n"))


def patching(info: Info, change: Any, style: str, subresource: str = "", manager: str = "") -> Patch:
    return Patch(info.resource.kind, info.name, change, info.namespace, style, subresource, manager)
