"""As whom is a request made, and may they?  As the key's holder, as the ServiceAccount that a token names, or as whom the holder acts for.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/filters/{authentication,impersonation}.go, and for a WebSocket
pkg/registry/core/pod/rest/subresources.go (ensureAuthorizedForVerb, since 1.35).
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.clusters import looks
from playground.kube.apiserver import rbac, tokens
from playground.kube.apiserver.impersonation import acting_as
from playground.kube.apiserver.rbac import Attributes
from playground.kube.apiserver.served import GROUPS
from playground.kube.apiserver.tokens import User
from playground.kube.errors import Refusal
from playground.kubeapi.exchange import Request
from playground.rest.requestinfo import attributes


def authorized(request: Request, *verbs: str) -> Request:
    """The request with its user; raises Refusal where they are nobody, or may not do this, or may not do it by one of these `verbs` too."""
    if _token(request) in ("", _key(request)) and not any(name.startswith("impersonate-") for name in request.headers):
        return request
    with looks.at(request.cluster) as kube:
        user = _acted_for(kube, request, _bearer(kube, request))
        wanted = attributes(request)
        for verb in (wanted.verb, *verbs) if user is not None else ():
            rbac.authorize(kube.store, user, replace(wanted, verb=verb))
    return replace(request, user=user)


def holder(request: Request) -> User:
    """Who has the key."""
    name = "learner" if request.writes else "reader"
    return User(name, tuple(GROUPS[name]))


def named(kube: Any, request: Request, token: str) -> User | None:
    """Whom a token names: the key itself is one too."""
    return holder(request) if token == _key(request) else tokens.named(kube.machinery, token)


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").strip().partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _key(request: Request) -> str:
    return request.prefix.rpartition("/")[2]


def _bearer(kube: Any, request: Request) -> User | None:
    """Whom the token names that came along, None for the key's holder; raises Refusal."""
    token = _token(request)
    if token in ("", _key(request)):
        return None
    user = tokens.named(kube.machinery, token)
    if user is None:
        raise Refusal(401, "Unauthorized", "Unauthorized")
    return user


def _acted_for(kube: Any, request: Request, asks: User | None) -> User | None:
    """As whom `asks` acts, with the groups that are named or that a ServiceAccount has; raises Refusal where they may not."""
    name = request.headers.get("impersonate-user", "").strip()
    groups = tuple(each.strip() for each in request.headers.get("impersonate-group", "").split(",") if each.strip())
    if not name:
        if groups:
            raise Refusal(500, "InternalError", f"requested groups {', '.join(groups)} without impersonating a user")
        return asks
    user, needed = acting_as(name, groups)
    for each in needed:
        _authorize(kube, request, asks, each)
    return user


def _authorize(kube: Any, request: Request, asks: User | None, wanted: Attributes) -> None:
    if asks is not None:
        rbac.authorize(kube.store, asks, wanted)
    elif not request.writes:
        raise rbac.refusal(holder(request), wanted, [])
