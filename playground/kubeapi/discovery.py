"""Which resources are there, and what can be done with each?

Source: k8s.io/api/apidiscovery/v2 and apimachinery apis/meta/v1 (APIResourceList, APIGroupList); the registries' storage maps in
pkg/registry for subresources and categories.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.kube.apiserver.resources import SCALABLE, Resource
from playground.kube.apiserver.served import ASKED, IN_ALL, VERBS, VERSION, WITH_STATUS, served
from playground.kubeapi.exchange import Answer, Request, answer, not_there

JSON = dict[str, Any]
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
READ_WRITE = ["get", "patch", "update"]
_SCALE = ("scale", "autoscaling", "v1", "Scale", READ_WRITE)
_PODS = (
    ("attach", "", "v1", "PodAttachOptions", ["create", "get"]),
    ("eviction", "policy", "v1", "Eviction", ["create"]),
    ("exec", "", "v1", "PodExecOptions", ["create", "get"]),
    ("log", "", "v1", "Pod", ["get"]),
    ("portforward", "", "v1", "PodPortForwardOptions", ["create", "get"]),
)
SCALED = frozenset(SCALABLE)

Sub = tuple[str, str, str, str, list[str]]


def subresources(resource: Resource) -> list[Sub]:
    """Name, group, version, kind and verbs of each; the group is '' and the kind the resource's where nothing else is said."""
    found: list[Sub] = list(_PODS) if resource.kind == "Pod" else []
    found += [_SCALE] if resource.kind in SCALED else []
    found += [("status", resource.group, resource.version, resource.word, READ_WRITE)] if resource.kind in WITH_STATUS else []
    return sorted(found)


def version() -> Answer:
    major, minor, git = VERSION
    words = {"gitCommit": "", "gitTreeState": "clean", "buildDate": "2026-08-12T00:00:00Z", "goVersion": "", "compiler": ""}
    return answer({"major": major, "minor": minor, "gitVersion": git, **words, "platform": "linux/amd64"})


def discover(request: Request, kube: Any) -> Answer:
    """Of `api`, `apis`, `api/v1`, `apis/<group>` and `apis/<group>/<version>`; raises Refusal."""
    steps, resources = request.path.split("/"), served(kube.store)
    if len(steps) == 1:
        core = steps[0] == "api"
        chosen = [each for each in resources if (each.group == "") is core]
        if "as=APIGroupDiscoveryList" in request.headers.get("accept", ""):
            return _aggregated(chosen, () if core else ASKED)
        return answer(_api_versions() if core else _group_list(chosen))
    group, version = ("", steps[1]) if steps[0] == "api" else (steps[1], steps[2] if len(steps) == 3 else "")
    if version:
        return answer(_resource_list(group, version, resources))
    named = [each for each in _groups(resources) if each["name"] == group and group]
    if not named:
        raise not_there()
    return answer({"kind": "APIGroup", "apiVersion": "v1", **named[0]})


# --- as one document


def _aggregated(resources: Iterable[Resource], asked: Iterable[Any]) -> Answer:
    groups: dict[str, dict[str, list[JSON]]] = {}
    for each in resources:
        groups.setdefault(each.group, {}).setdefault(each.version, []).append(_described(each))
    for plural, group, version, kind, namespaced in asked:
        groups.setdefault(group, {}).setdefault(version, []).append(_asked(plural, kind, namespaced))
    items = [
        {
            "metadata": {"name": group, "creationTimestamp": None},
            "versions": [{"version": version, "resources": found, "freshness": "Current"} for version, found in versions.items()],
        }
        for group, versions in sorted(groups.items())
    ]
    document = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}
    return Answer(answer(document).body, type=AGGREGATED)


def _described(resource: Resource) -> JSON:
    below = [
        {"subresource": name, "responseKind": {"group": group, "version": version, "kind": kind}, "verbs": verbs}
        for name, group, version, kind, verbs in subresources(resource)
    ]
    more = {"shortNames": list(resource.short), "categories": ["all"] if resource.kind in IN_ALL else [], "subresources": below}
    return {
        "resource": resource.plural,
        "responseKind": {"group": resource.group, "version": resource.version, "kind": resource.word},
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": list(VERBS),
        **{name: value for name, value in more.items() if value},
    }


def _asked(plural: str, kind: str, namespaced: bool) -> JSON:
    return {
        "resource": plural,
        "responseKind": {"group": "", "version": "", "kind": kind},
        "scope": "Namespaced" if namespaced else "Cluster",
        "singularResource": kind.lower(),
        "verbs": ["create"],
    }


# --- as one document for each group and version


def _api_versions() -> JSON:
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}


def _group_list(resources: Iterable[Resource]) -> JSON:
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": _groups(resources)}


def _groups(resources: Iterable[Resource]) -> list[JSON]:
    found: dict[str, dict[str, None]] = {}
    for group, version in [*((each.group, each.version) for each in resources if each.group), *(each[1:3] for each in ASKED)]:
        found.setdefault(group, {})[version] = None
    groups = []
    for group, versions in sorted(found.items()):
        listed = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
        groups.append({"name": group, "versions": listed, "preferredVersion": listed[0]})
    return groups


def _resource_list(group: str, version: str, resources: Iterable[Resource]) -> JSON:
    listed = []
    for each in (each for each in resources if (each.group, each.version) == (group, version)):
        more = {"shortNames": list(each.short), "categories": ["all"] if each.kind in IN_ALL else []}
        listed.append(_named(each.plural, each.singular, each.namespaced, each.word, list(VERBS)) | {k: v for k, v in more.items() if v})
        for name, of_group, of_version, kind, verbs in subresources(each):
            foreign = {"group": of_group, "version": of_version} if (of_group, of_version) != (group, version) else {}
            listed.append(_named(f"{each.plural}/{name}", "", each.namespaced, kind, verbs) | foreign)
    listed += [_named(plural, kind.lower(), inside, kind, ["create"]) for plural, *at, kind, inside in ASKED if at == [group, version]]
    if not listed:
        raise not_there()
    of = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": of, "resources": listed}


def _named(name: str, singular: str, namespaced: bool, kind: str, verbs: list[str]) -> JSON:
    return {"name": name, "singularName": singular, "namespaced": namespaced, "kind": kind, "verbs": verbs}
