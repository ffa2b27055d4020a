"""Which form stands behind each verb of /clusters/<id>/actions/<verb>/?"""

from __future__ import annotations

from playground.pages.forms import clock, nodes, objects, pods, services, traffic
from playground.pages.forms.base import ActionForm

VERBS: dict[str, type[ActionForm]] = {
    "apply": objects.ApplyForm,
    "replace": objects.ReplaceForm,
    "delete": objects.DeleteForm,
    "scale": objects.ScaleForm,
    "label": objects.LabelForm,
    "restart": objects.RestartForm,
    "roll-back": objects.RollBackForm,
    "pause-rollout": objects.PauseForm,
    "selector": services.SelectorForm,
    "policy": services.PolicyForm,
    "expose": services.ExposeForm,
    "add-node": nodes.AddNodeForm,
    "cordon": nodes.CordonForm,
    "uncordon": nodes.UncordonForm,
    "drain": nodes.DrainForm,
    "power-off": nodes.PowerOffForm,
    "power-on": nodes.PowerOnForm,
    "stop-proxy": nodes.StopProxyForm,
    "start-proxy": nodes.StartProxyForm,
    "crash": pods.CrashForm,
    "hang": pods.HangForm,
    "wake": pods.WakeForm,
    "probe": pods.ProbeForm,
    "start-traffic": traffic.StartTrafficForm,
    "stop-traffic": traffic.StopTrafficForm,
    "send": traffic.SendForm,
    "clock": clock.ClockForm,
    "step": clock.StepForm,
    "skip": clock.SkipForm,
    "undo": clock.UndoForm,
    "redo": clock.RedoForm,
    "reset": clock.ResetForm,
}
