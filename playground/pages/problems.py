"""What is wrong with what a visitor asked, in lines that a page can show?  Every refusal becomes one Problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import Form

from playground.kube.errors import Refusal
from playground.manifests.errors import BadYAML
from playground.manifests.reader import Document

STATUSES = {400: 422, 403: 422, 404: 404, 409: 409, 413: 413, 422: 422, 429: 429, 503: 503}

SAVE_OVER = "Read it again to edit its newest state; or take out the line metadata.resourceVersion, and what you wrote is put over it."


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong: the field as the API server prints its path, and where the pasted text has it."""

    message: str
    field: str = ""
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Problem:
    """`status` is the HTTP status; `retry_after` in seconds."""

    status: int
    title: str
    complaints: tuple[Complaint, ...] = ()
    retry_after: int | None = None
    advice: str = ""


def of_refusal(refusal: Refusal, documents: Sequence[Document] = ()) -> Problem:
    """The API server's own words; every field error, each with its place if it came from `documents`."""
    document = documents[refusal.document or 0] if documents and (refusal.document or 0) < len(documents) else None
    complaints = tuple(_located(cause.message, cause.field, document) for cause in refusal.causes)
    return Problem(
        status=STATUSES.get(refusal.code, 422),
        title=": ".join(filter(None, (f"Error from server ({refusal.reason})", _head(refusal)))),
        complaints=complaints,
        retry_after=getattr(refusal, "wait", None),
        advice=SAVE_OVER if refusal.reason == "Conflict" and document else "",
    )


def of_yaml(bad: BadYAML) -> Problem:
    """A text that cannot be read, or is beyond a limit: the place, what stands there, what was expected."""
    if bad.limit:
        title = f'Too large: {bad.found}, and limit "{bad.limit}" allows {bad.expected}'
        return Problem(413, title, (Complaint(bad.message, "", bad.line, bad.column),))
    return Problem(422, "This is not YAML that can be read", (Complaint(bad.message, "", bad.line, bad.column),))


def of_form(form: Form) -> Problem:
    """Every field that is wrong, by its label."""
    complaints = [
        Complaint(str(message), "" if name == "__all__" else str(form[name].label))
        for name, messages in form.errors.items()
        for message in messages
    ]
    return Problem(422, "This cannot be done as it is written", tuple(complaints))


def _head(refusal: Refusal) -> str:
    """The message without what its causes say again."""
    if not refusal.causes:
        return refusal.message
    if refusal.reason == "Invalid":
        return refusal.message.split(": ")[0]
    before, strict, _ = refusal.message.partition("strict decoding error")
    return "" if before == refusal.causes[0].message else before + strict


def _located(message: str, field: str, document: Document | None) -> Complaint:
    if document is None or not field:
        return Complaint(message, field)
    return Complaint(message, field, *document.locate(field))
