"""How is yes and no said as a Status?

Source: apimachinery pkg/apis/meta/v1/types.go (Status, StatusDetails) and pkg/api/errors/errors.go.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.errors import Cause, Refusal
from playground.rest.exchange import Answer, answer

JSON = dict[str, Any]


def refused(refusal: Refusal) -> Answer:
    """The refusal as an answer; one that passes says when to try again."""
    wait = getattr(refusal, "wait", None)
    headers = (("Retry-After", str(wait)),) if wait else ()
    return msgspec.structs.replace(answer(failure(refusal), refusal.code), headers=headers)


def failure(refusal: Refusal) -> JSON:
    return {**_status("Failure"), "message": refusal.message, "reason": refusal.reason, "details": _details(refusal), "code": refusal.code}


def success(details: JSON, code: int = 200) -> JSON:
    return {**_status("Success"), "details": details, **({"code": code} if code != 200 else {})}


def _status(status: str) -> JSON:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": status}


def _details(refusal: Refusal) -> JSON:
    kind, _, group = refusal.subject[0].partition(".")
    wait = getattr(refusal, "wait", None)
    details = {
        "name": refusal.subject[1],
        "group": group,
        "kind": kind,
        "retryAfterSeconds": wait,
        "causes": list(map(_cause, refusal.causes)),
    }
    return {name: value for name, value in details.items() if value}


def _cause(cause: Cause) -> JSON:
    return {name: value for name, value in (("reason", cause.reason), ("message", cause.message), ("field", cause.field)) if value}
