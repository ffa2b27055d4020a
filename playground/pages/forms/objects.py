"""How is any object applied, replaced, deleted, scaled, labelled or restarted?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from playground.clusters.models import Cluster
from playground.kube import actions
from playground.pages import labels
from playground.pages.forms.base import ActionForm, KindField, LabelsField, ManifestField, NameField

RESTARTED = "kubectl.kubernetes.io/restartedAt"


class ManifestForm(ActionForm):
    """A form that holds YAML."""

    yaml = ManifestField(label="YAML", error_messages={"required": "There is nothing to apply: write or paste at least one object."})

    def clean_yaml(self) -> Any:
        self.documents = self.cleaned_data["yaml"]
        if not self.documents:
            raise forms.ValidationError(self.fields["yaml"].error_messages["required"])
        return self.documents


class ApplyForm(ManifestForm):
    """Create or change everything in a text, all of it or nothing."""

    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Apply([document.value for document in self.documents])


class ReplaceForm(ManifestForm):
    """One whole object in the place of what it was."""

    def clean_yaml(self) -> Any:
        super().clean_yaml()
        if len(self.documents) > 1:
            raise forms.ValidationError(f"{len(self.documents)} objects: an edit replaces one")
        return self.documents

    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Replace(self.documents[0].value)


class ObjectForm(ActionForm):
    """A form about one object."""

    kind = KindField()
    namespace = NameField(required=False)
    name = NameField()

    @property
    def place(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("kind", "namespace", "name")}


class DeleteForm(ObjectForm):
    """`grace` in seconds; 0 removes a Pod at once."""

    grace = forms.IntegerField(required=False, min_value=0, max_value=86_400, label="grace period")
    propagation = forms.ChoiceField(required=False, choices=[(each, each) for each in ("Background", "Foreground", "Orphan")])

    def action(self, cluster: Cluster) -> actions.Action:
        propagation = self.cleaned_data["propagation"] or "Background"
        return actions.Delete(**self.place, grace=self.cleaned_data["grace"], propagation=propagation)


class ScaleForm(ObjectForm):
    """The API server says what is too many."""

    replicas = forms.IntegerField(min_value=-2_147_483_648, max_value=2_147_483_647)

    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Scale(**self.place, replicas=self.cleaned_data["replicas"])


class LabelForm(ObjectForm):
    """The labels as they should be; only what differs from `before`, which the form was shown with, is changed."""

    labels = LabelsField()
    before = LabelsField()

    def action(self, cluster: Cluster) -> actions.Action:
        changed = labels.difference(self.cleaned_data["before"], self.cleaned_data["labels"])
        return actions.Patch(**self.place, patch={"metadata": {"labels": changed}})


class RestartForm(ObjectForm):
    """What `kubectl rollout restart` does: the template gets an annotation with the time, so it is a new one."""

    def action(self, cluster: Cluster) -> actions.Action:
        moment = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return actions.Patch(**self.place, patch={"spec": {"template": {"metadata": {"annotations": {RESTARTED: moment}}}}})


class RollBackForm(ObjectForm):
    """What `kubectl rollout undo` does; without a revision, to the one before the latest."""

    revision = forms.IntegerField(required=False, min_value=1, max_value=999_999_999)

    def action(self, cluster: Cluster) -> actions.Action:
        answers = self.cleaned_data
        return actions.Undo(answers["name"], answers["namespace"], answers["revision"] or 0, answers["kind"])


class PauseForm(ObjectForm):
    """What `kubectl rollout pause` and `resume` do."""

    paused = forms.BooleanField(required=False)

    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Patch(**self.place, patch={"spec": {"paused": True if self.cleaned_data["paused"] else None}})
