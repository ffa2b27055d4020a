"""Which of a daemon's Pods on one Node are too many, and which Nodes may go on to a new template?

Source: pkg/controller/daemon/daemon_controller.go (podsShouldBeOnNode, podByCreationTimestampAndPhase),
pkg/controller/daemon/update.go (rollingUpdate, findUpdatedPodsOnNode), pkg/controller/daemon/util/daemonset_util.go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from playground.kube.apiserver.objects import Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.controllers.history import POD_LABEL
from playground.kube.controllers.rolling import resolve

Available = Callable[[Pod], bool]
Crowd = list[tuple[str, list[Pod]]]


def bounds(owner: Any, nodes: int) -> tuple[int, int]:
    """(maxSurge, maxUnavailable) in Pods, both rounded up; both 0 would never move, so then one is unavailable."""
    update = owner.spec.get("updateStrategy", {}).get("rollingUpdate") or {}
    surge = resolve(update.get("maxSurge", 0), nodes, round_up=True)
    unavailable = resolve(update.get("maxUnavailable", 1), nodes, round_up=True)
    return (surge, unavailable) if surge or unavailable else (0, 1)


def surges(owner: Any) -> bool:
    strategy = owner.spec.get("updateStrategy", {})
    return strategy.get("type", "RollingUpdate") == "RollingUpdate" and bounds(owner, 1)[0] > 0


def eldest_first(pods: list[Pod]) -> list[Pod]:
    """Those that have a Node before those that have none."""
    return sorted(pods, key=lambda pod: (not pod.node, pod.created, pod.name))


def spare(pods: list[Pod], hash: str, surging: bool, available: Available) -> list[Pod]:
    """Those that run on one Node beside the one that should; a surge lets a new Pod wait beside an old one that is ready."""
    running = eldest_first([pod for pod in pods if pod.deleting is None and not is_finished(pod)])
    if not surging:
        return running[1:]
    new = [pod for pod in running if pod.labels.get(POD_LABEL) == hash]
    old = [pod for pod in running if pod.labels.get(POD_LABEL) != hash]
    replaced = bool(new and old) and (not old[0].state.ready or available(new[0]))
    return new[1:] + old[1:] + old[: int(replaced)]


def to_delete(crowd: Crowd, hash: str, allowed: int, available: Available) -> list[Pod]:
    """Old Pods that may go now, so that new ones come: those that are not available, and others while fewer than `allowed` are missing."""
    broken: list[Pod] = []
    well: list[Pod] = []
    unavailable = 0
    for _, pods in crowd:
        new, old = _pair(pods, hash)
        if (new is None) == (old is None):
            unavailable += 1
        elif new is not None:
            unavailable += not available(new)
        elif old is not None:
            (well if available(old) else broken).append(old)
            unavailable += not available(old)
    return broken + well[: max(0, allowed - unavailable)]


def to_surge(crowd: Crowd, wanted: Collection[str], hash: str, allowed: int, available: Available) -> tuple[list[Pod], list[str]]:
    """Old Pods that may go now, and the Nodes that may have a new Pod beside their old one. The old one goes when the new one is available; where
    none is wanted any more, when it is not available itself, or when enough others are."""
    done: list[Pod] = []
    unwanted: list[Pod] = []
    broken: list[str] = []
    well: list[str] = []
    surging = enough = 0
    for node, pods in crowd:
        new, old = _pair(pods, hash)
        first = old or new
        enough += first is not None and available(first)
        if old is None:
            continue
        if new is not None:
            if available(new):
                done.append(old)
            surging += not available(new)
        elif node not in wanted:
            (unwanted if available(old) else done).append(old)
        else:
            (well if available(old) else broken).append(node)
    spare = max(0, enough - len(wanted))
    return done + unwanted[:spare], broken + well[: max(0, allowed - surging)]


def _pair(pods: list[Pod], hash: str) -> tuple[Pod | None, Pod | None]:
    """The new Pod of a Node and its old one, none of which is on its way out."""
    live = [pod for pod in pods if pod.deleting is None]
    new = next((pod for pod in live if pod.labels.get(POD_LABEL) == hash), None)
    return new, next((pod for pod in live if pod.labels.get(POD_LABEL) != hash), None)
