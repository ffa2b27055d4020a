"""How far may a rollout go now?  Sizes of a Deployment's ReplicaSets within maxSurge and maxUnavailable.

Source: pkg/controller/deployment/{rolling,sync}.go and util/deployment_util.go (ResolveFenceposts, MaxUnavailable, NewRSNewReplicas, GetReplicaSetProportion).
"""

from __future__ import annotations

from typing import Any

from playground.kube.controllers.revisions import MOST

Sizes = list[tuple[Any, int]]


def replicas(thing: Any) -> int:
    """`spec.replicas` of a Deployment or ReplicaSet."""
    return int(thing.spec.get("replicas", 1))


def strategy_of(deployment: Any) -> str:
    """RollingUpdate or Recreate."""
    return str(deployment.spec.get("strategy", {}).get("type", "RollingUpdate"))


def fenceposts(deployment: Any) -> tuple[int, int]:
    """(maxSurge, maxUnavailable) in Pods: per cent round up and down; both 0 would never move, so then one is unavailable."""
    update = deployment.spec.get("strategy", {}).get("rollingUpdate") or {}
    wanted = replicas(deployment)
    up = resolve(update.get("maxSurge", "25%"), wanted, round_up=True)
    down = resolve(update.get("maxUnavailable", "25%"), wanted, round_up=False)
    return (up, down) if up or down else (0, 1)


def resolve(value: Any, whole: int, round_up: bool) -> int:
    """An int-or-percent as a number of Pods."""
    if not isinstance(value, str):
        return int(value)
    share = int(value.rstrip("%")) * whole
    return -(-share // 100) if round_up else share // 100


def surge(deployment: Any, strategy: str) -> int:
    return fenceposts(deployment)[0] if strategy == "RollingUpdate" and replicas(deployment) else 0


def least_available(deployment: Any) -> int:
    """With how many Pods a Deployment is available; one that recreates wants them all."""
    return replicas(deployment) - (fenceposts(deployment)[1] if strategy_of(deployment) == "RollingUpdate" else 0)


def available(each: Any) -> int:
    return int(each.status.get("availableReplicas", 0))


def first_size(deployment: Any, old: list[Any], strategy: str) -> int:
    """How large a new ReplicaSet begins."""
    return _grown(deployment, sum(map(replicas, old)), 0, strategy)


def next_sizes(deployment: Any, old: list[Any], new: Any, strategy: str) -> Sizes:
    """What to resize now: the new set up, else the old ones down."""
    size = _new_size(deployment, old, new, strategy)
    if size != replicas(new):
        return [(new, size)]
    return [(new, size), *_old_sizes(deployment, [each for each in old if replicas(each)], new)]


def proportional_sizes(deployment: Any, old: list[Any], new: Any, strategy: str) -> Sizes:
    """What to resize when the Deployment is resized: the only set that has Pods, or all in proportion; old ones go
    once the new one is saturated."""
    active = [each for each in [*old, *([new] if new else [])] if replicas(each)]
    wanted = replicas(deployment)
    if len(active) <= 1:
        latest = active[0] if active else new
        return [] if latest is None else [(latest, wanted)]
    if new is not None and replicas(new) == wanted == available(new):
        return [(each, 0) for each in active if each is not new]
    return _shares(deployment, active, wanted + surge(deployment, strategy)) if strategy == "RollingUpdate" else []


def is_complete(deployment: Any, old: list[Any], new: Any) -> bool:
    """All replicas are of the new template and available, and no old Pod is left."""
    wanted = replicas(deployment)
    if new is None or any(each.status.get("replicas") for each in old):
        return False
    return replicas(new) == wanted == int(new.status.get("replicas", 0)) and available(new) == wanted


def _new_size(deployment: Any, old: list[Any], new: Any, strategy: str) -> int:
    size, wanted = replicas(new), replicas(deployment)
    if size >= wanted:
        return wanted
    return _grown(deployment, size + sum(map(replicas, old)), size, strategy)


def _grown(deployment: Any, total: int, size: int, strategy: str) -> int:
    """A set of this size, with as many more Pods as the surge allows."""
    wanted = replicas(deployment)
    if strategy != "RollingUpdate":
        return wanted
    room = wanted + surge(deployment, strategy) - total
    return size + max(0, min(room, wanted - size))


def _old_sizes(deployment: Any, old: list[Any], new: Any) -> Sizes:
    """Unhealthy old Pods go first, then healthy ones as long as enough are available."""
    least = least_available(deployment)
    total = replicas(new) + sum(map(replicas, old))
    budget = total - least - (replicas(new) - available(new))
    sizes = {each.uid: replicas(each) for each in old}
    for each in old:
        unhealthy = min(max(budget, 0), max(0, sizes[each.uid] - available(each)))
        sizes[each.uid] -= unhealthy
        budget -= unhealthy
    spare = min(max(budget, 0), max(0, available(new) + sum(map(available, old)) - least))
    for each in old:
        gone = min(spare, sizes[each.uid])
        sizes[each.uid] -= gone
        spare -= gone
    return [(each, sizes[each.uid]) for each in old if sizes[each.uid] != replicas(each)]


def _shares(deployment: Any, active: list[Any], allowed: int) -> Sizes:
    """The change from the present total to `allowed`, shared in proportion to size, larger and newer sets first; the first gets what is left."""
    change = allowed - sum(map(replicas, active))
    ranked = sorted(active, key=lambda each: (-replicas(each), -each.created if change > 0 else each.created, each.name))
    sizes, left = [], change
    for each in ranked:
        share = _scaled(replicas(each), allowed, _most(deployment, each)) - replicas(each)
        share = max(min(share, left), 0) if change > 0 else min(max(share, left), 0)
        sizes.append(replicas(each) + share)
        left -= share
    if sizes:
        sizes[0] = max(0, sizes[0] + left)
    return list(zip(ranked, sizes, strict=True))


def _most(deployment: Any, each: Any) -> int:
    """How many Pods there might be when this set was sized last, or, if that is not known, how many there are."""
    said = each.annotations.get(MOST, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else int(deployment.status.get("replicas", 0))


def _scaled(size: int, allowed: int, most: int) -> int:
    """A set that was `size` of `most` Pods, when `allowed` are; rounded. Of an unknown number it stays as it is."""
    return (2 * size * allowed + most) // (2 * most) if most else size
