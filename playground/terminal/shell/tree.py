"""What is a script made of?  Values that the grammar makes and the shell runs.

Source: POSIX XCU 2 (Shell Command Language).
"""

from __future__ import annotations

import msgspec


class Literal(msgspec.Struct, frozen=True):
    text: str
    quoted: bool = False


class Variable(msgspec.Struct, frozen=True):
    """`$name`, or `${name OP word}`; `op` is one of - := + ? % # and their kin, `length` for `${#name}`."""

    name: str
    quoted: bool = False
    op: str = ""
    word: tuple[Part, ...] = ()


class Given(msgspec.Struct, frozen=True):
    """`$(name)` that the kubelet may have replaced before the shell read it; `verbatim`: where a shell runs no command for it, as in quotes."""

    name: str
    quoted: bool = False
    verbatim: bool = False


class Substitution(msgspec.Struct, frozen=True):
    script: Script
    quoted: bool = False


class Arithmetic(msgspec.Struct, frozen=True):
    """The expression is a word, as variables in it are expanded first."""

    expression: tuple[Part, ...]
    quoted: bool = False


Part = Literal | Variable | Given | Substitution | Arithmetic
Word = tuple[Part, ...]


class Redirect(msgspec.Struct, frozen=True):
    """`op` is > >> < >& or <&."""

    fd: int
    op: str
    word: Word


class Simple(msgspec.Struct, frozen=True):
    assigns: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...] = ()


class Group(msgspec.Struct, frozen=True):
    body: Script
    subshell: bool
    redirects: tuple[Redirect, ...] = ()


class If(msgspec.Struct, frozen=True):
    """`branches` are conditions, each with what to do; `otherwise` is for when none holds."""

    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script | None
    redirects: tuple[Redirect, ...] = ()


class While(msgspec.Struct, frozen=True):
    condition: Script
    body: Script
    until: bool
    redirects: tuple[Redirect, ...] = ()


class For(msgspec.Struct, frozen=True):
    """`words` is None where no `in` is said: then the script's own arguments are meant."""

    name: str
    words: tuple[Word, ...] | None
    body: Script
    redirects: tuple[Redirect, ...] = ()


class Case(msgspec.Struct, frozen=True):
    word: Word
    arms: tuple[tuple[tuple[Word, ...], Script], ...]
    redirects: tuple[Redirect, ...] = ()


Command = Simple | Group | If | While | For | Case


class Pipeline(msgspec.Struct, frozen=True):
    commands: tuple[Command, ...]
    negated: bool = False


class Chain(msgspec.Struct, frozen=True):
    """Pipelines with && or || before each but the first."""

    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...] = ()


class Script(msgspec.Struct, frozen=True):
    chains: tuple[Chain, ...] = ()
