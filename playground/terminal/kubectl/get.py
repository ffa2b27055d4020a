"""What does `kubectl get` print?

Source: staging/src/k8s.io/kubectl/pkg/cmd/get (get.go, sorter.go); k8s.io/cli-runtime pkg/printers/tableprinter.go.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from playground.kube.apiserver.resources import SCALABLE, Resource, custom
from playground.kube.apiserver.scales import scale
from playground.kube.apiserver.served import WITH_STATUS
from playground.kube.apiserver.warnings import DEPRECATED_KINDS
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.rest import serving
from playground.rest.exchange import Request
from playground.terminal.kubectl import api, documents, output, sorting, watch
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.builder import NOTHING_NAMED, Found, Wish, find
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong, misused
from playground.terminal.kubectl.flags import Flags
from playground.terminal.kubectl.rows import rows
from playground.terminal.kubectl.tabs import columns

FLAGS = """all-namespaces/A:switch chunk-size:whole field-selector:text filename/f:list
    ignore-not-found:switch label-columns/L:list no-headers:switch output/o:text output-watch-events:switch raw:text
    selector/l:text server-print:switch show-kind:switch show-labels:switch show-managed-fields:switch sort-by:text
    subresource:text watch/w:switch watch-only:switch"""
NOTHING = 'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n'
HINT = 'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'

UNSORTED = "warning: --watch requested, --sort-by will be ignored for watch events received\n"
UNSORTED_ONLY = "warning: --watch-only requested, --sort-by will be ignored\n"


def get(call: Call) -> Program:
    return (yield from (_raw if call.flags.text("raw") else _objects)(call))


def _objects(call: Call) -> Program:
    flags = call.flags
    form = flags.text("output")
    printer = None if form in ("", "wide") else output.printer(
        form, managed=flags.on("show-managed-fields"), headers=not flags.on("no-headers")
    )  # fmt: skip
    watches = flags.on("watch") or flags.on("watch-only")
    if not call.words and "filename" not in flags:
        if watches:
            raise Wrong(NOTHING_NAMED)
        yield from err(NOTHING)
        raise misused("get", HINT)
    if flags.on("output-watch-events") and not watches:
        raise Wrong("--output-watch-events option can only be used with --watch or --watch-only")
    if watches and flags.text("sort-by"):
        yield from err(UNSORTED_ONLY if flags.on("watch-only") else UNSORTED)
    path = sorting.path(flags.text("sort-by"))
    under = flags.text("subresource")
    if under and not are_named(call):
        raise Wrong("subresource cannot be used when bulk resources are specified")
    if "filename" in flags:
        found, now = (yield from documents.objects(call, call.words)), (yield Look(api.seconds))
    else:
        found, now = yield Look(partial(_looked, Wish(call.words, call.space, *selectors(flags), all=True)))
    if under:
        found.groups = [below(kind, infos, under) for kind, infos in found.groups]
    yield from err(deprecated(found))
    if watches:
        return (yield from watch.watch(call, found, now, printer, path))
    if flags.on("ignore-not-found"):
        found.error = _without_missing(found)
    if printer is None:
        yield from _table(call, found, now, path)
    else:
        yield from _whole(printer, found, path)
    if found.error is not None:
        raise found.error
    return 0


def _raw(call: Call) -> Program:
    """The very words of the server."""
    flags, where = call.flags, call.flags.text("raw")
    if call.words:
        raise Wrong("arguments may not be passed when --raw is specified")
    if flags.on("watch") or flags.on("watch-only") or flags.text("selector"):
        raise Wrong("--raw may not be specified with other flags that filter the server request or alter the output")
    if flags.text("output"):
        raise Wrong("--raw and --output are mutually exclusive")
    if not where.startswith("/"):
        raise Wrong(f'--raw must be a valid URL path: parse "{where}": invalid URI for request')
    path, _, query = where.partition("?")
    prefix = urlsplit(call.config.server).path
    request = Request("GET", path.strip("/"), parse_qs(query, keep_blank_values=True), {}, b"", prefix)
    if request.flag("watch"):
        raise Wrong("--raw with a watch is not simulated in this terminal: use -w")
    answer = yield Look(partial(serving.read, request=request))
    yield from out(answer.body.decode())
    return 0


def selectors(flags: Flags) -> tuple[str | None, str | None]:
    return flags.of("selector") or None, flags.of("field-selector") or None


def none_found(namespace: str | None, kinds: Sequence[Resource] = ()) -> str:
    if namespace is None or any(not kind.namespaced for kind in kinds):
        return "No resources found\n"
    return f"No resources found in {namespace} namespace.\n"


def deprecated(found: Found) -> str:
    """What the API server warns of whoever asks for such a kind."""
    kinds = dict.fromkeys(kind.kind for kind, _ in found.groups)
    return "".join(f"Warning: {DEPRECATED_KINDS[kind]}\n" for kind in kinds if kind in DEPRECATED_KINDS)


def are_named(call: Call) -> bool:
    """Objects by their names, not by a selector."""
    return "filename" in call.flags or len(call.words) > 1 or "/" in "".join(call.words)


def below(kind: Resource, infos: list[Info], name: str) -> tuple[Resource, list[Info]]:
    """What a subresource shows of the objects; raises Refusal."""
    if name == "status" and kind.kind in WITH_STATUS:
        return kind, infos
    if name != "scale" or kind.kind not in SCALABLE:
        raise Refusal(404, "NotFound", "the server could not find the requested resource")
    shown = custom("Scale.autoscaling", "v1", "scales", True)
    shown = msgspec.structs.replace(shown, kind="Scale")
    return shown, [Info(shown, scale(info.document)) for info in infos]


def _looked(wish: Wish, kube: Cluster) -> tuple[Found, int]:
    return find(kube, wish), api.seconds(kube)


def _without_missing(found: Found) -> Exception | None:
    return None if getattr(found.error, "reason", "NotFound") == "NotFound" else found.error


# --- whole objects


def _whole(printer: output.Printer, found: Found, path: str) -> Any:
    if found.single and found.error is not None:
        raise found.error
    infos = found.infos
    if found.single and not infos:
        return
    documents = [info.document for info in infos]
    if path:
        documents = sorting.documents(documents, path)
    yield from out(printer(documents[0] if found.single else output.listed(documents)))


# --- tables


def _table(call: Call, found: Found, now: int, path: str) -> Any:
    flags = call.flags
    groups = [(kind, infos) for kind, infos in found.groups]
    with_kind = flags.on("show-kind") or len({kind.kind for kind, _ in groups}) > 1
    with_space = flags.on("all-namespaces") and any(kind.namespaced for kind, _ in groups)
    text = ""
    for kind, listed in _merged(groups):
        infos = sorting.rows(listed, path) if path else listed
        if infos:
            lines = rows(flags, kind, infos, now, with_kind, with_space)
            text += ("\n" if text and not flags.on("no-headers") else "") + columns("".join(lines))
    if text:
        yield from out(text)
    elif found.error is None and not flags.on("ignore-not-found"):
        yield from err(none_found(call.space, [kind for kind, _ in groups]))


def _merged(groups: list[tuple[Resource, list[Info]]]) -> list[tuple[Resource, list[Info]]]:
    """Neighbours of one kind share a table."""
    merged: list[tuple[Resource, list[Info]]] = []
    for kind, infos in groups:
        if merged and merged[-1][0] == kind:
            merged[-1][1].extend(infos)
        else:
            merged.append((kind, list(infos)))
    return merged
