"""May this visitor come in, and whose cluster is it?  Another visitor's cluster, or one without a lesson, is answered as one that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from playground.clusters import ownership, visitors
from playground.clusters.errors import NoSuchCluster, read_only
from playground.clusters.gate import Gate, View
from playground.clusters.models import Cluster
from playground.kube.errors import Refusal


@dataclass(frozen=True)
class Problem:
    """What was refused, as `pages/_refusal.html` shows it."""

    title: str
    complaints: tuple[Any, ...] = ()
    advice: str = ""


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


_gate = Gate(_found, refused)
visitor_view, cluster_view = _gate.visitor_view, _gate.cluster_view


def acting_view(view: View) -> View:
    """A view that changes the cluster, or how far the visitor is: not for who may only look."""

    @wraps(view)
    def gated(request: HttpRequest, cluster: Cluster, *args: Any, **kwargs: Any) -> HttpResponse:
        if not visitors.asker_of(request).acts:
            raise read_only()
        return view(request, cluster, *args, **kwargs)

    return cluster_view(gated)
