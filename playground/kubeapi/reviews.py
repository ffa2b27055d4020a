"""Who am I, and may I?  The questions that are objects of their own: nothing is stored, they are answered.

Source: k8s.io/api/authorization/v1, k8s.io/api/authentication/v1; pkg/registry/{authorization,authentication}.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.served import ASKED, GROUPS, LOOKING
from playground.kubeapi import bodies
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


def user_of(request: Request) -> str:
    return "learner" if request.writes else "reader"


def may(request: Request, verb: str) -> bool:
    return request.writes or verb in LOOKING


def _access(request: Request, spec: JSON) -> JSON:
    asked = bodies.part(spec, "resourceAttributes", "v1.ResourceAttributes") or bodies.part(
        spec, "nonResourceAttributes", "v1.NonResourceAttributes"
    )
    return {"allowed": may(request, str(asked.get("verb", "")))}


def _rules(request: Request, spec: JSON) -> JSON:
    verbs = ["*"] if request.writes else list(LOOKING)
    return {
        "resourceRules": [{"verbs": verbs, "apiGroups": ["*"], "resources": ["*"]}],
        "nonResourceRules": [{"verbs": verbs, "nonResourceURLs": ["*"]}],
        "incomplete": False,
    }


def _self(request: Request, spec: JSON) -> JSON:
    return {"userInfo": _user(request)}


def _token(request: Request, spec: JSON) -> JSON:
    return {"authenticated": True, "user": _user(request)}


def _user(request: Request) -> JSON:
    return {"username": user_of(request), "groups": GROUPS[user_of(request)]}


_STATUSES = {
    "SelfSubjectAccessReview": _access,
    "SelfSubjectRulesReview": _rules,
    "SelfSubjectReview": _self,
    "TokenReview": _token,
}
