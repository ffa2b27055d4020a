"""May this visitor come in, and whose cluster is it?  Another visitor's cluster is answered as one that does not exist.

Who holds a share link may look. Their first change is made to a copy of their own, and the page's script is told to go on there.
"""

from __future__ import annotations

import json
from functools import wraps

from django.http import HttpRequest, HttpResponse

from playground.clusters import ownership, visitors
from playground.clusters.errors import read_only
from playground.clusters.gate import Gate, View
from playground.clusters.models import Cluster
from playground.pages import answers, problems

OF_THE_CLOCK = ("clock", "step", "skip")


_gate = Gate(
    find=lambda request, id: ownership.admit(visitors.asker_of(request), id),
    refused=lambda request, refusal: answers.refusal(request, problems.of_refusal(refusal)),
)
visitor_view, cluster_view = _gate.visitor_view, _gate.cluster_view


def acting_view(view: View) -> View:
    """A view that changes a cluster: `view(request, cluster, verb)`. Who may only look still sets the clock of a cluster of their own."""

    @wraps(view)
    def gated(request: HttpRequest, cluster: Cluster, verb: str) -> HttpResponse:
        asker = visitors.asker_of(request)
        if not asker.acts and (asker.share or verb not in OF_THE_CLOCK):
            raise read_only()
        if not asker.share:
            return view(request, cluster, verb)
        return _on_a_copy(view, request, cluster, verb)

    return cluster_view(gated)


def _on_a_copy(view: View, request: HttpRequest, cluster: Cluster, verb: str) -> HttpResponse:
    """A change that is refused leaves no copy behind."""
    asker = visitors.asker_of(request)
    wish = f"copy-{asker.share}-{request.POST.get('op', '')}"
    copy = ownership.copy(cluster, asker.visitor, wish, request.META.get("REMOTE_ADDR", ""))
    response = view(request, copy, verb)
    if response.status_code >= 400:
        ownership.discard(copy)
    else:
        where = {"address": answers.base(copy), "resume": visitors.resume_code(copy.visitor, copy.pk)}
        events = json.loads(response.headers.get("HX-Trigger", "{}"))
        response["HX-Trigger"] = json.dumps({**events, "moved-to-copy": where})
    return response
