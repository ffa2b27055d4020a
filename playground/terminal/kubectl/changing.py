"""What do the commands say that change what is there?  label, annotate, scale, set, patch, cordon, uncordon, taint.

Source: staging/src/k8s.io/kubectl/pkg/cmd/{label,annotate,scale,set,patch,drain,taint}.
Each object is one action, as each is one request of kubectl's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from playground.kube.actions import Action, Patch, Scale
from playground.kube.apiserver.names import label_key, label_value
from playground.kube.apiserver.patches import merge
from playground.kube.cluster import Cluster
from playground.kube.errors import bad_request
from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
from playground.terminal.kubectl import documents, golang, output
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.builder import NOTHING_NAMED, Wish, find
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.flags import required
from playground.terminal.kubectl.submitting import COMMON, dry_run

JSON = dict[str, Any]
MANY = f"{COMMON} all:switch all-namespaces/A:switch field-selector:text filename/f:list kustomize/k:text local:switch recursive/R:switch selector/l:text"
LABEL = f"{MANY} overwrite:switch list:switch resource-version:text"
SCALE = f"{MANY} replicas:whole current-replicas:whole resource-version:text timeout:span"
PATCH = f"{COMMON} patch/p:text patch-file:text type:text subresource:text filename/f:list local:switch recursive/R:switch kustomize/k:text"
NODES = "dry-run:text=unchanged selector/l:text"
TAINT = f"{COMMON} all:switch overwrite:switch selector/l:text"
NONE_NAMED = "one or more resources must be specified as <resource> <name> or <resource>/<name>"
STYLES = ("json", "merge", "strategic")
CONTAINERS = ("initContainers", "containers")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def wanted(call: Call, words: list[str], empty: str = NOTHING_NAMED) -> Steps:
    """The objects that a command is to change, and what went wrong beside; raises Wrong."""
    flags = call.flags
    if "filename" in flags:
        return (yield from documents.objects(call, words))
    if not words:
        raise Wrong(empty)
    labels = flags.of("selector") or ("" if flags.on("all") else None)
    wish = Wish(words, call.space, labels, flags.of("field-selector"))
    return (yield Look(partial(_found, wish)))


def _found(wish: Wish, kube: Cluster) -> Any:
    return find(kube, wish)


def changed(call: Call, action: Action) -> Steps:
    """Do it, or find out what would come of it: the object as it is then, and warnings."""
    if dry_run(call) == "server":
        receipt, shown = yield Look(lambda kube: kube.rehearse(action))
        return shown[0], receipt.warnings
    receipt = yield Act(action)
    shown = yield Look(lambda kube: kube.shown(receipt.refs[0]))
    return shown, receipt.warnings


def said(call: Call, info: Info, document: JSON, verb: str, warnings: tuple[str, ...] = ()) -> Steps:
    yield from err("".join(f"Warning: {each}\n" for each in warnings))
    form = call.flags.text("output")
    if form and form != "name":
        return (yield from out(output.printer(form, output.MADE)(document)))
    dry = {"client": " (dry run)", "server": " (server dry run)"}.get(dry_run(call), "")
    return (yield from out(f"{info.spoken}\n" if form else f"{info.spoken} {verb}{dry}\n"))


# --- label, annotate


def marking(what: str) -> Callable[[Call], Program]:
    return partial(_mark, what)


def _mark(what: str, call: Call) -> Program:
    field = f"{what}s"
    marks = [word for word in call.words if "=" in word or word.endswith("-")]
    objects = [word for word in call.words if word not in marks]
    if not objects and "filename" not in call.flags:
        raise Wrong(NONE_NAMED)
    if not marks and not call.flags.on("list"):
        raise Wrong(f"at least one {what} update is required")
    new = dict(mark.split("=", 1) for mark in marks if "=" in mark)
    gone = [mark[:-1] for mark in marks if "=" not in mark]
    _check_marks(what, new, gone)
    found = yield from wanted(call, objects)
    infos = found.infos
    for info in infos:
        yield from _mark_one(call, what, field, info, new, gone)
    if found.error is not None:
        raise found.error
    return 0


def _check_marks(what: str, new: JSON, gone: list[str]) -> None:
    for key, value in new.items():
        if key in gone:
            raise Wrong(f"can not both modify and remove {'a' if what == 'label' else 'an'} {what} in the same command")
        problems = [*label_key(key), *(label_value(value) if what == "label" else ())]
        if problems and what == "label":
            raise Wrong(f'invalid label value: "{key}={value}": {"; ".join(problems)}')
        if problems:
            raise Wrong(f'invalid annotation key: "{key}": {"; ".join(problems)}')


def _mark_one(call: Call, what: str, field: str, info: Info, new: JSON, gone: list[str]) -> Steps:
    own = info.document["metadata"].get(field) or {}
    if not call.flags.on("overwrite"):
        declared = [
            f"'{key}' already has a value ({own[key]})"
            for key, value in sorted(new.items())
            if key in own and (what == "annotation" or own[key] != value)
        ]
        if declared and what == "label":
            raise Wrong("; ".join(f"{each}, and --overwrite is false" for each in declared))
        if declared:
            raise Wrong(f"--overwrite is false but found the following declared annotation(s): {'; '.join(declared)}")
    if what == "label":
        for key in gone:
            if key not in own:
                yield from out(f'label "{key}" not found.\n')
    change: JSON = {**new, **{key: None for key in gone if key in own}}
    differs = any(own.get(key) != value for key, value in change.items())
    verb = _verb(what, own, change) if differs or what == "annotation" else "not labeled"
    document, warnings = info.document, ()
    if differs and dry_run(call) != "client":
        document, warnings = yield from changed(
            call, _patch(info, {"metadata": {field: change}}, "merge", manager=f"kubectl-{call.command}")
        )
    return (yield from said(call, info, document, verb, warnings))


def _verb(what: str, own: JSON, change: JSON) -> str:
    if what == "annotation":
        return "annotated"
    only_gone = all(value is None for value in change.values())
    return "unlabeled" if only_gone else "labeled"


# --- scale


def scale(call: Call) -> Program:
    required(call.flags, "replicas")
    replicas = call.flags.of("replicas")
    if replicas < 0:
        raise Wrong("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    found = yield from wanted(call, call.words)
    if found.error is not None and not found.infos:
        raise found.error
    for info in found.infos:
        _check_scale(call, info)
        document, warnings = info.document, ()
        if dry_run(call) != "client":
            document, warnings = yield from changed(call, Scale(info.resource.kind, info.name, replicas, info.namespace))
        yield from said(call, info, document, "scaled", warnings)
    if found.error is not None:
        raise found.error
    if not found.infos:
        raise Wrong("no objects passed to scale")
    return 0


def _check_scale(call: Call, info: Info) -> None:
    asked, now = call.flags.of("current-replicas", -1), info.document.get("spec", {}).get("replicas", 0)
    if asked not in (-1, now):
        raise Wrong(f"Expected replicas to be {asked}, was {now}")


# --- set


def image(call: Call) -> Program:
    images = dict(word.split("=", 1) for word in call.words if "=" in word)
    objects = [word for word in call.words if "=" not in word]
    if not images:
        raise Wrong("at least one image update is required" if objects else NONE_NAMED)
    found = yield from wanted(call, objects, NONE_NAMED)
    if found.error is not None:
        raise found.error
    for info in found.infos:
        change = _images(info, images)
        if not change:
            continue
        document, warnings = merge(info.document, change), ()
        if dry_run(call) != "client":
            document, warnings = yield from changed(call, _patch(info, change, "strategic", manager="kubectl-set"))
        yield from said(call, info, document, "image updated", warnings)
    return 0


def _images(info: Info, images: dict[str, str]) -> JSON:
    """The patch, empty where nothing differs; raises Wrong for containers that are not there."""
    spec = info.document.get("spec", {})
    inner = spec if info.resource.kind == "Pod" else spec.get("template", {}).get("spec", {})
    change: JSON = {}
    for name, wanted_image in images.items():
        fits = [(field, each) for field in CONTAINERS for each in inner.get(field) or () if name in (each["name"], "*")]
        if not fits:
            raise Wrong(f'unable to find container named "{name}"')
        for field, each in fits:
            if each.get("image") != wanted_image:
                change.setdefault(field, []).append({"name": each["name"], "image": wanted_image})
    if not change:
        return {}
    return {"spec": change if info.resource.kind == "Pod" else {"template": {"spec": change}}}


def selector(call: Call) -> Program:
    if len(call.words) < (1 if "filename" in call.flags else 2):
        raise Wrong(NONE_NAMED)
    *objects, pairs = call.words
    if "=" not in pairs:
        objects, pairs = [*objects, pairs], ""
        if len(objects) == 2:
            raise Wrong("resource(s) were provided, but no name was specified")
    found = yield from wanted(call, objects)
    if found.error is not None:
        raise found.error
    chosen = dict(pair.partition("=")[::2] for pair in pairs.split(","))
    for info in found.infos:
        if info.resource.kind != "Service":
            raise Wrong("setting a selector is only supported for Services")
        document, warnings = info.document, ()
        if dry_run(call) != "client":
            old = document.get("spec", {}).get("selector") or {}
            change = {**{key: None for key in old if key not in chosen}, **chosen}
            document, warnings = yield from changed(call, _patch(info, {"spec": {"selector": change}}, "strategic", manager="kubectl-set"))
        yield from said(call, info, document, "selector updated", warnings)
    return 0


# --- patch


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
        document, warnings = yield from changed(call, _patch(info, change, style, flags.text("subresource"), "kubectl-patch"))
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


# --- Nodes


def cordoning(cordon: bool) -> Callable[[Call], Program]:
    return partial(_cordon, cordon)


def _cordon(cordon: bool, call: Call) -> Program:
    verb = "cordon" if cordon else "uncordon"
    if not call.words and not call.flags.of("selector"):
        raise misused(verb, f"USAGE: {verb} NODE [flags]")
    infos, error = yield from nodes(call)
    for info in infos:
        yield from cordon_one(call, info, cordon)
    if error is not None:
        raise error
    return 0


def nodes(call: Call) -> Steps:
    words = call.words[1:] if call.words[:1] in (["node"], ["nodes"]) else call.words
    words = [word.removeprefix("nodes/").removeprefix("node/") for word in words]
    wish = Wish(["node", *words], "", call.flags.of("selector"))
    found = yield Look(partial(_found, wish))
    return found.infos, found.error


def cordon_one(call: Call, info: Info, cordon: bool) -> Steps:
    word = "cordoned" if cordon else "uncordoned"
    if bool(info.document.get("spec", {}).get("unschedulable")) is cordon:
        return (yield from said(call, info, info.document, f"already {word}"))
    if dry_run(call) == "none":
        yield Act(_patch(info, {"spec": {"unschedulable": True if cordon else None}}, "strategic"))
    return (yield from said(call, info, info.document, word))


def taint(call: Call) -> Program:
    words = [word for word in call.words if ":" not in word and "=" not in word and not word.endswith("-")]
    marks = [word for word in call.words if word not in words]
    if not words:
        raise Wrong("one or more resources must be specified as <resource> <name>")
    if not marks:
        raise Wrong("at least one taint update is required")
    new, gone = _taints(marks)
    found = yield from wanted(call, words)
    for info in found.infos:
        yield from _taint_one(call, info, new, gone)
    if found.error is not None:
        raise found.error
    return 0


def _taints(marks: list[str]) -> tuple[list[JSON], list[tuple[str, str]]]:
    new: list[JSON] = []
    gone: list[tuple[str, str]] = []
    for mark in marks:
        if mark.endswith("-"):
            key, _, effect = mark[:-1].partition(":")
            gone.append((key.partition("=")[0], effect))
            continue
        pair, _, effect = mark.partition(":")
        key, _, value = pair.partition("=")
        if effect not in EFFECTS:
            raise misused("taint", f"invalid taint effect: {effect}, unsupported taint effect")
        new.append({"effect": effect, "key": key, **({"value": value} if value else {})})
    return new, gone


def _taint_one(call: Call, info: Info, new: list[JSON], gone: list[tuple[str, str]]) -> Steps:
    own: list[JSON] = list(info.document.get("spec", {}).get("taints") or ())
    held = [each for each in new for one in own if (one["key"], one["effect"]) == (each["key"], each["effect"])]
    if held and not call.flags.on("overwrite"):
        keys = ",".join(each["key"] for each in held)
        raise Wrong(f"node {info.name} already has {keys} taint(s) with same effect(s) and --overwrite is false")
    for key, effect in gone:
        if not any(one["key"] == key and effect in ("", one["effect"]) for one in own):
            raise Wrong(f'taint "{key}{f":{effect}" if effect else ""}" not found')
    left = [one for one in own if not any(one["key"] == key and effect in ("", one["effect"]) for key, effect in gone)]
    left = [one for one in left if not any((one["key"], one["effect"]) == (each["key"], each["effect"]) for each in new)]
    verb = "modified" if (gone and new) or held else "untainted" if gone else "tainted"
    document, warnings = info.document, ()
    if dry_run(call) != "client":
        document, warnings = yield from changed(call, _patch(info, {"spec": {"taints": [*new, *left] or None}}, "merge"))
    return (yield from said(call, info, document, verb, warnings))


def _patch(info: Info, change: Any, style: str, subresource: str = "", manager: str = "") -> Patch:
    return Patch(info.resource.kind, info.name, change, info.namespace, style, subresource, manager)
