"""Is this the owner of the cluster?  Only they share it; anybody else is answered as if there were none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from playground.clusters import ownership
from playground.clusters.errors import NoSuchCluster
from playground.clusters.visitors import asker_of

View = Callable[..., HttpResponse]


def owner_view(view: View) -> View:
    """`view(request, cluster, ...)`. A token is not enough: what a frame may do ends with the frame."""

    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        asker = asker_of(request)
        try:
            if asker.cluster:
                raise Http404
            return view(request, ownership.find(asker.visitor, id), *args, **kwargs)
        except NoSuchCluster:
            raise Http404 from None

    return gated
