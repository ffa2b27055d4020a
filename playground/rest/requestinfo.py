"""What does a request want done, as the authorizer is asked?

Source: staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go.
"""

from __future__ import annotations

from playground.kube.apiserver.rbac import Attributes
from playground.rest.exchange import Request

VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "GET": "get", "HEAD": "get"}
OF_NAMESPACES = ("status", "finalize")


def attributes(request: Request) -> Attributes:
    steps = request.path.split("/")
    rest = steps[2:] if steps[0] == "api" else steps[3:] if steps[0] == "apis" else []
    if not rest:
        return Attributes(request.method.lower(), f"/{request.path}")
    group, namespace = "" if steps[0] == "api" else steps[1], ""
    if rest[0] == "namespaces" and len(rest) > 1:
        namespace = rest[1]
        rest = rest[2:] if len(rest) > 2 and rest[2] not in OF_NAMESPACES else rest
    resource, name, subresource = [*rest, "", ""][:3]
    return Attributes(_verb(request, name), f"/{request.path}", group, resource, subresource, namespace, name)


def _verb(request: Request, name: str) -> str:
    verb = VERBS.get(request.method, "")
    if name:
        return verb
    reads = "watch" if request.asked("watch").lower() in ("1", "true") else "list"
    return {"get": reads, "delete": "deletecollection"}.get(verb, verb)
