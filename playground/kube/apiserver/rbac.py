"""May this user do that?  What the Roles say that bindings give them.

Source: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go, pkg/apis/rbac/v1/evaluation_helpers.go;
apiserver pkg/endpoints/handlers/responsewriters/errors.go for the words.
Simplified: ClusterRoles with an aggregationRule have the rules that are written in them; of Kubernetes' own roles those of `defaultroles` are
known, and are no objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from playground.kube.apiserver.defaultroles import BINDINGS, ROLES
from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.store import Store
from playground.kube.apiserver.tokens import User, user_name
from playground.kube.errors import Refusal


class Attributes(msgspec.Struct, frozen=True):
    """What is to be done: a verb to a resource, or without a `resource` to a path; `namespace` '' is the cluster's scope."""

    verb: str
    path: str = ""
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""

    @property
    def whole(self) -> str:
        """The resource, with its subresource."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def authorize(store: Store, user: User, wanted: Attributes) -> None:
    """Raises Refusal unless a rule allows it."""
    missing = denied(store, user, wanted)
    if missing is not None:
        raise refusal(user, wanted, missing)


def denied(store: Store, user: User, wanted: Attributes) -> list[str] | None:
    """None where a rule allows it; else what is said of each role that is bound to the user and is not there."""
    unknown = []
    for rules, missing in _rules(store, user, wanted.namespace):
        if any(allows(rule, wanted) for rule in rules):
            return None
        unknown += [missing] if missing else []
    return unknown


def rules_of(store: Store, user: User, namespace: str) -> list[JSON]:
    """All that the user may in this namespace."""
    return [rule for rules, _ in _rules(store, user, namespace) for rule in rules]


def why(unknown: list[str]) -> str:
    """The authorizer's reason to say no; '' where no role is missing."""
    if not unknown:
        return ""
    return f"RBAC: {unknown[0]}" if len(unknown) == 1 else f"RBAC: [{', '.join(unknown)}]"


def allows(rule: JSON, wanted: Attributes) -> bool:
    if not _holds(rule.get("verbs"), wanted.verb):
        return False
    if not wanted.resource:
        return any(_leads_to(each, wanted.path) for each in rule.get("nonResourceURLs") or ())
    names = rule.get("resourceNames") or ()
    return (
        _holds(rule.get("apiGroups"), wanted.group)
        and any(_means(each, wanted) for each in rule.get("resources") or ())
        and (not names or wanted.name in names)
    )


def refusal(user: User, wanted: Attributes, unknown: list[str]) -> Refusal:
    """`unknown` says which roles that are bound to the user are not there."""
    said = f'User "{user.name}" cannot {wanted.verb} '
    if not wanted.resource:
        said += f'path "{wanted.path}"'
    else:
        where = f'in the namespace "{wanted.namespace}"' if wanted.namespace else "at the cluster scope"
        said += f'resource "{wanted.whole}" in API group "{wanted.group}" {where}'
    said += f": {why(unknown)}" if unknown else ""
    qualified = f"{wanted.resource}.{wanted.group}" if wanted.group and wanted.resource else wanted.resource
    name = f' "{wanted.name}"' if wanted.name else ""
    return Refusal(
        403, "Forbidden", f"{qualified}{name} is forbidden: {said}" if qualified else f"forbidden: {said}", subject=(qualified, wanted.name)
    )


def _rules(store: Store, user: User, namespace: str) -> Iterator[tuple[list[JSON], str]]:
    """The rules of each role that is bound to the user, there or everywhere; or which role it is that is missing."""
    for role, groups in BINDINGS.items():
        if any(group in user.groups for group in groups):
            yield ROLES[role], ""
    bindings = store.list("ClusterRoleBinding") + (store.list("RoleBinding", namespace) if namespace else [])
    for binding in bindings:
        if any(_is(subject, user, binding.namespace) for subject in binding.rest.get("subjects") or ()):
            yield _of(store, binding.rest.get("roleRef") or {}, binding.namespace)


def _of(store: Store, ref: JSON, namespace: str) -> tuple[list[JSON], str]:
    kind, name = ref.get("kind", ""), ref.get("name", "")
    role: Any = store.get(kind, namespace if kind == "Role" else "", name)
    if role is not None:
        return role.rest.get("rules") or [], ""
    if kind == "ClusterRole" and name in ROLES:
        return ROLES[name], ""
    return [], f'{kind.lower()}.rbac.authorization.k8s.io "{name}" not found'


def _is(subject: JSON, user: User, namespace: str) -> bool:
    kind, name = subject.get("kind"), str(subject.get("name", ""))
    if kind == "ServiceAccount":
        return user.name == user_name(subject.get("namespace") or namespace, name)
    return name == user.name if kind == "User" else kind == "Group" and name in user.groups


def _holds(listed: Any, wanted: str) -> bool:
    return wanted in (listed or ()) or "*" in (listed or ())


def _means(resource: str, wanted: Attributes) -> bool:
    """`*` is all, `*/scale` a subresource of all."""
    return resource in ("*", wanted.whole) or bool(wanted.subresource and resource == f"*/{wanted.subresource}")


def _leads_to(url: str, path: str) -> bool:
    """A star at the end of a URL is whatever follows."""
    return url in ("*", path) or (url.endswith("*") and path.startswith(url.rstrip("*")))
