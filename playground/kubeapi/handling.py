"""Who answers which request?  Everything here runs in a worker thread; a watch is made here and lives on in the event loop.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/installer.go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import structs

from playground.clusters import looks, spending
from playground.kube.apiserver.resources import KINDS
from playground.kube.apiserver.served import WITH_STATUS
from playground.kube.apiserver.warnings import DEPRECATED_KINDS
from playground.kube.errors import Refusal
from playground.kubeapi import execution, forwarding, logs, reviews, users, writing
from playground.kubeapi.exchange import Request
from playground.kubeapi.streams import Stream
from playground.kubeapi.watching import Watch
from playground.rest import discovery, openapi, reading, scaling, statuses
from playground.rest.exchange import Answer, not_allowed, not_there, spaced
from playground.rest.paths import Target, target
from playground.rest.serving import ALIVE, PATHS

VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def handle(request: Request, loop: asyncio.AbstractEventLoop) -> Answer | Stream:
    """Raises Refusal."""
    spending.spend(request.cluster.pk, "api_requests_per_minute")
    looks.attend(request.cluster)
    request = users.authorized(request)
    first = request.path.partition("/")[0]
    if request.path in ALIVE:
        return Answer(b"ok", type="text/plain; charset=utf-8")
    if reviews.is_review(request):
        return reviews.review(request)
    if first == "openapi":
        with looks.at(request.cluster) as kube:
            known = openapi.known(kube)
        return openapi.document(request, known)
    if request.path == "version":
        return discovery.version()
    if first in ("api", "apis"):
        with looks.alone(request.cluster):
            return _of_the_cluster(request, loop)
    if request.path == "":
        return spaced({"paths": PATHS})
    raise not_there()


def _of_the_cluster(request: Request, loop: asyncio.AbstractEventLoop) -> Answer | Stream:
    with looks.at(request.cluster) as kube:
        steps = request.path.split("/")
        if len(steps) <= (2 if steps[0] == "api" else 3):
            if request.method not in ("GET", "HEAD"):
                raise not_allowed()
            return discovery.discover(request, kube)
        aim = target(request.path, kube)
        if aim.subresource == "status" and aim.resource.kind in KINDS and aim.resource.kind not in WITH_STATUS:
            raise not_there()
        if aim.resource.kind == "Pod" and aim.subresource in ("exec", "attach"):
            raise execution.refusal(request, kube, aim)
        if aim.resource.kind == "Pod" and aim.subresource == "portforward":
            raise forwarding.refusal(request, kube, aim)
        if request.method in ("GET", "HEAD"):
            return _warned(partial(_read, request, kube, aim, loop), aim)
        if not request.writes:
            raise writing.refuse_reader(request, aim, _verb(request, aim))
        return _warned(partial(writing.write, request, kube, aim), aim)


def _warned(work: Callable[[], Answer | Stream], aim: Target) -> Answer | Stream:
    """Of a kind that is deprecated as a whole, every answer says so, a refusal too."""
    if aim.resource.kind not in DEPRECATED_KINDS:
        return work()
    try:
        done = work()
    except Refusal as refusal:
        done = statuses.refused(refusal)
    warnings = tuple(dict.fromkeys((*done.warnings, DEPRECATED_KINDS[aim.resource.kind])))
    if isinstance(done, Answer):
        return structs.replace(done, warnings=warnings)
    done.warnings = warnings
    return done


def _read(request: Request, kube: Any, aim: Target, loop: asyncio.AbstractEventLoop) -> Answer | Stream:
    if request.flag("watch"):
        if aim.subresource:
            raise not_there()
        return Watch(request, kube, aim, loop)
    if (aim.resource.kind, aim.subresource) == ("Pod", "log"):
        return logs.log(request, kube, aim, loop)
    if aim.subresource == "scale":
        return scaling.answered(request, kube, aim)
    if aim.subresource not in ("", "status"):
        raise not_there()
    return reading.get(request, kube, aim) if aim.name else reading.list_(request, kube, aim)


def _verb(request: Request, aim: Target) -> str:
    verb = VERBS.get(request.method, request.method.lower())
    return "deletecollection" if verb == "delete" and not aim.name else verb
