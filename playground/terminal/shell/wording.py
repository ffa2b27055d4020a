"""What do the words of a script say?  Literals, quotes, `$name`, `${name}`, `$( )`, `$(( ))` and here-documents, as parts of a word.

Source: POSIX XCU 2.2 (Quoting), 2.3 (Token Recognition), 2.6 (Word Expansions), 2.7.4 (Here-Document).
Simplified: a here-document begins behind the first newline that follows, also where that one stands in quotes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from playground.terminal.shell.tree import Arithmetic, Given, Literal, Part, Redirect, Script, Substitution, Variable, Word

END = ""
UNTERMINATED = "unterminated quoted string"
# Around the name of a variable that only the run tells, where the kubelet puts it into the text.
GIVEN = "\0"
DELIMITERS = " \t\n;&|<>()"
PARAMETER = re.compile(r"[A-Za-z_]\w*|[0-9]+|[@*#?$!-]", re.ASCII)
OPERATION = re.compile(r":?[-=+?]|%%?|##?")
TOKEN = re.compile(r"&&|\|\||;;|[;&|()<>\n]|[^\s;&|()<>]+")


class BadSyntax(Exception):
    """`token` was met where it cannot stand, "" for the end of the text; `expecting` is what would have ended what is
    open. `said` is a whole sentence in their place. `open_ended`: with more text it may yet be right."""

    def __init__(self, token: str = END, expecting: str = "", said: str = "", open_ended: bool = False):
        super().__init__(said or token or "end of file")
        self.token = token
        self.expecting = expecting
        self.said = said
        self.open_ended = open_ended


class Words(ABC):
    """Reads words from a place in a text on. `complete`: no more text will come, so that a here-document ends with it."""

    def __init__(self, text: str, nesting: int, complete: bool) -> None:
        self._text = text
        self._at = 0
        self._nesting = nesting
        self._complete = complete

    @abstractmethod
    def script(self) -> Script:
        """The commands from here on, up to what closes them."""

    @abstractmethod
    def _inner(self, text: str) -> Script:
        """The commands of a text of its own."""

    # --- where it stands

    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def token(self) -> str:
        """The next token, for a complaint."""
        found = TOKEN.match(self._text, self._at)
        return found[0] if found else END

    def _next(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _take(self, text: str) -> bool:
        if not self._next(text):
            return False
        self._at += len(text)
        return True

    def _blank(self) -> None:
        """Pass over blanks, joined lines and a comment."""
        while True:
            start = self._at
            while self._text[self._at : self._at + 1] in (" ", "\t", "\r"):
                self._at += 1
            if self._next("\\\n"):
                self._at += 2
            if self._next("#"):
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            if self._at == start:
                return

    def _bad(self, expecting: str = "") -> BadSyntax:
        return BadSyntax(self.token(), expecting, open_ended=self.at_end())

    def _deeper(self) -> None:
        self._nesting -= 1
        if self._nesting < 0:
            raise BadSyntax(said='it is nested too deeply for this playground: limit "nesting"')

    # --- words

    def _word(self, empty: bool = False) -> Word:
        parts: list[Part] = []
        start = self._at
        while not self.at_end() and self._text[self._at] not in DELIMITERS:
            self._part(parts, False, DELIMITERS)
        if self._at == start and not empty:
            raise self._bad()
        return tuple(parts)

    def _part(self, parts: list[Part], quoted: bool, stops: str) -> None:
        """One more part of a word; inside double quotes if `quoted`. A literal ends before any of `stops`."""
        char = self._text[self._at]
        if char == "\\":
            self._escape(parts, quoted)
        elif char == "'" and not quoted:
            self._at += 1
            parts.extend(plain(self._until("'")))
        elif char == GIVEN:
            self._at += 1
            parts.append(Given(self._until(GIVEN), quoted))
        elif char == '"':
            self._double(parts)
        elif char == "$":
            self._dollar(parts, quoted)
        elif char == "`":
            self._at += 1
            parts.append(Substitution(self._inner(self._backquoted()), quoted))
        else:
            start = self._at
            special = GIVEN + '\\"$`' + ("" if quoted else "'") + stops
            self._at += 1
            while not self.at_end() and self._text[self._at] not in special:
                self._at += 1
            parts.append(Literal(self._text[start : self._at], quoted))

    def _until(self, closer: str) -> str:
        end = self._text.find(closer, self._at)
        if end < 0:
            self._at = len(self._text)
            raise _unterminated()
        found, self._at = self._text[self._at : end], end + 1
        return found

    def _escape(self, parts: list[Part], quoted: bool) -> None:
        self._at += 1
        if self.at_end():
            parts.append(Literal("\\", True))
            return
        char = self._text[self._at]
        if char == GIVEN:
            parts.append(Literal("\\" if quoted else "", True))
            return
        self._at += 1
        if char == "\n":
            return
        parts.append(Literal(char if not quoted or char in '$`"\\' else "\\" + char, True))

    def _double(self, parts: list[Part]) -> None:
        self._at += 1
        inside: list[Part] = []
        while True:
            if self.at_end():
                raise _unterminated()
            if self._take('"'):
                break
            self._part(inside, True, "")
        parts.extend(inside or [Literal("", True)])

    def _backquoted(self) -> str:
        found: list[str] = []
        while not self._take("`"):
            if self.at_end():
                raise _unterminated()
            if self._next("\\") and self._text[self._at + 1 : self._at + 2] in ("`", "\\", "$"):
                self._at += 1
            found.append(self._text[self._at : self._at + 1])
            self._at += 1
        return "".join(found)

    def _dollar(self, parts: list[Part], quoted: bool) -> None:
        self._at += 1
        if self._take("(("):
            parts.append(Arithmetic(self._sum(), quoted))
        elif self._take("("):
            script = self.script()
            self._lines()
            if not self._take(")"):
                raise self._bad(")")
            parts.append(Substitution(script, quoted))
        elif self._take("{"):
            parts.append(self._braced(quoted))
        else:
            found = PARAMETER.match(self._text, self._at)
            if found is None:
                parts.append(Literal("$", quoted))
                return
            name = found[0] if not found[0].isdigit() else found[0][0]
            self._at += len(name)
            parts.append(Variable(name, quoted))

    def _sum(self) -> Word:
        """Up to the two parentheses that close it."""
        self._deeper()
        parts: list[Part] = []
        depth = 0
        while True:
            if self.at_end():
                raise BadSyntax(said="missing '))'", open_ended=True)
            if depth == 0 and self._take("))"):
                break
            if self._text[self._at] in "()":
                depth += 1 if self._text[self._at] == "(" else -1
                parts.append(Literal(self._text[self._at], True))
                self._at += 1
            elif self._text[self._at] in "'<>;&|\n\t ":
                parts.append(Literal(self._text[self._at], True))
                self._at += 1
            else:
                self._part(parts, True, "()'<>;&|\n\t ")
            if depth < 0:
                raise BadSyntax(")")
        self._nesting += 1
        return tuple(parts)

    def _braced(self, quoted: bool) -> Part:
        self._deeper()
        length = self._next("#") and not self._next("#}")
        if length:
            self._at += 1
        found = PARAMETER.match(self._text, self._at)
        if found is None:
            raise BadSyntax(said="bad substitution", open_ended=self.at_end())
        self._at = found.end()
        operation = None if length else OPERATION.match(self._text, self._at)
        word: list[Part] = []
        if operation is not None:
            self._at = operation.end()
            while not self.at_end() and not self._next("}"):
                self._part(word, quoted, "}")
        if not self._take("}"):
            if self.at_end():
                raise _unterminated()
            raise BadSyntax(said="bad substitution")
        self._nesting += 1
        return Variable(found[0], quoted, "length" if length else operation[0] if operation else "", tuple(word))

    # --- here-documents

    def _here_document(self, dashed: bool) -> Redirect:
        """Behind `<<` or `<<-`: the delimiter, and the lines behind this one up to it, which are taken out of the text."""
        start = self._at
        while not self.at_end() and self._text[self._at] not in DELIMITERS:
            self._at += 1
        said = self._text[start : self._at]
        if not said:
            raise self._bad()
        delimiter = re.sub(r"[\\'\"]", "", said)
        body = self._body_until(delimiter, dashed)
        return Redirect(0, "<<", plain(body) if delimiter != said else self._expanded(body))

    def _body_until(self, delimiter: str, dashed: bool) -> str:
        line_end = self._text.find("\n", self._at)
        rest = self._text[line_end + 1 :] if line_end >= 0 else ""
        taken: list[str] = []
        for line in rest.splitlines(keepends=True):
            read = line.lstrip("\t") if dashed else line
            if read.rstrip("\n") == delimiter:
                self._text = self._text[: line_end + 1] + rest[sum(map(len, taken)) + len(line) :]
                return "".join(each.lstrip("\t") if dashed else each for each in taken)
            taken.append(line)
        if not self._complete:
            raise BadSyntax(said="the here-document is not ended", open_ended=True)
        self._text = self._text[: line_end + 1] if line_end >= 0 else self._text
        return "".join(each.lstrip("\t") if dashed else each for each in taken)

    def _expanded(self, body: str) -> Word:
        """Its parts: quotes stand for themselves, and a backslash only escapes a dollar, a backquote or another one."""
        outer, self._text, self._at = (self._text, self._at), body, 0
        parts: list[Part] = []
        try:
            while not self.at_end():
                if self._next('"') or self._next('\\"'):
                    length = 1 if self._next('"') else 2
                    parts.append(Literal(self._text[self._at : self._at + length], True))
                    self._at += length
                else:
                    self._part(parts, True, "")
        finally:
            self._text, self._at = outer
        return tuple(parts)


def plain(text: str) -> Word:
    """A text that stands for itself, but for what the kubelet puts in."""
    pieces = text.split(GIVEN)
    return tuple(Given(piece, True, True) if place % 2 else Literal(piece, True) for place, piece in enumerate(pieces))


def _unterminated() -> BadSyntax:
    return BadSyntax(said=UNTERMINATED, open_ended=True)
