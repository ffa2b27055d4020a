"""How is a page, a fragment, a receipt or a refusal sent?  The same content with htmx and without it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from playground.clusters import looks
from playground.clusters.models import Cluster
from playground.kube.actions import Receipt
from playground.pages import notes
from playground.pages.problems import Problem

IN_PANE = "pages/in_inspector.html"
ALONE = "pages/alone.html"


def base(cluster: Cluster) -> str:
    """The address that all of a cluster's addresses begin with."""
    return f"/clusters/{cluster.pk}/"


def context_of(cluster: Cluster, **more: Any) -> dict[str, Any]:
    return {"cluster": cluster, "base": base(cluster), **more}


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A whole page; it also says what the last action left to say."""
    shown = notes.read(request)
    return notes.take_away(request, render(request, template, {**context, "notes": shown}, status=status))


def fragment(
    request: HttpRequest, cluster: Cluster, template: str, context: dict[str, Any], whole: str = IN_PANE, status: int = 200
) -> HttpResponse:
    """The fragment to htmx; to others the page `whole` around it. `context` has a `title`."""
    context = context_of(cluster, fragment=template, **context)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, template, context, status=status)
    return page(request, whole, {**context, "log": looks.history(cluster)}, status)


def receipt(request: HttpRequest, cluster: Cluster, done: Receipt, show: str = "") -> HttpResponse:
    """What was done. `show` is the ref of an object to open, with its tab: `Service/default/web?tab=yaml`."""
    if not request.htmx:  # type: ignore[attr-defined]
        return notes.leave(
            HttpResponseRedirect(_back(request, cluster, show)), [*done.lines, *(f"Warning: {each}" for each in done.warnings)]
        )
    beside = request.htmx.target != "receipt"  # type: ignore[attr-defined]
    response = render(request, "pages/_receipt.html", {"lines": done.lines, "warnings": done.warnings, "beside": beside})
    response["HX-Trigger"] = json.dumps(_events(show))
    return response


def refusal(
    request: HttpRequest, problem: Problem, template: str = "pages/refused.html", context: dict[str, Any] | None = None
) -> HttpResponse:
    """What was refused, where the form asks for it to be shown; to others a page, which still holds what was typed."""
    context = {**(context or {}), "problem": problem}
    if request.htmx:  # type: ignore[attr-defined]
        return retry_later(render(request, "pages/_refusal.html", context, status=problem.status), problem)
    return retry_later(page(request, template, context, problem.status), problem)


def retry_later(response: HttpResponse, problem: Problem | None) -> HttpResponse:
    """Say when to try again, where the problem knows it."""
    if problem is not None and problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    return response


def _events(show: str) -> dict[str, Any]:
    """What the page's script hears of: `acted`, and what to open."""
    events: dict[str, Any] = {"acted": {}}
    if show:
        ref, _, tab = show.partition("?tab=")
        events["select-object"] = {"ref": ref, "tab": tab}
    return events


def _back(request: HttpRequest, cluster: Cluster, show: str) -> str:
    """To the object, or to the page of this cluster that the form was on, or to the cluster."""
    if show:
        ref, _, tab = show.partition("?tab=")
        return f"{base(cluster)}objects/{ref}/{'?tab=' + tab if tab else ''}"
    origin = f"{request.scheme}://{request.get_host()}"
    referrer = request.headers.get("Referer", "")
    path = referrer.removeprefix(origin)
    return path if referrer.startswith(origin) and path.startswith(base(cluster)) else base(cluster)
