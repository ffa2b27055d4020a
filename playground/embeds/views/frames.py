"""What does a frame in somebody's page show?  GET: an empty frame, which is nobody's and makes nothing. POST, from the frame's script: a cluster.

No cookie is read or set below /embed/: who looks is known by the resume code that the frame kept, and from then on by its token.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from playground.clusters import looks, scenes
from playground.embeds import openings, sites
from playground.embeds.options import BadOptions, Options, read
from playground.embeds.privacy import unlisted
from playground.kube.errors import Refusal

Thing = openings.Ready | openings.Shared


def ready(request: HttpRequest, scene: str) -> HttpResponse:
    """/embed/cluster/<scene>/"""
    return _frame(request, lambda: openings.Ready(scene))


def lesson(request: HttpRequest, name: str, step: str = "") -> HttpResponse:
    """/embed/lesson/<name>/ and /embed/lesson/<name>/<step>/"""
    return _frame(request, lambda: openings.Lesson(name, step))


def shared(request: HttpRequest, link: str) -> HttpResponse:
    """/embed/shared/<link>/"""
    return unlisted(_frame(request, lambda: openings.Shared(link)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _frame(request: HttpRequest, find: Callable[[], Thing]) -> HttpResponse:
    try:
        thing = find()
    except KeyError:
        return sites.may_frame(
            _error(request, 404, "There is nothing here", ["The address is mistyped, or what it led to was taken back."])
        )
    try:
        options = read(request.GET, thing.options)
        response = _begin(request, thing, options) if request.method == "POST" else _empty(request, thing, options)
    except BadOptions as bad:
        response = _error(request, 400, "This address cannot be understood", bad.complaints)
    except Refusal as refusal:
        response = _error(request, refusal.code, "Not now", [refusal.message])
    return sites.may_frame(response, thing.sites)


def _empty(request: HttpRequest, thing: Thing, options: Options) -> HttpResponse:
    here = request.build_absolute_uri()
    discovery = f"{request.build_absolute_uri('/oembed')}?{urlencode({'url': here, 'format': 'json'})}"
    return render(
        request, "embeds/frame.html", {"thing": thing, "title": thing.titled(options), "options": options, "discovery": discovery}
    )


def _begin(request: HttpRequest, thing: Thing, options: Options) -> HttpResponse:
    opened = thing.open(options, request.POST.get("resume", ""), request.META.get("REMOTE_ADDR", ""))
    cluster = opened.cluster
    context = {
        "cluster": cluster,
        "base": f"/clusters/{cluster.pk}/",
        "log": looks.history(cluster),
        "scene": scenes.named(cluster.scene),
        "opened": opened,
        "options": options,
        "hidden": " ".join(options.hide),
        "pane_query": thing.pane_query(options),
    }
    return render(request, "embeds/playground.html", context)


def _error(request: HttpRequest, status: int, title: str, lines: list[str]) -> HttpResponse:
    response = render(request, "embeds/error.html", {"title": title, "lines": lines}, status=status)
    response._has_been_logged = True  # type: ignore[attr-defined]  # its address may hold a share link
    return response
