"""Which requests were sent, and how did one find its way?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from playground.clusters import looks, spending
from playground.clusters.errors import NoSuchRequest
from playground.clusters.models import Cluster
from playground.pages import answers, problems
from playground.pages.facts import traffic, whatif
from playground.pages.forms.traffic import WhatIfForm
from playground.pages.gate import cluster_view


@require_safe
@cluster_view
def table(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """The streams and the latest requests; ?only=failures leaves out those that were answered."""
    only_failures = request.GET.get("only") == "failures"
    with looks.at(cluster) as running:
        rows = traffic.recent(running, only_failures)
        streams = running.traffic.streams()
    caption = f"The latest {'failures' if only_failures else 'requests'}, newest first."
    context = {"rows": rows, "streams": streams, "only_failures": only_failures, "caption": caption, "title": "Requests"}
    return answers.fragment(request, cluster, "pages/_requests.html", context)


@require_safe
@cluster_view
def card(request: HttpRequest, cluster: Cluster, number: int) -> HttpResponse:
    """One request, hop by hop. ?at= is its virtual microsecond, needed where it is long past."""
    try:
        found, hops = looks.request(cluster, number, _moment(request, cluster, number))
    except NoSuchRequest:
        context = {"number": number, "title": f"Request {number}"}
        return answers.fragment(request, cluster, "pages/_missing_request.html", context, status=404)
    context = {"card": traffic.card(found, hops), "title": f"Request {number}"}
    return answers.fragment(request, cluster, "pages/_request.html", context)


@require_safe
@cluster_view
def what_if(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """?source= and ?to= say what is sent, ?count= how often; ?change= is one of the changes that the answer offers."""
    spending.reckon(cluster)
    form = WhatIfForm(request.GET)
    if not form.is_valid():
        return answers.refusal(request, problems.of_form(form))
    with looks.at(cluster) as running:
        copy = running.fork()
    asked = whatif.answer(copy, *(form.cleaned_data[name] for name in ("source", "to", "count", "change")))
    context = {"asked": asked, "counts": whatif.COUNTS, "title": "What if?"}
    return answers.fragment(request, cluster, "pages/_what_if.html", context)


def _moment(request: HttpRequest, cluster: Cluster, number: int) -> int:
    text = request.GET.get("at", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    with looks.at(cluster) as running:
        recent = running.network.request(number)
    if recent is None:
        raise NoSuchRequest(number)
    return int(recent.time)
