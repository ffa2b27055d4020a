"""May this visitor come in, and whose cluster is it?  Another visitor's cluster is answered as one that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from playground.clusters import service, visitors
from playground.clusters.errors import NoSuchCluster
from playground.kube.errors import Refusal
from playground.pages import answers, problems
from playground.pages.errors import missing

View = Callable[..., HttpResponse]


def visitor_view(view: View) -> View:
    """A view of a visitor, who is remembered: `view(request, visitor, ...)`."""

    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, visitors.visitor_of(request), *args, **kwargs)
        except Refusal as refusal:
            return answers.refusal(request, problems.of_refusal(refusal))
        return visitors.remember(request, response)

    return gated


def cluster_view(view: View) -> View:
    """A view of one of the visitor's own clusters: `view(request, cluster, ...)`."""

    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            cluster = service.find(visitors.visitor_of(request), id)
            return view(request, cluster, *args, **kwargs)
        except NoSuchCluster:
            return missing(request)
        except Refusal as refusal:
            return answers.refusal(request, problems.of_refusal(refusal))

    return gated
