"""How does the simulated cluster say no?  With the API server's status, reason, message and field causes.

Source: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go and pkg/util/validation/field/errors.go.
"""

from __future__ import annotations

import msgspec


class Cause(msgspec.Struct, frozen=True):
    """One field that is wrong: its path as the API server prints it, why (FieldValueInvalid, ...), and the message."""

    field: str
    reason: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Refusal(Exception):
    """The action is refused and the cluster is unchanged.

    `code` is the HTTP status, `reason` the API server's word for it, `message` what kubectl would print after
    "Error from server (Reason): ", `causes` every field error found, `document` the index of the document refused.
    `subject` is the object meant, where one is: its plural or its kind with the group, and its name.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        causes: tuple[Cause, ...] = (),
        document: int | None = None,
        subject: tuple[str, str] = ("", ""),
    ):
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = causes
        self.document = document
        self.subject = subject


def not_found(resource: str, name: str) -> Refusal:
    """`resource` is the plural with its group, as in `deployments.apps`."""
    return Refusal(404, "NotFound", f'{resource} "{name}" not found', subject=(resource, name))


def already_exists(resource: str, name: str) -> Refusal:
    return Refusal(409, "AlreadyExists", f'{resource} "{name}" already exists', subject=(resource, name))


def conflict(resource: str, name: str, why: str) -> Refusal:
    return Refusal(409, "Conflict", f'Operation cannot be fulfilled on {resource} "{name}": {why}', subject=(resource, name))


def invalid(kind: str, name: str, causes: tuple[Cause, ...]) -> Refusal:
    """All field errors at once; `kind` carries its group, as in `Deployment.apps`."""
    listed = str(causes[0]) if len(causes) == 1 else "[" + ", ".join(str(cause) for cause in causes) + "]"
    return Refusal(422, "Invalid", f'{kind} "{name}" is invalid: {listed}', causes, subject=(kind, name))


def bad_request(message: str, causes: tuple[Cause, ...] = ()) -> Refusal:
    return Refusal(400, "BadRequest", message, causes)


def forbidden(resource: str, name: str, why: str) -> Refusal:
    return Refusal(403, "Forbidden", f'{resource} "{name}" is forbidden: {why}', subject=(resource, name))


def over_limit(message: str) -> Refusal:
    """A limit of the playground, not of Kubernetes: the message names the limit, what was asked and what is allowed."""
    return Refusal(403, "Forbidden", message)
