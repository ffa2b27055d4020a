"""Who shall send requests to whom, how many, how often?"""

from __future__ import annotations

from django import forms

from playground.clusters.models import Cluster
from playground.kube import actions
from playground.pages.facts.whatif import COUNTS
from playground.pages.forms.base import ActionForm

LONGEST_TARGET = 300


class SourceField(forms.CharField):
    """A Pod as `namespace/name` or a name in namespace default, `node:NAME`, or `outside:ADDRESS`."""

    def __init__(self) -> None:
        super().__init__(max_length=507, label="From")


class TargetField(forms.CharField):
    """`name:port` or `address:port`, with `/UDP` or `/SCTP` where it is not TCP."""

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST_TARGET, label="To")


class WhatIfForm(forms.Form):
    """A question, not an action: it changes nothing."""

    source = SourceField()
    to = TargetField()
    count = forms.TypedChoiceField(choices=[(count, count) for count in COUNTS], coerce=int, empty_value=COUNTS[0], required=False)
    change = forms.CharField(required=False, max_length=600)


class StartTrafficForm(ActionForm):
    source = SourceField()
    to = TargetField()
    rate = forms.FloatField(min_value=0.01, max_value=1_000_000, label="Requests a second")
    keep_alive = forms.BooleanField(required=False, label="Keep connections open, over UDP one socket")

    def action(self, cluster: Cluster) -> actions.Action:
        answers = self.cleaned_data
        return actions.StartTraffic(answers["source"], answers["to"], answers["rate"], answers["keep_alive"])


class StopTrafficForm(ActionForm):
    stream = forms.CharField(max_length=64)

    def action(self, cluster: Cluster) -> actions.Action:
        return actions.StopTraffic(self.cleaned_data["stream"])


class SendForm(ActionForm):
    source = SourceField()
    to = TargetField()
    count = forms.IntegerField(min_value=1, max_value=1_000_000, label="How many")

    def action(self, cluster: Cluster) -> actions.Action:
        answers = self.cleaned_data
        return actions.Send(answers["source"], answers["to"], answers["count"])
