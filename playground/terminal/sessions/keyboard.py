"""What becomes of input, and of a terminal's output?  A terminal echoes keys, lets a line be edited, and knows Ctrl-C and Ctrl-D; a pipe does none of it.

Source: termios(3), the canonical mode (ICANON, ECHO, ISIG, ONLCR).
Simplified: keys that move in the line are ignored.
"""

from __future__ import annotations

import re

ERASE, KILL, INTERRUPT, END = "\x7f\b", "\x15", "\x03", "\x04"
ESCAPE = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O[A-Z])?")
MOST_HELD = 100_000


class Keyboard:
    def __init__(self, tty: bool) -> None:
        self._tty = tty
        self._line = ""
        self._ready = ""
        self._closed = False
        self._ends = 0
        self._interrupt = False

    def type(self, text: str) -> str:
        """Take input; what a terminal shows of it at once."""
        if not self._tty:
            self._ready = (self._ready + text)[-MOST_HELD:]
            return ""
        return "".join(self._key(key) for key in ESCAPE.sub("", text))

    def interrupted(self) -> bool:
        """Ctrl-C was typed since this was asked last."""
        was, self._interrupt = self._interrupt, False
        return was

    def close(self) -> None:
        self._closed = True

    def waits(self) -> bool:
        """Nothing is there to be read, but something may come."""
        return not (self._ready or self._closed or self._ends)

    def take(self) -> str | None:
        """What is there to be read; None at the end."""
        if self._ready:
            taken, self._ready = self._ready, ""
            return taken
        self._ends = max(0, self._ends - 1)
        return None

    def shown(self, fd: int, text: str) -> tuple[int, str]:
        """Where output appears, and how: on a terminal all of it on one, each line begun at the left."""
        return (1, text.replace("\n", "\r\n")) if self._tty else (fd, text)

    def _key(self, key: str) -> str:
        if key in "\r\n":
            self._ready, self._line = (self._ready + self._line + "\n")[-MOST_HELD:], ""
            return "\r\n"
        if key == INTERRUPT:
            self._line, self._interrupt = "", True
            return "^C\r\n"
        if key == END:
            if self._line:
                self._ready, self._line = self._ready + self._line, ""
            else:
                self._ends += 1
            return ""
        if key in ERASE:
            erased, self._line = self._line[-1:], self._line[:-1]
            return "\b \b" if erased else ""
        if key == KILL:
            erased, self._line = self._line, ""
            return "\b \b" * len(erased)
        if len(self._line) >= MOST_HELD or (key < " " and key != "\t"):
            return ""
        self._line += key
        return key
