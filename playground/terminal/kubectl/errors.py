"""How does kubectl say that something went wrong?

Source: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr, StandardErrorMessage, MultilineError, UsageErrorf).
"""

from __future__ import annotations

from collections.abc import Iterable

from playground.kube.errors import Cause, Refusal
from playground.terminal.kubectl.asks import Program
from playground.terminal.programs.asks import Write

FATAL = 1


class Wrong(Exception):
    """kubectl itself finds a fault: what is said after `error: `."""


class Bare(Wrong):
    """The same, but it is said without `error: ` before it."""


class Several(Exception):
    """More than one thing went wrong; each is said on a line of its own."""

    def __init__(self, errors: list[Exception]):
        super().__init__()
        self.errors = errors


class Exit(Exception):
    """End at once with a code; everything is said."""

    def __init__(self, code: int):
        super().__init__()
        self.code = code


def misused(command: str, message: str) -> Wrong:
    """The words do not make sense to a command."""
    return Wrong(f"{message}\nSee 'kubectl {command} -h' for help and examples")


def together(errors: Iterable[Exception]) -> Exception | None:
    """None, the only one, or Several; the same is said once."""
    listed = list({text(each): each for each in errors}.values())
    return None if not listed else listed[0] if len(listed) == 1 else Several(listed)


def fail(error: Exception) -> Program:
    """Say what went wrong, and end."""
    if isinstance(error, Exit):
        return error.code
    said = text(error)
    yield Write(2, said if said.endswith("\n") else f"{said}\n")
    return FATAL


def text(error: Exception) -> str:
    if isinstance(error, Several):
        return "".join(f"{each}\n" if isinstance(each, Wrong) else f"{text(each).rstrip()}\n" for each in error.errors)
    if isinstance(error, Refusal):
        return _refused(error)
    return str(error) if isinstance(error, Bare) or str(error).startswith("error: ") else f"error: {error}"


def _refused(refusal: Refusal) -> str:
    if refusal.reason == "Invalid":
        return _invalid(refusal)
    reason = f" ({refusal.reason})" if refusal.reason else ""
    return f"Error from server{reason}: {refusal.message}"


def _invalid(refusal: Refusal) -> str:
    kind, _, _ = refusal.subject[0].partition(".")
    start = f'The {kind} "{refusal.subject[1]}" is invalid' if any(refusal.subject) else "The request is invalid"
    causes = list(dict.fromkeys(map(_cause, refusal.causes)))
    if not causes:
        return start if any(refusal.subject) or not refusal.message else f"{start}: {refusal.message}"
    if len(causes) == 1:
        return f"{start}: {causes[0]}\n"
    return f"{start}: \n" + "\n".join(f"* {each}" for each in causes) + "\n"


def _cause(cause: Cause) -> str:
    return f"{cause.field}: {cause.message}" if cause.field else cause.message


def about(refusal: Refusal, verb: str, source: str) -> Refusal:
    """The refusal of a document: which document it was is said before, as AddSourceToErr does."""
    return Refusal(
        refusal.code, refusal.reason, f'error when {verb} "{source}": {refusal.message}', refusal.causes, subject=refusal.subject
    )
