"""May this visitor come in, and whose cluster is it?  Another visitor's cluster, or one without a lesson, is answered as one that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from playground.clusters import ownership, visitors
from playground.clusters.errors import NoSuchCluster, read_only
from playground.clusters.models import Cluster
from playground.kube.errors import Refusal

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Problem:
    """What was refused, as `pages/_refusal.html` shows it."""

    title: str
    complaints: tuple[Any, ...] = ()
    advice: str = ""


def visitor_view(view: View) -> View:
    """A view of a visitor, who is remembered: `view(request, visitor, ...)`. A token opens a cluster, and nothing else of its visitor."""

    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asker = visitors.asker_of(request)
        if asker.cluster:
            raise Http404
        try:
            response = view(request, asker.visitor, *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)
        return visitors.remember(request, response)

    return gated


def cluster_view(view: View) -> View:
    """A view of one of the visitor's own clusters that is a lesson's stage: `view(request, cluster, ...)`."""

    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, _found(request, id), *args, **kwargs)
        except NoSuchCluster:
            raise Http404(id) from None
        except Refusal as refusal:
            return refused(request, refusal)

    return gated


def acting_view(view: View) -> View:
    """A view that changes the cluster, or how far the visitor is: not for who may only look."""

    @wraps(view)
    def gated(request: HttpRequest, cluster: Cluster, *args: Any, **kwargs: Any) -> HttpResponse:
        if not visitors.asker_of(request).acts:
            raise read_only()
        return view(request, cluster, *args, **kwargs)

    return cluster_view(gated)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal's own words; to htmx a fragment that stands where receipts do, so that the pane stays."""
    template = "pages/_refusal.html" if request.htmx else "pages/refused.html"  # type: ignore[attr-defined]
    status = refusal.code if refusal.code in (404, 409, 413, 429, 503) else 422
    response = render(request, template, {"problem": Problem(refusal.message)}, status=status)
    if request.htmx:  # type: ignore[attr-defined]
        response["HX-Retarget"], response["HX-Reswap"] = "#receipt", "innerHTML"
    if hasattr(refusal, "wait"):
        response["Retry-After"] = str(refusal.wait)
    return response


def _found(request: HttpRequest, id: str) -> Cluster:
    """Who looks on by a share link plays no lesson there: it is another's, and so is the progress."""
    asker = visitors.asker_of(request)
    cluster = ownership.admit(asker, id)
    if asker.share or not cluster.lesson:
        raise NoSuchCluster(id)
    return cluster
