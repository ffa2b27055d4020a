"""What is told of a Role, a binding, and a Secret?

Source: kubectl pkg/describe/describe.go; kubectl pkg/util/rbac/rbac.go (CompactRules); pkg/apis/rbac (BreakdownRule).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from itertools import product
from typing import Any

from playground.kube.cluster import Cluster
from playground.terminal.kubectl.describing.page import Page, head, marks

JSON = dict[str, Any]
_PARTS = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")
TOKEN = "kubernetes.io/service-account-token"


def secret(page: Page, kube: Cluster, document: JSON) -> None:
    """How large each value is; never the value, but for a token of a ServiceAccount."""
    head(page, document)
    marks(page, document)
    page.raw(f"\nType:\t{document.get('type', '')}\n\nData\n====\n")
    for key, value in sorted((document.get("data") or {}).items()):
        if key == "token" and document.get("type") == TOKEN:
            page.line(0, f"{key}:", b64decode(value).decode(errors="replace"))
        else:
            page.line(0, f"{key}:", f"{len(b64decode(value))} bytes")


def role(page: Page, kube: Cluster, document: JSON) -> None:
    """A Role or a ClusterRole."""
    page.line(0, "Name:", document["metadata"]["name"])
    marks(page, document)
    names = ("Resources", "Non-Resource URLs", "Resource Names", "Verbs")
    page.raw("PolicyRule:\n")
    page.line(1, *names)
    page.line(1, *("-" * len(name) for name in names[:-1]), "-----")
    for rule in sorted(_compact(document.get("rules") or ()), key=_text):
        page.line(1, _resource(rule), _words(rule["nonResourceURLs"]), _words(rule["resourceNames"]), _words(rule["verbs"]))


def binding(page: Page, kube: Cluster, document: JSON) -> None:
    """A RoleBinding or a ClusterRoleBinding."""
    page.line(0, "Name:", document["metadata"]["name"])
    marks(page, document)
    page.raw("Role:\n")
    page.line(1, "Kind:", document["roleRef"].get("kind", ""))
    page.line(1, "Name:", document["roleRef"].get("name", ""))
    page.raw("Subjects:\n  Kind\tName\tNamespace\n  ----\t----\t---------\n")
    for each in document.get("subjects") or ():
        page.line(1, each.get("kind", ""), each.get("name", ""), each.get("namespace", ""))


def _compact(rules: Any) -> list[JSON]:
    """Rules for one resource each, with all verbs that it may be used with."""
    simple: dict[tuple[str, ...], JSON] = {}
    others: list[JSON] = []
    for rule in (part for each in rules for part in _broken_down(each)):
        if rule["nonResourceURLs"]:
            others.append(rule)
            continue
        known = simple.setdefault((*rule["apiGroups"], *rule["resources"], *rule["resourceNames"]), {**rule, "verbs": []})
        known["verbs"] += [verb for verb in rule["verbs"] if verb not in known["verbs"]]
    return [*others, *simple.values()]


def _broken_down(rule: JSON) -> Iterator[JSON]:
    empty: JSON = {part: [] for part in _PARTS}
    verbs = rule.get("verbs") or []
    for group, resource, verb in product(rule.get("apiGroups") or (), rule.get("resources") or (), verbs):
        for names in [[name] for name in rule.get("resourceNames") or ()] or [[]]:
            yield {**empty, "apiGroups": [group], "resources": [resource], "verbs": [verb], "resourceNames": names}
    for url, verb in product(rule.get("nonResourceURLs") or (), verbs):
        yield {**empty, "nonResourceURLs": [url], "verbs": [verb]}


def _text(rule: JSON) -> str:
    """As Go prints a rule, which is the order in which they are told."""
    return "".join(f"{part}:{_words(rule[part])}," for part in _PARTS)


def _resource(rule: JSON) -> str:
    """`deployments.apps/scale`"""
    if not rule["resources"]:
        return ""
    name, slash, below = rule["resources"][0].partition("/")
    group = f".{rule['apiGroups'][0]}" if rule["apiGroups"] and rule["apiGroups"][0] else ""
    return f"{name}{group}{slash}{below}"


def _words(listed: list[str]) -> str:
    return f"[{' '.join(listed)}]"
