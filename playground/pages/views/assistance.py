"""What can be said while somebody still types: is this YAML right, which Pods does this selector match?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from playground.clusters import looks, spending
from playground.clusters.models import Cluster
from playground.kube.explain import reached
from playground.manifests import reader
from playground.manifests.errors import BadYAML
from playground.pages import answers, labels
from playground.pages.facts import linting, matching, relations
from playground.pages.gate import cluster_view


@require_POST
@cluster_view
def lint(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """{yaml} -> {"diagnostics": [{line, column, endColumn, severity, message, path}]}; nothing is changed."""
    spending.check(cluster)
    try:
        manifest = reader.read(request.POST.get("yaml", ""), settings.YAML_LIMITS)
    except BadYAML as bad:
        found = [linting.diagnostic(bad.line, bad.column, bad.column + 1, bad.message)]
    else:
        with looks.at(cluster) as running:
            found = linting.diagnostics(running, manifest.documents)
    return JsonResponse({"diagnostics": found})


@require_safe
@cluster_view
def selector(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """Which Pods a selector matches; the yard lets them glow."""
    spending.check(cluster)
    namespace = request.GET.get("namespace") or "default"
    context: dict[str, Any] = {"namespace": namespace, "title": "Selector"}
    try:
        context["selector"] = labels.read(request.GET.get("selector", ""))
        with looks.at(cluster) as running:
            context["found"] = matching.matches(running, namespace, context["selector"])
    except labels.BadLabels as bad:
        context["bad"] = bad
    return answers.fragment(request, cluster, "pages/_matches.html", context, answers.ALONE)


@require_safe
@cluster_view
def selecting(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """Which Services would select a Pod with these labels, and which owner would let it go."""
    spending.check(cluster)
    context: dict[str, Any] = {"title": "Labels"}
    namespace = request.GET.get("namespace") or "default"
    try:
        wanted = labels.read(request.GET.get("labels", ""))
        with looks.at(cluster) as running:
            context["services"] = reached.selecting(running.store, namespace, wanted)
            context["disowned"] = relations.disowned(running, running.store.get("Pod", namespace, request.GET.get("name", "")), wanted)
    except labels.BadLabels as bad:
        context["bad"] = bad
    return answers.fragment(request, cluster, "pages/_selecting.html", context, answers.ALONE)
