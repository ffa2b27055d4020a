"""Who am I, and may I?  The questions that are objects of their own: nothing is stored, they are answered.

Source: k8s.io/api/authorization/v1, k8s.io/api/authentication/v1; pkg/registry/{authorization,authentication}.
"""

from __future__ import annotations

from typing import Any

from playground.clusters import looks
from playground.kube.apiserver import rbac
from playground.kube.apiserver.rbac import Attributes
from playground.kube.apiserver.served import ASKED, LOOKING
from playground.kube.apiserver.tokens import User
from playground.kubeapi import bodies, users
from playground.kubeapi.exchange import Request
from playground.rest.exchange import Answer, answer, not_allowed

JSON = dict[str, Any]
_PLACES = {f"apis/{group}/{version}/{plural}": kind for plural, group, version, kind, _ in ASKED}


def is_review(request: Request) -> bool:
    return request.path in _PLACES


def review(request: Request) -> Answer:
    """The question with its answer in `status`; raises Refusal."""
    if request.method != "POST":
        raise not_allowed()
    kind = _PLACES[request.path]
    document = bodies.an_object(bodies.decoded(request, kind), kind)
    spec = bodies.part(document, "spec", f"v1.{kind}Spec")
    version = request.path.removeprefix("apis/").rpartition("/")[0]
    told = {"apiVersion": version, "kind": kind, "metadata": {"creationTimestamp": None}}
    return answer({**told, **({"spec": spec} if spec else {}), "status": _STATUSES[kind](request, spec)}, 201)


def _access(request: Request, spec: JSON) -> JSON:
    of_resource = bodies.part(spec, "resourceAttributes", "v1.ResourceAttributes")
    asked = of_resource or bodies.part(spec, "nonResourceAttributes", "v1.NonResourceAttributes")
    verb = str(asked.get("verb", ""))
    if request.user is None:
        return {"allowed": request.writes or verb in LOOKING}
    names = ("group", "resource", "subresource", "namespace", "name", "path")
    wanted = Attributes(verb, **{name: str(asked.get(name) or "") for name in names})
    with looks.at(request.cluster) as kube:
        missing = rbac.denied(kube.store, request.user, wanted)
    return {"allowed": missing is None, **({"reason": rbac.why(missing)} if missing else {})}


def _rules(request: Request, spec: JSON) -> JSON:
    verbs = ["*"] if request.writes else list(LOOKING)
    rules: list[JSON] = [{"verbs": verbs, "apiGroups": ["*"], "resources": ["*"]}, {"verbs": verbs, "nonResourceURLs": ["*"]}]
    if request.user is not None:
        with looks.at(request.cluster) as kube:
            rules = rbac.rules_of(kube.store, request.user, str(spec.get("namespace") or ""))
    return {
        "resourceRules": [rule for rule in rules if rule.get("resources")],
        "nonResourceRules": [rule for rule in rules if rule.get("nonResourceURLs")],
        "incomplete": False,
    }


def _self(request: Request, spec: JSON) -> JSON:
    return {"userInfo": _told(request.user or users.holder(request))}


def _token(request: Request, spec: JSON) -> JSON:
    with looks.at(request.cluster) as kube:
        user = users.named(kube, request, str(spec.get("token") or ""))
    return {"user": {}, "error": "invalid bearer token"} if user is None else {"authenticated": True, "user": _told(user)}


def _told(user: User) -> JSON:
    return {"username": user.name, "groups": list(user.groups)}


_STATUSES = {
    "SelfSubjectAccessReview": _access,
    "SelfSubjectRulesReview": _rules,
    "SelfSubjectReview": _self,
    "TokenReview": _token,
}
