"""Which documents does a manifest hold, and where does each of their fields stand?

Source: k8s.io/cli-runtime/pkg/resource/visitor.go: empty documents are skipped, a List counts as its items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.manifests.building import build
from playground.manifests.errors import BadYAML
from playground.manifests.guard import Limits, checked
from playground.manifests.spots import Span, Spot

LIMITS = Limits()


@dataclass(frozen=True)
class Document:
    """One object as JSON values (shared where an alias shares them: copy before changing), and the places of its fields."""

    value: dict[str, Any]
    spot: Spot

    def span(self, path: str) -> Span:
        """Where the field of a path as the API server prints it stands; its nearest parent if the text does not have it."""
        return self.spot.find(path).span

    def locate(self, path: str) -> tuple[int, int]:
        """Line and column of the field, from 1."""
        return self.span(path)[:2]


@dataclass(frozen=True)
class Manifest:
    documents: tuple[Document, ...]

    @property
    def values(self) -> list[dict[str, Any]]:
        return [document.value for document in self.documents]


def read(text: str, limits: Limits = LIMITS) -> Manifest:
    """Read YAML (JSON is YAML too) of any number of documents. Raises BadYAML, and nothing else."""
    built = build(checked(text, limits))
    documents = tuple(document for value, spot in built for document in _documents(value, spot))
    if len(documents) > limits.documents:
        last = documents[limits.documents].locate("")
        raise BadYAML(*last, f"{len(documents):,} objects", f"at most {limits.documents:,}", "documents")
    return Manifest(documents)


def values(text: str, limits: Limits = LIMITS) -> list[Any]:
    """Whatever values a text of YAML holds, not only objects. Raises BadYAML."""
    return [value for value, _ in build(checked(text, limits))]


def _documents(value: Any, spot: Spot) -> Iterator[Document]:
    if value is None:
        return
    if not isinstance(value, dict):
        found = "a list" if isinstance(value, list) else "a single value"
        raise BadYAML(*spot.span[:2], found, "an object with apiVersion, kind and metadata")
    if not _is_list(value):
        yield Document(value, spot)
        return
    items = spot.inside["items"]
    for index, item in enumerate(value["items"]):
        yield from _documents(item, items.inside[index])


def _is_list(value: dict[str, Any]) -> bool:
    return str(value.get("kind", "")).endswith("List") and isinstance(value.get("items"), list)
