"""Which action do kubectl's words for changing objects ask for?

Source: k8s.io/kubectl/pkg/cmd: delete, scale, label, annotate, patch, rollout, set, drain.
Simplified: `label` and `annotate` overwrite without --overwrite.
"""

from __future__ import annotations

from typing import Any

from playground.kube.actions import Action, Batch, Delete, Drain, Patch, Scale, Undo
from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
from playground.terminal.errors import BadWords
from playground.terminal.line import Flags
from playground.terminal.named import Named, all_named, of_kind, one_named
from playground.terminal.resolve import IMAGES, RESTARTED, UNKNOWN

RESTARTABLE = ("DaemonSet", "Deployment", "StatefulSet")


def delete(words: list[str], flags: Flags, namespace: str) -> Action:
    grace = _grace(flags)
    propagation = flags.of("cascade", "background").title()
    return together("Delete", [Delete(each.kind, each.name, each.space(namespace), grace, propagation) for each in all_named(words)])


def _grace(flags: Flags) -> int | None:
    """As kubectl: --now is one second, --force none; a period of 0 without --force is one second."""
    grace: int = flags.of("grace-period", -1)
    if flags.of("now"):
        return 1
    if flags.of("force"):
        return max(grace, 0)
    return None if grace < 0 else max(grace, 1)


def scale(words: list[str], flags: Flags, namespace: str) -> Action:
    flags.required("replicas")
    replicas: int = flags.of("replicas")
    if replicas < 0:
        raise BadWords("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    return together("Scale", [Scale(each.kind, each.name, replicas, each.space(namespace)) for each in all_named(words)])


def label(words: list[str], flags: Flags, namespace: str) -> Action:
    return _marked(words, namespace, "label", "labels")


def annotate(words: list[str], flags: Flags, namespace: str) -> Action:
    return _marked(words, namespace, "annotation", "annotations")


def _marked(words: list[str], namespace: str, what: str, field: str) -> Action:
    marks = [word for word in words if "=" in word or word.endswith("-")]
    objects = [word for word in words if word not in marks]
    if not marks:
        raise BadWords(f"at least one {what} update is required")
    changes = {mark[:-1]: None for mark in marks if "=" not in mark} | dict(mark.split("=", 1) for mark in marks if "=" in mark)
    return together(f"Change {field} of", [_patch(each, namespace, {"metadata": {field: changes}}) for each in all_named(objects)])


def patch(words: list[str], flags: Flags, namespace: str) -> Action:
    flags.required("patch")
    try:
        documents = read(flags.of("patch")).values
    except BadYAML as error:
        raise BadWords(f"unable to parse the patch: {error}") from None
    if len(documents) != 1:
        raise BadWords(f"a patch is one mapping, not {len(documents)}")
    return _patch(one_named(words), namespace, documents[0], flags.of("type", "strategic"), flags.of("subresource", ""))


def cordon(words: list[str], flags: Flags, namespace: str) -> Action:
    return _unschedulable(words, True)


def uncordon(words: list[str], flags: Flags, namespace: str) -> Action:
    return _unschedulable(words, None)


def _unschedulable(words: list[str], value: bool | None) -> Action:
    return Patch("Node", of_kind(words, "node"), {"spec": {"unschedulable": value}})


def drain(words: list[str], flags: Flags, namespace: str) -> Action:
    return Drain(of_kind(words, "node"))


def restart(words: list[str], flags: Flags, namespace: str) -> Action:
    named = one_named(words)
    if named.kind not in RESTARTABLE:
        raise BadWords(f'{named.resource.qualified} "{named.name}" restarting is not supported')
    change = {"spec": {"template": {"metadata": {"annotations": {RESTARTED: UNKNOWN}}}}}
    return _patch(named, namespace, change, "strategic")


def undo(words: list[str], flags: Flags, namespace: str) -> Action:
    named = one_named(words)
    if named.kind not in RESTARTABLE:
        raise BadWords(f'no rollbacker has been implemented for "{named.kind}"')
    revision: int = flags.of("to-revision", 0)
    if revision < 0:
        raise BadWords(f"unable to find specified revision {revision} in history")
    return Undo(named.name, named.space(namespace), revision, named.kind)


def pause(words: list[str], flags: Flags, namespace: str) -> Action:
    return _patch(_deployment(words, "pausing"), namespace, {"spec": {"paused": True}}, "strategic")


def resume(words: list[str], flags: Flags, namespace: str) -> Action:
    return _patch(_deployment(words, "resuming"), namespace, {"spec": {"paused": None}}, "strategic")


def _deployment(words: list[str], verb: str) -> Named:
    named = one_named(words)
    if named.kind != "Deployment":
        raise BadWords(f'{named.resource.qualified} "{named.name}" {verb} is not supported')
    return named


def set_image(words: list[str], flags: Flags, namespace: str) -> Action:
    """Which containers there are, the cluster knows."""
    images = dict(word.split("=", 1) for word in words if "=" in word)
    if not images:
        raise BadWords("at least one image update is required, as in frontend=nginx:1.29")
    named = one_named([word for word in words if "=" not in word])
    return _patch(named, namespace, {IMAGES: images}, "strategic")


def set_selector(words: list[str], flags: Flags, namespace: str) -> Action:
    """The new selector takes the old one's place, as a whole."""
    pairs = [pair for word in words if "=" in word for pair in word.split(",")]
    if not pairs or not all("=" in pair for pair in pairs):
        raise BadWords("one selector is required, as in app=frontend,tier=web")
    named = one_named([word for word in words if "=" not in word])
    if named.kind != "Service":
        raise BadWords(f"selector can be set on services only, not on {named.resource.plural}")
    selector = {"$patch": "replace", **dict(pair.split("=", 1) for pair in pairs)}
    return _patch(named, namespace, {"spec": {"selector": selector}}, "strategic")


def _patch(named: Named, namespace: str, change: dict[str, Any], style: str = "merge", subresource: str = "") -> Patch:
    return Patch(named.kind, named.name, change, named.space(namespace), style, subresource)


def together(title: str, actions: list[Any]) -> Action:
    """One action as it is, several as a batch."""
    if len(actions) == 1:
        only: Action = actions[0]
        return only
    return Batch(f"{title} {len(actions)} objects", actions)
