"""How does an owner share a cluster, and what does whoever has the link see?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.clusters import looks, scenes
from playground.clusters.models import Cluster
from playground.clusters.visitors import asker_of, remember
from playground.embeds import links, openings, sites
from playground.embeds.gate import owner_view
from playground.embeds.privacy import unlisted
from playground.embeds.sheets import sheet
from playground.kube.errors import Refusal


@require_safe
@never_cache
def look(request: HttpRequest, link: str) -> HttpResponse:
    """/shared/<link>/: the cluster as it is, live. The page shows a token of its visitor's for what it fetches."""
    found, asker = links.find(link), asker_of(request)
    if found is None or asker.cluster:
        raise Http404
    cluster = found.cluster
    opened = openings.look(link, cluster, asker.visitor)
    context = {
        "cluster": cluster,
        "base": f"/clusters/{cluster.pk}/",
        "log": looks.history(cluster),
        "scene": scenes.named(cluster.scene),
        "opened": opened,
        "hidden": "terminal",
        "discovery": f"{request.build_absolute_uri('/oembed')}?{urlencode({'url': request.build_absolute_uri(), 'format': 'json'})}",
    }
    return remember(request, unlisted(render(request, "embeds/shared.html", context)))


@require_http_methods(["GET", "HEAD", "POST"])
@owner_view
def share(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """The cluster's share links; POST makes one, which only the `sites` may frame where some are named."""
    if request.method != "POST":
        return _sheet(request, cluster)
    typed = request.POST.get("sites", "")
    try:
        links.make(cluster, sites.read(typed))
    except (sites.BadSite, Refusal) as no:
        return _sheet(request, cluster, str(no), typed)
    return _done(request, cluster)


@require_POST
@owner_view
def withdraw(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """`link` opens nothing any more."""
    links.withdraw(cluster, request.POST.get("link", ""))
    return _done(request, cluster)


def _done(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _sheet(request, cluster)
    return HttpResponseRedirect(f"/clusters/{cluster.pk}/share/")


def _sheet(request: HttpRequest, cluster: Cluster, problem: str = "", typed: str = "") -> HttpResponse:
    origin = request.build_absolute_uri("/").rstrip("/")
    context = {"links": links.of(cluster), "origin": origin, "problem": problem, "typed": typed, "title": "Share this cluster"}
    return sheet(request, cluster, "embeds/_share.html", context, 422 if problem else 200)
