"""How is a Service's selector or policy changed, and how is one made of chosen Pods?"""

from __future__ import annotations

from typing import Any

from django import forms

from playground.clusters import looks
from playground.clusters.models import Cluster
from playground.kube import actions
from playground.pages import labels
from playground.pages.facts import matching
from playground.pages.forms.base import ActionForm, LabelsField, NameField

MOST_PODS = 90
POLICIES = [("Cluster", "Cluster"), ("Local", "Local")]


class ServiceForm(ActionForm):
    """A form about one Service."""

    namespace = NameField()
    name = NameField()

    def patch(self, spec: dict[str, Any]) -> actions.Action:
        return actions.Patch("Service", self.cleaned_data["name"], {"spec": spec}, self.cleaned_data["namespace"])


class SelectorForm(ServiceForm):
    """The selector as it should be; only what differs from `before`, which the form was shown with, is changed."""

    selector = LabelsField(label="Selector")
    before = LabelsField()

    def action(self, cluster: Cluster) -> actions.Action:
        wanted = self.cleaned_data["selector"]
        return self.patch({"selector": labels.difference(self.cleaned_data["before"], wanted) if wanted else None})


class PolicyForm(ServiceForm):
    """The policy of traffic from inside, or of that from outside."""

    internal = forms.ChoiceField(choices=POLICIES, required=False, label="internalTrafficPolicy")
    external = forms.ChoiceField(choices=POLICIES, required=False, label="externalTrafficPolicy")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not self.errors and not (answers["internal"] or answers["external"]):
            raise forms.ValidationError("Say which policy is to be Cluster or Local")
        return answers

    def action(self, cluster: Cluster) -> actions.Action:
        given = {f"{side}TrafficPolicy": self.cleaned_data[side] for side in ("internal", "external")}
        return self.patch({name: policy for name, policy in given.items() if policy})


class PodsField(forms.Field):
    """Pods of one namespace, each as `namespace/name`, as (namespace, names)."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[str, list[str]]:
        keys = [str(key) for key in super().clean(value)]
        if len(keys) > MOST_PODS:
            raise forms.ValidationError(f"{len(keys)} Pods are too many to choose one by one: at most {MOST_PODS}")
        if any(key.count("/") != 1 for key in keys):
            raise forms.ValidationError("A Pod is written namespace/name")
        namespaces = {key.split("/")[0] for key in keys}
        if len(namespaces) > 1:
            spoken = ", ".join(sorted(namespaces))
            raise forms.ValidationError(f"A Service selects Pods of its own namespace only, and these are in {spoken}")
        return namespaces.pop(), [key.split("/")[1] for key in keys]


class ChosenPodsForm(forms.Form):
    """What a proposal needs."""

    pods = PodsField(label="Pods", error_messages={"required": "Choose at least one Pod."})
    name = NameField(label="Name of the Service", required=False)


class ExposeForm(ActionForm, ChosenPodsForm):
    """One new Service that selects just these Pods; where no label sets them apart, they get one first."""

    name = NameField(label="Name of the Service")
    port = forms.IntegerField(min_value=1, max_value=65_535, label="Port")
    target_port = forms.CharField(required=False, max_length=63, label="Port of the Pods")

    def action(self, cluster: Cluster) -> actions.Action:
        namespace, names = self.cleaned_data["pods"]
        with looks.at(cluster) as running:
            proposal = matching.propose(running, namespace, names, self.cleaned_data["name"])
        marks = [actions.Patch("Pod", pod, {"metadata": {"labels": proposal.selector}}, namespace) for pod in proposal.marked]
        create = actions.Create([self._document(proposal)])
        return actions.Batch(f"Create Service {self.cleaned_data['name']}", [*marks, create]) if marks else create

    def _document(self, proposal: matching.Proposal) -> dict[str, Any]:
        answers = self.cleaned_data
        port: dict[str, Any] = {"port": answers["port"]}
        target = answers["target_port"]
        if target:
            port["targetPort"] = int(target) if target.isdecimal() else target
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": answers["name"], "namespace": proposal.namespace},
            "spec": {"selector": proposal.selector, "ports": [port]},
        }
