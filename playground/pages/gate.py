"""May this visitor come in, and whose cluster is it?  Another visitor's cluster is answered as one that does not exist.

Who holds a share link may look. Their first change is made to a copy of their own, and the page's script is told to go on there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from playground.clusters import ownership, visitors
from playground.clusters.errors import NoSuchCluster, read_only
from playground.clusters.models import Cluster
from playground.kube.errors import Refusal
from playground.pages import answers, problems
from playground.pages.errors import missing

View = Callable[..., HttpResponse]
OF_THE_CLOCK = ("clock", "step", "skip")


def visitor_view(view: View) -> View:
    """A view of a visitor, who is remembered: `view(request, visitor, ...)`. A token opens a cluster, and nothing else of its visitor."""

    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asker = visitors.asker_of(request)
        if asker.cluster:
            return missing(request)
        try:
            response = view(request, asker.visitor, *args, **kwargs)
        except Refusal as refusal:
            return answers.refusal(request, problems.of_refusal(refusal))
        return visitors.remember(request, response)

    return gated


def cluster_view(view: View) -> View:
    """A view of a cluster that the visitor may look at: `view(request, cluster, ...)`."""

    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            cluster = ownership.admit(visitors.asker_of(request), id)
            return view(request, cluster, *args, **kwargs)
        except NoSuchCluster:
            return missing(request)
        except Refusal as refusal:
            return answers.refusal(request, problems.of_refusal(refusal))

    return gated


def acting_view(view: View) -> View:
    """A view that changes a cluster: `view(request, cluster, verb)`. Who may only look still sets the clock of a cluster of their own."""

    @wraps(view)
    def gated(request: HttpRequest, cluster: Cluster, verb: str) -> HttpResponse:
        asker = visitors.asker_of(request)
        if not asker.acts and (asker.share or verb not in OF_THE_CLOCK):
            raise read_only()
        if not asker.share:
            return view(request, cluster, verb)
        return _on_a_copy(view, request, cluster, verb)

    return cluster_view(gated)


def _on_a_copy(view: View, request: HttpRequest, cluster: Cluster, verb: str) -> HttpResponse:
    """A change that is refused leaves no copy behind."""
    asker = visitors.asker_of(request)
    wish = f"copy-{asker.share}-{request.POST.get('op', '')}"
    copy = ownership.copy(cluster, asker.visitor, wish, request.META.get("REMOTE_ADDR", ""))
    response = view(request, copy, verb)
    if response.status_code >= 400:
        ownership.discard(copy)
    else:
        where = {"address": answers.base(copy), "resume": visitors.resume_code(copy.visitor, copy.pk)}
        events = json.loads(response.headers.get("HX-Trigger", "{}"))
        response["HX-Trigger"] = json.dumps({**events, "moved-to-copy": where})
    return response
