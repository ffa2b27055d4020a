"""What does `kubectl get` print of Jobs, CronJobs, autoscalers, and of what sets bounds: disruption budgets, quotas, priorities?

Source: pkg/printers/internalversion/printers.go; pkg/apis/{batch/v1,autoscaling/v2}/defaults.go for what is not said.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables.ages import human, seconds, since
from playground.kube.apiserver.tables.layout import NONE, born, containers, selector

JSON = dict[str, Any]
ENDS = ("Complete", "Failed")
SHOWN = 2
ASKED_FOR_CPU = [{"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}}]


def job(each: JSON, now: int) -> list[Any]:
    """Name, Status, Completions, Duration, Age; wide: Containers, Images, Selector."""
    spec, status = each.get("spec", {}), each.get("status", {})
    names, images = containers(spec.get("template", {}))
    name = each["metadata"]["name"]
    return [
        name,
        _state(each),
        _completions(spec, status),
        _duration(status, now),
        born(each, now),
        names,
        images,
        selector(spec.get("selector")),
    ]


def _state(each: JSON) -> str:
    true = [one["type"] for one in each.get("status", {}).get("conditions", ()) if one.get("status") == "True"]
    ended = [word for word in ENDS if word in true]
    if ended:
        return ended[0]
    if each["metadata"].get("deletionTimestamp"):
        return "Terminating"
    return next((word for word in ("Suspended", "FailureTarget") if word in true), "Running")


def _completions(spec: JSON, status: JSON) -> str:
    done, at_once = status.get("succeeded", 0), spec.get("parallelism", 1)
    if spec.get("completions") is not None:
        return f"{done}/{spec['completions']}"
    return f"{done}/1 of {at_once}" if at_once > 1 else f"{done}/1"


def _duration(status: JSON, now: int) -> str:
    if not status.get("startTime"):
        return ""
    end = seconds(status["completionTime"]) if status.get("completionTime") else now
    return human(end - seconds(status["startTime"]))


def cron_job(each: JSON, now: int) -> list[Any]:
    """Name, Schedule, Timezone, Suspend, Active, Last Schedule, Age; wide: Containers, Images, Selector."""
    spec, status = each.get("spec", {}), each.get("status", {})
    inner = spec.get("jobTemplate", {}).get("spec", {})
    names, images = containers(inner.get("template", {}))
    last = since(status["lastScheduleTime"], now) if status.get("lastScheduleTime") else NONE
    return [
        each["metadata"]["name"],
        spec.get("schedule", ""),
        spec.get("timeZone") or NONE,
        str(bool(spec.get("suspend"))),
        len(status.get("active", ())),
        last,
        born(each, now),
        names,
        images,
        selector(inner.get("selector")),
    ]


def disruption_budget(each: JSON, now: int) -> list[Any]:
    """Name, Min Available, Max Unavailable, Allowed Disruptions, Age."""
    spec = each.get("spec", {})
    least, most = (str(spec[field]) if spec.get(field) is not None else "N/A" for field in ("minAvailable", "maxUnavailable"))
    return [each["metadata"]["name"], least, most, each.get("status", {}).get("disruptionsAllowed", 0), born(each, now)]


def quota(each: JSON, now: int) -> list[Any]:
    """Name, Request, Limit, Age."""
    status = each.get("status", {})
    used = status.get("used", {})
    told = {name: f"{name}: {used.get(name, '0')}/{hard}" for name, hard in sorted(status.get("hard", {}).items())}
    limits = ", ".join(text for name, text in told.items() if name.startswith("limits."))
    requests = ", ".join(text for name, text in told.items() if not name.startswith("limits."))
    return [each["metadata"]["name"], requests, limits, born(each, now)]


def priority_class(each: JSON, now: int) -> list[Any]:
    """Name, Value, Global-Default, Age, PreemptionPolicy."""
    policy = each.get("preemptionPolicy", "PreemptLowerPriority")
    return [each["metadata"]["name"], each.get("value", 0), bool(each.get("globalDefault")), born(each, now), policy]


def autoscaler(each: JSON, now: int) -> list[Any]:
    """Name, Reference, Targets, MinPods, MaxPods, Replicas, Age."""
    spec, status = each.get("spec", {}), each.get("status", {})
    target = spec.get("scaleTargetRef", {})
    return [
        each["metadata"]["name"],
        f"{target.get('kind', '')}/{target.get('name', '')}",
        _targets(spec.get("metrics") or ASKED_FOR_CPU, status.get("currentMetrics") or []),
        str(spec.get("minReplicas", 1)),
        spec.get("maxReplicas", 0),
        status.get("currentReplicas", 0),
        born(each, now),
    ]


def _targets(metrics: list[JSON], current: list[JSON]) -> str:
    told = [_target(metric, current[place] if place < len(current) else {}) for place, metric in enumerate(metrics)]
    rest = f" + {len(told) - SHOWN} more..." if len(told) > SHOWN else ""
    return ", ".join(told[:SHOWN]) + rest


def _target(metric: JSON, current: JSON) -> str:
    """What is measured, and what is aimed at."""
    field = metric.get("type", "")[:1].lower() + metric.get("type", "")[1:]
    if field not in ("resource", "containerResource", "pods", "object", "external"):
        return "<unknown type>"
    aim, now = metric.get(field, {}).get("target", {}), current.get(field, {}).get("current", {})
    if field in ("resource", "containerResource"):
        return f"{metric[field].get('name', '')}: {_used(aim, now)}"
    if field == "pods" or aim.get("averageValue") is None:
        value = "averageValue" if field == "pods" else "value"
        return f"{now.get(value, '<unknown>')}/{aim.get(value, '0')}"
    return f"{now.get('averageValue', '<unknown>')}/{aim['averageValue']} (avg)"


def _used(aim: JSON, now: JSON) -> str:
    if aim.get("averageValue") is not None:
        return f"{now.get('averageValue', '<unknown>')}/{aim['averageValue']}"
    used, wanted = now.get("averageUtilization"), aim.get("averageUtilization")
    return f"{'<unknown>' if used is None else f'{used}%'}/{'<auto>' if wanted is None else f'{wanted}%'}"
