"""How does a visitor get the kubeconfig of their cluster?  As a file, from a link in its page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from playground.clusters import ownership
from playground.clusters.errors import NoSuchCluster
from playground.clusters.visitors import asker_of
from playground.kube.errors import Refusal
from playground.kubeapi import access
from playground.kubeapi.kubeconfig import kubeconfig


@require_GET
@never_cache
def download(request: HttpRequest, id: str) -> HttpResponse:
    """GET /clusters/<id>/kubeconfig: with a full key, or with `?read-only` with one for looking only. The first time a key is made."""
    asker = asker_of(request)
    try:
        cluster = ownership.admit(asker, id)
    except NoSuchCluster:
        raise Http404 from None
    if asker.share or not asker.acts:  # a key outlives what a link or a frame allows
        raise Http404
    try:
        key = access.key_of(cluster, writes="read-only" not in request.GET)
    except Refusal as refusal:
        return HttpResponse(f"{refusal}\n", status=refusal.code, content_type="text/plain")
    text = kubeconfig(f"{request.scheme}://{request.get_host()}", key)
    return HttpResponse(text, content_type="application/yaml", headers={"Content-Disposition": 'attachment; filename="kubeconfig"'})
