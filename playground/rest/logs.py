"""What has a container printed by now?

Source: pkg/registry/core/pod/rest/log.go.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.errors import bad_request
from playground.kube.network import containerlogs
from playground.rest import reading
from playground.rest.exchange import Answer, Request
from playground.rest.paths import Target

TEXT = "text/plain"


class Log(msgspec.Struct, frozen=True):
    """What the container of a Pod's slot has printed, as it was asked for."""

    pod: Pod
    slot: int
    text: bytes


def log(request: Request, kube: Any, target: Target) -> Log:
    """Raises Refusal."""
    pod = reading.found(kube, target)
    slot = containerlogs.slot(pod, request.asked("container"))
    tail = request.number("tailLines") if request.asked("tailLines") else None
    lines = containerlogs.lines(kube, pod, slot, _since(request, kube), request.flag("previous"), tail)
    text = containerlogs.text(kube, lines, request.flag("timestamps")).encode()
    if request.asked("limitBytes"):
        text = text[: max(0, request.number("limitBytes"))]
    return Log(pod, slot, text)


def answered(request: Request, kube: Any, target: Target) -> Answer:
    """A get of the subresource; raises Refusal."""
    return Answer(log(request, kube, target).text, type=TEXT)


def _since(request: Request, kube: Any) -> int:
    """Virtual microseconds from which on lines are wanted."""
    if request.asked("sinceSeconds"):
        return int(kube.now - request.number("sinceSeconds") * SECOND)
    if request.asked("sinceTime"):
        try:
            moment = datetime.fromisoformat(request.asked("sinceTime"))
        except ValueError as error:
            raise bad_request(f"sinceTime: {error}") from None
        return int((moment.timestamp() - kube.settings.epoch) * SECOND)
    return 0
