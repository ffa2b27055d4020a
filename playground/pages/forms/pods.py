"""How is a container crashed, a process made to hang, and a probe made to pass or fail?"""

from __future__ import annotations

from django import forms

from playground.clusters.models import Cluster
from playground.kube import actions
from playground.pages.forms.base import ActionForm, NameField

PASSES = {"pass": True, "fail": False, "own": None}


class PodForm(ActionForm):
    """A form about one Pod."""

    namespace = NameField(required=False)
    name = NameField()


class CrashForm(PodForm):
    container = NameField(required=False)
    exit_code = forms.IntegerField(required=False, min_value=0, max_value=255, label="exit code")

    def action(self, cluster: Cluster) -> actions.Action:
        answers = self.cleaned_data
        code = 1 if answers["exit_code"] is None else answers["exit_code"]
        return actions.Crash(answers["name"], answers["namespace"], answers["container"], code)


class HangForm(PodForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Hang(self.cleaned_data["name"], self.cleaned_data["namespace"])


class WakeForm(PodForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Wake(self.cleaned_data["name"], self.cleaned_data["namespace"])


class ProbeForm(PodForm):
    """`passes` is pass, fail, or own: as the containers answer by themselves."""

    probe = forms.ChoiceField(choices=[(each, each) for each in ("readiness", "liveness")])
    passes = forms.ChoiceField(choices=[(each, each) for each in PASSES])

    def action(self, cluster: Cluster) -> actions.Action:
        answers = self.cleaned_data
        return actions.SetProbe(answers["name"], answers["probe"], PASSES[answers["passes"]], answers["namespace"])
