"""What is this playground, and how true is it?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from playground.pages import answers
from playground.pages.facts.fidelity import sections


@require_safe
def fidelity(request: HttpRequest) -> HttpResponse:
    """The symbols; what is as in Kubernetes, what is simplified, what is not there; the keys."""
    return answers.page(request, "pages/fidelity.html", {"sections": sections()})
