"""What is this playground, and how true is it?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from playground.pages import answers


@require_GET
def fidelity(request: HttpRequest) -> HttpResponse:
    """What is as in Kubernetes, what is simplified, what is not there; the symbols and the keys."""
    return answers.page(request, "pages/fidelity.html", {})
