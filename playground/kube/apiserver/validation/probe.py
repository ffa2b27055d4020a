"""Is a probe or a lifecycle hook of a container right?

Source: pkg/apis/core/validation/validation.go (validateProbe, validateLivenessProbe, validateHandler, validateSleepAction).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, invalid, non_negative, not_supported, required
from playground.kube.apiserver.validation.service import port_or_name
from playground.kube.errors import Cause

Document = dict[str, Any]

NAMES = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS = ("postStart", "preStop")
NOT_OF_INIT = "may not be set for init containers without restartPolicy=Always"
_NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def probes(container: Document, path: str, grace: int) -> list[Cause]:
    """The probes and hooks of a container of a Pod that has so many seconds of grace."""
    causes = []
    for name in HOOKS:
        hook = container.get("lifecycle", {}).get(name)
        if hook is not None:
            causes += _handler(hook, f"{path}.lifecycle.{name}", ("exec", "httpGet", "tcpSocket", "sleep"))
            causes += _sleep(hook.get("sleep", {}).get("seconds", 0), f"{path}.lifecycle.{name}.sleep", grace)
    for name in NAMES:
        if name in container:
            causes += _probe(container[name], f"{path}.{name}", name)
    return causes


def no_probes(container: Document, path: str) -> list[Cause]:
    """What an init container that has to end may not have (validateInitContainers)."""
    return [forbidden(f"{path}.{name}", NOT_OF_INIT) for name in ("lifecycle", *NAMES) if name in container]


def _sleep(seconds: int, path: str, grace: int) -> list[Cause]:
    allowed = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
    return [] if 0 <= seconds <= grace else [invalid(path, seconds, allowed)]


def _probe(probe: Document, path: str, name: str) -> list[Cause]:
    causes = _handler(probe, path, ("exec", "httpGet", "tcpSocket", "grpc"))
    for number in _NUMBERS:
        causes += non_negative(f"{path}.{number}", probe.get(number, 0))
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and name == "readinessProbe":
        causes.append(invalid(f"{path}.terminationGracePeriodSeconds", grace, "must not be set for readinessProbes"))
    elif grace is not None and grace < 1:
        causes.append(invalid(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0"))
    if name != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        causes.append(invalid(f"{path}.successThreshold", probe["successThreshold"], "must be 1"))
    return causes


def _handler(handler: Document, path: str, known: tuple[str, ...]) -> list[Cause]:
    given = [name for name in known if name in handler]
    if not given:
        return [required(path, "must specify a handler type")]
    causes = [forbidden(f"{path}.{name}", "may not specify more than 1 handler type") for name in given[1:]]
    first, action = given[0], handler[given[0]]
    if first == "exec" and not action.get("command"):
        causes.append(required(f"{path}.exec.command"))
    if first in ("httpGet", "tcpSocket", "grpc"):
        causes += port_or_name(action.get("port", 0), f"{path}.{first}.port")
    if first == "httpGet":
        causes += [] if action.get("path") else [required(f"{path}.httpGet.path")]
        if action.get("scheme") not in ("HTTP", "HTTPS"):
            causes.append(not_supported(f"{path}.httpGet.scheme", action.get("scheme", ""), ("HTTP", "HTTPS")))
        for header in action.get("httpHeaders", ()):
            name = header.get("name", "")
            causes += each_invalid(f"{path}.httpGet.httpHeaders", name, names.header_name(name))
    return causes
