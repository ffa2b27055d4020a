"""What does `kubectl drain` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain/filters.go.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.apiserver.pods import is_finished
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import evicting
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Bare, Several, Wrong, misused
from playground.terminal.kubectl.nodes import cordon_one, nodes
from playground.terminal.kubectl.submitting import dry_run

FLAGS = """chunk-size:whole delete-emptydir-data:switch disable-eviction:switch dry-run:text=unchanged force:switch grace-period:whole
    ignore-daemonsets:switch pod-selector:text selector/l:text skip-wait-for-delete-timeout:whole timeout:span"""


def drain(call: Call) -> Program:
    """What goes wrong with a Node does not keep the others from being drained."""
    _check(call)
    infos, error = yield from nodes(call)
    if error is not None:
        raise error
    for info in infos:
        yield from cordon_one(call, info, True)
    wrong: dict[str, list[Exception]] = {}
    for info in infos:
        errors = yield from _drain(call, info)
        if errors:
            yield from err(f'error: unable to drain node "{info.name}" due to error: {_braced(errors)}, continuing command...\n')
            wrong[info.name] = errors
        else:
            yield from out(f"{info.spoken} drained{evicting.DRY[dry_run(call)]}\n")
    if wrong:
        yield from err("There are pending nodes to be drained:\n" + "".join(f" {name}\n" for name in wrong))
        raise _together(list(wrong.values()))
    return 0


def _together(wrong: list[list[Exception]]) -> Exception:
    """Of one Node each fault has a line, of several each Node."""
    if len(wrong) > 1:
        return Several([Bare(_braced(errors)) for errors in wrong])
    return wrong[0][0] if len(wrong[0]) == 1 else Several(wrong[0])


def _check(call: Call) -> None:
    flags = call.flags
    if not call.words and not flags.of("selector"):
        raise misused("drain", "USAGE: drain NODE [flags]")
    if call.words and flags.of("selector"):
        raise misused("drain", "error: cannot specify both a node name and a --selector option")
    try:
        selectors.parse(flags.text("pod-selector"))
    except Refusal:
        raise Wrong("--pod-selector=<pod_selector> must be a valid label selector") from None


def _drain(call: Call, info: Info) -> Steps:
    """What went wrong with a Node."""
    going, faults, warnings = yield Look(partial(_sorted_out, call, info.name))
    if faults:
        return [Bare(f"{fault}: {', '.join(names)}") for fault, names in faults]
    if warnings:
        told = "; ".join(f"{what}: {', '.join(names)}" for what, names in warnings)
        yield from err(f"Warning: {told}\n")
    if dry_run(call) == "client":
        yield from out("".join(f"evicting pod {pod.namespace}/{pod.name} (dry run)\n" for pod in going))
        return []
    errors = yield from (evicting.delete if call.flags.on("disable-eviction") else evicting.evict)(call, going)
    if errors:
        left, _, _ = yield Look(partial(_sorted_out, call, info.name))
        listed = "".join(f"pod/{pod.name}\n" for pod in left)
        yield from err(f'There are pending pods in node "{info.name}" when an error occurred: {_braced(errors)}\n{listed}' if left else "")
    return errors


def _braced(errors: list[Exception]) -> str:
    why = ", ".join(map(str, errors))
    return f"[{why}]" if len(errors) > 1 else why


Told = list[tuple[str, list[str]]]


def _sorted_out(call: Call, node: str, kube: Cluster) -> tuple[list[Any], Told, Told]:
    """Which Pods go, what stands against it, and what is warned of."""
    flags = call.flags
    going: list[Any] = []
    faults: dict[str, list[str]] = {}
    warnings: dict[str, list[str]] = {}
    chosen = selectors.parse(flags.text("pod-selector"))
    for pod in kube.store.find(kube.machinery.pods_by_node, node):
        if not chosen.matches(pod.labels) or evicting.skipped(call, pod, kube.now):
            continue
        name, owner = f"{pod.namespace}/{pod.name}", pod.controller
        if owner is not None and owner.kind == "DaemonSet" and not is_finished(pod):
            if flags.on("ignore-daemonsets"):
                warnings.setdefault("ignoring DaemonSet-managed Pods", []).append(name)
            else:
                faults.setdefault("cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)", []).append(name)
            continue
        local = any("emptyDir" in volume for volume in pod.spec.get("volumes") or ())
        if local and not is_finished(pod) and not flags.on("delete-emptydir-data"):
            faults.setdefault("cannot delete Pods with local storage (use --delete-emptydir-data to override)", []).append(name)
            continue
        if owner is None and not is_finished(pod):
            if not flags.on("force"):
                faults.setdefault("cannot delete Pods that declare no controller (use --force to override)", []).append(name)
                continue
            warnings.setdefault("deleting Pods that declare no controller", []).append(name)
        going.append(pod)
    return going, list(faults.items()), list(warnings.items())
