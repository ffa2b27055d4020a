"""What do all forms that act have in common?  An `op`, one call to the door, and fields with Kubernetes' shapes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from playground.clusters import service
from playground.clusters.models import Cluster
from playground.kube.actions import Action, Receipt
from playground.manifests.reader import Document, read
from playground.pages import labels

LONGEST_NAME = 253


class ActionForm(forms.Form):
    """A form whose answers make one action. `documents` are those of the YAML it held, for the places of errors."""

    op = forms.CharField(max_length=64, label="op", error_messages={"required": "An id of this attempt is needed, made by the page."})
    documents: tuple[Document, ...] = ()

    def perform(self, cluster: Cluster) -> Receipt:
        """Have it done; call it on a valid form. Raises Refusal, and then nothing has changed."""
        return service.act(cluster, self.action(cluster), self.cleaned_data["op"])

    def action(self, cluster: Cluster) -> Action:
        raise NotImplementedError


class NameField(forms.CharField):
    """The name of an object; whether it is a good one is the API server's business."""

    def __init__(self, **options: Any):
        super().__init__(max_length=LONGEST_NAME, **options)


class KindField(forms.RegexField):
    """A kind as the store names it: Pod, Deployment; a custom one with its group, Widget.example.com."""

    def __init__(self, **options: Any):
        super().__init__(r"\A[A-Za-z][A-Za-z0-9.-]{0,316}\Z", **options)


class LabelsField(forms.CharField):
    """`app=frontend, tier=web` as a dict."""

    def __init__(self, **options: Any):
        super().__init__(required=False, strip=True, **options)

    def clean(self, value: Any) -> dict[str, str]:
        try:
            return labels.read(super().clean(value))
        except labels.BadLabels as bad:
            raise forms.ValidationError(f"{bad} (character {bad.at + 1})") from None


class ManifestField(forms.CharField):
    """YAML as a tuple of documents. Raises BadYAML, which knows the place; the view shows it."""

    def __init__(self, **options: Any):
        super().__init__(strip=False, **options)

    def clean(self, value: Any) -> tuple[Document, ...]:
        return read(super().clean(value), settings.YAML_LIMITS).documents
