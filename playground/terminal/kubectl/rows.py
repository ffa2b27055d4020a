"""Which cells stand in the table of `kubectl get`?

Source: k8s.io/cli-runtime pkg/printers/tableprinter.go.
"""

from __future__ import annotations

from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.tables import layout, printing
from playground.terminal.kubectl import golang
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.flags import Flags


def rows(flags: Flags, kind: Resource, infos: list[Info], now: int, with_kind: bool, with_space: bool) -> list[str]:
    """Lines of cells with tabs between them; the first is the head, if one is wanted."""
    wide = flags.text("output") == "wide"
    like = kind.kind if flags.of("server-print", True) else ""  # kubectl itself prints of anything its name and age
    shown = [place for place, column in enumerate(printing.columns(like)) if wide or not column.priority]
    labels = flags.of("label-columns", [])
    head = [printing.columns(like)[place].name for place in shown] + [label.rpartition("/")[2] for label in labels]
    head = (["namespace"] if with_space else []) + head + (["labels"] if flags.on("show-labels") else [])
    table = [] if flags.on("no-headers") else [[word.upper() for word in head]]
    for info in infos:
        cells = printing.cells(like, info.document, now)
        row = [golang.plain(cells[place]) for place in shown]
        if with_kind:
            row[0] = info.spoken
        own = info.document["metadata"].get("labels") or {}
        row += [own.get(label, "") for label in labels] + ([layout.labels(own)] if flags.on("show-labels") else [])
        table.append(([info.namespace] if with_space else []) + row)
    return ["\t".join(row) + "\n" for row in table]
