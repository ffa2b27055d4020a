"""Is a Deployment, ReplicaSet, StatefulSet or DaemonSet right, and does an update keep its selector?

Source: pkg/apis/apps/validation/validation.go; pkg/registry/apps/*/strategy.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names, selectors
from playground.kube.apiserver.validation import pod
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, immutable, invalid, non_negative, not_supported, required
from playground.kube.apiserver.validation.meta import label_selector
from playground.kube.errors import Cause

Document = dict[str, Any]

_STATEFUL = (
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)
_EMPTY_SELECTOR = {
    "DaemonSet": "empty selector is invalid for daemonset",
    "Deployment": "empty selector is invalid for deployment",
    "ReplicaSet": "empty selector is invalid for deployment",  # Kubernetes' own words
    "StatefulSet": "empty selector is invalid for statefulset",
}


def deployment(document: Document) -> list[Cause]:
    spec = document["spec"]
    causes = _common(document) + _strategy(spec["strategy"])
    deadline, ready = spec["progressDeadlineSeconds"], spec.get("minReadySeconds", 0)
    causes += non_negative("spec.progressDeadlineSeconds", deadline)
    if deadline <= ready:
        causes.append(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"))
    return causes


def replica_set(document: Document) -> list[Cause]:
    return _common(document)


def daemon_set(document: Document) -> list[Cause]:
    strategy = document["spec"]["updateStrategy"]
    if strategy["type"] not in ("RollingUpdate", "OnDelete"):
        return [*_common(document), not_supported("spec.updateStrategy.type", strategy["type"], ("RollingUpdate", "OnDelete"))]
    causes = _common(document)
    if strategy["type"] == "RollingUpdate":
        causes += _rolling_daemons(strategy["rollingUpdate"], "spec.updateStrategy.rollingUpdate")
    return causes


def stateful_set(document: Document) -> list[Cause]:
    spec = document["spec"]
    causes = _common(document)
    if spec["podManagementPolicy"] not in ("OrderedReady", "Parallel"):
        causes.append(invalid("spec.podManagementPolicy", spec["podManagementPolicy"], "must be 'OrderedReady' or 'Parallel'"))
    strategy = spec["updateStrategy"]
    if strategy["type"] not in ("RollingUpdate", "OnDelete"):
        causes.append(invalid("spec.updateStrategy", strategy, "must be 'RollingUpdate' or 'OnDelete'"))
    elif strategy["type"] == "OnDelete" and "rollingUpdate" in strategy:
        only = "only allowed for updateStrategy 'RollingUpdate'"
        causes.append(invalid("spec.updateStrategy.rollingUpdate", strategy["rollingUpdate"], only))
    return causes + _rolling_numbers(strategy.get("rollingUpdate", {}), "spec.updateStrategy.rollingUpdate")


def _rolling_numbers(rolling: Document, path: str) -> list[Cause]:
    """The bounds of a StatefulSet's rolling update."""
    causes, unavailable = non_negative(f"{path}.partition", rolling.get("partition", 0)), rolling.get("maxUnavailable")
    if unavailable is None:
        return causes
    causes += int_or_percent(unavailable, f"{path}.maxUnavailable")
    if _number(unavailable) == 0:
        causes.append(invalid(f"{path}.maxUnavailable", unavailable, "cannot be 0"))
    return causes + at_most_all(unavailable, f"{path}.maxUnavailable")


def selector_update(new: Document, old: Document) -> list[Cause]:
    return immutable("spec.selector", new["spec"].get("selector"), old["spec"].get("selector"))


def stateful_set_update(new: Document, old: Document) -> list[Cause]:
    if _without(new["spec"]) == _without(old["spec"]):
        return []
    listed = ", ".join(f"'{name}'" for name in _STATEFUL[:-1])
    return [forbidden("spec", f"updates to statefulset spec for fields other than {listed} and '{_STATEFUL[-1]}' are forbidden")]


def _without(spec: Document) -> Document:
    return {name: value for name, value in spec.items() if name not in _STATEFUL}


