"""How does a visitor come to a cluster: the latest, another one, a new one?  And the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from playground.clusters import looks, ownership, scenes
from playground.clusters.models import Cluster
from playground.kube.errors import Refusal
from playground.pages import answers, problems
from playground.pages.gate import cluster_view, visitor_view


@require_safe
@visitor_view
def home(request: HttpRequest, visitor: str) -> HttpResponse:
    """To the visitor's latest cluster; their first one is made at once."""
    return HttpResponseRedirect(answers.base(ownership.latest(visitor, request.META.get("REMOTE_ADDR", ""))))


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_view
def clusters(request: HttpRequest, visitor: str) -> HttpResponse:
    """The visitor's clusters, and the ready ones to start from; POST starts one."""
    if request.method == "POST":
        return _start(request, visitor)
    return _list(request, visitor)


@require_safe
@cluster_view
def playground(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """The yard with everything around it."""
    context = answers.context_of(cluster, log=looks.history(cluster), scene=scenes.named(cluster.scene))
    return answers.page(request, "pages/playground.html", context)


def _start(request: HttpRequest, visitor: str) -> HttpResponse:
    try:
        cluster = ownership.new_cluster(
            visitor, request.POST.get("scene", ""), request.POST.get("op", ""), request.META.get("REMOTE_ADDR", "")
        )
    except KeyError:
        known = ", ".join(scene.key for scene in scenes.all())
        problem = problems.Problem(422, f'There is no ready cluster "{request.POST.get("scene", "")[:80]}": choose one of {known}')
        return _list(request, visitor, problem)
    except Refusal as refusal:
        return _list(request, visitor, problems.of_refusal(refusal))
    return HttpResponseRedirect(answers.base(cluster))


def _list(request: HttpRequest, visitor: str, problem: problems.Problem | None = None) -> HttpResponse:
    context = {"clusters": ownership.of(visitor), "scenes": scenes.all(), "problem": problem}
    return answers.retry_later(answers.page(request, "pages/clusters.html", context, problem.status if problem else 200), problem)
