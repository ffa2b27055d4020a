"""Is a Job or a CronJob right?

Source: pkg/apis/batch/validation/validation.go (validateJobSpec).
Simplified: only which restart policy its Pods have.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.validation.fields import required
from playground.kube.errors import Cause

Document = dict[str, Any]


def job(document: Document) -> list[Cause]:
    return _spec(document.get("spec") or {}, "spec")


def cron_job(document: Document) -> list[Cause]:
    return _spec((document["spec"].get("jobTemplate") or {}).get("spec") or {}, "spec.jobTemplate.spec")


def _spec(spec: Document, path: str) -> list[Cause]:
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy", "Always")
    where = f"{path}.template.spec.restartPolicy"
    return [required(where, 'valid values: "OnFailure", "Never"')] if policy == "Always" else []