def _common(document: Document) -> list[Cause]:
    """Replicas, selector and template of any workload."""
    kind, spec = document["kind"], document["spec"]
    causes = []
    for name in ("replicas", "minReadySeconds", "revisionHistoryLimit"):
        causes += non_negative(f"spec.{name}", spec.get(name, 0))
    causes += _selector(spec, _EMPTY_SELECTOR[kind])
    if "template" not in spec:
        return [*causes, required("spec.template")]
    found = spec["template"].get("metadata", {}).get("labels", {})
    if not _selector_wrong(spec) and not selectors.of(spec.get("selector")).matches(found):
        causes.append(invalid("spec.template.metadata.labels", found or None, "`selector` does not match template `labels`"))
    claims = tuple(each.get("metadata", {}).get("name", "") for each in spec.get("volumeClaimTemplates", ()))
    causes += pod.template(spec["template"], "spec.template", claims)
    restarts, deadline = spec["template"]["spec"]["restartPolicy"], "spec.template.spec.activeDeadlineSeconds"
    if restarts in pod.RESTARTS and restarts != "Always":
        causes.append(not_supported("spec.template.spec.restartPolicy", restarts, ("Always",)))
    if "activeDeadlineSeconds" in spec["template"]["spec"]:
        causes.append(forbidden(deadline, f"activeDeadlineSeconds in {kind} is not Supported"))
    return causes


def _selector(spec: Document, empty: str) -> list[Cause]:
    selector = spec.get("selector")
    if selector is None:
        return [required("spec.selector")]
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        return [invalid("spec.selector", selector, empty)]
    return label_selector(selector, "spec.selector")


def _selector_wrong(spec: Document) -> bool:
    return any(
        not rule.get("key") or rule.get("operator") not in ("In", "NotIn", "Exists", "DoesNotExist")
        for rule in (spec.get("selector") or {}).get("matchExpressions", ())
    )


def _strategy(strategy: Document) -> list[Cause]:
    kind, path = strategy["type"], "spec.strategy"
    if kind == "Recreate":
        given = "rollingUpdate" in strategy
        return [forbidden(f"{path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")] if given else []
    if kind != "RollingUpdate":
        return [not_supported(f"{path}.type", kind, ("Recreate", "RollingUpdate"))]
    return _rolling(strategy["rollingUpdate"], f"{path}.rollingUpdate")


def _rolling(rolling: Document, path: str) -> list[Cause]:
    """The bounds of a Deployment's rolling update: not both none."""
    unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
    causes = int_or_percent(unavailable, f"{path}.maxUnavailable") + int_or_percent(surge, f"{path}.maxSurge")
    if not causes and _number(unavailable) == _number(surge) == 0:
        causes.append(invalid(f"{path}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0"))
    return causes + at_most_all(unavailable, f"{path}.maxUnavailable")


def _rolling_daemons(rolling: Document, path: str) -> list[Cause]:
    """The bounds of a DaemonSet's rolling update: exactly one of the two."""
    unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
    causes = int_or_percent(unavailable, f"{path}.maxUnavailable") + int_or_percent(surge, f"{path}.maxSurge")
    causes += at_most_all(unavailable, f"{path}.maxUnavailable") + at_most_all(surge, f"{path}.maxSurge")
    if _number(unavailable) and _number(surge):
        causes.append(invalid(f"{path}.maxSurge", surge, "may not be set when maxUnavailable is non-zero"))
    elif not _number(unavailable) and not _number(surge):
        causes.append(required(f"{path}.maxUnavailable", "cannot be 0 when maxSurge is 0"))
    return causes


def at_most_all(value: int | str, path: str) -> list[Cause]:
    too_many = isinstance(value, str) and _number(value) > 100
    return [invalid(path, value, "must not be greater than 100%")] if too_many else []


def int_or_percent(value: int | str, path: str) -> list[Cause]:
    return each_invalid(path, value, names.percent(value)) if isinstance(value, str) else non_negative(path, value)


def _number(value: int | str) -> int:
    if isinstance(value, int):
        return value
    return 0 if names.percent(value) else int(value[:-1])
