"""What can be added to a cluster?  The forms for YAML, a Service of chosen Pods, traffic and a Node."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from playground.clusters import looks, spending
from playground.clusters.models import Cluster
from playground.pages import answers
from playground.pages.facts import matching
from playground.pages.facts.choices import choices
from playground.pages.forms.services import ChosenPodsForm
from playground.pages.gate import cluster_view
from playground.pages.views.objects import BURSTS

TITLES = {"yaml": "YAML", "service": "Service of Pods", "traffic": "Traffic", "node": "Node", "edit": "Edit"}
HEADINGS = {
    "yaml": "Objects as YAML",
    "service": "A Service of chosen Pods",
    "traffic": "Traffic from a Pod",
    "node": "A Node",
    "edit": "An object as YAML",
}
TABS = tuple((key, title) for key, title in TITLES.items() if key != "edit")
FORM_OF = {"apply": "yaml", "replace": "edit", "expose": "service", "start-traffic": "traffic", "send": "traffic", "add-node": "node"}
EXAMPLE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx
          ports:
            - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web-svc
spec:
  selector:
    app: web
  ports:
    - port: 80
"""


@require_safe
@cluster_view
def new(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """?form= chooses what to add; ?pods= are chosen already."""
    form_name = request.GET.get("form", "yaml")
    form_name = form_name if form_name in dict(TABS) else "yaml"
    return answers.fragment(request, cluster, "pages/_new.html", context(cluster, form_name, request.GET))


@require_safe
@cluster_view
def proposal(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """The selector that a Service of the chosen Pods would get."""
    spending.check(cluster)
    form = ChosenPodsForm(request.GET)
    if not form.is_valid():
        return answers.fragment(
            request, cluster, "pages/_proposal.html", {"bad": " ".join(form.errors.get("pods", ())), "title": "Selector"}, answers.ALONE
        )
    namespace, names = form.cleaned_data["pods"]
    with looks.at(cluster) as running:
        proposed = matching.propose(running, namespace, names, form.cleaned_data["name"] or "the-service")
    found = {"proposal": proposed, "count": len(names), "title": "Selector"}
    return answers.fragment(request, cluster, "pages/_proposal.html", found, answers.ALONE)


def context(cluster: Cluster, form_name: str, values: QueryDict) -> dict[str, Any]:
    """What a form's template needs; `values` are what was typed before."""
    found: dict[str, Any] = {"values": values, "form_name": form_name, "title": HEADINGS[form_name], "tabs": TABS, "bursts": BURSTS}
    found |= {"form_template": f"pages/_new_{form_name}.html", "example": EXAMPLE}
    if form_name in ("service", "traffic"):
        with looks.at(cluster) as running:
            offered = choices(running)
        found |= {
            "pods": offered.pods,
            "more_pods": offered.more,
            "targets": offered.targets,
            "machines": offered.machines,
            "chosen": values.getlist("pods"),
        }
    return found
