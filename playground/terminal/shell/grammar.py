"""What does a script say?  Text to tree, as POSIX reads it.

Source: POSIX XCU 2.3 (Token Recognition), 2.10 (Shell Grammar).
Simplified: no functions, here-documents, background jobs, aliases or file name patterns.
"""

from __future__ import annotations

import re

from playground.terminal.shell.tree import (
    Arithmetic,
    Case,
    Chain,
    Command,
    For,
    Group,
    If,
    Literal,
    Part,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Substitution,
    Variable,
    While,
    Word,
)

END = ""
DELIMITERS = " \t\n;&|<>()"
RESERVED = re.compile(r"(if|then|elif|else|fi|for|while|until|do|done|case|esac|in|\{|\}|!)(?=[\s;&|<>()]|$)")
OPENERS = ("if", "for", "while", "until", "case", "{")
REDIRECT = re.compile(r"(\d?)(<<|>>|>&|<&|>\||>|<)")
ASSIGN = re.compile(r"([A-Za-z_]\w*)=", re.ASCII)
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
PARAMETER = re.compile(r"[A-Za-z_]\w*|[0-9]+|[@*#?$!-]", re.ASCII)
OPERATION = re.compile(r":?[-=+?]|%%?|##?")
FUNCTION = re.compile(r"\(\s*\)")
TOKEN = re.compile(r"&&|\|\||;;|[;&|()<>\n]|[^\s;&|()<>]+")
ABSENT = {"<<": "here-documents (<<)", "&": "background jobs (&)", "(": "functions"}


class BadSyntax(Exception):
    """`token` was met where it cannot stand, "" for the end of the text; `expecting` is what would have ended what is
    open. `said` is a whole sentence in their place. `open_ended`: with more text it may yet be right."""

    def __init__(self, token: str = END, expecting: str = "", said: str = "", open_ended: bool = False):
        super().__init__(said or token or "end of file")
        self.token = token
        self.expecting = expecting
        self.said = said
        self.open_ended = open_ended


def parse(text: str, nesting: int) -> Script:
    """The script that a text says, with things inside each other at most `nesting` deep. Raises BadSyntax."""
    parser = _Parser(text, nesting)
    script = parser.script()
    if not parser.at_end():
        raise BadSyntax(parser.token())
    return script


