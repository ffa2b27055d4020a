"""What does a shell remember?  Its variables, where it stands, how its last command ended; and in whose words it complains.

Sentences: busybox shell/ash.c, dash src/error.c and src/exec.c, bash. What a shell begins with: init of busybox' shell/ash.c, dash src/var.c
(INIT) and src/cd.c (setpwd), bash variables.c.
"""

from __future__ import annotations

import re

import msgspec

from playground.terminal.programs.call import Call
from playground.terminal.shell.wording import BadSyntax

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Break(Exception):
    """Leave, or (with `again`) go on with, the loop that is `levels` out."""

    def __init__(self, levels: int, again: bool):
        super().__init__()
        self.levels = levels
        self.again = again


class Exit(Exception):
    def __init__(self, code: int):
        super().__init__()
        self.code = code


class Failure(Exception):
    """A command cannot be begun: the message, and the exit code. A `fatal` one ends a shell that nobody types into."""

    def __init__(self, message: str, code: int = 1, fatal: bool = False):
        super().__init__(message)
        self.code = code
        self.fatal = fatal


def flavour_of(call: Call) -> str:
    return "bash" if call.name == "bash" else call.container.image.shell or "dash"


def surroundings(env: dict[str, str], cwd: str, flavour: str) -> dict[str, str]:
    """The variables that a shell hands on to programs from its start: those of its environment, of which dash drops what is no name to a shell, where
    it stands, and of ash and bash how many shells are above."""
    found = {name: text for name, text in env.items() if flavour != "dash" or NAME.fullmatch(name)} | {"PWD": cwd}
    if flavour == "dash":
        return found
    above = env.get("SHLVL", "")
    return found | {"SHLVL": str((int(above) if above.isdecimal() and len(above) < 4 else 0) + 1)}


class State(msgspec.Struct):
    """`exported` are the names that programs see; `words` are $1, $2, ...; `tested` counts the conditions that it is in,
    where a failure does not end a shell with `set -e`; `depth` the commands inside each other; `traps` what to do at which signal;
    `given` are the variables that the kubelet makes."""

    call: Call
    name: str
    variables: dict[str, str]
    exported: dict[str, None]
    words: list[str]
    cwd: str = "/"
    status: int = 0
    loops: int = 0
    depth: int = 0
    tested: int = 0
    errexit: bool = False
    nounset: bool = False
    xtrace: bool = False
    pipefail: bool = False
    interactive: bool = False
    traps: dict[str, str] = {}
    given: dict[str, str] = {}

    @property
    def flavour(self) -> str:
        return flavour_of(self.call)

    def copy(self) -> State:
        """For a subshell: what it changes stays in it."""
        return msgspec.structs.replace(
            self, variables=dict(self.variables), exported=dict(self.exported), words=list(self.words), loops=0, interactive=False, traps={}
        )

    def environment(self) -> dict[str, str]:
        return {name: self.variables[name] for name in self.exported if name in self.variables}

    def says(self, text: str) -> str:
        """A complaint as this shell begins it."""
        if self.interactive and self.flavour == "bash":
            return f"{self.name}: {text}\n"
        where = {"ash": "", "dash": "1: ", "bash": "line 1: "}[self.flavour]
        return f"{self.name}: {where}{text}\n"

    def builtin(self, name: str, text: str) -> str:
        """What a builtin complains of, as ash and the others put it."""
        return f"{name}: line {int(self.interactive)}: {text}" if self.flavour == "ash" else f"{name}: {text}"

    def not_found(self, word: str) -> str:
        if self.flavour == "bash":
            return self.says(f"{word}: {'No such file or directory' if '/' in word else 'command not found'}")
        return self.says(f"{word}: not found")

    def wrong_syntax(self, error: BadSyntax) -> str:
        """What a shell says of a script that it cannot read."""
        if error.said:
            return self.says(
                error.said
                if self.flavour == "bash"
                else f"{'syntax' if self.flavour == 'ash' else 'Syntax'} error: {_cased(self, error.said)}"
            )
        token = "newline" if error.token == "\n" else error.token
        expecting = f' (expecting "{error.expecting}")' if error.expecting else ""
        if self.flavour == "ash":
            what = f'unexpected "{token}"' if token not in ("", "newline") else f"unexpected {token or 'end of file'}"
            return self.says(f"syntax error: {what}{expecting}")
        if self.flavour == "bash":
            return self.says(f"syntax error near unexpected token `{token}'" if token else "syntax error: unexpected end of file")
        what = f'"{token}"' if token not in ("", "newline") else token or "end of file"
        return self.says(f"Syntax error: {what} unexpected{expecting}")


def _cased(state: State, said: str) -> str:
    return said[0].upper() + said[1:] if state.flavour == "dash" else said[0].lower() + said[1:]
