"""What is in the cluster, and what is to be said of one object?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from playground.clusters import looks
from playground.clusters.models import Cluster
from playground.pages import answers
from playground.pages.facts import inspection, rules
from playground.pages.facts.listing import listing
from playground.pages.gate import cluster_view

BURSTS = (1, 10, 100)


@require_safe
@cluster_view
def table(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """Every object, by kind; ?kind= and ?namespace= choose."""
    with looks.at(cluster) as running:
        found = listing(running, request.GET.get("kind", ""), request.GET.get("namespace", ""))
    return answers.fragment(request, cluster, "pages/_objects.html", {"listing": found, "title": "Objects"}, answers.ALONE)


@require_safe
@cluster_view
def iptables(request: HttpRequest, cluster: Cluster, node: str, family: str) -> HttpResponse:
    """What `iptables-save`, or `ip6tables-save`, prints on a Node, as plain text."""
    with looks.at(cluster) as running:
        found = rules.text(running, node, family) if running.store.get("Node", "", node) else None
    if found is None:
        raise Http404(node)
    return HttpResponse(found, content_type="text/plain; charset=utf-8")


@require_safe
@cluster_view
def inspector(request: HttpRequest, cluster: Cluster, kind: str, namespace: str, name: str) -> HttpResponse:
    """One object, as ?tab= shows it."""
    namespace = "" if namespace == "-" else namespace
    with looks.at(cluster) as running:
        it = inspection.inspect(running, kind, namespace, name, request.GET.get("tab", ""))
    if it is None:
        gone = {"ref": f"{kind}/{namespace or '-'}/{name}", "kind": kind, "namespace": namespace, "name": name, "title": name}
        return answers.fragment(request, cluster, "pages/_gone.html", gone, status=404)
    context = {"it": it, "tab_template": f"pages/_{it.tab}.html", "title": f"{it.kind} {it.name}", "bursts": BURSTS}
    return answers.fragment(request, cluster, "pages/_inspector.html", context)
