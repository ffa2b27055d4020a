"""May this visitor come in, and whose cluster is it?  What is not theirs is answered as what does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from playground.clusters import visitors
from playground.clusters.errors import NoSuchCluster
from playground.clusters.models import Cluster
from playground.kube.errors import Refusal

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Gate:
    """`find` is the cluster of an id that a request may look at, or NoSuchCluster; `refused` shows a Refusal as its room does."""

    find: Callable[[HttpRequest, str], Cluster]
    refused: Callable[[HttpRequest, Refusal], HttpResponse]

    def visitor_view(self, view: View) -> View:
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
                return self.refused(request, refusal)
            return visitors.remember(request, response)

        return gated

    def cluster_view(self, view: View) -> View:
        """A view of a cluster: `view(request, cluster, ...)`."""

        @never_cache
        @wraps(view)
        def gated(request: HttpRequest, id: str, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, self.find(request, id), *args, **kwargs)
            except NoSuchCluster:
                raise Http404 from None
            except Refusal as refusal:
                return self.refused(request, refusal)

        return gated
