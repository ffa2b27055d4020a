"""What do `kubectl create role` and `kubectl create clusterrole` make?  A rule for each API group, of verbs and resources.

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/{create_role,create_clusterrole}.go.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.call import Call, err
from playground.terminal.kubectl.errors import Bare, Wrong
from playground.terminal.kubectl.making.words import name_of
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
RBAC = "rbac.authorization.k8s.io"
ROLE = f"{COMMON} verb:list resource:list resource-name:array"
CLUSTER_ROLE = f"{ROLE} non-resource-url:list aggregation-rule:text"
VERBS = "* get delete list create update patch watch proxy deletecollection use bind escalate impersonate".split()
URL_VERBS = "* get post put delete patch head options".split()
SPECIAL = {
    "use": ["podsecuritypolicies.policy", "podsecuritypolicies.extensions"],
    "bind": [f"roles.{RBAC}", f"clusterroles.{RBAC}"],
    "escalate": [f"roles.{RBAC}", f"clusterroles.{RBAC}"],
    "impersonate": ["users", "serviceaccounts", "groups", "userextras.authentication.k8s.io"],
}
MALFORMED = "malformed pair, expect string=string\nSee 'kubectl create clusterrole --help' for usage."
# A resource as it was asked for: its name, group and subresource.
Asked = tuple[str, str, str]


def role(call: Call) -> Program:
    name, verbs, asked = name_of(call), _verbs(call), _asked(call)
    if not verbs:
        raise Wrong("at least one verb must be specified")
    yield from err(_unusual(verbs))
    if not asked:
        raise Wrong("at least one resource must be specified")
    rules = yield from _rules(call, verbs, asked)
    document = {"apiVersion": f"{RBAC}/v1", "kind": "Role", "metadata": meta(call, name), "rules": rules}
    return (yield from made(call, document))


def cluster_role(call: Call) -> Program:
    name, verbs, asked = name_of(call), _verbs(call), _asked(call)
    urls, labels = _once(call.flags.of("non-resource-url", [])), _labels(call.flags.text("aggregation-rule"))
    document: JSON = {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": meta(call, name, spaced=False)}
    if labels:
        if urls or verbs or asked or call.flags.of("resource-name"):
            raise Wrong("aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames")
        document |= {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": labels}]}, "rules": None}
        return (yield from made(call, document))
    if not verbs:
        raise Wrong("at least one verb must be specified")
    if not asked and not urls:
        raise Wrong("one of resource or nonResourceURL must be specified")
    yield from err(_unusual(verbs) if asked else "")
    rules = yield from _rules(call, verbs, asked)
    _check_urls(urls, verbs)
    document["rules"] = rules + ([{"nonResourceURLs": urls, "verbs": verbs}] if urls else [])
    return (yield from made(call, document))


def _once(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _verbs(call: Call) -> list[str]:
    verbs = _once(call.flags.of("verb", []))
    return ["*"] if "*" in verbs else verbs


def _unusual(verbs: list[str]) -> str:
    return "".join(f"Warning: '{verb}' is not a standard resource verb\n" for verb in verbs if verb not in VERBS)


def _asked(call: Call) -> list[Asked]:
    """`deployments.apps/scale`; a star alone stands for all."""
    found: list[Asked] = []
    for word in call.flags.of("resource", []):
        whole, slash, below = word.partition("/")
        name, dot, group = whole.partition(".")
        if name == "*" and not dot and not slash:
            return [("*", "", "")]
        found.append((name, group, below))
    return found


def _rules(call: Call, verbs: list[str], asked: list[Asked]) -> Steps:
    """Raises Wrong for what cannot be."""
    known = yield Look(partial(_known, asked))
    groups: dict[str, list[str]] = {}
    for (word, _, _), (name, group, error) in zip(asked, known, strict=True):
        if not word:
            raise Wrong("resource must be specified if apiGroup/subresource specified")
        if word == "*":
            break
        _check_special(verbs, name, group)
        if error is not None and not any(verb in SPECIAL for verb in verbs):
            raise error
    for (_, _, below), (name, group, _) in zip(asked, known, strict=True):
        groups.setdefault(group, []).append(f"{name}/{below}" if below else name)
    names = _once(call.flags.of("resource-name", []))
    named = {"resourceNames": names} if names else {}
    return [{"apiGroups": [group], **named, "resources": _once(listed), "verbs": verbs} for group, listed in sorted(groups.items())]


def _known(asked: list[Asked], kube: Cluster) -> list[tuple[str, str, Exception | None]]:
    """The plural and the group of each; where it is not known, as it was said, and why."""
    found: list[tuple[str, str, Exception | None]] = []
    for name, group, _ in asked:
        try:
            kind = api.resource(kube, f"{name}.{group}" if group else name)
            found.append((kind.plural, kind.group, None))
        except Wrong as error:
            found.append((name, group, Bare(str(error))))
    return found


def _check_special(verbs: list[str], name: str, group: str) -> None:
    for verb in verbs:
        if verb in SPECIAL and (f"{name}.{group}" if group else name) not in SPECIAL[verb]:
            raise Wrong(f"can not perform '{verb}' on '{name}' in group '{group}'")


def _check_urls(urls: list[str], verbs: list[str]) -> None:
    for verb in verbs:
        if urls and verb not in URL_VERBS:
            raise Wrong(f"invalid verb: '{verb}' for nonResourceURL")
    for url in urls:
        if url != "*" and not url.startswith("/"):
            raise Wrong("nonResourceURL should start with /")
        if "*" in url[:-1]:
            raise Wrong("nonResourceURL only supports wildcard matches when '*' is at the end")


def _labels(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    for _, equals, _ in pairs:
        if not equals:
            raise Wrong(f'invalid argument "{text}" for "--aggregation-rule" flag: {MALFORMED}')
    return {key: value for key, _, value in pairs}
