"""What does the API server answer to a program that reaches it in the cluster's own network?  It asks who that is, whether they may, and reads.

Source: staging/src/k8s.io/apiserver/pkg/server/config.go (DefaultBuildHandlerChain), pkg/endpoints/handlers/negotiation/negotiate.go (isPrettyPrint).
Simplified: it is only read from, and a watch is refused.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import rbac, tokens
from playground.kube.apiserver.resources import KINDS
from playground.kube.apiserver.served import WITH_STATUS
from playground.kube.apiserver.tokens import ANONYMOUS, User
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.rest import discovery, logs, openapi, reading, scaling, statuses
from playground.rest.exchange import JSON_TYPE, Answer, Request, answer, not_there, spaced
from playground.rest.paths import target
from playground.rest.requestinfo import attributes

ALIVE = ("healthz", "livez", "readyz")
PATHS = ["/api", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]
BROWSERS = ("curl", "Wget", "Mozilla/5.0")
UNAUTHORIZED = {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": "Unauthorized",
    "reason": "Unauthorized",
    "code": 401,
}


def serve(kube: Cluster, request: Request) -> Answer:
    """The answer to whoever the header Authorization says that it is."""
    return _spaced(_decided(kube, request), request)


def read(kube: Cluster, request: Request) -> Answer:
    """The answer to a GET of somebody who may; raises Refusal."""
    first = request.path.partition("/")[0]
    if request.path in ALIVE:
        return Answer(b"ok", type="text/plain; charset=utf-8")
    if request.path == "version":
        return discovery.version()
    if first == "openapi":
        return openapi.document(request, openapi.known(kube))
    if first in ("api", "apis"):
        return _of_the_cluster(kube, request)
    if request.path == "":
        return spaced({"paths": PATHS})
    raise not_there()


def _decided(kube: Cluster, request: Request) -> Answer:
    user = who(kube, request)
    if user is None:
        return answer(UNAUTHORIZED, 401)
    try:
        wanted = attributes(request)
        rbac.authorize(kube.store, user, wanted)
        if request.method not in ("GET", "HEAD") or wanted.verb == "watch":
            raise Refusal(405, "MethodNotAllowed", f"{wanted.verb} is not simulated for programs in the cluster: use kubectl")
        return read(kube, request)
    except Refusal as refusal:
        return statuses.refused(refusal)


def who(kube: Cluster, request: Request) -> User | None:
    """None for a token that is not good; without one it is somebody unknown."""
    kind, _, token = request.headers.get("authorization", "").strip().partition(" ")
    return tokens.named(kube.machinery, token.strip()) if kind.lower() == "bearer" and token.strip() else ANONYMOUS


def _of_the_cluster(kube: Cluster, request: Request) -> Answer:
    steps = request.path.split("/")
    if len(steps) <= (2 if steps[0] == "api" else 3):
        return discovery.discover(request, kube)
    aim = target(request.path, kube)
    if (aim.resource.kind, aim.subresource) == ("Pod", "log"):
        return logs.answered(request, kube, aim)
    if aim.subresource == "scale":
        return scaling.answered(request, kube, aim)
    unseen = aim.subresource == "status" and aim.resource.kind in KINDS and aim.resource.kind not in WITH_STATUS
    if unseen or aim.subresource not in ("", "status"):
        raise not_there()
    return reading.get(request, kube, aim) if aim.name else reading.list_(request, kube, aim)


def _spaced(said: Answer, request: Request) -> Answer:
    """With room for eyes, where a program asks that people look at; else one line."""
    if said.type != JSON_TYPE:
        return said
    pretty: Any = request.asked("pretty") or str(request.headers.get("user-agent", "").startswith(BROWSERS))
    return msgspec.structs.replace(said, body=msgspec.json.format(said.body, indent=2)) if pretty.lower() in ("1", "true") else said
