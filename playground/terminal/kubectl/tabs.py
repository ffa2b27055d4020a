"""How are tab-separated cells put into columns?

Source: Go's text/tabwriter (format, writeLines); k8s.io/cli-runtime pkg/printers/tabwriter.go and kubectl pkg/describe for the measures.
"""

from __future__ import annotations

GET = (6, 3)
DESCRIBE = (0, 2)


def columns(text: str, measures: tuple[int, int] = GET, remembered: list[int] | None = None) -> str:
    """The text with each column as wide as its widest cell and some more. `measures` are the least width and the padding; in
    `remembered` widths are kept for the next text, as for a watch."""
    lines = [line.split("\t") for line in text.split("\n")]
    done: list[str] = []
    _Format(lines, *measures, done, remembered).block(0, len(lines), [])
    return "\n".join(done)


class _Format:
    """A column is a run of lines that have a cell there which a tab ends."""

    def __init__(self, lines: list[list[str]], least: int, padding: int, done: list[str], remembered: list[int] | None):
        self._lines, self._least, self._padding, self._done, self._remembered = lines, least, padding, done, remembered

    def block(self, start: int, end: int, widths: list[int]) -> None:
        column, at = len(widths), start
        while at < end:
            if column >= len(self._lines[at]) - 1:
                at += 1
                continue
            self._write(start, at, widths)
            start = at
            while at < end and column < len(self._lines[at]) - 1:
                at += 1
            width = max([self._least, *(len(self._lines[each][column]) + self._padding for each in range(start, at))])
            self.block(start, at, [*widths, self._remember(column, width)])
            start = at
        self._write(start, end, widths)

    def _remember(self, column: int, width: int) -> int:
        if self._remembered is None:
            return width
        self._remembered += [0] * (column + 1 - len(self._remembered))
        self._remembered[column] = max(self._remembered[column], width)
        return self._remembered[column]

    def _write(self, start: int, end: int, widths: list[int]) -> None:
        for cells in self._lines[start:end]:
            padded = [cell.ljust(widths[place]) if place < len(widths) else cell for place, cell in enumerate(cells)]
            self._done.append("".join(padded))
