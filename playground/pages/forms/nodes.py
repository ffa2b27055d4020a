"""How is a Node added, cordoned, drained, and its power and its kube-proxy switched?"""

from __future__ import annotations

from playground.clusters.models import Cluster
from playground.kube import actions
from playground.pages.forms.base import ActionForm, LabelsField, NameField


class AddNodeForm(ActionForm):
    """Without a name it gets the next free one."""

    name = NameField(required=False, label="Name")
    labels = LabelsField(label="Labels")

    def action(self, cluster: Cluster) -> actions.Action:
        return actions.AddNode(self.cleaned_data["name"], self.cleaned_data["labels"])


class NodeForm(ActionForm):
    """A form about one Node."""

    name = NameField()


class CordonForm(NodeForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Patch("Node", self.cleaned_data["name"], {"spec": {"unschedulable": True}})


class UncordonForm(NodeForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Patch("Node", self.cleaned_data["name"], {"spec": {"unschedulable": None}})


class DrainForm(NodeForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.Drain(self.cleaned_data["name"])


class PowerOffForm(NodeForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.PowerOff(self.cleaned_data["name"])


class PowerOnForm(NodeForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.PowerOn(self.cleaned_data["name"])


class StopProxyForm(NodeForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.StopProxy(self.cleaned_data["name"])


class StartProxyForm(NodeForm):
    def action(self, cluster: Cluster) -> actions.Action:
        return actions.StartProxy(self.cleaned_data["name"])
