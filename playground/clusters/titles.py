"""What is an action called, where it can be undone and redone?  A few words: `Delete Pod frontend-7d9f-b4`."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from playground.kube import actions
from playground.kube.actions import Action
from playground.kube.network.asking import first

LONGEST = 120


def title(action: Action) -> str:
    words = _words(action)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


@singledispatch
def _words(action: Any) -> str:
    raise TypeError(f"no title for {type(action).__name__}")


@_words.register(actions.Apply)
def _apply(action: actions.Apply) -> str:
    return f"Apply {_documents(action.documents)}"


@_words.register(actions.Create)
def _create(action: actions.Create) -> str:
    return f"Create {_documents(action.documents)}"


@_words.register(actions.Replace)
def _replace(action: actions.Replace) -> str:
    return f"Edit {_document(action.document)}"


@_words.register(actions.Patch)
def _patch(action: actions.Patch) -> str:
    patch = action.patch if isinstance(action.patch, dict) else {}
    spec = patch["spec"] if isinstance(patch.get("spec"), dict) else {}
    if action.style == "apply":
        return f"Apply {action.kind} {action.name}"
    if action.kind == "Node" and set(spec) == {"unschedulable"}:
        return f"{'Cordon' if spec['unschedulable'] else 'Uncordon'} {action.name}"
    if action.kind == "Deployment" and set(spec) == {"paused"}:
        return f"{'Pause' if spec['paused'] else 'Resume'} the rollout of {action.name}"
    return f"Change {action.kind} {action.name}"


@_words.register(actions.Scale)
def _scale(action: actions.Scale) -> str:
    return f"Scale {action.kind} {action.name} to {action.replicas}"


@_words.register(actions.Undo)
def _undo(action: actions.Undo) -> str:
    return f"Roll {action.kind} {action.name} back{f' to revision {action.to_revision}' if action.to_revision else ''}"


@_words.register(actions.Delete)
def _delete(action: actions.Delete) -> str:
    return f"Delete {action.kind} {action.name}"


@_words.register(actions.AddNode)
def _add_node(action: actions.AddNode) -> str:
    return f"Add Node {action.name}".rstrip()


@_words.register(actions.Evict)
def _evict(action: actions.Evict) -> str:
    return f"Evict Pod {action.pod}"


@_words.register(actions.Drain)
def _drain(action: actions.Drain) -> str:
    return f"Drain {action.node}"


@_words.register(actions.PowerOff)
def _power_off(action: actions.PowerOff) -> str:
    return f"Power off {action.node}"


@_words.register(actions.PowerOn)
def _power_on(action: actions.PowerOn) -> str:
    return f"Power on {action.node}"


@_words.register(actions.StopProxy)
def _stop_proxy(action: actions.StopProxy) -> str:
    return f"Stop kube-proxy on {action.node}"


@_words.register(actions.StartProxy)
def _start_proxy(action: actions.StartProxy) -> str:
    return f"Start kube-proxy on {action.node}"


@_words.register(actions.Crash)
def _crash(action: actions.Crash) -> str:
    return f"Crash {action.container or 'a container'} of Pod {action.pod}"


@_words.register(actions.Hang)
def _hang(action: actions.Hang) -> str:
    return f"Hang Pod {action.pod}"


@_words.register(actions.Wake)
def _wake(action: actions.Wake) -> str:
    return f"Let Pod {action.pod} go on"


@_words.register(actions.SetProbe)
def _probe(action: actions.SetProbe) -> str:
    how = {True: "pass", False: "fail", None: "answer by itself"}[action.passes]
    return f"Make the {action.probe} probe of Pod {action.pod} {how}"


@_words.register(actions.WriteFiles)
def _write_files(action: actions.WriteFiles) -> str:
    paths = [*action.written, *action.removed]
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{'Write' if action.written else 'Remove'} {', '.join(paths[:1])}{more} in Pod {action.pod}"


@_words.register(actions.StartTraffic)
def _start_traffic(action: actions.StartTraffic) -> str:
    return f"Start traffic from {action.source} to {action.to}"


@_words.register(actions.StopTraffic)
def _stop_traffic(action: actions.StopTraffic) -> str:
    return f"Stop traffic {action.stream}"


@_words.register(actions.Send)
def _send(action: actions.Send) -> str:
    return f"Send {action.count} request{'' if action.count == 1 else 's'} from {action.source} to {action.to}"


@_words.register(actions.Say)
def _say(action: actions.Say) -> str:
    return f"Say {first(action.asked)[:40]} over the connection of request {action.number}"


@_words.register(actions.Forward)
def _forward(action: actions.Forward) -> str:
    return f"Forward a connection to port {action.port} of Pod {action.pod}"


@_words.register(actions.Lookup)
def _lookup(action: actions.Lookup) -> str:
    return f"Look {action.name} up from {action.source}"


@_words.register(actions.Ping)
def _ping(action: actions.Ping) -> str:
    return f"Ping {action.address} from {action.source}"


@_words.register(actions.Batch)
def _batch(action: actions.Batch) -> str:
    return action.title


def _documents(documents: list[dict[str, Any]]) -> str:
    return _document(documents[0]) if len(documents) == 1 else f"{len(documents)} objects"


def _document(document: dict[str, Any]) -> str:
    metadata = document.get("metadata")
    return f"{document.get('kind')} {metadata.get('name', '') if isinstance(metadata, dict) else ''}".rstrip()
