"""What would the API server say of these documents, and where in the text?  Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.manifests.reader import Document
from playground.pages.facts.other import is_inert

Diagnostic = dict[str, Any]


def diagnostics(running: Any, documents: Iterable[Document]) -> list[Diagnostic]:
    """One for each field error, and one for each object that would only be stored; lines and columns from 1."""
    return [found for document in documents for found in _of_document(running, document)]


def diagnostic(line: int, column: int, end: int, message: str, severity: str = "error", path: str = "") -> Diagnostic:
    return {"line": line, "column": column, "endColumn": max(end, column + 1), "severity": severity, "message": message, "path": path}


def _of_document(running: Any, document: Document) -> list[Diagnostic]:
    causes = running.server.check(document.value)
    found = [diagnostic(*document.span(cause.field), cause.message, path=cause.field) for cause in causes]
    kind = document.value.get("kind")
    if not found and isinstance(kind, str) and is_inert(kind):
        found.append(
            diagnostic(*document.span("kind"), f"{kind} is stored and shown, but not simulated: nothing acts on it", "info", "kind")
        )
    return found
