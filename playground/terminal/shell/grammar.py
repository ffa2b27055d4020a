"""What does a script say?  Text to tree, as POSIX reads it.

Source: POSIX XCU 2.3 (Token Recognition), 2.10 (Shell Grammar).
Simplified: no functions, background jobs or aliases.
"""

from __future__ import annotations

import re

from playground.terminal.shell.tree import (
    Case,
    Chain,
    Command,
    For,
    Group,
    If,
    Pipeline,
    Redirect,
    Script,
    Simple,
    While,
    Word,
)
from playground.terminal.shell.wording import DELIMITERS, BadSyntax, Words

RESERVED = re.compile(r"(if|then|elif|else|fi|for|while|until|do|done|case|esac|in|\{|\}|!)(?=[\s;&|<>()]|$)")
OPENERS = ("if", "for", "while", "until", "case", "{")
REDIRECT = re.compile(r"(\d?)(<<|>>|>&|<&|>\||>|<)")
ASSIGN = re.compile(r"([A-Za-z_]\w*)=", re.ASCII)
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
FUNCTION = re.compile(r"\(\s*\)")
ABSENT = {"<<<": "here-strings (<<<)", "&": "background jobs (&)", "(": "functions"}


def parse(text: str, nesting: int, complete: bool = True) -> Script:
    """The script that a text says, with things inside each other at most `nesting` deep; `complete`: no more text will come. Raises BadSyntax."""
    parser = _Parser(text, nesting, complete)
    script = parser.script()
    if not parser.at_end():
        raise BadSyntax(parser.token())
    return script


def readable(text: str, nesting: int) -> tuple[Script, BadSyntax | None]:
    """As much of a script as a shell reads and runs, command by command, before it meets what it cannot read; and why it cannot."""
    try:
        return parse(text, nesting), None
    except BadSyntax as error:
        wrong = error
    chains: list[Chain] = []
    held = ""
    for line in text.splitlines(keepends=True):
        held += line
        try:
            chains += parse(held, nesting, complete=False).chains
            held = ""
        except BadSyntax as error:
            if not error.open_ended:
                break
    return Script(tuple(chains)), wrong


class _Parser(Words):
    # --- where it stands

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

    def _inner(self, text: str) -> Script:
        self._deeper()
        script = parse(text, self._nesting, self._complete)
        self._nesting += 1
        return script

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
        self._at = found.end()
        if found[2] == "<<":
            if self._next("<"):
                raise BadSyntax(said=f"{ABSENT['<<<']} are not simulated here")
            dashed = self._take("-")
            self._blank()
            return self._here_document(dashed)
        self._blank()
        op = ">" if found[2] == ">|" else found[2]
        return Redirect(int(found[1] or ("0" if op in ("<", "<&") else "1")), op, self._word())