class _Parser:
    def __init__(self, text: str, nesting: int) -> None:
        self._text = text
        self._at = 0
        self._nesting = nesting

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

    def _lines(self) -> None:
        """Pass over blanks and newlines."""
        self._blank()
        while self._take("\n"):
            self._blank()

    def _reserved(self) -> str:
        found = RESERVED.match(self._text, self._at)
        return found[1] if found else ""

    def _expect(self, word: str) -> None:
        self._lines()
        if self._reserved() != word:
            raise self._bad(word)
        self._at += len(word)

    def _bad(self, expecting: str = "") -> BadSyntax:
        return BadSyntax(self.token(), expecting, open_ended=self.at_end())

    def _deeper(self) -> None:
        self._nesting -= 1
        if self._nesting < 0:
            raise BadSyntax(said='it is nested too deeply for this playground: limit "nesting"')

    # --- lists

    def script(self) -> Script:
        """Chains up to what cannot begin one."""
        self._deeper()
        chains: list[Chain] = []
        self._lines()
        while not self.at_end() and not self._stops():
            chains.append(self._chain())
            self._blank()
            if self._next("&"):
                raise BadSyntax(said=f"{ABSENT['&']} are not simulated here")
            if self._next(";;") or not (self._take(";") or self._take("\n")):
                break
            self._lines()
        self._nesting += 1
        return Script(tuple(chains))

    def _stops(self) -> bool:
        word = self._reserved()
        return self._next(")") or self._next(";;") or (bool(word) and word not in (*OPENERS, "!", "in"))

    def _chain(self) -> Chain:
        first, rest = self._pipeline(), []
        self._blank()
        while self._next("&&") or self._next("||"):
            op = self._text[self._at : self._at + 2]
            self._at += 2
            self._lines()
            rest.append((op, self._pipeline()))
            self._blank()
        return Chain(first, tuple(rest))

    def _pipeline(self) -> Pipeline:
        negated = False
        while self._reserved() == "!":
            self._at += 1
            negated = not negated
            self._blank()
        commands = [self._command()]
        self._blank()
        while self._next("|") and not self._next("||"):
            self._at += 1
            self._lines()
            commands.append(self._command())
            self._blank()
        return Pipeline(tuple(commands), negated)

    # --- commands

    def _command(self) -> Command:
        self._deeper()
        try:
            word = self._reserved()
            if word in OPENERS:
                self._at += len(word)
                return self._compound(word)
            if self._take("("):
                body = self._body(")")
                return Group(body, True, self._redirects())
            if word and word != "in":
                raise self._bad()
            return self._simple()
        finally:
            self._nesting += 1

    def _body(self, closer: str) -> Script:
        body = self.script()
        if not body.chains:
            raise self._bad()
        if closer == ")":
            if not self._take(")"):
                raise self._bad(")")
        else:
            self._expect(closer)
        return body

    def _compound(self, word: str) -> Command:
        if word == "{":
            return Group(self._body("}"), False, self._redirects())
        if word == "if":
            return self._if()
        if word == "for":
            return self._for()
        if word == "case":
            return self._case()
        condition = self._body("do")
        return While(condition, self._body("done"), word == "until", self._redirects())

    def _if(self) -> If:
        branches, otherwise = [], None
        while True:
            condition = self._body("then")
            then = self.script()
            if not then.chains:
                raise self._bad()
            branches.append((condition, then))
            self._lines()
            word = self._reserved()
            if word not in ("elif", "else", "fi"):
                raise self._bad("fi")
            self._at += len(word)
            if word != "elif":
                break
        if word == "else":
            otherwise = self._body("fi")
        return If(tuple(branches), otherwise, self._redirects())

    def _for(self) -> For:
        self._blank()
        found = NAME.match(self._text, self._at)
        if found is None:
            raise BadSyntax(said="Bad for loop variable", open_ended=self.at_end())
        self._at = found.end()
        self._lines()
        words: list[Word] | None = None
        if self._reserved() == "in":
            self._at += 2
            words = []
            self._blank()
            while not self.at_end() and self._text[self._at] not in ";\n":
                words.append(self._word())
                self._blank()
        self._blank()
        self._take(";")
        self._expect("do")
        return For(found[0], None if words is None else tuple(words), self._body("done"), self._redirects())

    def _case(self) -> Case:
        self._blank()
        word = self._word()
        self._expect("in")
        arms = []
        self._lines()
        while self._reserved() != "esac":
            self._take("(")
            patterns = [self._pattern()]
            while self._take("|"):
                patterns.append(self._pattern())
            if not self._take(")"):
                raise self._bad(")")
            arms.append((tuple(patterns), self.script()))
            self._lines()
            if not self._take(";;"):
                break
            self._lines()
        self._expect("esac")
        return Case(word, tuple(arms), self._redirects())

    def _pattern(self) -> Word:
        self._blank()
        word = self._word()
        self._blank()
        return word

    def _simple(self) -> Simple:
        assigns: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            self._blank()
            redirect = self._redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            if self.at_end() or self._text[self._at] in DELIMITERS:
                break
            found = ASSIGN.match(self._text, self._at) if not words else None
            if found is not None:
                self._at = found.end()
                assigns.append((found[1], self._word(empty=True)))
            else:
                words.append(self._word())
        if len(words) == 1 and FUNCTION.match(self._text, self._at):
            raise BadSyntax(said=f"{ABSENT['(']} are not simulated here")
        if not (assigns or words or redirects):
            raise self._bad()
        return Simple(tuple(assigns), tuple(words), tuple(redirects))

    def _redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        self._blank()
        while (redirect := self._redirect()) is not None:
            found.append(redirect)
            self._blank()
        return tuple(found)

    def _redirect(self) -> Redirect | None:
        found = REDIRECT.match(self._text, self._at)
        if found is None:
            return None
        if found[2] == "<<":
            raise BadSyntax(said=f"{ABSENT['<<']} are not simulated here")
        self._at = found.end()
        self._blank()
        op = ">" if found[2] == ">|" else found[2]
        return Redirect(int(found[1] or ("0" if op in ("<", "<&") else "1")), op, self._word())

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
            parts.append(Literal(self._until("'"), True))
        elif char == '"':
            self._double(parts)
        elif char == "$":
            self._dollar(parts, quoted)
        elif char == "`":
            self._at += 1
            parts.append(Substitution(self._inner(self._backquoted()), quoted))
        else:
            start = self._at
            special = '\\"$`' + ("" if quoted else "'") + stops
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

    def _inner(self, text: str) -> Script:
        self._deeper()
        script = parse(text, self._nesting)
        self._nesting += 1
        return script

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


def _unterminated() -> BadSyntax:
    return BadSyntax(said="unterminated quoted string", open_ended=True)
