"""How is the clock paused, stepped, slowed, hurried or moved ahead, and how is an action taken back?"""

from __future__ import annotations

from django import forms

from playground.clusters import service
from playground.clusters.models import Cluster
from playground.kube.actions import Receipt
from playground.pages.forms.base import ActionForm


class ClockForm(ActionForm):
    """What is left empty stays as it is."""

    speed = forms.FloatField(required=False, label="Speed")
    paused = forms.NullBooleanField(required=False)

    def perform(self, cluster: Cluster) -> Receipt:
        answers = self.cleaned_data
        return service.set_clock(cluster, answers["op"], speed=answers["speed"], paused=answers["paused"])


class StepForm(ActionForm):
    def perform(self, cluster: Cluster) -> Receipt:
        return service.step(cluster, self.cleaned_data["op"])


class SkipForm(ActionForm):
    def perform(self, cluster: Cluster) -> Receipt:
        return service.skip(cluster, self.cleaned_data["op"])


class UndoForm(ActionForm):
    def perform(self, cluster: Cluster) -> Receipt:
        return service.undo(cluster, self.cleaned_data["op"])


class RedoForm(ActionForm):
    def perform(self, cluster: Cluster) -> Receipt:
        return service.redo(cluster, self.cleaned_data["op"])


class ResetForm(ActionForm):
    def perform(self, cluster: Cluster) -> Receipt:
        return service.reset(cluster, self.cleaned_data["op"])
