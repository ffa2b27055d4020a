"""How is a text split into fields?  At the characters of IFS: of blanks any number is one end, of the others each is.

Source: POSIX XCU 2.6.5 (Field Splitting), read.
"""

from __future__ import annotations

import re
from functools import lru_cache

BLANKS = " \t\n"


@lru_cache(maxsize=32)
def _ends(ifs: str) -> re.Pattern[str]:
    blank, other = _class("".join(each for each in ifs if each in BLANKS)), _class("".join(each for each in ifs if each not in BLANKS))
    return re.compile(f"{blank}*{other}{blank}*|{blank}+")


def _class(letters: str) -> str:
    return f"[{re.escape(letters)}]" if letters else r"[^\s\S]"


def pieces(text: str, ifs: str) -> list[tuple[str, str]]:
    """The pieces of a text, each with what ends it."""
    found, at = [], 0
    for end in _ends(ifs).finditer(text):
        found.append((text[at : end.start()], end[0]))
        at = end.end()
    return [*found, (text[at:], "")]


def is_hard(end: str) -> bool:
    """What stands before this end is a field, even if it is empty."""
    return end.strip(BLANKS) != ""


class Line:
    """A line as `read` takes it: of its characters it is known which a backslash stood before."""

    def __init__(self, text: str, raw: bool) -> None:
        self._text = ""
        self._kept = ""
        place = 0
        while place < len(text):
            escaped = not raw and text[place] == "\\" and place + 1 < len(text)
            place += escaped
            self._text += text[place]
            # What was escaped is no end of a field, whatever IFS says.
            self._kept += "\0" if escaped else text[place]
            place += 1

    def fields(self, count: int, ifs: str) -> list[str]:
        """At most so many, the last with all that is left."""
        start, end = self._bounds(ifs)
        found: list[str] = []
        while len(found) < count - 1 and start < end:
            stop = _ends(ifs).search(self._kept, start, end)
            if stop is None:
                break
            found.append(self._text[start : stop.start()])
            start = stop.end()
        ends = list(_ends(ifs).finditer(self._kept, start, end))
        if len(ends) == 1 and ends[0].end() == end:
            end = ends[0].start()
        return [*found, self._text[start:end]] if start < end or found else []

    def _bounds(self, ifs: str) -> tuple[int, int]:
        """Without the blanks of IFS on both sides."""
        blank = "".join(each for each in ifs if each in BLANKS)
        return len(self._kept) - len(self._kept.lstrip(blank)) if blank else 0, len(self._kept.rstrip(blank)) if blank else len(self._kept)
