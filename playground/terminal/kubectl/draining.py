"""What does `kubectl drain` say?

Source: staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain/{drain,filters}.go.
Simplified: Pods are evicted in the order of their names, where the real one begins with all at once.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.actions import Evict
from playground.kube.apiserver.pods import is_finished
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Exit, misused
from playground.terminal.kubectl.nodes import cordon_one, nodes
from playground.terminal.programs.asks import Wait

FLAGS = """chunk-size:whole delete-emptydir-data:switch disable-eviction:switch dry-run:text=unchanged force:switch grace-period:whole
    ignore-daemonsets:switch pod-selector:text selector/l:text skip-wait-for-delete-timeout:whole timeout:span"""
BUDGET, RETRY = 429, 5
LOOKS = 1.0


def drain(call: Call) -> Program:
    if not call.words and not call.flags.of("selector"):
        raise misused("drain", "USAGE: drain NODE [flags]")
    infos, error = yield from nodes(call)
    if error is not None:
        raise error
    for info in infos:
        yield from cordon_one(call, info, True)
    for info in infos:
        yield from _drain(call, info)
    return 0


def _drain(call: Call, info: Info) -> Steps:
    going, faults, warnings = yield Look(partial(_sorted_out, call, info.name))
    if faults:
        why = ", ".join(f"{fault}: {', '.join(names)}" for fault, names in faults)
        yield from err(f'error: unable to drain node "{info.name}" due to error: {_braced(faults, why)}, continuing command...\n')
        listed = "".join(f"{fault}: {', '.join(names)}\n" for fault, names in faults)
        yield from err(f"There are pending nodes to be drained:\n {info.name}\n{listed}")
        raise Exit(1)
    if warnings:
        told = "; ".join(f"{what}: {', '.join(names)}" for what, names in warnings)
        yield from err(f"Warning: {told}\n")
    for pod in going:
        yield from _evict(call, pod)
    waiting = list(going)
    while waiting:
        left = yield Look(lambda kube, waiting=tuple(waiting): [pod for pod in waiting if kube.store.by_uid(pod.uid) is not None])
        for pod in waiting:
            if pod not in left:
                yield from out(f"pod/{pod.name} evicted\n")
        waiting = left
        if waiting:
            yield Wait(LOOKS)
    yield from out(f"{info.spoken} drained\n")


def _evict(call: Call, pod: Any) -> Steps:
    """A budget that forbids it now is asked again, until Ctrl-C."""
    while True:
        yield from out(f"evicting pod {pod.namespace}/{pod.name}\n")
        try:
            yield Act(Evict(pod.name, pod.namespace, call.flags.of("grace-period")))
            return
        except Refusal as refusal:
            if refusal.code != BUDGET:
                raise
            again = f"(will retry after {RETRY}s): {refusal.message}"
            yield from err(f'error when evicting pods/"{pod.name}" -n "{pod.namespace}" {again}\n')
            yield Wait(RETRY)


def _braced(faults: list[tuple[str, list[str]]], why: str) -> str:
    return f"[{why}]" if len(faults) > 1 else why


Told = list[tuple[str, list[str]]]


def _sorted_out(call: Call, node: str, kube: Cluster) -> tuple[list[Any], Told, Told]:
    """Which Pods go, what stands against it, and what is warned of."""
    flags = call.flags
    going: list[Any] = []
    faults: dict[str, list[str]] = {}
    warnings: dict[str, list[str]] = {}
    for pod in kube.store.find(kube.machinery.pods_by_node, node):
        name, owner = f"{pod.namespace}/{pod.name}", pod.controller
        if owner is not None and owner.kind == "DaemonSet":
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
