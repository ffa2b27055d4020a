"""What is told of a Job and of a CronJob?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables import ages, layout
from playground.kube.cluster import Cluster
from playground.terminal.kubectl.describing.page import NONE, UNSET, Page, head, marks, moment, owner
from playground.terminal.kubectl.describing.template import template

JSON = dict[str, Any]
SHOWN = 50


def job(page: Page, kube: Cluster, document: JSON) -> None:
    spec, status = document.get("spec", {}), document.get("status", {})
    head(page, document)
    page.line(0, "Selector:", _selector(spec.get("selector")))
    marks(page, document)
    owner(page, document["metadata"])
    for title, name in (("Parallelism:", "parallelism"), ("Completions:", "completions"), ("Completion Mode:", "completionMode"),
                        ("Suspend:", "suspend"), ("Backoff Limit:", "backoffLimit"),
                        ("TTL Seconds After Finished:", "ttlSecondsAfterFinished")):  # fmt: skip
        if name in spec or name == "completions":
            page.line(0, title, _plain(spec.get(name)))
    _times(page, status)
    if spec.get("activeDeadlineSeconds") is not None:
        page.line(0, "Active Deadline Seconds:", f"{spec['activeDeadlineSeconds']}s")
    ready = f" ({status['ready']} Ready)" if "ready" in status else ""
    counts = f"{status.get('active', 0)} Active{ready} / {status.get('succeeded', 0)} Succeeded / {status.get('failed', 0)} Failed"
    page.line(0, "Pods Statuses:", counts)
    if spec.get("completionMode") == "Indexed":
        page.line(0, "Completed Indexes:", _indexes(status.get("completedIndexes", "")))
    template(page, spec.get("template") or {})


def cron_job(page: Page, kube: Cluster, document: JSON) -> None:
    spec, status = document.get("spec", {}), document.get("status", {})
    head(page, document)
    marks(page, document)
    page.line(0, "Schedule:", spec.get("schedule", ""))
    page.line(0, "Concurrency Policy:", spec.get("concurrencyPolicy", ""))
    page.line(0, "Suspend:", UNSET if spec.get("suspend") is None else str(spec["suspend"]))
    page.line(0, "Time Zone:", _plain(spec.get("timeZone")))
    page.line(0, "Successful Job History Limit:", _plain(spec.get("successfulJobsHistoryLimit")))
    page.line(0, "Failed Job History Limit:", _plain(spec.get("failedJobsHistoryLimit")))
    deadline = spec.get("startingDeadlineSeconds")
    page.line(0, "Starting Deadline Seconds:", UNSET if deadline is None else f"{deadline}s")
    _job_template(page, (spec.get("jobTemplate") or {}).get("spec") or {})
    page.line(0, "Last Schedule Time:", moment(status["lastScheduleTime"]) if status.get("lastScheduleTime") else UNSET)
    page.line(0, "Active Jobs:", ", ".join(each.get("name", "") for each in status.get("active") or ()) or NONE)


def _job_template(page: Page, spec: JSON) -> None:
    page.line(0, "Selector:", _selector(spec["selector"]) if spec.get("selector") is not None else UNSET)
    page.line(0, "Parallelism:", _plain(spec.get("parallelism")))
    page.line(0, "Completions:", _plain(spec.get("completions")))
    if spec.get("activeDeadlineSeconds") is not None:
        page.line(0, "Active Deadline Seconds:", f"{spec['activeDeadlineSeconds']}s")
    template(page, spec.get("template") or {})


def _times(page: Page, status: JSON) -> None:
    started, completed = status.get("startTime"), status.get("completionTime")
    for title, time in (("Start Time:", started), ("Completed At:", completed)):
        if time:
            page.line(0, title, moment(time))
    if started and completed:
        page.line(0, "Duration:", ages.human(ages.seconds(completed) - ages.seconds(started)))


def _selector(selecting: JSON | None) -> str:
    said = layout.selector(selecting)
    return "" if said == NONE else said


def _indexes(said: str) -> str:
    """About fifty characters of them, up to a comma."""
    end = said.find(",", SHOWN)
    return said[: end + 1] + "..." if end >= 0 else said or NONE


def _plain(value: Any) -> str:
    return UNSET if value is None else str(value).lower() if isinstance(value, bool) else str(value)
