"""What is told of a PodDisruptionBudget, of quotas and limits, of a HorizontalPodAutoscaler, and of a PriorityClass?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables import layout
from playground.kube.cluster import Cluster
from playground.terminal.kubectl.describing.page import UNSET, Page, head, marks, moment

JSON = dict[str, Any]
UNKNOWN = "<unknown>"
_LIMITS = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
_LIMIT_TITLES = ("Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio")
# Source: kubectl pkg/describe (helpTextForResourceQuotaScope).
_SCOPES = {
    "Terminating": "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively "
    "terminated by the system.",
    "NotTerminating": "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container "
    "command is not expected to terminate.",
    "BestEffort": "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
    "NotBestEffort": "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality "
    "of service.",
}  # fmt: skip


def budget(page: Page, kube: Cluster, document: JSON) -> None:
    spec, status = document.get("spec", {}), document.get("status", {})
    head(page, document)
    if "minAvailable" in spec:
        page.line(0, "Min available:", str(spec["minAvailable"]))
    elif "maxUnavailable" in spec:
        page.line(0, "Max unavailable:", str(spec["maxUnavailable"]))
    page.line(0, "Selector:", layout.selector(spec["selector"]) if spec.get("selector") is not None else UNSET)
    page.raw("Status:\n")
    for title, name in (("Allowed disruptions:", "disruptionsAllowed"), ("Current:", "currentHealthy"),
                        ("Desired:", "desiredHealthy"), ("Total:", "expectedPods")):  # fmt: skip
        page.line(2, title, str(status.get(name, 0)))


def priority_class(page: Page, kube: Cluster, document: JSON) -> None:
    page.line(0, "Name:", document["metadata"]["name"])
    page.line(0, "Value:", str(document.get("value", 0)))
    page.line(0, "GlobalDefault:", str(bool(document.get("globalDefault"))).lower())
    page.line(0, "PreemptionPolicy:", document.get("preemptionPolicy", ""))
    page.line(0, "Description:", document.get("description", ""))
    page.line(0, "Annotations:", layout.labels(document["metadata"].get("annotations")))


# --- quotas and limits


def quota(page: Page, kube: Cluster, document: JSON) -> None:
    head(page, document)
    _scopes(page, 0, document)
    page.raw("Resource\tUsed\tHard\n--------\t----\t----\n")
    _amounts(page, 0, document)


def quotas(page: Page, listed: list[JSON]) -> None:
    """All of a Namespace."""
    page.raw("Resource Quotas\n" if listed else "No resource quota.\n")
    for each in sorted(listed, key=lambda each: str(each["metadata"]["name"])):
        page.line(1, "Name:", each["metadata"]["name"])
        _scopes(page, 1, each)
        page.raw("  Resource\tUsed\tHard\n  --------\t---\t---\n")
        _amounts(page, 1, each)


def _scopes(page: Page, level: int, document: JSON) -> None:
    scopes = sorted(document.get("spec", {}).get("scopes") or ())
    if scopes:
        page.line(level, "Scopes:", ", ".join(scopes))
        for scope in scopes:
            if scope in _SCOPES:
                page.line(level, f" * {_SCOPES[scope]}" if level == 0 else f"* {_SCOPES[scope]}")


def _amounts(page: Page, level: int, document: JSON) -> None:
    status = document.get("status", {})
    used = status.get("used") or {}
    for name, hard in sorted((status.get("hard") or {}).items()):
        page.line(level, name, str(used.get(name, "0")), str(hard))


def limit_range(page: Page, kube: Cluster, document: JSON) -> None:
    head(page, document)
    page.line(0, *_LIMIT_TITLES)
    page.line(0, *("-" * len(title) for title in _LIMIT_TITLES))
    _limits(page, document, "")


def limit_ranges(page: Page, listed: list[JSON]) -> None:
    """All of a Namespace."""
    if not listed:
        return page.raw("No LimitRange resource.\n")
    page.raw("Resource Limits\n")
    page.raw(" " + "\t".join(_LIMIT_TITLES) + "\n " + "\t".join("-" * len(title) for title in _LIMIT_TITLES) + "\n")
    for each in listed:
        _limits(page, each, " ")
    return None


def _limits(page: Page, document: JSON, start: str) -> None:
    """Simplified: sorted by resource, where kubectl keeps no order."""
    for item in document.get("spec", {}).get("limits") or ():
        for resource in sorted({name for field in _LIMITS for name in item.get(field) or {}}):
            cells = [str((item.get(field) or {}).get(resource, "-")) for field in _LIMITS]
            page.raw(start + "\t".join([item.get("type", ""), resource, *cells]) + "\n")


# --- autoscalers


def autoscaler(page: Page, kube: Cluster, document: JSON) -> None:
    meta, spec, status = document["metadata"], document.get("spec", {}), document.get("status", {})
    target, current = spec.get("scaleTargetRef") or {}, status.get("currentMetrics") or []
    head(page, document)
    marks(page, document)
    page.line(0, "CreationTimestamp:", moment(meta.get("creationTimestamp")))
    page.line(0, "Reference:", f"{target.get('kind', '')}/{target.get('name', '')}")
    page.line(0, "Metrics:", "( current / target )")
    for place, metric in enumerate(spec.get("metrics") or ()):
        page.line(1, *_metric(metric, current[place] if place < len(current) else {}))
    page.line(0, "Min replicas:", str(spec.get("minReplicas", UNSET)))
    page.line(0, "Max replicas:", str(spec.get("maxReplicas", 0)))
    if spec.get("behavior"):
        page.raw("Behavior:\n")
        _behaviour(page, "Scale Up", spec["behavior"].get("scaleUp"))
        _behaviour(page, "Scale Down", spec["behavior"].get("scaleDown"))
    page.line(
        0, f"{target.get('kind', '')} pods:", f"{status.get('currentReplicas', 0)} current / {status.get('desiredReplicas', 0)} desired"
    )
    if status.get("conditions"):
        page.raw("Conditions:\n  Type\tStatus\tReason\tMessage\n  ----\t------\t------\t-------\n")
        for each in status["conditions"]:
            page.line(1, each["type"], each["status"], each.get("reason", ""), each.get("message", ""))


def _metric(metric: JSON, current: JSON) -> tuple[str, str]:
    """What is measured, and how much it is of how much."""
    kind = metric.get("type", "")
    field = kind[:1].lower() + kind[1:]
    asked = metric.get(field)
    if asked is None:
        return f'<unknown metric type "{kind}">', ""
    aim, now = asked.get("target") or {}, (current.get(field) or {}).get("current") or {}
    if kind in ("Resource", "ContainerResource"):
        where = f' of container "{asked.get("container", "")}"' if kind == "ContainerResource" else ""
        start = f"resource {asked.get('name', '')}{where} on pods"
        if "averageValue" in aim:
            return f"{start}:", f"{now.get('averageValue', UNKNOWN)} / {aim['averageValue']}"
        used = f"{now['averageUtilization']}% ({now.get('averageValue', 0)})" if "averageUtilization" in now else UNKNOWN
        wanted = f"{aim['averageUtilization']}%" if "averageUtilization" in aim else "<auto>"
        return f"{start}  (as a percentage of request):", f"{used} / {wanted}"
    name = f'"{(asked.get("metric") or {}).get("name", "")}"'
    if kind == "Pods":
        return f"{name} on pods:", f"{now.get('averageValue', UNKNOWN)} / {aim.get('averageValue', 0)}"
    about = asked.get("describedObject") or {}
    start = f"{name} on {about.get('kind', '')}/{about.get('name', '')}" if kind == "Object" else name
    if "averageValue" in aim:
        return f"{start} (target average value):", f"{now.get('averageValue', UNKNOWN)} / {aim['averageValue']}"
    return f"{start} (target value):", f"{now.get('value', UNKNOWN)} / {aim.get('value', 0)}"


def _behaviour(page: Page, title: str, rules: JSON | None) -> None:
    if not rules:
        return
    page.line(1, f"{title}:")
    if "stabilizationWindowSeconds" in rules:
        page.line(2, f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds")
    if rules.get("policies"):
        page.line(2, f"Select Policy: {rules.get('selectPolicy', 'Max')}")
        page.line(2, "Policies:")
        for each in rules["policies"]:
            page.line(3, f"- Type: {each['type']}", f"Value: {each['value']}", f"Period: {each['periodSeconds']} seconds")
