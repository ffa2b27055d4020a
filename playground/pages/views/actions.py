"""What comes of a press of a button?  One form, one call to the door, and its receipt or its refusal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from playground.clusters.models import Cluster
from playground.kube.errors import Refusal
from playground.manifests.errors import BadYAML
from playground.pages import answers, problems
from playground.pages.errors import missing
from playground.pages.forms.base import ActionForm
from playground.pages.gate import acting_view
from playground.pages.verbs import VERBS
from playground.pages.views import adding


@require_POST
@acting_view
def act(request: HttpRequest, cluster: Cluster, verb: str) -> HttpResponse:
    """POST /clusters/<id>/actions/<verb>/"""
    if verb not in VERBS:
        return missing(request)
    form = VERBS[verb](request.POST)
    try:
        if not form.is_valid():
            return _refused(request, cluster, verb, problems.of_form(form))
        receipt = form.perform(cluster)
    except BadYAML as bad:
        return _refused(request, cluster, verb, problems.of_yaml(bad))
    except Refusal as refusal:
        return _refused(request, cluster, verb, problems.of_refusal(refusal, form.documents))
    return answers.receipt(request, cluster, receipt, _to_show(verb, request.POST, form))


def _refused(request: HttpRequest, cluster: Cluster, verb: str, problem: problems.Problem) -> HttpResponse:
    """Without htmx, a form that was typed into comes again with what was typed."""
    template, context = "pages/refused.html", answers.context_of(cluster)
    if not request.htmx and verb in adding.FORM_OF:  # type: ignore[attr-defined]
        template = answers.IN_PANE
        context |= {"fragment": "pages/_new.html", **adding.context(cluster, adding.FORM_OF[verb], request.POST)}
    return answers.refusal(request, problem, template, context)


def _to_show(verb: str, answered: QueryDict, form: ActionForm) -> str:
    """What is worth opening afterwards: the object as it was saved, the Service that was made."""
    if verb == "replace":
        return f"{answered['ref']}?tab=yaml" if answered.get("ref", "").count("/") == 2 else ""
    if verb == "expose":
        return f"Service/{form.cleaned_data['pods'][0]}/{form.cleaned_data['name']}"
    return ""
