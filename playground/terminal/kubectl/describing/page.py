"""How is a page of `kubectl describe` laid out?  Lines with tabs, labels one below the other, times as RFC 1123 has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from playground.kube.apiserver import seen
from playground.kube.apiserver.tables import ages
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.tabs import DESCRIBE, columns

JSON = dict[str, Any]
HIDDEN = ("kubectl.kubernetes.io/last-applied-configuration",)
NONE, UNSET = "<none>", "<unset>"


class Page:
    def __init__(self) -> None:
        self._lines: list[str] = []

    def line(self, level: int, *cells: str) -> None:
        """Cells with tabs between them, indented by two spaces a level."""
        self._lines.append("  " * level + "\t".join(cells) + "\n")

    def raw(self, text: str) -> None:
        self._lines.append(text)

    def text(self) -> str:
        return columns("".join(self._lines), DESCRIBE)

    def untidy(self) -> str:
        """With its tabs, as `rollout history --revision` leaves them."""
        return "".join(self._lines)

    def labels(self, title: str, pairs: JSON | None, start: str = "") -> None:
        """`key=value`, sorted, each on a line of its own."""
        self._listed(start, title, [f"{key}={value}" for key, value in sorted((pairs or {}).items())])

    def annotations(self, title: str, pairs: JSON | None, start: str = "") -> None:
        shown = [(key, value) for key, value in sorted((pairs or {}).items()) if key not in HIDDEN]
        self._listed(start, title, [_annotation(key, value) for key, value in shown])

    def several(self, title: str, values: list[str], start: str = "") -> None:
        self._listed(start, title, values)

    def _listed(self, start: str, title: str, values: list[str]) -> None:
        for place, value in enumerate(values or [NONE]):
            self._lines.append(f"\t{value}\n" if place else f"{start}{title}\t{value}\n")


def _annotation(key: str, value: str) -> str:
    value = value.removesuffix("\n")
    if "\n" in value or len(value) + len(key) > 138:
        shown = value.replace("\n", "\n  ") if "\n" in value else value[:140] + ("..." if len(value) > 140 else "")
        return f"{key}:\n  {shown}"
    return f"{key}: {value}"


def head(page: Page, document: JSON) -> None:
    meta = document["metadata"]
    page.line(0, "Name:", meta["name"])
    page.line(0, "Namespace:", meta.get("namespace", ""))


def marks(page: Page, document: JSON) -> None:
    meta = document["metadata"]
    page.labels("Labels:", meta.get("labels"))
    page.annotations("Annotations:", meta.get("annotations"))


def owner(page: Page, meta: JSON) -> None:
    for each in meta.get("ownerReferences") or ():
        if each.get("controller"):
            page.line(0, "Controlled By:", f"{each['kind']}/{each['name']}")


def moment(timestamp: str | None) -> str:
    """`Sat, 28 Nov 2026 18:15:49 +0000`"""
    if not timestamp:
        return "Mon, 01 Jan 0001 00:00:00 +0000"
    return datetime.fromisoformat(timestamp).astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")


def since(kube: Cluster, timestamp: str) -> str:
    return ages.since(timestamp, api.seconds(kube))


def events(page: Page, kube: Cluster, document: JSON) -> None:
    """Those that are about the object, the oldest first."""
    uid = document["metadata"].get("uid")
    found = [kube.server.encode(each) for each in seen.listed(kube.machinery, "Event", None)]
    about = [each for each in found if each.get("involvedObject", {}).get("uid") == uid]
    if not about:
        return page.line(0, "Events:", NONE)
    page.raw("Events:\n  Type\tReason\tAge\tFrom\tMessage\n  ----\t------\t----\t----\t-------\n")
    for each in sorted(about, key=lambda event: event.get("lastTimestamp") or ""):
        source = each.get("source", {}).get("component") or each.get("reportingComponent", "")
        field = each["involvedObject"].get("fieldPath")
        message = f"{field}: {each['message'].strip()}" if field else each.get("message", "").strip()
        cells = [each.get("type", ""), each.get("reason", ""), _age(kube, each), source, message]
        page.line(1, *cells)
    return None


def _age(kube: Cluster, event: JSON) -> str:
    first = event.get("firstTimestamp") or event.get("eventTime")
    last, count = event.get("lastTimestamp") or first, event.get("count", 0)
    if not last:
        return "<unknown>"
    return f"{since(kube, last)} (x{count} over {since(kube, first or last)})" if count > 1 else since(kube, last)
