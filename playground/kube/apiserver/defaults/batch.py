"""What is filled in for Jobs and CronJobs, and which labels does the API server give a Job so that its Pods are its own?

Source: pkg/apis/batch/v1/defaults.go; pkg/registry/batch/job/strategy.go (generateSelector).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.defaults.pods import pod_spec

Document = dict[str, Any]
NAMES = ("job-name", "batch.kubernetes.io/job-name")
UIDS = ("controller-uid", "batch.kubernetes.io/controller-uid")
WITHOUT_LIMIT = 2**31 - 1


def job(document: Document) -> None:
    spec = document.setdefault("spec", {})
    if "completions" not in spec and "parallelism" not in spec:
        spec["completions"] = 1
    spec.setdefault("parallelism", 1)
    spec.setdefault("backoffLimit", WITHOUT_LIMIT if "backoffLimitPerIndex" in spec else 6)
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("suspend", False)
    spec.setdefault("podReplacementPolicy", "Failed" if "podFailurePolicy" in spec else "TerminatingOrFailed")
    spec.setdefault("manualSelector", False)
    for rule in (spec.get("podFailurePolicy") or {}).get("rules") or ():
        for pattern in rule.get("onPodConditions") or ():
            pattern.setdefault("status", "True")
    _template(spec)


def cron_job(document: Document) -> None:
    """What the Job that it makes lacks is filled in when it is made."""
    spec = document.setdefault("spec", {})
    spec.setdefault("concurrencyPolicy", "Allow")
    spec.setdefault("suspend", False)
    spec.setdefault("successfulJobsHistoryLimit", 3)
    spec.setdefault("failedJobsHistoryLimit", 1)
    _template(spec.get("jobTemplate", {}).get("spec", {}))


def _template(spec: Document) -> None:
    if "template" in spec:
        pod_spec(spec["template"].setdefault("spec", {}))


def select(document: Document, uid: str) -> None:
    """The selector and labels of a Job of this uid, where it does not have its own; a Job without labels bears those of its template."""
    spec, meta = document["spec"], document["metadata"]
    labels = spec.setdefault("template", {}).setdefault("metadata", {}).setdefault("labels", {})
    if not spec.get("manualSelector"):
        for names, value in ((NAMES, meta["name"]), (UIDS, uid)):
            for name in names:
                labels.setdefault(name, value)
        spec.setdefault("selector", {}).setdefault("matchLabels", {}).setdefault(UIDS[1], uid)
    if labels and not meta.get("labels"):
        meta["labels"] = dict(labels)
