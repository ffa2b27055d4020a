"""What does the console ask beside its socket?  Where one can be, and how a line goes on."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from playground.clusters import looks, spending
from playground.clusters.models import Cluster
from playground.pages import answers
from playground.pages.facts.places import places
from playground.pages.gate import cluster_view
from playground.terminal.console.completion import complete


@require_safe
@cluster_view
def choices(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """The places as options; ?place= is the one that is chosen."""
    chosen = request.GET.get("place", "")
    with looks.at(cluster) as running:
        found = places(running, chosen)
    return answers.fragment(request, cluster, "pages/_places.html", {"places": found, "chosen": chosen, "title": "Places"}, answers.ALONE)


@require_safe
@cluster_view
def completion(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """?place=&line= -> {"start": 12, "words": [...]}: each of the words may stand in the line from `start` on."""
    spending.check(cluster)
    line = request.GET.get("line", "")[: settings.LIMITS.terminal_line_characters]
    with looks.at(cluster) as running:
        found = complete(running, request.GET.get("place", ""), line)
    return JsonResponse({"start": found.start, "words": found.words})
