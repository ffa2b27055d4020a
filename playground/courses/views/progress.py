"""How does a learner take their progress along, and bring it in?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from playground.courses import keeping
from playground.courses.gate import visitor_view
from playground.courses.views import listing


@require_safe
@visitor_view
def take(request: HttpRequest, visitor: str) -> HttpResponse:
    """GET /lessons/progress.json"""
    response = HttpResponse(keeping.exported(visitor), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="switchyard-progress.json"'
    return response


@require_POST
@visitor_view
def bring(request: HttpRequest, visitor: str) -> HttpResponse:
    """POST /lessons/progress/ with the file's `text`."""
    count = keeping.take_in(visitor, request.POST.get("text", ""))
    context = listing.context(request, visitor)
    return render(
        request, "courses/lessons.html", {**context, "imported": context["w"].say("imported_one" if count == 1 else "imported", n=count)}
    )
