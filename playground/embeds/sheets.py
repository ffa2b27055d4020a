"""How is what a dialog of the playground shows sent?  As a fragment to htmx, as a page to others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from playground.clusters.models import Cluster


def sheet(request: HttpRequest, cluster: Cluster, fragment: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """`context` has a `title`."""
    template = fragment if request.htmx else "embeds/sheet.html"  # type: ignore[attr-defined]
    context = {"cluster": cluster, "base": f"/clusters/{cluster.pk}/", "fragment": fragment, **context}
    return render(request, template, context, status=status)
