"""How much may one session do?  Named limits, and the sentence with which it ends."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """`script`, `held`, `file` and `output` are in characters: of one script or line, of text that is held (in a variable,
    between two programs, for a sort), of one file in /tmp, and of all that a session writes. `steps` are commands and
    turns of loops, and work that takes as long; `packets` requests and look-ups. A loop that never waits is made to wait after `turns_without_rest`."""

    script: int = 65_536
    nesting: int = 40
    steps: int = 200_000
    packets: int = 5_000
    output: int = 4_000_000
    held: int = 200_000
    file: int = 100_000
    files: int = 100
    turns_without_rest: int = 100


class Exhausted(Exception):
    """A limit of the playground is reached; the message is for the learner."""

    def __init__(self, limits: Limits, name: str, what: str):
        super().__init__(f'this playground ends it here, {what}: limit "{name}" allows {getattr(limits, name):,}')
