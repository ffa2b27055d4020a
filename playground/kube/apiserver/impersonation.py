"""Who is somebody as whom one acts, and what has to be allowed for it?

Source: staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation.go.
Simplified: uids and extra fields are not looked at.
"""

from __future__ import annotations

from playground.kube.apiserver import tokens
from playground.kube.apiserver.rbac import Attributes
from playground.kube.apiserver.tokens import ANONYMOUS, User

ACCOUNT = "system:serviceaccount:"
AUTHENTICATED, UNAUTHENTICATED = "system:authenticated", "system:unauthenticated"


def acting_as(name: str, groups: tuple[str, ...]) -> tuple[User, tuple[Attributes, ...]]:
    """The user, with the groups that are named or that a ServiceAccount has; and all that one has to be allowed to do to act as they."""
    namespace, _, account = name.removeprefix(ACCOUNT).partition(":")
    of_account = name.startswith(ACCOUNT) and bool(namespace and account)
    needed = [
        Attributes("impersonate", resource="serviceaccounts", namespace=namespace, name=account)
        if of_account
        else Attributes("impersonate", resource="users", name=name)
    ]
    needed += [Attributes("impersonate", resource="groups", name=group) for group in groups]
    groups = groups or (tokens.user(namespace, account).groups if of_account else ())
    known = UNAUTHENTICATED if name == ANONYMOUS.name else AUTHENTICATED
    return User(name, groups if known in groups else (*groups, known)), tuple(needed)
