"""What do the commands say that ask about the cluster and about kubectl itself?  version, cluster-info, api-resources, top.

Source: staging/src/k8s.io/kubectl/pkg/cmd/{version,clusterinfo,apiresources,top}.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.served import ASKED, IN_ALL, VERBS, VERSION, served
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.flags import Flags
from playground.terminal.kubectl.tabs import columns
from playground.terminal.kubectl.unsimulated import sentence

JSON = dict[str, Any]
FORMS = "json,kyaml,name,wide,yaml"
CLIENT, KUSTOMIZE = "v1.37.1", "v5.8.1"
VERSION_FLAGS = "client:switch output/o:text"
RESOURCES = "api-group:text cached:switch categories:list namespaced:switch no-headers:switch output/o:text sort-by:text verbs:list"
TOP_NODE = "no-headers:switch selector/l:text show-capacity:switch sort-by:text"
TOP_POD = "all-namespaces/A:switch containers:switch field-selector:text no-headers:switch selector/l:text sort-by:text sum:switch"


def version(call: Call) -> Program:
    """Simplified: -o is not known; whoever built the real client cannot be told."""
    if call.flags.of("output"):
        raise Wrong(sentence("version -o"))
    server = "" if call.flags.on("client") else f"Server Version: {VERSION[2]}\n"
    yield from out(f"Client Version: {CLIENT}\nKustomize Version: {KUSTOMIZE}\n{server}")
    return 0


def cluster_info(call: Call) -> Program:
    services = yield Look(lambda kube: api.some(kube, api.resource(kube, "services"), "kube-system", "kubernetes.io/cluster-service=true"))
    yield from out(f"Kubernetes control plane is running at {call.config.server}\n")
    for each in services:
        meta = each["metadata"]
        name = meta["labels"].get("kubernetes.io/name") or meta["name"]
        port = (each.get("spec", {}).get("ports") or [{}])[0].get("name")
        where = f"{meta['name']}:{port}" if port else meta["name"]
        yield from out(f"{name} is running at {call.config.server}/api/v1/namespaces/{meta['namespace']}/services/{where}/proxy\n")
    yield from out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
    return 0


# --- resources


def api_resources(call: Call) -> Program:
    rows = yield Look(partial(_resources, call))
    form = call.flags.text("output")
    if form == "name":
        yield from out("".join(f"{plural}{f'.{group}' if group else ''}\n" for plural, _, group, *_ in rows))
        return 0
    if form in ("json", "yaml", "kyaml"):
        raise Wrong(sentence(f"api-resources -o {form}"))
    if form not in ("", "wide"):
        raise Wrong(f'unable to match a printer suitable for the output format "{form}", allowed formats are: {FORMS}')
    names = ("NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", "VERBS", "CATEGORIES")
    cells = len(names) if form == "wide" else 5
    head = [] if call.flags.on("no-headers") else [names[:cells]]
    shown = [
        (plural, short, f"{group}/{version}" if group else version, str(spaced).lower(), kind, ",".join(verbs), category)[:cells]
        for plural, short, group, version, spaced, kind, verbs, category in rows
    ]
    yield from out(columns("".join("\t".join(row) + "\n" for row in [*head, *shown])))
    return 0


Row = tuple[str, str, str, str, bool, str, Sequence[str], str]


def _resources(call: Call, kube: Cluster) -> list[Row]:
    flags = call.flags
    found = [_row(each) for each in served(kube.store) if "all" not in flags.of("categories", []) or each.kind in IN_ALL]
    asked = [(plural, "", group, version, spaced, kind, ("create",), "") for plural, group, version, kind, spaced in ASKED]
    found += asked if not flags.of("categories") else []
    if "namespaced" in flags:
        found = [each for each in found if each[4] is flags.of("namespaced")]
    if "api-group" in flags:
        found = [each for each in found if each[2] == flags.text("api-group")]
    found = [each for each in found if all(verb in each[6] for verb in flags.of("verbs", []))]
    return sorted(found, key=_ORDERS[_order(flags)])


def _order(flags: Flags) -> str:
    said = flags.text("sort-by")
    if said not in _ORDERS:
        raise Wrong("--sort-by accepts only name or kind")
    return said


_ORDERS: dict[str, Callable[[Row], Any]] = {
    "": lambda row: (row[2], row[0]),
    "name": lambda row: (row[0], row[2]),
    "kind": lambda row: (row[5], row[2]),
}


def _row(each: Resource) -> Row:
    category = "all" if each.kind in IN_ALL else ""
    return each.plural, ",".join(each.short), each.group, each.version, each.namespaced, each.word, VERBS, category


def api_versions(call: Call) -> Program:
    found = yield Look(lambda kube: {each.api_version for each in served(kube.store)} | {f"{each[1]}/{each[2]}" for each in ASKED})
    yield from out("".join(f"{each}\n" for each in sorted(found)))
    return 0


def top(call: Call) -> Program:
    yield from ()
    raise Wrong("Metrics API not available")
